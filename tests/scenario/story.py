#!/usr/bin/env python3
"""The first week, end to end: the sample ward is imported, its week planned and published; links of every
kind are fetched and read by calendar programs that we did not write, which must see what `slot list`
says, also around the clock changes and Easter; each listener is told once, signed, and reminded in time.
"""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from wardround import (DATA, READERS, ROOT, SECRET, Receiver, Skip, Ward, contains, equal, has_npm,
                       read_calendar, rows, signature_holds, tests, until)

WEEK = "2026-W49"
receiver = Receiver()
ward = None
links = {}


def told_supports():
    return {row["ref"]: row for row in rows("supports.csv")
            if row["agreed_by"] and row["sees"] in ("time", "place", "all") and (row["phone"] or row["email"])}


def occurrences(slots):
    return sorted((slot["start"], slot["end"]) for slot in slots)


def judge_feed(where, link, slots):
    """Every reader must see just the slots."""
    answer = where.fetch(link["feed"])
    equal(answer.status, 200)
    equal(answer.headers["content-type"], "text/calendar; charset=utf-8")
    seen = read_calendar(answer.body)
    for name, events in seen.items():
        found = sorted((event["start"], event["end"]) for event in events
                       if event["status"] == "CONFIRMED" and "T" in event["start"])
        equal(found, occurrences(slots), name)
    equal(len({json.dumps(events, sort_keys=True) for events in seen.values()}), 1, "the readers differ")
    return seen["icalendar"]


def make_links(where):
    """One of each kind, the support's for every level of what may be seen."""
    placed = {slot["patient"] for slot in where.slots() if slot["state"] == "published"}
    found = {"consultant": ("consultant", "shah"), "ward": ("ward", "kingsley")}
    for row in rows("supports.csv"):
        if not row["agreed_by"] or row["patient"] not in placed or row["sees"] == "nothing":
            continue
        found.setdefault("support " + row["sees"], ("support", row["ref"]))
        if row["person"]:
            found.setdefault("person", ("person", row["person"]))
    found["patient"] = ("patient", sorted(placed)[0])
    return {name: (kind, whose, where.link(kind, whose)) for name, (kind, whose) in found.items()}


def slots_of(where, kind, whose):
    slots = [slot for slot in where.slots() if slot["state"] in ("published", "started", "held")]
    people = rows("supports.csv")
    return {
        "consultant": lambda: [slot for slot in slots if slot["consultant"] == whose],
        "ward": lambda: slots,
        "patient": lambda: [slot for slot in slots if slot["patient"] == whose],
        "support": lambda: [slot for slot in slots for row in people
                            if row["ref"] == whose and row["patient"] == slot["patient"]],
        "person": lambda: [slot for slot in slots for row in people if row["person"] == whose
                           and row["agreed_by"] and row["sees"] != "nothing" and row["patient"] == slot["patient"]],
    }[kind]()


def test_the_sample_ward_is_planned_and_published():
    global ward
    ward = Ward(clock="2026-11-23T08:00:00Zx20", more=receiver.section(**{"send-contact": "true"}),
                files={"sms.secret": (SECRET + "\n", 0o600)}).start()
    plan = ward.fill(week=None).plan(WEEK)
    equal(plan["status"], "optimal")
    equal(plan["cost"], plan["bound"])
    equal(len(plan["placed"]) + len(plan["unplaced"]), 25)
    slots = ward.slots("--week", WEEK)
    equal(sorted(slot["patient"] for slot in slots), sorted(row["patient"] for row in plan["placed"]))
    states = {n: promise["state"] for n, promise in ward.promises().items()}
    equal(states, dict.fromkeys(range(1, 9), "kept"))


def test_every_kind_of_link_is_read_as_slot_list_says():
    links.update(make_links(ward))
    equal(set(links), {"consultant", "ward", "patient", "person", "support time", "support place", "support all"})
    for name, (kind, whose, link) in links.items():
        slots = slots_of(ward, kind, whose)
        assert slots, name
        judge_feed(ward, link, slots)


