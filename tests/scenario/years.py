#!/usr/bin/env python3
"""Twenty wards live for a year each: admissions, leave, replies, moves, late rounds, withdrawals, deaths,
both clock changes, endpoints that answer late, wrongly, twice or never, and a daemon that dies between any
two commits. After each step all eight promises are looked at by somebody who does not share the daemon's
rules (tests/unit/desk/simulation.h). With LONG=1 a hundred wards, other ones each time.
"""
import os
import subprocess
import sys
import time

from wardround import BUILD, DATA, tests

SIMULATION = BUILD / "tests" / "unit" / "test_desk_simulation"


def is_slow():
    return b"__asan_init" in SIMULATION.read_bytes() or b"__tsan_init" in SIMULATION.read_bytes()


def live(first, wards):
    more = {"SIMULATION_ONLY": "*years", "SIMULATION_SEED": str(first), "SIMULATION_WARDS": str(wards),
            "SIMULATION_DAYS": "365", "SIMULATION_COUNT": "1", "TEST_DATA": str(DATA)}
    return subprocess.Popen([SIMULATION], env={**os.environ, **more}, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def test_all_promises_are_kept_for_years():
    wards = 2 if is_slow() else 20
    first = 1
    if os.environ.get("LONG"):
        wards, first = 100, int(time.time()) % 1000000
    half = wards // 2
    lives = [live(first, half), live(first + half, wards - half)]
    for life in lives:
        said = life.communicate(timeout=3600)[0]
        if life.returncode:
            raise AssertionError(said[-3000:])
        for line in said.splitlines():
            if line.startswith("# ward"):
                print(line)


if __name__ == "__main__":
    tests(sys.modules[__name__])
