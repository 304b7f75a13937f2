"""Goal: verbs that read or write files name the file, the line and the column that is wrong, and
write nothing they were not asked to write."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

from fake import WARDCTL, Daemon, contains, equal, error, run, run_at_terminal, tests

daemon = Daemon()
folder = tempfile.TemporaryDirectory()


def path(name, content=None):
    whole = os.path.join(folder.name, name)
    if content is not None:
        with open(whole, "wb") as file:
            file.write(content)
    return whole


def test_import_posts_the_file_as_it_is():
    text = "\ufeffref,name\r\nP01,\"Í, x\"\r\n"
    file = path("p.csv", text.encode())
    daemon.answers["POST /v1/import/patients"] = 200, {"schema": 1, "added": 1}
    equal(daemon.run("import", "patients", file, "--dry-run").returncode, 0)
    equal(daemon.calls[-1]["body"], {"file": file, "csv": text, "dry_run": True})


def test_import_names_each_bad_row():
    file = path("bad.csv", b"ref,bed\nP01,x\n")
    daemon.answers["POST /v1/import/patients"] = 422, error("data", "2 rows are wrong", rows=[
        {"line": 2, "column": "bed", "text": "no such bed"},
        {"line": 3, "column": "", "text": "a field too many"}])
    result = daemon.run("import", "patients", file)
    equal(result.returncode, 65)
    contains(result.stderr, f"{file}:2:bed: no such bed\n")
    contains(result.stderr, f"{file}:3: a field too many\n")
    equal(len(json.loads(daemon.run("import", "patients", file, "--json").stdout)["error"]["rows"]),
          2)


def test_import_of_no_text_is_refused_before_asking():
    before = len(daemon.calls)
    for content in (b"ref\nP01\n\xff\n", b"ref\nP01\n\0\n"):
        result = daemon.run("import", "away", path("bytes.csv", content))
        equal(result.returncode, 65)
        contains(result.stderr, "bytes.csv:3:")
    result = daemon.run("import", "away", path("missing.csv"))
    equal(result.returncode, 65)
    contains(result.stderr, "No such file")
    equal(len(daemon.calls), before)


def test_export_prints_the_bytes():
    csv = "ref,name\r\nP01,\"a\nb\"\r\n"
    daemon.answers["GET /v1/export/patients"] = 200, {"schema": 1, "csv": csv}
    result = subprocess.run([WARDCTL, "--socket", daemon.socket, "export", "patients"],
                            capture_output=True)
    equal(result.stdout, csv.encode())
    equal(json.loads(daemon.run("export", "patients", "--json").stdout)["csv"], csv)


SAMPLE = os.environ["DEMO_SAMPLE"]


def test_config_check_reads_the_file_and_conf_d_in_name_order():
    with tempfile.TemporaryDirectory() as place:
        main = shutil.copy(os.path.join(SAMPLE, "wardround.conf"), place)
        shutil.copy(os.path.join(SAMPLE, "bank-holidays-england-and-wales.ics"), place)
        good = run("config", "check", main)
        equal((good.returncode, good.stdout), (0, ""))
        contains(good.stderr, "no mistake found")
        os.mkdir(os.path.join(place, "conf.d"))
        for name in ("20-b.conf", "10-a.conf", "no.txt", ".hidden.conf"):
            with open(os.path.join(place, "conf.d", name), "w") as file:
                file.write("colour = 1\n")
        bad = run("config", "check", main, "--json")
        equal(bad.returncode, 78)
        error = json.loads(bad.stdout)["error"]
        equal(error["code"], "config")
        equal([(os.path.basename(m["file"]), m["line"], m["column"]) for m in error["mistakes"]],
              [("10-a.conf", 1, 1), ("20-b.conf", 1, 1)])
        contains(bad.stderr, "10-a.conf:1:1: error: ")


def test_config_that_can_not_be_read_is_a_mistake_of_its_own():
    with tempfile.TemporaryDirectory() as place:
        os.makedirs(os.path.join(place, "conf.d", "folder.conf"))
        main = shutil.copy(os.path.join(SAMPLE, "wardround.conf"), place)
        shutil.copy(os.path.join(SAMPLE, "bank-holidays-england-and-wales.ics"), place)
        result = run("config", "check", main)
        equal(result.returncode, 78)
        contains(result.stderr, "folder.conf:1:1: error: this file can't be read: it is a folder")
        missing = run("config", "check", os.path.join(place, "none.conf"))
        equal(missing.returncode, 78)
        contains(missing.stderr, "there is no such file")


def test_config_in_force_is_printed_as_it_can_be_read_again():
    text = 'listen = "127.0.0.1:8480"\nward kingsley {\n}\n'
    daemon.answers["GET /v1/config/show"] = 200, {"schema": 1, "config": {}, "text": text}
    equal(daemon.run("config", "show").stdout, text)


def test_qr_is_printed_or_written():
    qr = {"page": "http://x/f/t", "svg": "<svg/>", "text": "\033[30;107m▀▄\033[0m\n"}
    daemon.answers["GET /v1/link/qr"] = 200, {"schema": 1, "qr": qr}
    equal(daemon.run("link", "qr", "l-1").stdout, "▀▄\nhttp://x/f/t\n")
    equal(daemon.calls[-1]["query"], {"id": ["l-1"]})
    contains(run_at_terminal("--socket", daemon.socket, "link", "qr", "l-1", stdout=True)[2],
             "\033[30;107m▀▄")
    file = path("qr.svg")
    result = daemon.run("link", "qr", "l-1", "--svg", file)
    equal((result.returncode, result.stdout, open(file).read()), (0, "", "<svg/>"))
    equal(os.stat(file).st_mode & 0o777, 0o600)
    equal(daemon.calls[-1]["query"], {"id": ["l-1"]})
    equal(daemon.run("link", "qr", "l-1", "--svg", "/nonexistent/x.svg").returncode, 74)


def test_completions_are_valid_and_complete():
    for shell in ("bash", "zsh"):
        script = run("completion", shell)
        equal(script.returncode, 0)
        checked = subprocess.run([shell, "-n"], input=script.stdout, text=True,
                                 capture_output=True) if shell == "bash" or os.path.exists(
                                     "/usr/bin/zsh") else None
        equal(checked.returncode if checked else 0, 0)
        for word in ("discharge", "--agreed-by", "best-interests", "--dry-run"):
            contains(script.stdout, word)


def complete(*words):
    script = run("completion", "bash").stdout + """
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wardctl; printf '%s\\n' "${COMPREPLY[@]}"
"""
    return subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True,
                          text=True).stdout.split()


def test_bash_completes_nouns_verbs_options_and_words():
    contains(complete("wardctl", "pa"), "patient")
    contains(complete("wardctl", "patient", "ad"), "admit")
    contains(complete("wardctl", "--json", "patient", "ad"), "admit")
    contains(complete("wardctl", "support", "add", "--se"), "--sees")
    equal(complete("wardctl", "support", "add", "--sees", "p"), ["place"])
    contains(complete("wardctl", "slot", "list", "--js"), "--json")
    path("table.csv", b"")
    contains(complete("wardctl", "import", "away", folder.name + "/ta"), path("table.csv"))


tests(sys.modules[__name__])
