#!/usr/bin/env python3
"""A week on Kingsley Ward, played by people at browsers without scripts, through forms only: planned and
published, an admission on Friday night, leave that clashes, a support who can't, a round that runs late, a
consultant off sick, a bank holiday, consent withdrawn, a mistaken discharge, a death. After each step the
promises hold, and pages, calendars and notices of everybody say what they should and nothing else.
"""
import json
import re
import sys

from people import People
from wardround import (DATA, SANITIZED, SECRET, Receiver, Skip, Ward, contains, equal, lacks, rows, tests, unfolded,
                       until)

WEEK, NEXT = "2026-W49", "2026-W50"
GIVES_AWAY = re.compile(r"\b(wards?|rounds?|hospitals?|(in|out)?patients?|kingsley)\b", re.I)
MONDAY = {"from": "2026-11-30T00:00", "to": "2026-11-30T20:00"}
HOLIDAY = "BEGIN:VEVENT\r\nUID:local-day\r\nDTSTART;VALUE=DATE:20261207\r\nSUMMARY:Local bank holiday\r\nEND:VEVENT\r\n"
receiver = Receiver()
ward, people, nurse, doctor = None, None, None, None
links = {}   # (kind, reference) -> link
gone = {}    # (kind, reference) -> since which step nothing may be seen
names = {}   # of patients, by reference
shared = set()  # names that somebody else has too
heard = 0    # notices that were looked at


# ---- the ward and its people ----

def holidays():
    text = (DATA / "bank-holidays-england-and-wales.ics").read_bytes().decode()
    return text.replace("END:VCALENDAR", HOLIDAY + "END:VCALENDAR")


def config(text):
    return re.sub(r'^(\s*holidays\s*=\s*)".*"$', r'\1"holidays.ics"', text, flags=re.M)


def sign_in(person, name, *words):
    said = ward.ctl("staff", "add", name, *(words or ("--role", "ward", "--ward", "kingsley")))
    ward.secrets.append(said["address"].rsplit("/", 1)[1])
    person.open(said["address"]).press("Sign in")
    equal(person.screen["status"], 200)


def at(clock):
    """The next moment of the week; whoever was signed in has been idle for too long."""
    if ward.process:
        ward.restart(clock)
    else:
        ward.clock = clock
        ward.start()
    settle()
    sign_in(nurse, "ann")


def ask(noun, verb, **args):
    """What the control socket answers: the same as wardctl's, without a process for it."""
    query = "&".join(f"{key}={value}" for key, value in args.items())
    status, answer = ward.ask("GET", f"/v1/{noun}/{verb}" + ("?" + query if query else ""))
    equal(status, 200, f"{noun} {verb} {args}: {answer}")
    return answer


def settle():
    """Nothing waits to be sent, and nothing is being planned."""
    quiet = 0

    def rests():
        nonlocal quiet
        waits = ask("plan", "progress")["progress"]["running"] or [
            row for row in ask("notice", "list", state="waiting")["notices"] if row["next_try"] <= now()]
        quiet = 0 if waits else quiet + 1
        return quiet >= 3
    until("the daemon rests", rests, 60, 0.1)


def go(path):
    return nurse.open(ward.public + path)


def yes(reason=None):
    if reason:
        nurse.fill("Why?", reason)
    nurse.press("Yes, do this")
    equal(nurse.screen["status"], 200, nurse.text)


def patients():
    return {row["ref"]: row for row in ask("patient", "list")["patients"]}


def supports():
    return {row["ref"]: row for row in ask("support", "list")["supports"]}


def slots_of(**args):
    return ask("slot", "list", **args)["slots"]


def slot_now(ref):
    return ask("slot", "show", slot=ref)["slot"]


def slot_of(patient, week=WEEK):
    return next((slot for slot in slots_of(patient=patient, week=week)
                 if slot["state"] in ("published", "started")), None)


def clock_words(start):
    hour, minute = int(start[11:13]), int(start[14:16])
    return f"{(hour - 1) % 12 + 1}:{minute:02d}{'am' if hour < 12 else 'pm'}"


def in_full():
    """Under the sanitizers the week is shorter: what these steps run, other scenarios run there too."""
    if SANITIZED:
        raise Skip("the week is shorter under the sanitizers")


