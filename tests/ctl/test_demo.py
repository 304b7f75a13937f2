"""Goal: `demo start` fills a folder, starts the daemon, imports the sample with its dates moved by
whole weeks, plans and publishes this week and the next, prints links; `demo stop` ends that daemon
and no other process. The daemon is a fake beside a copy of wardctl."""

import atexit
import csv
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from fake import WARDCTL, contains, equal, tests

HERE = os.path.dirname(os.path.abspath(__file__))
home = tempfile.mkdtemp(prefix="wardctl-demo-")
atexit.register(shutil.rmtree, home, True)
wardctl = shutil.copy(WARDCTL, os.path.join(home, "wardctl"))
shutil.copy(os.path.join(HERE, "fake_wardroundd"), os.path.join(home, "wardroundd"))
folder = os.path.join(home, "a", "demo")


def two_free_ports():
    """An even port with its neighbour, both free a moment ago."""
    for _ in range(100):
        first, second = socket.socket(), socket.socket()
        try:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            if port < 65000:
                second.bind(("127.0.0.1", port + 1))
                return port
        except OSError:
            pass
        finally:
            first.close()
            second.close()
    raise AssertionError("no two neighbouring ports are free")


def demo(*words, now="2026-12-10T09:00:00Z", **env):
    return subprocess.run(
        [wardctl, "demo", *words], capture_output=True, text=True, timeout=60,
        env={**os.environ, "FAKE_HOME": HERE, "FAKE_NOW": now, "HOME": home, **env})


def start(*words, **env):
    return demo("start", "--dir", folder, "--port", str(two_free_ports()), *words, **env)


def calls():
    with open(os.path.join(folder, "calls.json")) as lines:
        return [json.loads(line) for line in lines]


def imported(what):
    text = next(c["body"]["csv"] for c in calls() if c["path"] == f"/v1/import/{what}")
    return list(csv.DictReader(io.StringIO(text)))


def pid():
    return int(open(os.path.join(folder, "wardroundd.pid")).read().split()[0])


def runs(process):
    try:
        return open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_start_prints_what_programs_rely_on():
    result = start("--json")
    equal((result.returncode, result.stderr), (0, ""))
    answer = json.loads(result.stdout)
    equal(answer["schema"], 1)
    equal(sorted(answer["links"]), ["consultant", "patient", "support", "ward"])
    contains(answer["links"]["ward"]["page"], answer["public"])
    equal(answer["socket"], os.path.join(folder, "control.sock"))
    equal(answer["database"], os.path.join(folder, "ward.db"))
    config = open(answer["config"]).read()
    contains(config, f'public-url = "{answer["public"]}"')
    assert "8480" not in config and "8481" not in config
    assert os.path.exists(os.path.join(folder, "bank-holidays-england-and-wales.ics"))


def test_dates_are_moved_by_whole_weeks():
    equal(imported("away")[0]["from"], "2026-12-17T09:00")  # 2026-12-03 in the sample
    equal(imported("patients")[0]["admitted"], "2026-11-19T15:00")  # 2026-11-05
    equal(len(imported("patients")), 25)
    equal(len(imported("supports")), 64)


def test_this_week_and_the_next_are_planned_and_published():
    planned = [(c["path"], c["body"]["week"]) for c in calls() if c["path"].startswith("/v1/plan")]
    equal(planned, [("/v1/plan/make", "2026-W50"), ("/v1/plan/publish", "2026-W50"),
                    ("/v1/plan/make", "2026-W51"), ("/v1/plan/publish", "2026-W51")])


def test_links_are_of_somebody_who_has_a_slot_and_a_support():
    made = [c["body"] for c in calls() if c["path"] == "/v1/link/new"]
    equal([(m.get("patient"), m.get("support")) for m in made][:2], [("P08", None), (None, "S024")])