def test_a_strict_reader_from_npm_agrees():
    if not has_npm("ical.js"):
        raise Skip(f"ical.js is not in {READERS}")
    events = read_calendar(ward.fetch(links["ward"][2]["feed"]).body)
    equal(events["ical.js"], events["icalendar"])


def test_khal_sees_the_same_through_vdirsyncer():
    if not (shutil.which("khal") and shutil.which("vdirsyncer")):
        raise Skip("khal or vdirsyncer is not installed")
    with tempfile.TemporaryDirectory() as folder:
        feed = links["ward"][2]["feed"]
        config = os.path.join(folder, "vdirsyncer.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f'[general]\nstatus_path = "{folder}/status"\n'
                       '[pair ward]\na = "here"\nb = "there"\ncollections = null\nconflict_resolution = "b wins"\n'
                       f'[storage here]\ntype = "filesystem"\npath = "{folder}/calendar"\nfileext = ".ics"\n'
                       f'[storage there]\ntype = "http"\nurl = "{feed}"\n')
        khal = os.path.join(folder, "khal.conf")
        with open(khal, "w", encoding="utf-8") as file:
            file.write(f"[calendars]\n[[ward]]\npath = {folder}/calendar\n[sqlite]\npath = {folder}/khal.db\n"
                       "[locale]\nlocal_timezone = Europe/London\ndefault_timezone = Europe/London\n"
                       "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
                       "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n")
        env = {**os.environ, "HOME": folder, "LANG": "C.UTF-8", "VDIRSYNCER_CONFIG": config}

        def run(*command, answer=""):
            done = subprocess.run(command, input=answer, capture_output=True, text=True, timeout=90,
                                  check=False, env=env)
            equal(done.returncode, 0, f"{command}: {done.stdout} {done.stderr}")
            return done.stdout
        os.mkdir(os.path.join(folder, "calendar"))
        run("vdirsyncer", "discover", answer="y\ny\n")
        run("vdirsyncer", "sync")
        out = run("khal", "-c", khal, "list", "--day-format", "", "--format", "{start}|{end}",
                  "2026-11-30", "7d")
    found = sorted(tuple(line.split("|")) for line in out.splitlines() if "|" in line)
    wanted = sorted((start[:16].replace("T", " "), end[:16].replace("T", " "))
                    for start, end in occurrences(slots_of(ward, "ward", "kingsley")))
    equal(found, wanted)


def test_each_listener_is_told_once_within_two_minutes():
    slots = {slot["patient"]: slot for slot in ward.slots("--week", WEEK)}
    wanted = sorted((row["ref"], slots[row["patient"]]["slot"]) for row in told_supports().values()
                    if row["patient"] in slots)
    assert len(wanted) > 20
    until("all are told", lambda: len(receiver.notices("slot.published")) >= len(wanted), 40)
    notices = receiver.notices("slot.published")
    equal(sorted((notice["data"]["to"]["support"], notice["data"]["slot"]["ref"]) for notice in notices), wanted)
    for request in receiver.taken():
        body = json.loads(request["body"])
        headers = {name.lower(): value for name, value in request["headers"].items()}
        equal(headers["content-type"], "application/json")
        equal(headers["webhook-id"], body["data"]["notice"])
        slot, row = slots_by_ref(slots)[body["data"]["slot"]["ref"]], told_supports()[body["data"]["to"]["support"]]
        equal(utc(slot["start"]), body["data"]["slot"]["start"])
        if row["phone"]:
            equal(body["data"]["to"]["phone"], "+44" + row["phone"].replace(" ", "")[1:])
        assert len(body["data"]["text"]) <= 160, body
        contains(body["data"]["page"], ward.public + "/r/")
    equal(len({json.loads(one["body"])["data"]["notice"] for one in receiver.taken()}), len(wanted))


def slots_by_ref(slots):
    return {slot["slot"]: slot for slot in slots.values()}


def utc(text):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_every_notice_is_signed():
    requests = receiver.taken()
    assert requests
    for request in requests:
        assert signature_holds(request), request


