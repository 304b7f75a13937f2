#!/usr/bin/env python3
"""A ward's day by wardctl: every verb of slots, sessions and patients, what each refuses, and what needs
a reason or a yes. What was published stays where it is unless somebody said so; weeks are planned and
published by themselves, also after a stop; the promises are kept throughout.
"""
import re
import signal
import sys
import threading

from wardround import Ward, contains, equal, rows, tests, until

WEEK = "2026-W49"
SECOND_WARD = """
ward solent {
    name = "Solent Ward"   timezone = "Europe/London"   beds = 5   phone = "01632 960003"   contact-phone = "01632 960004"
    round nowak2 { consultant = "nowak"  days = { "Friday" }  from = "09:00"  to = "11:00"  slot = "25 minutes"  changeover = "5 minutes"  room = "Blue Room" }
}
"""
ward = None


def on_the_day():
    """The sample week, published, on its Monday morning."""
    global ward
    ward = Ward(more=SECOND_WARD).start().fill()
    ward.ctl("plan", "make", "--ward", "solent", "--week", WEEK)
    ward.ctl("plan", "publish", "--ward", "solent", "--week", WEEK, "--yes")
    ward.restart("2026-11-30T08:30:00Z")


def published(consultant=None, **more):
    """Slots of the week that stand, one consultant's first in time."""
    return [slot for slot in ward.slots("--week", WEEK) if slot["state"] == "published"
            and consultant in (None, slot["consultant"])
            and all(slot[key] == value for key, value in more.items())]


def free_starts(consultant=None):
    """Starts of single cells that nobody has, each with who leads its session."""
    taken = {(slot["session"], slot["cell"] + step) for slot in ward.slots("--week", WEEK)
             if slot["state"] in ("published", "started", "held") for step in range(slot["cells"])}
    return [(start, session["consultant"])
            for session in ward.ctl("session", "list", "--ward", "kingsley", "--week", WEEK)["sessions"]
            for number, start in enumerate(session["starts"])
            if session["state"] == "planned" and consultant in (None, session["consultant"])
            and (session["id"], number) not in taken and start > "2026-11-30T09"]


def movable():
    """A slot of one cell in a session of the patient's own consultant, and another time it could have."""
    for start, consultant in free_starts():
        for slot in published(consultant, cells=1):
            away = [row for row in rows("away.csv") if row["patient"] == slot["patient"]]
            if own(slot) and not away and slot["revision"] == 1:
                return slot, start
    raise AssertionError("nobody can be moved")


def own(slot):
    patient = next(row for row in rows("patients.csv") if row["ref"] == slot["patient"])
    return patient["consultant"] == slot["consultant"]


def kept():
    broken = [promise for promise in ward.promises().values() if promise["state"] == "broken"]
    equal(broken, [], "promises")


def settled():
    """Waits until weeks that are planned again in the background are done."""
    def state():
        slots = ward.slots()
        return [(slot["slot"], slot["start"], slot["state"], slot["revision"]) for slot in slots]
    before = state()
    for _ in range(3):
        threading.Event().wait(0.4)
        after = state()
        if after == before:
            return
        before = after


def test_the_sample_week_is_published_whole():
    on_the_day()
    slots = published()
    equal(len(slots), 25)
    equal({slot["revision"] for slot in slots}, {1})
    kept()


def test_a_dry_run_changes_nothing_and_says_who_would_be_told():
    before = ward.slots()
    slot = published("osei")[0]
    said = ward.ctl("slot", "cancel", slot["slot"], "--why", "overrun", "--reason", "late", "--dry-run")
    equal(said["dry_run"], True)
    assert any(change["to"] and "cancelled" in change["to"] for change in said["changes"]), said
    assert any(told["type"] == "slot.cancelled" for told in said["told"]), said
    admit = ["patient", "admit", "--ward", "kingsley", "--name", "Fay Dunn", "--consultant", "shah"]
    ward.ctl(*admit, "--dry-run")
    ward.ctl("patient", "discharge", "P05", "--dry-run")
    ward.ctl("session", "cancel", "kingsley.osei.2026-12-01", "--reason", "ill", "--dry-run")
    equal(ward.slots(), before)
    equal([row for row in ward.ctl("patient", "list")["patients"] if row["name"] == "Fay Dunn"], [])
    equal(ward.ctl("audit", "verify").code, 0)