def test_a_nurse_and_the_links_consultant_may_sign_in():
    made = [c["body"] for c in calls() if c["path"] == "/v1/staff/add"]
    equal([(m["name"], m["role"], m["ward"]) for m in made],
          [("nurse", "ward", "kingsley"), ("shah", "consultant", "kingsley")])


def test_second_start_is_refused_while_it_runs():
    result = start()
    equal(result.returncode, 1)
    contains(result.stderr, "runs already")
    assert runs(pid())


def test_stop_ends_it_and_may_be_repeated():
    process = pid()
    equal(demo("stop", "--dir", folder).returncode, 0)
    assert not runs(process)
    again = demo("stop", "--dir", folder)
    equal(again.returncode, 0)
    contains(again.stderr, "no demo runs")


def test_stop_spares_a_process_that_got_the_number_since():
    other = subprocess.Popen(["sleep", "60"])
    with open(os.path.join(folder, "wardroundd.pid"), "w") as file:
        file.write(f"{other.pid} 1\n")
    equal(demo("stop", "--dir", folder).returncode, 0)
    assert other.poll() is None
    other.kill()
    other.wait()


def test_start_begins_an_earlier_demo_anew():
    old = os.path.join(folder, "ward.db")
    open(old, "w").close()
    result = start()
    equal(result.returncode, 0)
    contains(result.stdout, "wardctl demo stop --dir " + folder)
    assert not os.path.exists(old)
    equal(demo("stop", "--dir", folder).returncode, 0)


def test_folder_of_somebody_else_is_left_alone():
    precious = os.path.join(home, "precious")
    os.makedirs(precious)
    open(os.path.join(precious, "thesis"), "w").close()
    for words in (("start", "--dir", precious), ("stop", "--dir", precious)):
        result = demo(*words)
        equal(result.returncode, 1)
        contains(result.stderr, "is not a demo's folder")
    equal(os.listdir(precious), ["thesis"])
    equal(demo("stop", "--dir", os.path.join(home, "nowhere")).returncode, 1)


def test_port_in_use_is_said():
    for offset in (0, 1):
        port = two_free_ports()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", port + offset))
            taken.listen()
            result = demo("start", "--dir", folder, "--port", str(port), "--json")
            equal(result.returncode, 69)
            contains(json.loads(result.stdout)["error"]["text"], f"port {port + offset} is in use")


def test_daemon_that_ends_at_once_is_said_with_its_log():
    result = start(FAKE_EXIT="78")
    equal(result.returncode, 78)
    contains(result.stderr, "the fake says no")
    contains(result.stderr, "wardroundd ended at once (exit 78)")
    equal(start(FAKE_EXIT="69").returncode, 69)


def test_failure_on_the_way_leaves_no_daemon_running():
    result = start("--json", FAKE_REFUSES="/v1/plan/publish")
    equal(result.returncode, 1)
    equal(json.loads(result.stdout)["error"]["text"], "not now")
    contains(demo("stop", "--dir", folder).stderr, "no demo runs")


def test_week_is_the_wards_not_utc():
    # Sunday 23:30 UTC in summer is Monday 00:30 in London
    equal(start(now="2026-06-07T23:30:00Z").returncode, 0)
    weeks = [c["body"]["week"] for c in calls() if c["path"] == "/v1/plan/make"]
    equal(weeks, ["2026-W24", "2026-W25"])
    os.kill(pid(), signal.SIGTERM)


def test_default_folder_is_in_the_state_of_the_user():
    state = os.path.join(home, "state")
    result = demo("start", "--json", "--port", str(two_free_ports()), XDG_STATE_HOME=state)
    equal(json.loads(result.stdout)["config"],
          os.path.join(state, "wardround-demo", "wardround.conf"))
    equal(demo("stop", XDG_STATE_HOME=state).returncode, 0)
    nowhere = demo("start", HOME="", XDG_STATE_HOME="")
    equal(nowhere.returncode, 64)
    contains(nowhere.stderr, "--dir")


tests(sys.modules[__name__])
