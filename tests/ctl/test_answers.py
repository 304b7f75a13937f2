"""Goal: what the daemon answers becomes the exit code of the contract, the reason on stderr, the
JSON as it came on stdout; what needs a yes is asked for at a terminal and only there."""

import json
import os
import socket
import stat
import sys
import tempfile

from fake import Daemon, contains, equal, error, run, run_at_terminal, tests

daemon = Daemon()
NEEDS_YES = error("needs-yes", "3 people would be told", changes=[
    {"what": "s-1", "from": "2026-11-30T09:00:00+00:00", "to": "2026-12-01T10:20:00+00:00"}],
    told=[{"whose": "support", "who": "S01", "name": "Ivo Heath", "slot": "s-1",
           "type": "slot.moved"}])


def needs_yes(call):
    return (200, {"schema": 1, "told": []}) if call["body"].get("yes") else (409, NEEDS_YES)


daemon.answers["POST /v1/slot/cancel"] = needs_yes


def test_each_code_has_its_exit():
    for code, status, wanted in (
            ("refused", 409, 1), ("needs-yes", 409, 1), ("unknown", 404, 2), ("usage", 400, 64),
            ("needs-reason", 400, 64), ("data", 422, 65), ("again", 503, 75),
            ("read-only", 503, 75), ("forbidden", 403, 77), ("config", 422, 78),
            ("internal", 500, 70)):
        daemon.answers["POST /v1/patient/release"] = status, error(code, f"because {code}")
        plain = daemon.run("patient", "release", "P01")
        as_json = daemon.run("patient", "release", "P01", "--json")
        equal((plain.returncode, as_json.returncode), (wanted, wanted))
        equal(plain.stdout, "")
        contains(plain.stderr, f"because {code}")
        contains(plain.stderr, "hint: do so")
        equal(json.loads(as_json.stdout), error(code, f"because {code}"))


def test_status_decides_where_the_code_is_new():
    for status, wanted in ((404, 2), (409, 1), (422, 65), (503, 75), (500, 70), (403, 77)):
        daemon.answers["GET /v1/task/list"] = status, error("brand-new")
        equal(daemon.run("task", "list").returncode, wanted)


def test_json_is_the_answer_itself():
    answer = {"schema": 1, "patients": [{"ref": "P01", "name": "É \u0007"}], "more": None}
    daemon.answers["GET /v1/patient/list"] = 200, answer
    result = daemon.run("patient", "list", "--json")
    equal(json.loads(result.stdout), answer)
    equal(result.stdout.count("\n"), 1)


def test_created_is_success_too():
    daemon.answers["POST /v1/link/new"] = 201, {"schema": 1, "link": {"id": "l-1"}}
    equal(daemon.run("link", "new", "--ward", "k").returncode, 0)


def test_answer_that_is_no_json_is_said():
    for body in (b"<html>", b"", b"[]"):
        daemon.answers["GET /v1/task/list"] = 200, body
        result = daemon.run("task", "list", "--json")
        equal(result.returncode, 70)
        equal(json.loads(result.stdout)["error"]["code"], "internal")


def test_no_socket_is_unreachable():
    result = run("--socket", "/nonexistent/x.sock", "--json", "status")
    equal(result.returncode, 69)
    equal(json.loads(result.stdout)["error"]["code"], "unreachable")
    contains(result.stderr, "/nonexistent/x.sock")


def test_socket_without_listener_is_unreachable():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s")
        dead = socket.socket(socket.AF_UNIX)
        dead.bind(path)
        result = run("--socket", path, "status")
        equal(result.returncode, 69)
        contains(result.stderr, "is wardroundd running?")


def test_connection_that_breaks_is_unreachable():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        import threading
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        equal(run("--socket", path, "status").returncode, 69)


def test_socket_of_others_is_not_allowed():
    if os.geteuid() == 0 and not os.path.exists("/usr/bin/setpriv"):
        return
    os.chmod(daemon.folder, 0o755)
    os.chmod(daemon.socket, 0o600)
    import subprocess
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] \
        if os.geteuid() == 0 else []
    os.chmod(daemon.socket, 0o000 if not drop else 0o600)
    result = subprocess.run([*drop, os.environ["WARDCTL"], "--socket", daemon.socket, "status"],
                            capture_output=True, text=True)
    os.chmod(daemon.socket, 0o777)
    equal(result.returncode, 77)
    contains(result.stderr, "group `wardround`")


def test_socket_comes_from_the_environment():
    before = len(daemon.calls)
    equal(run("status", env={"WARDROUND_SOCKET": daemon.socket}).returncode, 0)
    equal(len(daemon.calls), before + 1)