def somebody_with_family():
    """A patient with a slot in the week after, nobody's namesake, and the supports who see it."""
    for slot in slots_of(week=NEXT):
        family = {ref: row for ref, row in supports().items() if row["patient"] == slot["patient"] and row["phone"]
                  and ("support", ref) in links and ("support", ref) not in gone}
        if slot["state"] == "published" and family and names[slot["patient"]] not in shared:
            return slot["patient"], family
    raise AssertionError("nobody has a slot and family")


# ---- what everybody sees ----

def link_everybody():
    for ref, row in patients().items():
        if row["status"] != "discharged":
            links.setdefault(("patient", ref), None)
    for ref, row in supports().items():
        if row["consent"] == "agreed" and row["sees"] != "nothing":
            links.setdefault(("support", ref), None)
    for key, link in links.items():
        if link is None:
            links[key] = ward.link(*key)


def events(feed):
    found, event = [], None
    for line in unfolded(feed):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
            found.append(event)
        elif event is not None:
            event[name.split(";")[0]] = value
    return found


def times_in(feed):
    return sorted(event["DTSTART"] for event in events(feed)
                  if "T" in event["DTSTART"] and event.get("STATUS") != "CANCELLED")


def stamp(start):
    return start[:19].replace("-", "").replace(":", "")


def check_door(moment, kind, ref, row, slots):
    link = links[kind, ref]
    feed, page = ward.fetch(link["feed"]), ward.fetch(link["page"])
    equal(feed.status, 200, f"feed of {ref}")
    if (kind, ref) in gone:
        equal(page.status, 410, f"page of {ref}, gone since {gone[kind, ref]}")
        equal(times_in(feed.text), [], f"calendar of {ref}, gone since {gone[kind, ref]}")
        text = feed.text + page.text
    else:
        equal(page.status, 200, f"page of {ref}")
        equal(times_in(feed.text), sorted(stamp(slot["start"]) for slot in slots), f"calendar of {ref}")
        text = feed.text + page.text
        for slot in slots:
            if slot["end"] > moment and slot["state"] == "published":
                contains(page.text, clock_words(slot["start"]))
    if kind == "support" and (row["sees"] != "all" or (kind, ref) in gone):
        found = GIVES_AWAY.search(re.sub(r"https?://\S+|webcal://\S+", "", text))
        around = text[max(0, found.start() - 200):found.end() + 100] if found else ""
        assert not found, f"{found[0]!r} is told to {ref}, who sees {row['sees']}: {around}"
        lacks(text, names[row["patient"]], f"what {ref} gets:")
    for patient, name in names.items():
        mine = ref == patient if kind == "patient" else row["patient"] == patient
        if not mine and name not in shared:
            lacks(text, name, f"what {kind} {ref} gets:")


def now():
    return ask("version", "show")["now"][:19] + "+00:00"


def check_everybody():
    moment = now()
    for promise in ask("status", "show")["promises"]:
        assert promise["state"] != "broken", promise
    who = {"patient": patients(), "support": supports()}
    slots = [slot for slot in slots_of() if slot["state"] in ("published", "started", "held")]
    for kind, ref in links:
        row = who[kind].get(ref)
        patient = ref if kind == "patient" else row["patient"]
        check_door(moment, kind, ref, row or {"sees": "all", "patient": ref},
                   [slot for slot in slots if slot["patient"] == patient])
    check_notices()


def check_notices():
    """No notice names a patient or gives a stay away, and none goes to somebody who is not to be told."""
    global heard
    bodies = receiver.notices()
    for body in bodies[heard:]:
        data = body["data"]
        kind, ref = next((kind, data["to"][kind]) for kind in ("support", "patient") if data["to"].get(kind))
        assert (kind, ref) not in gone or body["type"] == "slot.cancelled", (body, gone[kind, ref])
        for name in names.values():
            lacks(json.dumps(data), name, "a notice:")
        if kind == "support":
            found = GIVES_AWAY.search(re.sub(r"https?://\S+", "", data["text"]))
            assert not found, f"{found[0]!r} in {data['text']!r}"
    heard = len(bodies)


def listening(whose):
    """Supports of these patients who are to be told, and can be by a message."""
    return [ref for ref, row in supports().items() if row["patient"] in whose and row["consent"] == "agreed"
            and row["sees"] != "nothing" and (row["phone"] or row["email"])]


def told(kind, who=None, slot=None, since=0):
    return [body["data"]["to"].get("support") or body["data"]["to"].get("patient")
            for body in receiver.notices(kind, slot)[since:]
            if who is None or who in body["data"]["to"].values()]


