#!/usr/bin/python3
"""How long the daemon takes: the sample week planned, and a start with 2,500 patients on 100 wards.

usage: tests/bench/daemon.py BUILD [WARDS]

Prints figures and ratios, judges nothing. The peer of the full start is a start with an empty
database; the planner alone is measured against other solvers beside it.
"""
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")
WARDS = int(sys.argv[2]) if __name__ == "__main__" and len(sys.argv) > 2 else 100
SAMPLE = os.path.join(ROOT, "tests", "data", "kingsley")
PORT = 18580
WEEK = "2026-W49"
CLOCK = "2026-11-23T08:00:00Z"

ROUND = """
    round r%d {
        consultant = "c%d_%d"
        days = { "%s" }
        from = "09:00"
        to = "16:00"
        slot = "30 minutes"
        room = "Room"
    }
"""


class Daemon:
    def __init__(self, folder):
        self.folder = folder
        self.config = os.path.join(folder, "wardround.conf")
        self.socket = os.path.join(folder, "control.sock")
        self.process = None
        self.log = open(os.path.join(folder, "log"), "ab")

    def start(self):
        env = dict(os.environ, WARDROUND_CLOCK=CLOCK)
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "daemon", "wardroundd"), "--config", self.config],
            stdout=self.log, stderr=self.log, env=env)
        while self.get("task", "list")[0]:
            if self.process.poll() is not None or time.monotonic() - begun > 120:
                raise SystemExit("the daemon did not start; see " + self.log.name)
            time.sleep(0.005)
        return time.monotonic() - begun

    def ctl(self, *words):
        return [os.path.join(BUILD, "daemon", "wardctl"), "--socket", self.socket, "--json",
                "--yes", *words]

    def get(self, *words):
        done = subprocess.run(self.ctl(*words), capture_output=True, text=True)
        return done.returncode, done.stdout

    def must(self, *words):
        code, out = self.get(*words)
        if code:
            raise SystemExit("wardctl %s: %s" % (" ".join(words), out))
        return json.loads(out)

    def memory(self):
        with open("/proc/%d/status" % self.process.pid) as status:
            rows = dict(line.split(":", 1) for line in status)
        return int(rows["VmRSS"].split()[0]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def write_config(folder, text):
    with open(os.path.join(folder, "wardround.conf"), "w") as out:
        out.write(text)


def sample_config():
    with open(os.path.join(SAMPLE, "wardround.conf")) as source:
        text = source.read()
    holidays = os.path.join(ROOT, "tests", "data", "bank-holidays-england-and-wales.ics")
    text = text.replace("../bank-holidays-england-and-wales.ics", holidays)
    return text.replace("127.0.0.1:8480", "127.0.0.1:%d" % PORT).replace("127.0.0.1:8481", "127.0.0.1:18581")


def bench_week(folder):
    write_config(folder, sample_config())
    daemon = Daemon(folder)
    empty = daemon.start()
    for what in ("patients", "supports", "away"):
        daemon.must("import", what, os.path.join(SAMPLE, what + ".csv"))
    times = []
    for _ in range(5):
        begun = time.monotonic()
        daemon.must("plan", "make", "--ward", "kingsley", "--week", WEEK)
        times.append(time.monotonic() - begun)
    print("sample week planned, checked and saved, wardctl to answer: %.1f ms (median of 5)"
          % (1000 * sorted(times)[2]))
    print("memory with the sample ward: %.1f MB" % daemon.memory())
    daemon.stop()
    return empty


def trust_config():
    days = ["Monday", "Tuesday", "Wednesday"]
    consultants = "".join('consultant c%d_%d { name = "Dr C" }\n' % (w, c)
                          for w in range(WARDS) for c in range(3))
    wards = ""
    for w in range(WARDS):
        rounds = "".join(ROUND % (c, w, c, days[c]) for c in range(3))
        wards += 'ward w%d {\n    name = "W%d"\n    timezone = "Europe/London"\n    beds = 25\n' \
                 '    contact-phone = "01632 960009"\n%s}\n' % (w, w, rounds)
    address = "127.0.0.1:%d" % PORT
    head = 'listen = "' + address + '"\nmetrics = ""\npublic-url = "http://' + address + '"\n' \
           'control = "control.sock"\ndatabase = "ward.db"\n'
    return head + consultants + wards


def write_people(folder):
    with open(os.path.join(folder, "patients.csv"), "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow("ref,name,ward,consultant,bed,admitted,slots".split(","))
        for n in range(WARDS * 25):
            rows.writerow(["P%d" % n, "Name %d" % n, "w%d" % (n // 25),
                           "c%d_%d" % (n // 25, n % 3), n % 25 + 1, "2026-11-20T10:00", 1])
    with open(os.path.join(folder, "supports.csv"), "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow("ref,patient,name,relation,sees,agreed_by,free".split(","))
        for n in range(WARDS * 25):
            rows.writerow(["S%d" % n, "P%d" % n, "Friend %d" % n, "friend", "place", "patient",
                           "Mon 09:00-17:00; Tue 09:00-17:00"])


def bench_start(folder, empty):
    write_config(folder, trust_config())
    write_people(folder)
    daemon = Daemon(folder)
    daemon.start()
    begun = time.monotonic()
    daemon.must("import", "patients", os.path.join(folder, "patients.csv"))
    daemon.must("import", "supports", os.path.join(folder, "supports.csv"))
    print("import of %d patients and as many supports: %.2f s"
          % (WARDS * 25, time.monotonic() - begun))
    begun = time.monotonic()
    for w in range(WARDS):
        daemon.must("plan", "make", "--ward", "w%d" % w, "--week", WEEK)
        daemon.must("plan", "publish", "--ward", "w%d" % w, "--week", WEEK)
    print("%d wards planned and published: %.2f s" % (WARDS, time.monotonic() - begun))
    for w in range(WARDS):
        daemon.must("link", "new", "--ward", "w%d" % w)
        daemon.must("link", "new", "--support", "S%d" % (w * 25))
    daemon.stop()
    full = daemon.start()
    print("start with %d patients: %.3f s, empty: %.3f s, ratio %.1f"
          % (WARDS * 25, full, empty, full / empty))
    print("memory then: %.1f MB" % daemon.memory())
    daemon.stop()


def main():
    folder = tempfile.mkdtemp(prefix="wardround-bench-")
    try:
        for name, bench in (("week", bench_week), ("trust", None)):
            os.mkdir(os.path.join(folder, name))
            if bench:
                empty = bench(os.path.join(folder, name))
        bench_start(os.path.join(folder, "trust"), empty)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