def test_what_is_published_moves_only_with_a_reason_and_a_yes():
    slot, to = movable()
    move = ["slot", "move", slot["slot"], "--to", to]
    equal(ward.ctl(*move, code=64).error["code"], "needs-reason")
    said = ward.ctl(*move, "--reason", "a tribunal", code=1)
    equal(said.error["code"], "needs-yes")
    assert said.error["told"] and said.error["changes"], said
    equal(ward.slot(slot["slot"]), slot)
    moved = ward.ctl(*move, "--reason", "a tribunal", "--yes")["slot"]
    equal((moved["slot"], moved["start"], moved["revision"], moved["was"], moved["state"]),
          (slot["slot"], to, 2, slot["start"], "published"))
    ward.ctl("slot", "move", slot["slot"], "--to", slot["start"], "--reason", "back", "--yes")
    equal(ward.slot(slot["slot"])["revision"], 3)
    kept()


def test_a_slot_moves_only_to_a_free_cell_of_its_week():
    slot = next(one for one in published("shah", cells=1) if own(one))
    other = next(one for one in published("shah") if one["slot"] != slot["slot"])
    for to in (other["start"], "2026-12-01T09:01", "2026-12-07T09:00", "2026-11-23T09:00", "2026-12-03T10:40"):
        ward.ctl("slot", "move", slot["slot"], "--to", to, "--reason", "try", "--yes", code=1)
    equal(ward.slot(slot["slot"])["start"], slot["start"])
    ward.ctl("slot", "move", slot["slot"], "--to", "half past nine", "--reason", "try", "--yes", code=65)
    ward.ctl("slot", "move", "s-none", "--to", "2026-12-03T09:00", "--reason", "try", "--yes", code=2)


def test_an_admission_in_a_published_week_gets_a_first_slot():
    said = ward.ctl("patient", "admit", "--ward", "kingsley", "--name", "Gil Marsh", "--consultant", "nowak",
                    "--bed", "7", "--phone", "07700 900123")
    ref = said["patient"]["ref"]
    assert any("bed 7" in warning for warning in said["warnings"]), said["warnings"]

    def planned():
        slots = [slot for slot in ward.slots("--patient", ref) if slot["state"] == "published"]
        return slots or [one for one in ward.ctl("status")["unplaced"] if one["patient"] == ref]
    assert "slot" in until("a first slot", planned)[0], planned()
    twin = ward.ctl("patient", "admit", "--ward", "kingsley", "--name", "gil marsh", "--consultant", "osei")
    assert any("same name" in warning for warning in twin["warnings"]), twin["warnings"]
    ward.ctl("patient", "discharge", twin["patient"]["ref"], "--yes")
    kept()


def test_two_slots_swap_their_places():
    one, two = [slot for slot in published("osei", cells=1) if own(slot)][:2]
    swap = ["slot", "swap", one["slot"], two["slot"]]
    equal(ward.ctl(*swap, code=64).error["code"], "needs-reason")
    equal(ward.ctl(*swap, "--reason", "fairer", code=1).error["code"], "needs-yes")
    ward.ctl(*swap, "--reason", "fairer", "--yes")
    equal((ward.slot(one["slot"])["start"], ward.slot(two["slot"])["start"]), (two["start"], one["start"]))
    ward.ctl("slot", "swap", one["slot"], one["slot"], "--reason", "fairer", "--yes", code=1)
    kept()