# ---- the week ----

def test_wednesday_the_next_week_is_planned_and_published():
    global ward, people, nurse, doctor
    people = People()
    nurse, doctor = people.person("nurse"), people.person("doctor")
    ward = Ward(clock="2026-11-25T14:00:00Z", edit=config, more=receiver.section(**{"send-contact": "true"}),
                files={"sms.secret": (SECRET + "\n", 0o600), "holidays.ics": (holidays(), 0o600)})
    ward.start().fill(week=None)
    at("2026-11-25T14:10:00Z")
    names.update({ref: row["name"] for ref, row in patients().items()})
    shared.update(row["name"] for row in supports().values())
    shared.update(name for name in names.values() if list(names.values()).count(name) > 1)
    go(f"/s/week?week={WEEK}")
    nurse.press("Plan again" if "Plan again" in nurse.text else "Plan this week")
    nurse.sees("Draft: nobody has been told")
    equal(receiver.notices(), [])
    nurse.press("Publish")
    nurse.sees("Who is told")
    yes()
    nurse.sees("Published: everybody was told")
    at("2026-11-25T14:15:00Z")
    placed = {slot["patient"] for slot in slots_of(week=WEEK) if slot["state"] == "published"}
    equal(len(placed) + len(ask("status", "show")["unplaced"]), 25)
    equal(sorted(told("slot.published")), sorted(listening(placed)), "each is told once")
    link_everybody()
    check_everybody()


def test_friday_night_somebody_is_admitted_with_two_supports():
    at("2026-11-27T22:10:00Z")
    go("/s/").follow("Admit a patient")
    nurse.fill("Name", "Tess Okoro").choose("Dr Asha Shah").fill("Bed", "26")
    nurse.fill("The patient's own phone", "07700 900111").press("Admit")
    if "Yes, do this" in nurse.text:  # more patients than beds
        yes()
    nurse.sees("Tess Okoro", "The patient is admitted.")
    ref = next(ref for ref, row in patients().items() if row["name"] == "Tess Okoro")
    names[ref] = "Tess Okoro"
    for name, relation, agreed, sees, phone in (
            ("Cara Lind", "partner", "Yes, I asked the patient in private", "Everything", "07700 900112"),
            ("Ben Okoro", "brother", "Not yet: only suggested", "The time only", "07700 900113")):
        go(f"/s/patients/{ref}").follow("Add somebody")
        nurse.fill("Name", name).fill("Who is this to the patient?", relation).choose(agreed)
        nurse.choose(sees).fill("Phone", phone).press("Add")
        if "Yes, do this" in nurse.text:
            yes()
        nurse.sees(name)
    ben = next(ref for ref, row in supports().items() if row["name"] == "Ben Okoro")
    go(f"/s/supports/{ben}").sees("suggested")
    go(f"/s/supports/{ben}/agree").press("Save")
    settle()
    go("/s/").sees("Without a slot", "Tess Okoro", "can be used this week")
    go("/s/round").choose("shah", part=True)
    nurse.fill("From", "2026-11-30T13:00").fill("To", "2026-11-30T14:40").press("Add")
    nurse.sees("The round is added.")
    slot = until("a first slot", lambda: settle() or slot_of(ref), 30)
    assert slot["start"] < "2026-11-30T22:10", f"the first slot comes within 72 hours: {slot}"
    at("2026-11-27T22:20:00Z")
    equal(told("slot.published", slot=slot["slot"]), [], "nobody is woken for it")
    link_everybody()
    check_everybody()
    at("2026-11-28T08:05:00Z")
    cara = next(ref for ref, row in supports().items() if row["name"] == "Cara Lind")
    equal(sorted(told("slot.published", slot=slot["slot"])), sorted([ref, ben, cara]))
    page = people.person("cara").open(links["support", cara]["page"])
    page.sees("Tess Okoro", clock_words(slot["start"]))
    page.forget()
    page = people.person("ben").open(links["support", ben]["page"])
    page.sees("Meeting", clock_words(slot["start"])).sees_no("Tess", "Kingsley", "Shah", "Quiet Room")
    page.forget()
    go(f"/s/patients/{ref}/links").press("Make an address", part=True)
    address = re.search(r"http://\S+/f/[A-Za-z0-9_-]{43}", nurse.text)[0]
    ward.secrets.append(address.rsplit("/", 1)[1])
    tess = people.person("tess").open(address)
    tess.sees("Your ward round", clock_words(slot["start"]), "Cara Lind", "Ben Okoro")
    tess.fill("A question", "May I go home for Christmas?").press("Add this question")
    tess.sees("May I go home for Christmas?")
    tess.forget()
    check_everybody()


