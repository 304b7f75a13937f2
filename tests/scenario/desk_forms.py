#!/usr/bin/env python3
"""Everything that a ward does, by the forms of its desk: each does what wardctl does, asks before what people
rely on is changed, and refuses in the same words.
"""
import sys

from forms import Staff
from wardround import Ward, contains, equal, lacks, rows, tests, until

ward = Ward(clock="2026-11-27T20:00:00Z")
nurse = None
names = {row["ref"]: row["name"] for row in rows("patients.csv")}
MONDAY = "kingsley.shah.2026-11-30"


def patient(ref):
    return ward.ctl("patient", "show", ref)


def support(ref):
    return next(row for row in ward.ctl("support", "list")["supports"] if row["ref"] == ref)


def published(week="2026-W49"):
    return [slot for slot in ward.slots("--week", week) if slot["state"] == "published"]


def test_a_nurse_comes_on_shift():
    global nurse
    ward.start().fill()
    nurse = Staff(ward, "nina", "--role", "ward", "--ward", "kingsley")
    for heading in ("Friday 27 November 2026, 8:00pm", "people to ring", "Without a slot", "Rounds today"):
        contains(nurse.says("/s/"), heading)


def test_a_proposal_is_looked_at_before_yes_or_no():
    slot = next(row for row in published() if row["consultant"] == "shah" and row["cells"] == 1
                and row["start"] > "2026-12-03" and row["patient"] not in ("P01", "P02", "P03", "P04"))
    nurse.does(f"/s/patients/{slot['patient']}/away", "away add",
               **{"from": slot["start"][:16], "to": slot["end"][:16], "why": "a tribunal"})
    task = until("a proposal", lambda: [row for row in ward.ctl("task", "list")["tasks"] if row["kind"] == "proposal"
                                        and slot["slot"] in str(row["data"])])[0]
    text = nurse.says(f"/s/tasks/{task['id']}")
    for words in ("Who moves", names[slot["patient"]], "nobody has been told"):
        contains(text, words)
    lacks(text, "wardctl")
    equal(ward.slot(slot["slot"])["start"], slot["start"])
    nurse.does(f"/s/tasks/{task['id']}", "task done", asked="Who is told")
    equal(ward.slot(slot["slot"])["start"] != slot["start"], True)


def test_a_patient_is_admitted_at_night_and_a_twin_is_pointed_at():
    there = nurse.does("/s/admit", "patient admit", name="Tess Orrin", consultant="shah", bed="26",
                       asked="26 patients on a ward of 25 beds")
    ref = there.split("?")[0].split("/")[-1]
    equal(patient(ref)["patient"]["name"], "Tess Orrin")
    contains(nurse.says(there), "The patient is admitted.")
    twin = nurse.send("/s/admit", "patient admit", name=names["P01"], consultant="shah")
    contains(twin.text, f"{names['P01']} in bed 1 on this ward has the same name")
    equal(len([row for row in ward.ctl("patient", "list")["patients"] if row["name"] == names["P01"]]), 1)
    contains(nurse.refused("/s/admit", "patient admit", name="", consultant="shah"), "Fill this in")
    contains(nurse.refused("/s/admit", "patient admit", name="A B", consultant="shah", phone="12"), "is not a phone number")
    contains(nurse.refused("/s/admit", "patient admit", name="A B"), "Consultant: Choose one")


def test_who_is_expected_and_who_is_away_for_now():
    there = nurse.does("/s/admit", "patient admit", name="Eva Lund", consultant="nowak", admitted="2026-12-02T10:00",
                       asked="27 patients")
    ref = there.split("?")[0].split("/")[-1]
    equal(patient(ref)["patient"]["status"], "expected")
    nurse.does(f"/s/patients/{ref}/edit", "patient edit", admitted="2026-12-03T11:00", asked="27 patients")
    contains(nurse.says("/s/"), "Expected Thursday 3 December 2026, 11:00am")
    nurse.does("/s/patients/P01/hold", "patient hold", why="absent without leave")
    equal(patient("P01")["patient"]["status"], "held")
    contains(nurse.says("/s/"), "absent without leave")
    nurse.does("/s/patients/P01", "patient release")
    equal(patient("P01")["patient"]["status"], "current")


