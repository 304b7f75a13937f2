"""Counts tests: `tally.py meson BUILD` or `tally.py tap LOG` prints "PASSED FAILED SKIPPED".

Each subtest counts; a program that fails otherwise (crash, sanitizer, time-out, wrong plan) counts
as one failure more. What failed or was skipped, and why, is named on standard error.
"""
import json
import re
import sys
import xml.etree.ElementTree as xml


def say(text):
    print("  " + text, file=sys.stderr)


def tap(path):
    passed = failed = skipped = 0
    planned = None
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            plan = re.match(r"1\.\.(\d+)\s*(?:#\s*skip\b(.*))?", line, re.I)
            point = re.match(r"(not )?ok\b\s*\d*\s*(?:- )?(.*)", line)
            if plan:
                planned = int(plan[1])
                if plan[2] is not None:
                    say("skipped: " + plan[2].strip())
                    skipped += 1
            elif line.startswith("Bail out!"):
                say(line.strip())
                failed += 1
            elif point and re.search(r"#\s*skip\b", point[2], re.I):
                say("skipped: " + point[2].strip())
                skipped += 1
            elif point and point[1]:
                say("failed: " + point[2].strip())
                failed += 1
            elif point:
                passed += 1
    if planned is None or (planned and planned != passed + failed + skipped):
        say(f"failed: {planned} tests planned, {passed + failed + skipped} reported")
        failed += 1
    return passed, failed, skipped


def meson(build):
    passed = failed = skipped = 0
    suites = {}
    for suite in xml.parse(build + "/meson-logs/testlog.junit.xml").getroot():
        # "wardround.wardround:unit / base", or for programs without subtests all in one suite
        suites[suite.get("name").split(".", 1)[-1]] = suite
    with open(build + "/meson-logs/testlog.json", encoding="utf-8") as log:
        for test in map(json.loads, log):
            suite = suites.get(test["name"])
            points = list(suite.iter("testcase")) if suite is not None else []
            bad = [p for p in points if p.find("failure") is not None or p.find("error") is not None]
            unseen = [p for p in points if p.find("skipped") is not None]
            for point in bad:
                say(f"failed: {test['name']}: {point.get('name')}")
            for point in unseen:
                say(f"skipped: {test['name']}: {point.get('name')}")
            failed += len(bad)
            skipped += len(unseen)
            passed += len(points) - len(bad) - len(unseen)
            if test["result"] == "SKIP" and not unseen:
                say("skipped: " + test["name"])
                skipped += 1
            elif test["result"] not in ("OK", "SKIP") and not bad:
                say(f"failed: {test['name']}: {test['result']}")
                failed += 1
            elif test["result"] == "OK" and not points:
                passed += 1
    return passed, failed, skipped


print(*{"tap": tap, "meson": meson}[sys.argv[1]](sys.argv[2]))