def test_leave_that_clashes_moves_the_slot_after_a_look_and_a_yes():
    in_full()
    at("2026-11-28T10:00:00Z")
    away = {row["patient"] for row in rows("away.csv") if row.get("patient")}
    slot = next(slot for slot in slots_of(week=WEEK, consultant="shah") if slot["start"] > "2026-12-03"
                and slot["state"] == "published" and slot["cells"] == 1 and slot["patient"] not in away)
    ref, day = slot["patient"], slot["start"][:10]
    go(f"/s/patients/{ref}").follow("Add a time away")
    nurse.fill("From", f"{day}T08:00").fill("To", f"{day}T14:00").fill("Why?", "Leave with the family").press("Save")
    if "Yes, do this" in nurse.text:
        yes()
    nurse.sees("Leave with the family")
    equal(slot_now(slot["slot"])["start"], slot["start"], "nothing moves by itself")
    check_everybody()
    until("a proposal", lambda: settle() or [task for task in ask("task", "list")["tasks"]
                                             if task["kind"] == "proposal"], 30)
    task = next(task for task in ask("task", "list")["tasks"] if task["kind"] == "proposal")
    go("/s/tasks").sees("Proposal to move slots")
    go(f"/s/tasks/{task['id']}").sees(names[ref], "Nothing has moved yet")
    nurse.press("See who would be told")
    nurse.sees("Who is told", names[ref])
    yes("leave was agreed" if "Why?" in nurse.text else None)
    moved = slot_now(slot["slot"])
    assert not (moved["start"] < f"{day}T14:00" and moved["end"] > f"{day}T08:00"), moved
    equal(moved["revision"], slot["revision"] + 1)
    at("2026-11-28T10:10:00Z")
    equal(sorted(told("slot.moved", slot=slot["slot"])), sorted(listening({ref})))
    check_everybody()


def test_a_support_cannot_come_and_confirms_the_slot_that_was_moved():
    in_full()
    at("2026-11-28T11:00:00Z")
    free = None
    own = {ref for ref, row in patients().items() if row["consultant"] == "shah"}
    for slot in slots_of(week=WEEK, consultant="shah"):
        told_ones = [ref for ref, row in supports().items() if row["patient"] == slot["patient"] and ref in slot["supports"]
                     and ("support", ref) in links and row["phone"]]
        if (slot["state"] == "published" and slot["cells"] == 1 and told_ones and slot["revision"] == 1
                and slot["patient"] in own):
            go(f"/s/slots/{slot['slot']}/move")
            free = re.findall(r'<option value="([^"]+)">[^<]*Dr Asha Shah', nurse.html())
            if free:
                break
    assert free, "nobody can be moved"
    ref = told_ones[0]
    guest = people.person("guest").open(links["support", ref]["page"])
    guest.choose("No, I can't come").fill("Note for staff (optional)", "I work until eleven").press("Send reply")
    equal(guest.screen["status"], 200)
    at("2026-11-28T11:05:00Z")
    go("/s/notes").sees("I work until eleven", names[slot["patient"]])
    nurse.press("Mark as read", part=True)
    go("/s/notes").sees("No unread notes.")
    go(f"/s/slots/{slot['slot']}").sees("can't come")
    go(f"/s/slots/{slot['slot']}/move").select("Free times of this week", value=free[0])
    nurse.fill("Why?", "so that family can come").press("Go on")
    nurse.sees("Who is told", names[slot["patient"]])
    yes()
    moved = slot_now(slot["slot"])
    equal(moved["start"][:16], free[0])
    at("2026-11-28T11:15:00Z")
    assert ref in told("slot.moved", slot=slot["slot"])
    unseen = {row["who"] for row in ask("unseen", "list")["unseen"] if row["slot"] == slot["slot"]}
    assert ref in unseen, unseen
    guest.open(links["support", ref]["page"]).sees(clock_words(moved["start"]))
    guest.press("I have seen this")
    guest.forget()
    unseen = {row["who"] for row in ask("unseen", "list")["unseen"] if row["slot"] == slot["slot"]}
    assert ref not in unseen, unseen
    check_everybody()