def test_a_clash_with_an_away_time_becomes_a_proposal_that_waits_for_a_yes():
    slot = next(one for one in published("shah", cells=1) if own(one) and one["start"] > "2026-12-03")
    ward.ctl("away", "add", "--patient", slot["patient"], "--from", slot["start"][:16], "--to", slot["end"][:16],
             "--why", "a tribunal")
    settled()
    equal(ward.slot(slot["slot"])["start"], slot["start"])

    def proposals():
        return [task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == "proposal"
                and any(move["slot"] == slot["slot"] for move in task["data"]["moves"])]
    task = until("a proposal", proposals)[0]
    equal(ward.ctl("task", "done", task["id"], "--reason", "a tribunal", code=1).error["code"], "needs-yes")
    equal(ward.slot(slot["slot"])["start"], slot["start"])
    ward.ctl("task", "done", task["id"], "--reason", "a tribunal", "--yes")
    assert ward.slot(slot["slot"])["start"] != slot["start"]
    equal(ward.slot(slot["slot"])["revision"], slot["revision"] + 1)
    listed = ward.ctl("away", "list")["away"]
    ident = next(one["id"] for one in listed if one["who"] == slot["patient"] and one["why"] == "a tribunal")
    ward.ctl("away", "remove", ident)
    ward.ctl("away", "remove", ident, code=2)
    settled()
    kept()


def test_lock_start_finish_and_undo_go_one_step():
    ref = published("shah")[0]["slot"]
    equal(ward.ctl("slot", "lock", ref)["slot"]["locked"], True)
    equal(ward.ctl("slot", "unlock", ref)["slot"]["locked"], False)
    ward.ctl("slot", "finish", ref, code=1)
    thursday = next(slot for slot in published("shah") if slot["start"] > "2026-12-03")
    contains(ward.ctl("slot", "start", thursday["slot"], code=1).error["text"], "still to come")
    equal(ward.ctl("slot", "start", ref)["slot"]["state"], "started")
    ward.ctl("slot", "start", ref, code=1)
    ward.ctl("slot", "move", ref, "--to", "2026-12-03T09:00", "--reason", "no", "--yes", code=1)
    equal(ward.ctl("slot", "finish", ref)["slot"]["state"], "held")
    equal(ward.ctl("slot", "undo", ref)["slot"]["state"], "started")
    ward.ctl("slot", "undo", ref, code=1)
    equal(ward.ctl("slot", "finish", ref)["slot"]["state"], "held")
    equal(ward.slot(ref)["revision"], published_revision(ref))
    for verb in (["lock"], ["missed", "--why", "overrun"], ["cancel", "--reason", "x", "--yes"]):
        ward.ctl("slot", verb[0], ref, *verb[1:], code=1)
    kept()


def published_revision(ref):
    """Lock, start and finish don't count: people were told nothing new."""
    return 3 if ward.slot(ref)["was"] else 1


def test_who_declines_is_not_planned_again_and_the_slot_stays_cancelled():
    slot = published("osei")[0]
    equal(ward.ctl("slot", "decline", slot["slot"], code=1).error["code"], "needs-yes")
    declined = ward.ctl("slot", "decline", slot["slot"], "--yes")["slot"]
    equal((declined["state"], declined["why"]), ("cancelled", "patient-declined"))
    settled()
    equal([one["state"] for one in ward.slots("--patient", slot["patient"], "--week", WEEK)], ["cancelled"])
    ward.ctl("slot", "undo", slot["slot"], "--reason", "said yes after all", "--yes")
    equal(ward.slot(slot["slot"])["state"], "published")
    kept()


def test_a_cancelled_slot_is_replaced_by_a_new_one():
    slot = published("osei")[-1]
    cancel = ["slot", "cancel", slot["slot"], "--why", "doctor-away"]
    equal(ward.ctl(*cancel, code=64).error["code"], "needs-reason")
    equal(ward.ctl(*cancel, "--reason", "called away", code=1).error["code"], "needs-yes")
    cancelled = ward.ctl(*cancel, "--reason", "called away", "--yes")["slot"]
    equal((cancelled["state"], cancelled["revision"]), ("cancelled", slot["revision"] + 1))
    until("a new slot", lambda: [one for one in published() if one["patient"] == slot["patient"]])
    equal(ward.slot(slot["slot"])["state"], "cancelled")
    kept()


