#!/usr/bin/env python3
"""Calendars judged by readers that we did not write.

    compare.py MODULES FILE.ics ...

Each calendar is read by python-icalendar, vobject and ical.js (strict; MODULES is the node_modules
folder it lies in). All must report the same events, and these must be what FILE.json beside the
calendar says: a list of {uid, start, end, status, summary, sequence}, times with their offset as
the wall shows them, whole days as dates. Prints TAP. With --print the events are printed instead
of compared with FILE.json, for other tests to use.
"""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that Debian's packages belong to


def readers(modules):
    return {
        "icalendar": [SYSTEM_PYTHON, str(HERE / "read_icalendar.py")],
        "vobject": [SYSTEM_PYTHON, str(HERE / "read_vobject.py")],
        "ical.js": ["node", str(HERE / "read_icaljs.cjs")],
    }, {"ical.js": [modules]}


def normal(events):
    """One order, and one way to write an offset of zero."""
    for event in events:
        for key in ("start", "end"):
            event[key] = event[key].replace("Z", "+00:00")
    return sorted(events, key=lambda event: (event["start"], event["uid"]))


def read(name, command, path, more):
    done = subprocess.run(command + [path] + more, capture_output=True, text=True, timeout=60,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"{name} refuses {path}: {done.stderr.strip()}")
    return normal(json.loads(done.stdout))


def judge(path, modules):
    commands, more = readers(modules)
    return {name: read(name, command, path, more.get(name, []))
            for name, command in commands.items()}


def main():
    arguments = sys.argv[1:]
    show = "--print" in arguments
    modules, *paths = [argument for argument in arguments if argument != "--print"]
    if not os.path.isdir(os.path.join(modules, "ical.js")):
        print(f"1..0 # SKIP ical.js is not in {modules}: npm ci there with tests/readers/package*.json")
        return 0
    failed = 0
    if not show:
        print(f"1..{len(paths)}")
    for number, path in enumerate(paths, 1):
        found = judge(path, modules)
        first = found["icalendar"]
        problems = [f"{name} differs: {events}" for name, events in found.items()
                    if events != first]
        if show:
            json.dump(first, sys.stdout, ensure_ascii=False, indent="\t")
            print()
        else:
            with open(os.path.splitext(path)[0] + ".json", encoding="utf-8") as file:
                expected = normal(json.load(file))
            if first != expected:
                problems.append(f"expected {expected}, read {first}")
            print(f"{'not ' if problems else ''}ok {number} - {os.path.basename(path)}")
        for problem in problems:
            print(f"# {problem}", file=sys.stderr)
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
