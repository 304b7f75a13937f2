"""Goal: people read tables and short times; nothing in an answer can steer their terminal."""

import sys

from fake import Daemon, contains, equal, run_at_terminal, tests

daemon = Daemon()


def lines(*words):
    result = daemon.run(*words)
    equal(result.returncode, 0)
    return [line.split() for line in result.stdout.splitlines() if line]


def test_list_is_a_table_with_headings_in_the_order_of_the_contract():
    daemon.answers["GET /v1/patient/list"] = 200, {"schema": 1, "patients": [
        {"status": "current", "slots": 1, "ref": "P01", "name": "Cy", "ward": "kingsley",
         "consultant": "shah", "bed": "1", "admitted": "2026-11-05T15:00:00+00:00"}]}
    equal(lines("patient", "list"), [
        ["REF", "NAME", "WARD", "CONSULTANT", "BED", "ADMITTED", "SLOTS", "STATUS"],
        ["P01", "Cy", "kingsley", "shah", "1", "Thu", "5", "Nov", "15:00", "1", "current"]])


def test_column_without_values_is_left_out():
    daemon.answers["GET /v1/slot/list"] = 200, {"schema": 1, "slots": [
        {"slot": "s-1", "patient": "P01", "locked": False, "supports": [], "room": None,
         "start": "2026-11-30T09:00:00+00:00", "end": "2026-11-30T09:20:00+00:00"}]}
    equal(lines("slot", "list"), [
        ["SLOT", "PATIENT", "START", "END"],
        ["s-1", "P01", "Mon", "30", "Nov", "09:00", "09:20"]])


def test_long_lists_of_starts_are_told_shortly():
    daemon.answers["GET /v1/session/list"] = 200, {"schema": 1, "sessions": [
        {"id": "k.shah.2026-11-30", "starts": [
            "2026-11-30T09:00:00+00:00", "2026-11-30T09:25:00+00:00",
            "2026-11-30T09:50:00+00:00"]}]}
    contains(daemon.run("session", "list").stdout, "Mon 30 Nov 09:00 to 09:50 (3)")


def test_lists_in_cells_are_joined():
    daemon.answers["GET /v1/slot/list"] = 200, {"schema": 1, "slots": [
        {"slot": "s-1", "supports": ["S01", "S02"],
         "replies": [{"support": "S01", "answer": "video"}]}]}
    out = daemon.run("slot", "list").stdout
    contains(out, "S01, S02")
    contains(out, "S01 video")


def test_one_thing_is_shown_line_by_line():
    daemon.answers["GET /v1/patient/show"] = 200, {"schema": 1, "patient": {
        "ref": "P01", "last_seen": "2026-11-20T10:00:00+00:00", "restricted": True, "nurse": None}}
    out = daemon.run("patient", "show", "P01").stdout
    equal(out.splitlines(), ["ref: P01", "last seen: Fri 20 Nov 10:00", "restricted: yes"])


def test_plan_shows_who_has_no_slot_and_why():
    daemon.answers["POST /v1/plan/make"] = 200, {"schema": 1, "plan": {
        "week": "2026-W49", "status": "optimal", "cost": 1000042, "placed": [
            {"patient": "P01", "slot": "s-1", "why": "best"}],
        "unplaced": [{"patient": "P07", "why": "away all week"}]}}
    out = daemon.run("plan", "make", "--ward", "k", "--week", "2026-W49").stdout
    contains(out, "status: optimal")
    contains(out, "away all week")


def test_what_is_no_known_list_is_still_a_table():
    daemon.answers["GET /v1/webhook/list"] = 200, {"schema": 1, "gates": [{"pet_name": "x"}]}
    contains(daemon.run("webhook", "list").stdout, "PET NAME")


def test_terminal_breaks_the_last_column_between_words():
    daemon.answers["GET /v1/plan/show"] = 200, {"schema": 1, "unplaced": [
        {"patient": "P07", "why": "twenty-five patients need thirty-seven cells, thirty-six can be "
         "used \x1b[31m"}]}
    shown = run_at_terminal("--socket", daemon.socket, "plan", "show", width=50, stdout=True)[2]
    rows = [line.rstrip() for line in shown.splitlines()]
    equal(rows, ["PATIENT WHY", "P07     twenty-five patients need thirty-seven",
                 "        cells, thirty-six can be used \\x1b[31m"])
    equal(len(daemon.run("plan", "show").stdout.splitlines()), 2)


def test_control_characters_never_reach_the_terminal():
    evil = "\x1b]0;owned\x07\u009b31m\r"
    daemon.answers["GET /v1/patient/list"] = 200, {"schema": 1, "patients": [{"name": evil}]}
    daemon.answers["GET /v1/patient/show"] = 200, {"schema": 1, "patient": {"name": evil}}
    daemon.answers["GET /v1/task/list"] = 409, {
        "schema": 1, "error": {"code": "refused", "text": evil, "hint": evil}}
    for words in (("patient", "list"), ("patient", "show", "P"), ("task", "list")):
        result = daemon.run(*words)
        for bad in "\x1b\x07\u009b\r":
            assert bad not in result.stdout + result.stderr, words


def test_dry_run_shows_changes_and_who_is_told():
    daemon.answers["POST /v1/slot/move"] = 200, {
        "schema": 1, "dry_run": True,
        "changes": [{"what": "s-1", "from": "2026-11-30T09:00:00+00:00",
                     "to": "2026-12-01T10:20:00+00:00"}],
        "told": [{"whose": "support", "who": "S01", "name": "Ivo", "slot": "s-1",
                  "type": "slot.moved"}]}
    out = daemon.run("slot", "move", "s-1", "--to", "2026-12-01T10:20", "--dry-run").stdout
    contains(out, "changes:")
    contains(out, "told:")
    contains(out, "Tue 1 Dec 10:20")


tests(sys.modules[__name__])