def test_what_the_service_missed_is_planned_again_the_same_day():
    slot = published("shah")[1]
    contains(ward.ctl("slot", "missed", slot["slot"], "--why", "overrun", code=1).error["text"], "still to come")
    ward.restart("2026-11-30T10:20:00Z")
    ward.ctl("slot", "missed", slot["slot"], code=64)
    ward.ctl("slot", "missed", slot["slot"], "--why", "bored", code=64)
    equal(ward.ctl("slot", "missed", slot["slot"], "--why", "overrun")["slot"]["state"], "missed")

    def again():
        ahead = [one for one in ward.slots("--patient", slot["patient"]) if one["state"] == "published"]
        listed = [one for one in ward.ctl("status")["unplaced"] if one["patient"] == slot["patient"]]
        return ahead or listed
    until("the patient is planned again", again)
    assert all(one["slot"] != slot["slot"] for one in again() if "slot" in one)
    kept()


def test_a_session_is_added_moved_covered_late_and_cancelled_as_a_whole():
    def session(ident):
        listed = ward.ctl("session", "list", "--ward", "kingsley", "--week", WEEK)["sessions"]
        return next((one for one in listed if one["id"] == ident), None)
    added = ward.ctl("session", "add", "--round", "shah", "--from", "2026-12-04T14:00",
                     "--to", "2026-12-04T16:05")["session"]
    equal(added["starts"][0], "2026-12-04T14:00:00+00:00")
    equal(len(added["starts"]), 5)
    ward.ctl("session", "add", "--round", "shah", "--from", "2026-12-04T14:02", "--to", "2026-12-04T16:05", code=65)
    ward.ctl("session", "add", "--round", "none", "--from", "2026-12-04T14:00", "--to", "2026-12-04T16:00", code=2)

    ident = "kingsley.nowak.2026-12-02"
    before = {slot["slot"]: slot for slot in published() if slot["session"] == ident}
    assert before
    ward.ctl("session", "late", ident, "--minutes", "20", code=1)  # people would be told
    ward.ctl("session", "late", ident, "--minutes", "20", "--yes")
    equal(session(ident)["late_minutes"], 20)
    equal({ref: ward.slot(ref) for ref in before}, before)  # the published time stays the promise
    ward.ctl("session", "late", ident, "--minutes", "0")

    move = ["session", "move", ident, "--to", "2026-12-02T13:30"]
    equal(ward.ctl(*move, code=64).error["code"], "needs-reason")
    equal(ward.ctl(*move, "--reason", "a lift is broken", code=1).error["code"], "needs-yes")
    ward.ctl(*move, "--reason", "a lift is broken", "--yes")
    for ref, slot in before.items():
        now = ward.slot(ref)
        equal(now["start"], re.sub("T(..):(..)", lambda m: "T%02d:%02d" % divmod(
            int(m[1]) * 60 + int(m[2]) + 270, 60), slot["start"]), ref)
        equal(now["revision"], slot["revision"] + 1)

    ward.ctl("session", "cover", ident, "--by", "shah", "--reason", "ill", "--yes")
    equal({ward.slot(ref)["consultant"] for ref in before}, {"shah"})
    ward.ctl("session", "cover", ident, "--by", "nobody", "--reason", "ill", "--yes", code=2)

    cancel = ["session", "cancel", ident]
    equal(ward.ctl(*cancel, code=64).error["code"], "needs-reason")
    equal(ward.ctl(*cancel, "--reason", "flood", code=1).error["code"], "needs-yes")
    ward.ctl(*cancel, "--reason", "flood", "--yes")
    equal({ward.slot(ref)["state"] for ref in before}, {"cancelled"})
    equal(session(ident)["state"], "cancelled")
    settled()
    kept()


def test_the_same_key_gives_the_same_answer_once():
    admit = ["patient", "admit", "--ward", "kingsley", "--name", "Una Reid", "--consultant", "osei", "--key", "k-1"]
    first = ward.ctl(*admit)
    settled()
    equal(ward.ctl(*admit).json, first.json)
    equal(len([row for row in ward.ctl("patient", "list")["patients"] if row["name"] == "Una Reid"]), 1)
    admit[admit.index("Una Reid")] = "Una Reed"
    ward.ctl(*admit, code=1)
    ward.ctl("patient", "discharge", first["patient"]["ref"], "--yes")
    ward.restart()
    equal(ward.ctl(*first_words(admit, "Una Reid")).json, first.json)


def first_words(words, name):
    return [name if word == "Una Reed" else word for word in words]