def test_the_library_of_standard_webhooks_believes_the_signatures():
    if not has_npm("standardwebhooks"):
        raise Skip(f"standardwebhooks is not in {READERS}")
    lines = []
    for request in receiver.taken():
        headers = {name.lower(): value for name, value in request["headers"].items()}
        at = int(headers["webhook-timestamp"])
        lines.append({"secret": SECRET, "headers": headers, "body": request["body"], "now": at + 2})
        lines.append({"secret": SECRET, "headers": headers, "body": request["body"] + " ", "now": at + 2})
    done = subprocess.run(["node", str(ROOT / "tests/readers/verify_webhook.cjs"), str(READERS / "node_modules")],
                          input="\n".join(map(json.dumps, lines)), capture_output=True, text=True, timeout=60,
                          check=True)
    equal([json.loads(line) for line in done.stdout.splitlines()], [True, False] * (len(lines) // 2))


def told_about(slot):
    return {row["ref"] for row in told_supports().values() if row["patient"] == slot["patient"]}


def test_a_moved_slot_is_told_with_where_it_was():
    taken = {(slot["session"], slot["cell"] + step) for slot in ward.slots("--week", WEEK)
             for step in range(slot["cells"])}
    sessions = ward.ctl("session", "list", "--week", WEEK)["sessions"]
    slot, to = next((slot, start) for session in sessions for number, start in enumerate(session["starts"])
                    if (session["id"], number) not in taken
                    for slot in ward.slots("--week", WEEK)
                    if slot["consultant"] == session["consultant"] and slot["cells"] == 1 and told_about(slot)
                    and all(row["consultant"] == slot["consultant"] for row in rows("patients.csv")
                            if row["ref"] == slot["patient"]))
    receiver.clear()
    ward.ctl("slot", "move", slot["slot"], "--to", to, "--reason", "a tribunal", "--yes")
    people = told_about(slot)
    until("the move is told", lambda: len(receiver.notices("slot.moved", slot["slot"])) >= len(people), 40)
    notices = receiver.notices(slot=slot["slot"])
    equal({notice["type"] for notice in notices}, {"slot.moved"})
    equal({notice["data"]["to"]["support"] for notice in notices}, people)
    for notice in notices:
        equal((notice["data"]["slot"]["start"], notice["data"]["slot"]["was"], notice["data"]["slot"]["revision"]),
              (utc(to), utc(slot["start"]), 2))
        assert "tribunal" not in json.dumps(notice)
    kind, whose, link = links["ward"]
    judge_feed(ward, link, slots_of(ward, kind, whose))


def test_a_cancelled_slot_is_told_and_stays_in_the_feed_as_cancelled():
    slot = next(slot for slot in ward.slots("--week", WEEK) if told_about(slot) and slot["revision"] == 1)
    link = ward.link("support", sorted(told_about(slot))[0])
    before = read_calendar(ward.fetch(link["feed"]).body)["icalendar"]
    receiver.clear()
    ward.ctl("slot", "cancel", slot["slot"], "--why", "patient-declined", "--reason", "asked for it", "--yes")
    people = told_about(slot)
    until("the end is told", lambda: len(receiver.notices("slot.cancelled", slot["slot"])) >= len(people), 40)
    equal({notice["data"]["to"]["support"] for notice in receiver.notices(slot=slot["slot"])}, people)
    event = next(event for event in read_calendar(ward.fetch(link["feed"]).body)["icalendar"]
                 if event["uid"] == before[0]["uid"])
    equal((event["status"], event["start"], event["sequence"]),
          ("CANCELLED", before[0]["start"], before[0]["sequence"] + 1))
    contains(event["summary"], "Cancelled: ")


def test_reminders_come_at_their_time():
    slot = next(slot for slot in ward.slots("--week", WEEK)
                if slot["start"] > "2026-12-01" and slot["state"] == "published" and told_about(slot))
    due = datetime.datetime.fromisoformat(slot["start"]) - datetime.timedelta(days=7)
    start = due - datetime.timedelta(seconds=100)
    receiver.clear()
    ward.restart(start.strftime("%Y-%m-%dT%H:%M:%SZ") + "x20")
    people = told_about(slot)

    def arrived():
        return [request for request in receiver.taken() if json.loads(request["body"])["type"] == "reminder.due"
                and json.loads(request["body"])["data"]["slot"]["ref"] == slot["slot"]]
    until("the reminders", lambda: len(arrived()) >= len(people), 40)
    for request in arrived():
        headers = {name.lower(): value for name, value in request["headers"].items()}
        late = int(headers["webhook-timestamp"]) - due.timestamp()
        assert 0 <= late <= 60, f"{late} s after it was due"
        assert signature_holds(request)
    equal(sorted(json.loads(request["body"])["data"]["to"]["support"] for request in arrived()), sorted(people))


def test_nothing_was_told_twice():
    notices = ward.ctl("notice", "list")["notices"]
    assert notices
    equal([notice for notice in notices if notice["state"] in ("failed", "expired")], [])
    ward.stop()


# ---- other weeks of the year ----

def shifted(weeks):
    """The sample's files with every date moved by whole weeks."""
    folder = tempfile.mkdtemp(prefix="sample-")
    for name in ("patients.csv", "supports.csv", "away.csv"):
        text = (DATA / "kingsley" / name).read_text(encoding="utf-8")

        def moved(match):
            return (datetime.date.fromisoformat(match[0]) + datetime.timedelta(weeks=weeks)).isoformat()
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(re.sub(r"\d{4}-\d\d-\d\d(?=T)", moved, text))
    return folder


def other_weeks(clock, weeks, names):
    """A ward of its own at another time of the year, with rounds on Fridays too."""
    there = Ward(clock=clock, edit=lambda text: text.replace('{ "Wednesday" }', '{ "Wednesday", "Friday" }')).start()
    folder = shifted(weeks)
    for what in ("patients", "supports", "away"):
        there.ctl("import", what, os.path.join(folder, what + ".csv"))
    shutil.rmtree(folder)
    for name in names:
        there.plan(name)
    for _, (kind, whose, link) in make_links(there).items():
        slots = slots_of(there, kind, whose)
        assert slots, (kind, whose)
        judge_feed(there, link, slots)
    sessions = [session for name in names for session in there.ctl("session", "list", "--week", name)["sessions"]]
    slots = there.slots()
    there.stop()
    return sessions, slots


def test_easter_2027_has_no_holiday_sessions_and_the_wall_clock_holds():
    sessions, slots = other_weeks("2027-03-09T08:00:00Z", 16, ["2027-W12", "2027-W13"])
    days = {session["id"].rsplit(".", 1)[1] for session in sessions if session["starts"]}
    equal({day for day in days if day in ("2027-03-26", "2027-03-29")}, set())
    assert {"2027-03-22", "2027-03-25", "2027-03-31", "2027-04-02"} <= days, days
    equal({start[11:] for session in sessions for start in session["starts"]
           if session["id"].startswith("kingsley.shah") and start[:10] < "2027-03-28"} >= {"09:00:00+00:00"}, True)
    equal({start[11:] for session in sessions for start in session["starts"]
           if session["id"].startswith("kingsley.shah") and start[:10] > "2027-03-28"} >= {"09:00:00+01:00"}, True)
    equal({slot["start"][-6:] for slot in slots}, {"+00:00", "+01:00"})


def test_october_2026_the_wall_clock_holds_when_summer_time_ends():
    sessions, slots = other_weeks("2026-10-13T08:00:00Z", -6, ["2026-W43", "2026-W44"])
    for session in sessions:
        for start in session["starts"]:
            equal(start[-6:], "+01:00" if start[:10] < "2026-10-25" else "+00:00")
    equal({session["starts"][0][11:16] for session in sessions if session["id"].startswith("kingsley.shah")}, {"09:00"})
    equal({slot["start"][-6:] for slot in slots}, {"+00:00", "+01:00"})


if __name__ == "__main__":
    tests(sys.modules[__name__])
