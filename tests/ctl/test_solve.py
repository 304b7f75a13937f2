"""Goal: `plan solve` prints the plan of the contract for its example, names every mistake of a bad
instance with its path, and writes a problem that another solver finds the same cost for."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from fake import contains, equal, run, tests

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "instance.json")
folder = tempfile.TemporaryDirectory()


def changed(name, change):
    instance = json.load(open(EXAMPLE))
    change(instance)
    path = os.path.join(folder.name, name)
    with open(path, "w") as file:
        json.dump(instance, file)
    return path


def test_example_gives_the_plan_of_the_contract():
    result = run("plan", "solve", EXAMPLE, "--json")
    equal((result.returncode, result.stderr), (0, ""))
    plan = json.loads(result.stdout)
    search = plan.pop("search")
    equal(sorted(search), ["columns", "ms", "nodes", "pivots", "rows"])
    equal(plan, {
        "schema": 1, "status": "optimal", "cost": 1001042, "bound": 1001042,
        "placed": [{"patient": "P01", "session": "kingsley.shah.2026-11-30", "cell": 2,
                    "supports": ["int1"], "why": "fixed"}],
        "unplaced": [{"patient": "P07", "why": "away during every session of shah (1)"}],
        "terms": {"unplaced": 1000000, "required": 0, "supports": 1000, "cover": 0, "moves": 0,
                  "late": 0, "usual": 40, "prefer": 0, "list": 2}})


def test_people_read_times():
    out = run("plan", "solve", EXAMPLE).stdout
    contains(out, "status: optimal")
    contains(out, "Mon 09:50")
    contains(out, "away during every session of shah (1)")


def test_every_mistake_has_its_path():
    def spoil(instance):
        instance["patients"][0]["turn"] = 9
        instance["patients"][0]["supports"][0]["person"] = "cc9"
        instance["sessions"][0]["colour"] = 1
    path = changed("bad.json", spoil)
    result = run("plan", "solve", path, "--json")
    equal(result.returncode, 65)
    error = json.loads(result.stdout)["error"]
    equal(error["code"], "data")
    paths = [mistake["path"] for mistake in error["mistakes"]]
    equal(len(paths), 3)
    for part in ("patients[0].turn", "patients[0].supports[0].person"):
        contains(paths, part)
        contains(run("plan", "solve", path).stderr, f"{path}: {part}: ")


def test_what_is_no_json_is_said_with_its_line():
    path = os.path.join(folder.name, "broken.json")
    with open(path, "w") as file:
        file.write("{\n\"schema\": 1,\n")
    result = run("plan", "solve", path)
    equal((result.returncode, result.stdout), (65, ""))
    contains(result.stderr, "line")
    equal(run("plan", "solve", os.path.join(folder.name, "none.json")).returncode, 65)


def test_other_solver_finds_the_same_cost():
    out = os.path.join(folder.name, "week.lp")
    equal(run("plan", "solve", EXAMPLE, "--lp", out).returncode, 0)
    if shutil.which("cbc"):
        said = subprocess.run(["cbc", out, "solve"], capture_output=True, text=True).stdout
        equal(float(re.search(r"^Objective value:\s+(\S+)", said, re.M).group(1)), 1001042)
    equal(run("plan", "solve", EXAMPLE, "--lp", "/nonexistent/x.lp").returncode, 74)


def test_nodes_is_a_number_from_1():
    equal(run("plan", "solve", EXAMPLE, "--nodes", "1").returncode, 0)
    equal(run("plan", "solve", EXAMPLE, "--nodes", "0").returncode, 64)
    equal(run("plan", "solve").returncode, 64)


tests(sys.modules[__name__])
