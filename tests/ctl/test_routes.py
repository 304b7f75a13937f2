"""Goal: every verb of wardctl that asks the daemon has a route of the same name, asked for in the
way the route wants it, and every route is a verb."""

import os
import re
import sys

from fake import equal, run, tests

ROUTES = os.environ["ROUTES"]
LOCAL = {("config", "check"), ("plan", "solve"), ("demo", "start"), ("demo", "stop")}


def routes():
    text = open(ROUTES).read()
    rows = re.findall(r'^\s*(READS|CHANGES|OPERATES)\s*\("([a-z]+)",\s*"([a-z-]+)"', text, re.M)
    return {(noun, verb): kind for kind, noun, verb in rows}


def verbs():
    found = {("status", "show"), ("version", "show")}
    nouns = re.findall(r"^  ([a-z]+) ", run("help").stdout, re.M)
    for noun in nouns:
        lines = re.findall(rf"^  wardctl {noun} \[?([a-z-]+)\]?", run(noun, "help").stdout, re.M)
        found |= {(noun, verb) for verb in lines}
    return found


def test_verbs_and_routes_are_the_same():
    known = routes()
    assert len(known) > 40
    equal(sorted(verbs() - LOCAL), sorted(known))


def test_changes_are_posted_and_questions_are_not():
    rows = re.findall(r'^\t\{ "([a-z]+)",\s*"([a-z-]+)",\s*\w+,\s*([A-Z_| 0]+),',
                      open(os.environ["VERBS"]).read(), re.M)
    assert len(rows) > 60
    for noun, verb, flags in rows:
        kind = routes().get((noun, verb))
        posted = "CHANGES" in flags or "PUBLISHED" in flags
        if kind in ("READS", "CHANGES"):
            equal((noun, verb, posted), (noun, verb, kind == "CHANGES"))


def test_description_names_each_route_with_its_method():
    described = re.findall(r"^  /v1/([a-z]+)/([a-z-]+):\n    (get|post):",
                           open(os.environ["OPENAPI"]).read(), re.M)
    equal(sorted((noun, verb) for noun, verb, _ in described), sorted(routes()))
    for noun, verb, method in described:
        kind = routes()[noun, verb]
        if kind != "OPERATES":
            equal((noun, verb, method), (noun, verb, "get" if kind == "READS" else "post"))


tests(sys.modules[__name__])