def test_a_hold_lets_reminders_rest_and_ends():
    def status(ref):
        return next(row["status"] for row in ward.ctl("patient", "list")["patients"] if row["ref"] == ref)
    ref = published("shah")[-1]["patient"]
    ward.ctl("patient", "release", ref, code=1)
    ward.ctl("patient", "hold", ref, "--why", "another hospital")
    equal(status(ref), "held")
    settled()
    ward.ctl("patient", "release", ref)
    equal(status(ref), "current")
    settled()
    kept()


def test_a_transfer_ends_the_slots_here_and_plans_them_there():
    ref = published("shah")[-1]["patient"]
    ward.ctl("patient", "transfer", ref, "--ward", "atlantis", code=2)
    equal(ward.ctl("patient", "transfer", ref, "--ward", "solent", "--consultant", "nowak", code=1)
          .error["code"], "needs-yes")
    ward.ctl("patient", "transfer", ref, "--ward", "solent", "--consultant", "nowak", "--yes")
    equal([slot for slot in published() if slot["patient"] == ref and slot["ward"] == "kingsley"], [])
    equal(ward.ctl("patient", "show", ref)["patient"]["ward"], "solent")
    settled()
    kept()


def test_a_discharge_needs_a_yes_and_can_be_taken_back():
    slot = published("osei")[0]
    ref = slot["patient"]
    equal(ward.ctl("patient", "discharge", ref, code=1).error["code"], "needs-yes")
    ward.ctl("patient", "discharge", ref, "--yes")
    equal(ward.slot(slot["slot"])["state"], "cancelled")
    ward.ctl("patient", "hold", ref, "--why", "x", code=1)
    ward.ctl("patient", "discharge", ref, "--undo", "--yes", "--reason", "wrong patient")
    equal(ward.ctl("patient", "show", ref)["patient"]["status"], "current")
    settled()
    equal([one for one in published() if one["patient"] == ref] != [], True)
    kept()


def test_a_death_tells_nobody_and_names_whom_to_ring():
    supports = {}
    for row in rows("supports.csv"):
        if row["agreed_by"] and row["sees"] != "nothing":
            supports.setdefault(row["patient"], []).append(row)
    slot = next(one for one in published("osei") if one["patient"] in supports)
    said = ward.ctl("patient", "discharge", slot["patient"], "--died", "--yes")
    equal(said["told"], [])
    equal(ward.slot(slot["slot"])["state"], "cancelled")
    task = next(one for one in ward.ctl("task", "list")["tasks"]
                if one["kind"] == "ring" and one["patient"] == slot["patient"])
    for row in supports[slot["patient"]]:
        contains(task["text"], row["name"])
    ward.ctl("task", "done", task["id"], "--note", "rung all")
    ward.ctl("task", "done", task["id"], code=1)
    equal([one for one in ward.ctl("task", "list")["tasks"] if one["id"] == task["id"]], [])
    equal([one for one in ward.ctl("notice", "list")["notices"]
           if one.get("slot") == slot["slot"] and one["state"] in ("waiting", "sending")], [])
    kept()


def test_a_person_is_not_in_two_places():
    shared = {}
    for row in rows("supports.csv"):
        if row["person"] and row["agreed_by"] and row["sees"] != "nothing":
            shared.setdefault(row["person"], []).append(row)
    slots = {slot["patient"]: slot for slot in published()}
    for people in shared.values():
        pairs = [(a, b) for a in people for b in people if a["ref"] < b["ref"]
                 and a["patient"] in slots and b["patient"] in slots]
        for a, b in pairs:
            one, two = slots[a["patient"]], slots[b["patient"]]
            if one["start"] < two["end"] and two["start"] < one["end"]:
                ward.ctl("reply", "add", "--support", a["ref"], "--slot", one["slot"], "--answer", "video")
                ward.ctl("reply", "add", "--support", b["ref"], "--slot", two["slot"], "--answer", "video", code=1)
                return
    row = next(row for row in sum(shared.values(), []) if row["patient"] in slots)
    said = ward.ctl("reply", "add", "--support", row["ref"], "--slot", slots[row["patient"]]["slot"],
                    "--answer", "no", "--note", "at work")
    assert said.code == 0
    equal([reply["answer"] for reply in ward.slot(slots[row["patient"]]["slot"])["replies"]], ["no"])