def test_leave_is_recorded_and_taken_back():
    nurse.does("/s/patients/P02/away", "away add", **{"from": "2026-12-10T08:00", "to": "2026-12-10T13:00", "why": "leave"})
    equal(patient("P02")["away"][-1]["why"], "leave")
    contains(nurse.refused("/s/patients/P02/away", "away add",
                           **{"from": "2026-12-10T18:00", "to": "2026-12-10T13:00", "why": "leave"}), "ends after it begins")
    ours = [row for row in ward.ctl("away", "list")["away"] if row["who"] == "P02" and row["why"] == "leave"]
    nurse.does("/s/patients/P02", "away remove", nth=[row for row in patient("P02")["away"]].index(ours[0]))
    equal([row for row in patient("P02")["away"] if row["why"] == "leave"], [])


def test_a_support_is_suggested_agreed_narrowed_and_withdrawn():
    there = nurse.does("/s/patients/P02/support", "support add", name="Ada Bright", relation="aunt", sees="time",
                       phone="07700 900123").split("?")[0]
    ref = there.split("/")[-1]
    equal((support(ref)["consent"], support(ref)["by_staff"]), ("suggested", "nina"))
    contains(nurse.says(there), "neither confirm nor deny")
    nurse.does(there + "/agree", "support agree")
    equal((support(ref)["consent"], support(ref)["sees"]), ("agreed", "time"))
    nurse.does(there + "/edit", "support edit", sees="place", free="Mon 09:00-12:30", chosen="true")
    equal((support(ref)["sees"], support(ref)["free"], support(ref)["chosen"]), ("place", ["Mon 09:00-12:30"], True))
    contains(nurse.refused(there + "/edit", "support edit", free="sometimes"), "is not a weekday and times")
    nurse.does(there + "/edit", "support edit", free="")
    equal(support(ref)["free"], [])
    nurse.does(there + "/reply", "reply add", answer="video", note="the lift is broken")
    contains(nurse.says("/s/notes"), "the lift is broken")
    nurse.does("/s/notes", "task done")
    lacks(nurse.says("/s/notes"), "the lift is broken")
    nurse.does(there + "/links", "link new")
    link = ward.ctl("link", "list", "--support", ref)["links"][0]
    contains(nurse.says(there + "/links"), link["page"])
    nurse.does(there + "/links", "link revoke", asked="End this link")
    equal(ward.ctl("link", "list", "--support", ref)["links"][0]["state"], "revoked")
    nurse.does(there + "/withdraw", "support withdraw", tell="true", asked="can't be recalled")
    equal(support(ref)["consent"], "withdrawn")
    nurse.does(there + "/remove", "support remove", asked="can't be recalled")
    equal(support(ref)["consent"], "removed")


def test_what_a_patient_wants_to_talk_about_is_taken_down():
    nurse.does("/s/patients/P06/question", "question add", text="When can I go\nhome?")
    contains(nurse.says("/s/patients/P06"), "When can I go home?")
    equal(ward.ctl("question", "list", "--patient", "P06")["questions"][0]["text"], "When can I go home?")
    nurse.does("/s/patients/P06", "question remove")
    lacks(nurse.says("/s/patients/P06"), "When can I go home?")
    contains(nurse.says("/s/feedback"), "Not five forms yet.")


def test_who_must_not_be_told_is_never_added():
    nurse.does("/s/patients/P02/block", "support block", name="Rex Marlow")
    contains(nurse.refused("/s/patients/P02/support", "support add", name="rex marlow", relation="friend"),
             "neither confirm nor deny")
    contains(nurse.says("/s/patients/P02"), "Rex Marlow")


def test_a_slot_is_moved_swapped_and_cancelled_only_after_a_yes():
    one, two = [slot for slot in published() if slot["consultant"] == "osei"][:2]
    place = ward.ctl("slot", "places", one["slot"])["places"][0]["start"]
    moved = nurse.send(f"/s/slots/{one['slot']}/move", "slot move", to=place[:16])
    equal(moved.status, 200)
    for words in ("Who is told", names[one["patient"]], "the new time", 'id="reason"'):
        contains(moved.text, words)
    equal(ward.slot(one["slot"])["start"], one["start"])
    nurse.does(moved, "slot move", reason="asked to")
    equal(ward.slot(one["slot"])["start"], place)
    contains(nurse.refused(f"/s/slots/{one['slot']}/move", "slot move", to=two["start"][:16], reason="x"),
             f"the slot of {names[two['patient']]}")
    pair = [slot for slot in published() if slot["consultant"] == "nowak"][:2]
    nurse.does(f"/s/slots/{pair[0]['slot']}/swap", "slot swap", **{"with": pair[1]["slot"]}, asked="What changes")
    equal(ward.slot(pair[0]["slot"])["start"], pair[1]["start"])
    nurse.does(f"/s/slots/{two['slot']}/cancel", "slot cancel", why="patient-declined", reason="x",
               asked="that it is cancelled")
    equal((ward.slot(two["slot"])["state"], ward.slot(two["slot"])["why"]), ("cancelled", "patient-declined"))
    nurse.does(f"/s/slots/{pair[1]['slot']}", "slot lock")
    equal(ward.slot(pair[1]["slot"])["locked"], True)
    contains(nurse.refused(f"/s/slots/{pair[1]['slot']}", "slot start"), "is still to come")


