#!/usr/bin/env python3
"""The demo on any day of the year: one command gives a served ward with links of every kind, another ends
it. And what a service manager and a monitor see of the daemon: READY, WATCHDOG and STOPPING on the
notify socket, a stop that finishes answers in flight, metrics that promtool finds clean.
"""
import datetime
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from wardround import (HOST, START, WARDCTL, WARDROUNDD, Skip, UnixConnection, Ward, contains, ctl, equal, fetch, free_port,
                       lacks, read_calendar, rows, tests, until)

folders = []


def port_pair():
    for _ in range(100):
        port = free_port()
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port + 1))
                return port
            except OSError:
                pass
    raise AssertionError("no two ports")


def start_demo(clock=START, **more):
    folder = os.path.join(tempfile.mkdtemp(prefix="demo-"), "d")
    folders.append(folder)
    port = port_pair()
    said = ctl("demo", "start", "--json", "--dir", folder, "--port", port, env={"WARDROUND_CLOCK": clock}, **more)
    return folder, port, said


def stop_demo(folder):
    said = ctl("demo", "stop", "--dir", folder, "--json")
    log = open(os.path.join(folder, "wardroundd.log"), encoding="utf-8", errors="replace").read()
    shutil.rmtree(os.path.dirname(folder), ignore_errors=True)
    for word in ("Sanitizer", "runtime error:", "loop-not-empty"):
        lacks(log, word)
    for row in rows("patients.csv"):
        lacks(log, row["name"])
    return said


def week_of(text, weeks=0):
    day = datetime.date.fromisoformat(text[:10]) + datetime.timedelta(weeks=weeks)
    return "%d-W%02d" % day.isocalendar()[:2]


def test_the_demo_serves_a_ward_and_ends():
    folder, port, said = start_demo()
    try:
        answer = said.json
        for key in ("socket", "config", "database", "public", "links"):
            assert key in answer, key
        equal((answer["schema"], answer["public"]), (1, f"http://{HOST}:{port}"))
        equal(set(answer["links"]), {"patient", "support", "consultant", "ward"})
        for kind, link in answer["links"].items():
            for key in ("id", "page", "feed", "webcal"):
                assert link[key], (kind, key)
            path = link["feed"].removeprefix(answer["public"])
            equal(link["webcal"], "webcal" + link["feed"].removeprefix("http"))
            feed = fetch(port, path)
            equal((feed.status, feed.headers["content-type"]), (200, "text/calendar; charset=utf-8"))
            assert any("T" in event["start"] for event in read_calendar(feed.body)["icalendar"]), kind
            equal(fetch(port, link["page"].removeprefix(answer["public"])).status, 200)
        for kind in ("nurse", "consultant"):
            path = answer["staff"][kind]["address"].removeprefix(answer["public"])
            assert path.startswith("/s/in/"), path
            equal(fetch(port, path).status, 200)
        slots = ctl("--socket", answer["socket"], "--json", "slot", "list", "--week", week_of(START, 1))["slots"]
        unplaced = ctl("--socket", answer["socket"], "--json", "status")["unplaced"]
        equal(len({one["patient"] for one in slots + unplaced}), 25)
        assert len(slots) >= 23 and all(one["why"] for one in unplaced), unplaced
        equal({slot["state"] for slot in slots}, {"published"})
        here = ctl("--socket", answer["socket"], "--json", "slot", "list", "--week", week_of(START))["slots"]
        assert here and all(slot["start"] > START[:10] for slot in here), "what is left of this week"
        equal(fetch(port + 1, "/metrics").status, 200)
        again = ctl("demo", "start", "--json", "--dir", folder, "--port", port, code=1)
        equal(again.error["code"], "refused")
    finally:
        stop_demo(folder)
    try:
        fetch(port, "/healthz")
        raise AssertionError("it still serves")
    except ConnectionRefusedError:
        pass


def test_the_demo_works_on_any_day():
    for clock in ("2026-11-27T18:00:00Z", "2026-11-29T23:30:00Z", "2026-12-23T09:00:00Z", "2027-03-26T12:00:00Z",
                  "2027-03-28T00:59:30Z", "2028-02-29T07:00:00Z"):
        folder, _, said = start_demo(clock)
        try:
            slots = ctl("--socket", said["socket"], "--json", "slot", "list", "--week", week_of(clock, 1))["slots"]
            status = ctl("--socket", said["socket"], "--json", "status").json
            placed = {slot["patient"] for slot in slots}
            unplaced = {one["patient"] for one in status["unplaced"]}
            equal(len(placed | unplaced), 25, clock)
            assert len(placed) >= 15, (clock, len(placed))
            equal([one for one in status["promises"] if one["state"] == "broken"], [], clock)
        finally:
            stop_demo(folder)