def test_a_reload_that_strands_slots_is_refused_until_told_to_move():
    text = open(ward.config, encoding="utf-8").read()
    stranded = {slot["slot"] for slot in published("osei") if slot["session"].startswith("kingsley.osei")}
    assert stranded
    before = published()
    text = re.sub(r'days       = \{ "Tuesday" \}', 'days       = { "Friday" }', text)
    ward.write("wardround.conf", text)
    said = ward.ctl("config", "reload", code=1)
    equal({one["slot"] for one in said.error["stranded"]}, stranded)
    equal(published(), before)
    ward.ctl("config", "reload", "--move", "--yes", "--reason", "Tuesdays are over")

    def moved():
        return all(slot["state"] == "cancelled" or not slot["session"].startswith("kingsley.osei.2026-12-01")
                   for slot in map(ward.slot, stranded))
    until("the stranded slots are elsewhere", moved)
    ward.write("wardround.conf", text.replace("slot-every", "slot-evry"))
    said = ward.ctl("config", "reload", code=78)
    contains(said.err, "slot-evry")
    ward.write("wardround.conf", text.replace('keep-cancelled    = "14 days"', 'keep-cancelled    = "13 days"'))
    ward.process.send_signal(signal.SIGHUP)
    until("SIGHUP is obeyed", lambda: len(re.findall(r" reloaded ", ward.log)) == 2)
    settled()
    kept()


def test_the_audit_names_who_did_what_and_verifies():
    equal(ward.ctl("audit", "verify").code, 0)
    entries = ward.ctl("audit", "list")
    text = entries.out
    contains(text, "a tribunal")
    contains(text, "uid:")


def test_drafts_and_publishing_come_at_their_times():
    fast = Ward(clock="2026-11-24T11:58:00Zx60").start().fill(week=None)
    equal(fast.slots("--week", WEEK), [])
    drafts = until("Tuesday noon", lambda: fast.slots("--week", WEEK))
    equal({slot["state"] for slot in drafts}, {"draft"})
    fast.restart("2026-11-25T15:58:00Zx60")
    equal({slot["state"] for slot in fast.slots("--week", WEEK)}, {"draft"})
    until("Wednesday at four", lambda: {slot["state"] for slot in fast.slots("--week", WEEK)} == {"published"})
    assert fast.now() >= "2026-11-25T16:00", fast.now()
    fast.stop()


def test_what_was_missed_while_stopped_is_done_at_the_next_start():
    late = Ward().start().fill(week=None)
    late.restart("2026-11-28T20:00:00Z")
    until("the week is published on Saturday night",
          lambda: {slot["state"] for slot in late.slots("--week", WEEK)} == {"published"})
    late.stop()


def test_a_week_that_has_begun_is_left_alone():
    late = Ward().start().fill(week=None)
    late.restart("2026-11-30T08:00:00Zx600")
    threading.Event().wait(1)
    equal([slot for slot in late.slots("--week", WEEK) if slot["state"] == "published"], [])
    late.stop()


def test_a_draft_made_by_hand_is_published_as_it_is():
    hand = Ward().start().fill(publish=False)
    draft = hand.slots("--week", WEEK)
    moved = next(slot for slot in draft if slot["consultant"] == "nowak" and slot["cells"] == 1)
    taken = {(slot["session"], slot["cell"] + step) for slot in draft for step in range(slot["cells"])}
    session = next(one for one in hand.ctl("session", "list", "--week", WEEK)["sessions"]
                   if one["id"] == moved["session"])
    free = [start for number, start in enumerate(session["starts"]) if (session["id"], number) not in taken]
    if free:
        hand.ctl("slot", "move", moved["slot"], "--to", free[0])
    drafted = {slot["patient"]: slot["start"] for slot in hand.slots("--week", WEEK)}
    hand.restart("2026-11-25T16:00:30Z")
    until("publishing", lambda: {slot["state"] for slot in hand.slots("--week", WEEK)} == {"published"})
    equal({slot["patient"]: slot["start"] for slot in hand.slots("--week", WEEK)}, drafted)
    hand.stop()


if __name__ == "__main__":
    tests(sys.modules[__name__])