def test_socket_path_may_be_long():
    folder = os.path.join(tempfile.mkdtemp(), *["a-rather-long-folder-name"] * 6)
    os.makedirs(folder)
    long = Daemon(folder)
    assert len(long.socket) > 107
    equal(long.run("status").returncode, 0)
    equal(run("--socket", "control.sock", "status", cwd=folder).returncode, 0)
    missing = run("--socket", os.path.join(folder, "other.sock"), "status")
    equal(missing.returncode, 69)


def test_without_terminal_a_yes_is_never_assumed():
    result = daemon.run("slot", "cancel", "s-1", "--reason", "x", stdin="y\n")
    equal(result.returncode, 1)
    contains(result.stderr, "Ivo Heath")
    contains(result.stderr, "Tue 1 Dec")
    equal(json.loads(daemon.run("slot", "cancel", "s-1", "--json").stdout), NEEDS_YES)


def test_yes_is_sent_with_the_option():
    equal(daemon.run("slot", "cancel", "s-1", "--yes").returncode, 0)
    equal(daemon.calls[-1]["body"], {"slot": "s-1", "yes": True})


def test_terminal_shows_who_is_told_and_asks():
    before = len(daemon.calls)
    code, _, shown = run_at_terminal("--socket", daemon.socket, "slot", "cancel", "s-1", typed="y\n")
    equal((code, len(daemon.calls) - before), (0, 2))
    contains(shown, "Ivo Heath")
    contains(shown, "[y/N]")
    equal(daemon.calls[-1]["body"], {"slot": "s-1", "yes": True})


def test_terminal_takes_anything_else_for_no():
    for typed in ("\n", "n\n", "yup\n", "\x04"):
        before = len(daemon.calls)
        code, _, shown = run_at_terminal(
            "--socket", daemon.socket, "slot", "cancel", "s-1", typed=typed)
        equal((code, len(daemon.calls) - before), (1, 1))
        contains(shown, "Nothing was changed")


def test_colour_only_at_a_terminal_that_wants_it():
    words = ("--socket", daemon.socket, "slot", "cancel")
    contains(run_at_terminal(*words)[2], "\033[")
    assert "\033[" not in run_at_terminal(*words, env={"NO_COLOR": "1"})[2]
    assert "\033[" not in run(*words).stderr


def test_quiet_says_errors_and_data_only():
    daemon.answers["GET /v1/task/list"] = 200, {"schema": 1, "tasks": []}
    contains(daemon.run("task", "list").stderr, "no tasks")
    equal(daemon.run("task", "list", "--quiet").stderr, "")
    equal(daemon.run("task", "list").returncode, 0)
    contains(daemon.run("slot", "cancel", "s-1", "--quiet").stderr, "3 people")


def test_warnings_go_to_stderr():
    daemon.answers["POST /v1/patient/admit"] = 200, {
        "schema": 1, "patient": {"ref": "P26"}, "warnings": ["there is another Cy North"]}
    result = daemon.run("patient", "admit", "--ward", "k", "--name", "n", "--consultant", "c")
    contains(result.stdout, "P26")
    contains(result.stderr, "another Cy North")
    assert "Cy North" not in result.stdout


def test_reload_shows_what_the_reader_says():
    said = [{"severity": "error", "file": "w.conf", "line": 1, "column": 1, "text": "no",
             "shown": "w.conf:1:1: error: no\nx = 1\n^\n"}]
    daemon.answers["POST /v1/config/reload"] = 422, error("config", "1 mistake", diagnostics=said)
    result = daemon.run("config", "reload")
    equal((result.returncode, result.stdout), (78, ""))
    contains(result.stderr, "w.conf:1:1: error: no\nx = 1\n^\n")
    daemon.answers["POST /v1/config/reload"] = 200, {"schema": 1, "diagnostics": said}
    result = daemon.run("config", "reload")
    equal((result.returncode, result.stdout), (0, ""))
    contains(result.stderr, "x = 1")
    daemon.answers["POST /v1/config/reload"] = 409, error("refused", "2 slots", stranded=[
        {"slot": "s-7", "patient": "P01", "session": "k.shah.2026-11-30", "when": "Mon 9am"}])
    contains(daemon.run("config", "reload").stderr, "s-7")


def test_full_disk_behind_stdout_is_no_success():
    import subprocess
    with open("/dev/full", "w") as full:
        result = subprocess.run([os.environ["WARDCTL"], "help"], stdout=full,
                                stderr=subprocess.PIPE, text=True)
    equal(result.returncode, 74)


tests(sys.modules[__name__])