def test_monday_the_round_runs_late_and_catches_up_with_nobody():
    at("2026-11-30T08:50:00Z")
    sign_in(doctor, "shah", "--role", "consultant", "--ward", "kingsley")
    doctor.sees("Monday 30 November 2026", "Tess Okoro", "Cara Lind", "May I go home for Christmas?")
    first, second = [slot for slot in slots_of(consultant="shah", **MONDAY)
                     if slot["state"] == "published"][:2]
    doctor.select("Running late by", option="20 minutes").press("Say so")
    doctor.sees("that it runs late").press("Yes, do this")
    doctor.sees("About 20 minutes late, not before " + clock_words(later(first["start"], 20)))
    at("2026-11-30T08:53:00Z")
    everybody = {body["data"]["to"].get("support") for body in receiver.notices("slot.late")} - {None}
    equal(set(listening({second["patient"]})) - everybody, set(), "everybody who is to come hears of it")
    for ref in listening({second["patient"]}):
        page = ward.fetch(links["support", ref]["page"]).text
        contains(page, clock_words(second["start"]))
        contains(page, clock_words(later(second["start"], 20)))
    check_everybody()
    at("2026-11-30T09:21:00Z")
    sign_in(doctor, "shah", "--role", "consultant", "--ward", "kingsley")
    doctor.press("Start " + names[first["patient"]], part=True)
    doctor.press("Finish " + names[first["patient"]], part=True)
    doctor.sees("Seen")
    doctor.select("Running late by", option="0 minutes: on time").press("Say so")
    if "Yes, do this" in doctor.text:
        doctor.press("Yes, do this")
    lacks(doctor.html(), f"Start<span class=\"ui-u-visually-hidden\"> {names[second['patient']]}", "before what was told")
    equal(slot_now(first["slot"])["state"], "held")
    equal(slot_now(second["slot"])["start"], second["start"])
    check_everybody()
    at("2026-11-30T12:50:00Z")
    sign_in(doctor, "shah", "--role", "consultant", "--ward", "kingsley")
    for slot in slots_of(consultant="shah", **MONDAY):
        if slot["state"] == "published":
            doctor.press("Start " + names[slot["patient"]], part=True)
            doctor.press("Finish " + names[slot["patient"]], part=True)
    equal({slot["state"] for slot in slots_of(consultant="shah", **MONDAY)
           if slot["state"] not in ("cancelled",)}, {"held"})
    check_everybody()


def later(start, minutes):
    total = int(start[11:13]) * 60 + int(start[14:16]) + minutes
    return f"{start[:11]}{total // 60:02d}:{total % 60:02d}{start[16:]}"


def test_monday_afternoon_the_next_days_consultant_is_ill_and_covered():
    in_full()
    at("2026-11-30T15:00:00Z")
    ident = "kingsley.osei.2026-12-01"
    before = [slot for slot in slots_of(week=WEEK) if slot["session"] == ident and slot["state"] == "published"]
    assert before
    go(f"/s/sessions/{ident}").follow("Another consultant takes it")
    nurse.choose("Dr Ewa Nowak").press("Go on")
    yes("ill until Thursday")
    go(f"/s/sessions/{ident}").sees("Dr Ewa Nowak")
    for slot in before:
        covered = slot_now(slot["slot"])
        equal((covered["start"], covered["consultant"], covered["state"]), (slot["start"], "nowak", "published"))
    at("2026-11-30T15:10:00Z")
    check_everybody()
    at("2026-12-01T13:20:00Z")
    sign_in(doctor, "nowak", "--role", "consultant", "--ward", "kingsley")
    doctor.sees(*[names[slot["patient"]] for slot in before])
    doctor.sees("Dr Ewa Nowak covers for Dr Kofi Osei")


def test_tuesday_consent_is_withdrawn_and_ends_at_once():
    at("2026-12-01T17:20:00Z")
    ref, row = next((ref, row) for ref, row in supports().items() if ("support", ref) in links and row["phone"]
                    and slot_of(row["patient"]) and slot_of(row["patient"])["start"] > "2026-12-02" and row["sees"] == "all")
    notices = len(receiver.notices())
    go(f"/s/supports/{ref}").follow("The patient takes the consent back")
    nurse.press("End it now")
    if "Yes, do this" in nurse.text:
        yes()
    check_notices()
    gone["support", ref] = "withdrawal"
    nurse.sees(row["name"])
    people.person("gone").open(links["support", ref]["page"], 410).sees("This link no longer works").forget()
    at("2026-12-01T17:30:00Z")
    equal([body for body in receiver.notices()[notices:] if body["data"]["to"].get("support") == ref], [])
    check_everybody()
    go("/s/caller").fill("The caller's name", row["name"]).press("Look")
    nurse.sees("neither confirm nor deny")