def test_the_demo_needs_its_port_and_leaves_other_folders_alone():
    folder = tempfile.mkdtemp(prefix="mine-")
    try:
        open(os.path.join(folder, "diary"), "w", encoding="utf-8").close()
        ctl("demo", "start", "--dir", folder, "--port", port_pair(), code=1)
        equal(os.listdir(folder), ["diary"])
    finally:
        shutil.rmtree(folder)
    with socket.create_server((HOST, 0)) as taken:
        other = os.path.join(tempfile.mkdtemp(prefix="demo-"), "d")
        said = ctl("demo", "start", "--dir", other, "--port", taken.getsockname()[1], code=None)
        assert said.code in (1, 69), said
        shutil.rmtree(os.path.dirname(other))
    ctl("demo", "stop", "--dir", "/nonexistent/demo", code=1)


def test_the_demo_for_people_prints_where_to_look():
    folder = os.path.join(tempfile.mkdtemp(prefix="demo-"), "d")
    done = subprocess.run([WARDCTL, "demo", "start", "--dir", folder, "--port", str(port_pair())], capture_output=True,
                          text=True, timeout=90, check=False)  # on the real clock
    try:
        equal(done.returncode, 0, done.stderr)
        for part in ("/f/", ".ics", "wardctl", folder):
            contains(done.stdout, part)
    finally:
        stop_demo(folder)


# ---- what a service manager sees ----

class Notified:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.name = "wardround-%d-%d" % (os.getpid(), time.monotonic_ns())
        self.socket.bind("\0" + self.name)
        self.said = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            self.said.append((time.monotonic(), self.socket.recv(4096).decode()))

    def has(self, word):
        return [at for at, text in self.said if word in text.split("\n")]


def test_ready_watchdog_and_stopping_are_notified():
    notified = Notified()
    there = Ward().start(env={"NOTIFY_SOCKET": "@" + notified.name, "WATCHDOG_USEC": "1000000"})
    until("READY", lambda: notified.has("READY=1"))
    equal(fetch(there.port, "/readyz").status, 200)
    until("several watchdogs", lambda: len(notified.has("WATCHDOG=1")) >= 4, 10)
    beats = notified.has("WATCHDOG=1")
    assert max(b - a for a, b in zip(beats, beats[1:])) < 1, beats
    equal(notified.has("STOPPING=1"), [])
    there.stop()
    until("STOPPING", lambda: notified.has("STOPPING=1"))
    equal(len(notified.has("STOPPING=1")), 1)


def test_a_stop_finishes_what_was_begun():
    there = Ward().start().fill()
    feed = there.link("ward", "kingsley")["feed"].removeprefix(there.public)
    idle = socket.create_connection((HOST, there.port), timeout=20)
    half = socket.create_connection((HOST, there.port), timeout=20)
    half.sendall(f"GET {feed} HTTP/1.1\r\n".encode())
    control = UnixConnection(there.control)
    control.request("POST", "/v1/plan/make", body=json.dumps({"ward": "kingsley", "week": "2026-W50"}),
                    headers={"Content-Type": "application/json"})
    there.process.send_signal(signal.SIGTERM)
    answer = control.getresponse()
    text = answer.read()
    assert answer.status in (200, 503), text
    half.close()
    began = time.monotonic()
    there.stop()
    assert time.monotonic() - began < 12
    idle.close()
    there.start()
    weeks = {slot["week"] for slot in there.slots()}
    equal("2026-W50" in weeks, answer.status == 200, "what was acknowledged is there")
    there.stop()


def test_the_control_socket_is_private_and_goes_with_the_daemon():
    there = Ward().start()
    mode = os.stat(there.control).st_mode
    equal(mode & 0o007, 0, "others")
    equal(os.stat(there.database).st_mode & 0o007, 0)
    there.stop()
    equal(os.path.exists(there.control), False)
    ctl("--socket", there.control, "status", code=69)


# ---- what a monitor sees ----

def test_metrics_are_clean_and_count():
    there = Ward().start().fill()
    link = there.link("consultant", "shah")
    for _ in range(5):
        there.fetch(link["feed"])
    answer = fetch(there.metrics, "/metrics")
    equal(answer.status, 200)
    contains(answer.headers["content-type"], "text/plain")
    for row in rows("patients.csv") + rows("supports.csv"):
        lacks(answer.text, row["name"], "metrics")
    lacks(answer.text, link["feed"].rsplit("/", 1)[1][:43])
    values = dict(re.findall(r"^(wardround_\w+(?:\{[^}]*\})?) (\S+)$", answer.text, re.M))
    assert len(values) > 10, answer.text
    equal(values['wardround_http_requests_total{listener="public",status="2xx"}'], "5")
    equal(values["wardround_ready"], "1")
    equal(there.fetch("/metrics").status, 404)
    if not shutil.which("promtool"):
        there.stop()
        raise Skip("promtool is not installed")
    done = subprocess.run(["promtool", "check", "metrics"], input=answer.text, capture_output=True, text=True,
                          timeout=60, check=False)
    equal((done.returncode, done.stdout + done.stderr), (0, ""))
    there.stop()


def test_versions_agree():
    done = subprocess.run([WARDROUNDD, "--version"], capture_output=True, text=True, timeout=20, check=True)
    contains(ctl("version").out, done.stdout.split()[1])


if __name__ == "__main__":
    tests(sys.modules[__name__])