def test_a_whole_round_is_late_covered_moved_cancelled_and_added():
    nurse.does(f"/s/sessions/{MONDAY}/late", "session late", minutes="20", asked="that it runs late")
    nurse.does("/s/sessions/kingsley.osei.2026-12-01/cover", "session cover", by="nowak", asked="Dr Ewa Nowak")
    nurse.does("/s/sessions/kingsley.nowak.2026-12-02/move", "session move", to="2026-12-04T09:00", asked="Fri 4 Dec")
    nurse.does("/s/sessions/kingsley.shah.2026-12-03/cancel", "session cancel", asked="that it is cancelled")
    nurse.does("/s/round", "session add", round="shah", **{"from": "2026-12-03T14:00", "to": "2026-12-03T16:00"})
    sessions = {row["id"]: row for row in ward.ctl("session", "list", "--week", "2026-W49")["sessions"]}
    equal(sessions[MONDAY]["late_minutes"], 20)
    equal(sessions["kingsley.osei.2026-12-01"]["consultant"], "nowak")
    equal(sessions["kingsley.nowak.2026-12-02"]["starts"][0], "2026-12-04T09:00:00+00:00")
    equal(sessions["kingsley.shah.2026-12-03"]["state"], "cancelled")
    contains(nurse.refused(f"/s/sessions/{MONDAY}/late", "session late", minutes="many"), "A whole number from 0 to 480")


def test_a_week_is_planned_and_published():
    nurse.does("/s/week?week=2026-W50", "plan make")
    contains(nurse.says("/s/week?week=2026-W50"), "Draft: nobody has been told")
    nurse.does("/s/week?week=2026-W50", "plan publish", asked="Who is told")
    contains(nurse.says("/s/week?week=2026-W50"), "Published")
    equal(bool(published("2026-W50")), True)


def test_who_was_rung_is_ticked():
    before = ward.ctl("unseen")["unseen"]
    contains(nurse.says("/s/calls"), "Say the time only: nothing of the ward or the patient.")
    nurse.does("/s/calls", "unseen tick")
    equal(len(ward.ctl("unseen")["unseen"]), len(before) - 1)


def test_slips_are_handed_over():
    ward.ctl("patient", "edit", "P10", "--contact", "paper")
    ward.ctl("patient", "edit", "P11", "--contact", "paper", "--restricted")
    slips = nurse.says("/s/slips")
    contains(slips, names["P10"])
    lacks(slips, names["P11"])
    nurse.does("/s/slips", "unseen tick")


def test_a_mistaken_discharge_is_undone_and_a_death_tells_nobody():
    nurse.does("/s/patients/P03/discharge", "patient discharge", asked="that it is cancelled")
    equal(patient("P03")["patient"]["status"], "discharged")
    nurse.does("/s/patients/P03", "patient discharge", asked="Take the discharge back")
    equal(patient("P03")["patient"]["status"], "current")
    asked = nurse.send("/s/patients/P04/died", "patient discharge")
    contains(asked.text, "Nobody is told by this.")
    nurse.does(asked, "patient discharge")
    contains(nurse.says("/s/tasks"), f"{names['P04']} has died")


def test_consultants_and_rooms_are_away():
    nurse.does("/s/away/consultant", "away add", consultant="shah", cover="nowak",
               **{"from": "2026-12-14T08:00", "to": "2026-12-15T08:00", "why": "sick"})
    nurse.does("/s/away/room", "away add", room="kingsley/Quiet Room",
               **{"from": "2026-12-16T08:00", "to": "2026-12-16T18:00", "why": "painted"})
    text = nurse.says("/s/away")
    for words in ("Dr Asha Shah", "Covered by Dr Ewa Nowak", "painted"):
        contains(text, words)


def test_the_promises_hold_after_all_that():
    broken = [promise for promise in ward.promises().values() if promise["state"] == "broken"]
    equal(broken, [])
    equal(ward.ctl("audit", "verify")["audit"]["intact"], True)


if __name__ == "__main__":
    tests(sys.modules[__name__])