def test_a_holiday_on_monday_is_planned_elsewhere_and_published():
    in_full()
    at("2026-12-01T17:40:00Z")
    go("/s/rounds?day=2026-12-01")
    for slot in slots_of(week=WEEK):
        if slot["session"] == "kingsley.osei.2026-12-01" and slot["state"] == "published":
            nurse.press("Start " + names[slot["patient"]], part=True)
            nurse.press("Finish " + names[slot["patient"]], part=True)
    go("/s/round").choose("shah", part=True)
    nurse.fill("From", "2026-12-08T09:00").fill("To", "2026-12-08T13:30").press("Add")
    if "Yes, do this" in nurse.text:
        yes()
    settle()
    at("2026-12-02T16:02:00Z")
    until("the week is published", lambda: settle() or [slot for slot in slots_of(week=NEXT)
                                                        if slot["state"] == "published"], 60)
    at("2026-12-02T16:10:00Z")
    slots = [slot for slot in slots_of(week=NEXT) if slot["state"] == "published"]
    equal([slot for slot in slots if slot["start"] < "2026-12-08"], [], "nobody is seen on the holiday")
    assert [slot for slot in slots if slot["start"][:10] == "2026-12-08" and slot["consultant"] == "shah"], slots
    listed = {row["patient"] for row in ask("status", "show")["unplaced"]}
    here = {ref for ref, row in patients().items() if row["status"] == "current"}
    equal(here - {slot["patient"] for slot in slots} - listed, set(), "nobody is forgotten")
    go(f"/s/week?week={NEXT}").sees("Published: everybody was told")
    check_everybody()


def test_a_discharge_by_mistake_is_taken_back():
    in_full()
    at("2026-12-02T17:00:00Z")
    ref, family = somebody_with_family()
    before = {slot["slot"]: (slot["start"], slot["state"]) for slot in slots_of(patient=ref)}
    go(f"/s/patients/{ref}").follow("Discharge").press("Go on")
    nurse.sees("Who is told")
    yes()
    equal(ward.fetch(links["patient", ref]["page"]).status, 410)
    for one in family:
        equal(ward.fetch(links["support", one]["page"]).status, 410)
    go(f"/s/patients/{ref}").press("Take the discharge back")
    if "Yes, do this" in nurse.text:
        yes("the wrong patient" if "Why?" in nurse.text else None)
    equal(patients()[ref]["status"], "current")
    settle()
    after = {slot["slot"]: (slot["start"], slot["state"]) for slot in slots_of(patient=ref)}
    equal({slot: after[slot] for slot in before}, before)
    at("2026-12-02T17:10:00Z")
    check_everybody()


def test_after_a_death_nothing_is_said_by_a_machine():
    at("2026-12-03T08:20:00Z")
    until("the week after is published", lambda: [slot for slot in slots_of(week=NEXT) if slot["state"] == "published"])
    settle()
    ref, family = somebody_with_family()
    notices = len(receiver.notices())
    go(f"/s/patients/{ref}").follow("The patient has died").press("Go on")
    yes()
    check_notices()
    for key in [("patient", ref), *[("support", one) for one in family]]:
        gone[key] = "death"
    go("/s/tasks")
    for row in family.values():
        nurse.sees(row["name"])
    go("/s/rounds?day=2026-12-03").sees_no(names[ref])
    at("2026-12-03T08:40:00Z")
    mine = {ref, *family}
    equal([body for body in receiver.notices()[notices:] if mine & set(body["data"]["to"].values())], [])
    for one in family:
        lacks(ward.fetch(links["support", one]["feed"]).text, "Cancelled", "the calendar")
    check_everybody()


def test_the_audit_names_who_did_it():
    done = {(entry["actor"], entry["verb"]) for entry in ask("audit", "list")["audit"]}
    for wanted in (("staff:ann", "patient admit"), ("staff:ann", "plan publish"), ("staff:shah", "session late"),
                   ("staff:shah", "slot start"), ("staff:ann", "support withdraw"), ("staff:ann", "patient discharge")):
        assert wanted in done, (wanted, sorted(done))
    people.close()


if __name__ == "__main__":
    tests(sys.modules[__name__])
