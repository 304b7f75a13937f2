#!/usr/bin/env python3
"""News on its way to people: one slow or broken endpoint delays no other; a failed try comes again, the
same to the byte, after the pauses that are promised; what can't arrive becomes a task; changes are said
once, not at night unless they have to be; and it is known who has not heard.
"""
import datetime
import json
import sys
import time

from wardround import SECRET, Receiver, Ward, contains, equal, rows, signature_holds, tests, until

WEEK = "2026-W49"
RATE = 40
OTHER = SECRET[:-6] + "AAAAA="
how = {}  # path: what the endpoint does
receiver = Receiver(lambda request: how[request["path"]](request) if request["path"] in how else 204)
ward = None


def endpoint_files():
    return {"sms.secret": (SECRET + "\n", 0o600), "two.secret": (OTHER + "\n" + SECRET + "\n", 0o600)}


def two_endpoints():
    return receiver.section("sms") + receiver.section("two", **{"secret-file": '"two.secret"', "reply-links": "false"})


def told(row):
    return row["agreed_by"] and row["sees"] in ("time", "place", "all") and (row["phone"] or row["email"])


def settled():
    until("nothing waits", lambda: not [one for one in ward.ctl("notice", "list")["notices"]
                                        if one["state"] in ("waiting", "sending")], 40, 0.1)


def of(name, slot=None, kind=None):
    found = []
    for request in receiver.taken(name):
        body = json.loads(request["body"])
        if (slot is None or body["data"].get("slot", {}).get("ref") == slot) and kind in (None, body["type"]):
            headers = {key.lower(): value for key, value in request["headers"].items()}
            found.append({**request, "headers": headers, "json": body, "tried": int(headers["webhook-timestamp"])})
    return found


used = set()


def take_slot(after="2026-12-01"):
    """A published slot that somebody is told of and no other test has changed."""
    for slot in ward.slots("--week", WEEK):
        people = [row for row in rows("supports.csv") if row["patient"] == slot["patient"] and told(row)]
        if slot["state"] == "published" and slot["slot"] not in used and people and slot["start"] > after:
            used.add(slot["slot"])
            return slot, [row["ref"] for row in people]
    raise AssertionError("no slot is left")


def cancel(slot):
    ward.ctl("slot", "cancel", slot["slot"], "--why", "patient-declined", "--reason", "asked", "--yes")


def test_each_endpoint_is_told_side_by_side():
    global ward
    how["/two"] = lambda request: time.sleep(2)  # eighty seconds of its own, beyond every deadline
    ward = Ward(clock=f"2026-11-23T09:00:00Zx{RATE}", more=two_endpoints(), files=endpoint_files()).start()
    ward.fill(week=None)
    patient = next(row["patient"] for row in rows("supports.csv") if told(row))
    ward.ctl("patient", "edit", patient, "--phone", "07700 900777")
    ward.plan(WEEK)
    wanted = len([row for row in rows("supports.csv") if told(row)]) + 1
    until("the quick endpoint has all", lambda: len(of("sms")) >= wanted, 30)
    assert len([one for one in of("two") if one["status"] == 204]) < wanted, "the slow one can't be done"
    how.clear()
    until("the slow one too", lambda: len({one["json"]["data"]["notice"] for one in of("two")}) >= wanted, 60)
    settled()
    equal([one["json"]["data"]["to"] for one in of("sms") if "patient" in one["json"]["data"]["to"]],
          [{"patient": patient, "language": "en"}])


def test_a_secret_being_changed_gives_two_signatures():
    for one in of("two"):
        equal(len(one["headers"]["webhook-signature"].split()), 2)
        assert signature_holds(one, SECRET) and signature_holds(one, OTHER)
        assert "page" not in one["json"]["data"], "reply-links is off"
    for one in of("sms"):
        equal(len(one["headers"]["webhook-signature"].split()), 1)


def test_the_test_button_sends_a_signed_test():
    receiver.clear()
    equal(ward.ctl("webhook", "test", "sms")["result"]["ok"], True)
    one = of("sms")[0]
    equal(one["json"]["type"], "webhook.test")
    assert signature_holds(one)
    how["/sms"] = lambda request: 500
    said = ward.ctl("webhook", "test", "sms", code=None)
    assert said.code in (1, 75), said
    contains(said.err, "500")
    how.clear()


def test_a_failed_try_comes_again_the_same_after_its_pause():
    slot, people = take_slot()
    receiver.clear()
    how["/sms"] = lambda request: 503
    cancel(slot)
    until("four tries", lambda: len(of("sms", slot["slot"])) >= 4 * len(people), 40)
    how.clear()
    until("it arrives", lambda: len([one for one in of("sms", slot["slot"]) if one["status"] == 204]) >= len(people), 60)
    settled()
    for ref in people:
        tries = [one for one in of("sms", slot["slot"]) if one["json"]["data"]["to"].get("support") == ref]
        equal(len({one["body"] for one in tries}), 1)
        equal(len({one["headers"]["webhook-id"] for one in tries}), 1)
        pauses = [after["tried"] - before["tried"] for before, after in zip(tries, tries[1:])]
        for pause, wanted in zip(pauses, (5, 30, 120, 300)):
            assert wanted - 2 <= pause <= wanted * 1.2 + 12, f"{pauses}"  # each try takes a moment of its own
        assert all(signature_holds(one) for one in tries)
        equal(len([one for one in tries if one["status"] == 204]), 1)


def test_retry_after_is_honoured():
    slot, people = take_slot()
    receiver.clear()
    how["/sms"] = lambda request: (429, {"Retry-After": "100"})
    cancel(slot)
    until("a try", lambda: of("sms", slot["slot"]), 30)
    how.clear()
    settled()
    tries = [one for one in of("sms", slot["slot"]) if one["json"]["data"]["to"].get("support") == people[0]]
    equal(len(tries), 2)
    assert 100 <= tries[1]["tried"] - tries[0]["tried"] <= 140, tries


def test_what_is_refused_for_good_is_a_task_and_can_be_tried_by_hand():
    for status in (400, 302):
        slot, people = take_slot()
        receiver.clear()
        how["/sms"] = how["/two"] = lambda request: status
        cancel(slot)

        def failed():
            return [one for one in ward.ctl("notice", "list", "--state", "failed")["notices"] if one["slot"] == slot["slot"]]
        until("both endpoints have failed", lambda: len(failed()) == 2 * len(people), 40)
        equal(len(of("sms", slot["slot"])), len(people), "once each")
        rings = [task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == "ring" and task["slot"] == slot["slot"]]
        equal(len(rings), len(people))
        how.clear()
        before = {one["json"]["data"]["notice"]: one["body"] for one in of("sms", slot["slot"])}
        ward.ctl("notice", "retry", sorted(before)[0])
        until("by hand", lambda: len(of("sms", slot["slot"])) == len(people) + 1, 20)
        again = of("sms", slot["slot"])[-1]
        equal(again["body"], before[again["json"]["data"]["notice"]])
        ward.ctl("notice", "retry", "--failed")
        until("all by hand", lambda: not failed(), 20)
        settled()


def test_410_turns_an_endpoint_off_until_somebody_turns_it_on():
    slot, people = take_slot()
    receiver.clear()
    how["/sms"] = lambda request: 410
    cancel(slot)

    def state():
        return next(one for one in ward.ctl("webhook", "list")["webhooks"] if one["name"] == "sms")["state"]
    until("it is off", lambda: state() == "off", 30)
    until("the other endpoint has it", lambda: len(of("two", slot["slot"])) == len(people), 30)
    equal(ward.ctl("status")["webhooks_off"], ["sms"])
    task = next(task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == "endpoint")
    contains(task["text"], "webhook on sms")
    how.clear()
    mark = len(of("sms"))
    other, _ = take_slot()
    cancel(other)
    until("the other endpoint has that too", lambda: of("two", other["slot"]), 30)
    equal(len(of("sms")), mark)
    ward.ctl("webhook", "on", "sms")
    equal(state(), "on")
    third, _ = take_slot()
    cancel(third)
    until("it is told again", lambda: of("sms", third["slot"]), 30)
    settled()


def free_start(slot):
    taken = {(one["session"], one["cell"] + step) for one in ward.slots("--week", WEEK)
             if one["state"] == "published" for step in range(one["cells"])}
    for session in ward.ctl("session", "list", "--week", WEEK)["sessions"]:
        for number, start in enumerate(session["starts"]):
            if session["consultant"] == slot["consultant"] and (session["id"], number) not in taken \
                    and (slot["cells"] == 1 or (session["id"], number + 1) not in taken and number + 1 < len(session["starts"])):
                yield start


def movable():
    own = {row["ref"]: row["consultant"] for row in rows("patients.csv")}
    for _ in range(20):
        slot, people = take_slot("2026-11-30")
        starts = list(free_start(slot))
        if own[slot["patient"]] == slot["consultant"] and len(starts) >= 2 and slot["cells"] == 1:
            return slot, people, starts
    raise AssertionError("nobody can be moved")


def test_several_changes_in_two_minutes_are_one_notice():
    slot, people, starts = movable()
    receiver.clear()
    for to in starts[:2]:
        ward.ctl("slot", "move", slot["slot"], "--to", to, "--reason", "busy", "--yes")
    until("the move is told", lambda: len(of("sms", slot["slot"])) >= len(people), 30)
    settled()
    equal(len(of("sms", slot["slot"])), len(people))
    for one in of("sms", slot["slot"]):
        equal(one["json"]["type"], "slot.moved")
        equal(one["json"]["data"]["slot"]["revision"], 3)
        equal(one["json"]["data"]["slot"]["was"][:16], slot["start"][:16])
    receiver.clear()
    for to in (slot["start"], starts[1]):  # there and back: nothing to tell
        ward.ctl("slot", "move", slot["slot"], "--to", to, "--reason", "busy", "--yes")
    time.sleep(150 / RATE)
    equal(of("sms", slot["slot"]), [])
    unseen = {one["who"] for one in ward.ctl("unseen")["unseen"] if one["slot"] == slot["slot"]}
    assert unseen >= set(people), "they have not confirmed"


def test_it_is_known_how_far_the_news_got():
    slot, people = take_slot()

    def levels():
        return {one["who"]: one["level"] for one in ward.ctl("unseen", "--ward", "kingsley")["unseen"]
                if one["slot"] == slot["slot"]}
    listed = levels()
    equal({who: listed[who] for who in people}, dict.fromkeys(people, "accepted"))
    assert slot["patient"] in listed, "the patient too"
    link = ward.link("support", people[0])
    ward.fetch(link["feed"])
    until("a fetch is noted", lambda: levels()[people[0]] in ("fetched", "accepted"), 5)
    ward.ctl("reply", "add", "--support", people[0], "--slot", slot["slot"], "--answer", "phone")
    ward.ctl("unseen", "tick", "--patient", slot["patient"], "--slot", slot["slot"], "--how", "told at breakfast")
    listed = levels()
    assert people[0] not in listed and slot["patient"] not in listed, listed


def reminders(slot):
    return {one["json"]["data"]["to"]["support"] for one in of("sms", slot["slot"], "reminder.due")}


def test_who_can_not_come_and_who_is_on_hold_get_no_reminder():
    settled()
    slot, people = take_slot()
    held, held_people = take_slot()
    other, other_people = take_slot()
    ward.ctl("reply", "add", "--support", people[0], "--slot", slot["slot"], "--answer", "no")
    ward.ctl("patient", "hold", held["patient"], "--why", "another hospital")
    receiver.clear()
    last = max(datetime.datetime.fromisoformat(one["start"]) for one in (slot, held, other))
    ward.restart((last - datetime.timedelta(hours=48) + datetime.timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ") + f"x{RATE}")
    until("the others are reminded", lambda: reminders(other) >= set(other_people), 30)
    settled()
    assert people[0] not in reminders(slot)
    equal(reminders(slot), set(people[1:]))
    equal(reminders(held), set())


def test_changes_at_night_wait_for_the_morning_unless_they_are_near():
    far, far_people = take_slot("2026-12-02")
    ward.restart(f"2026-11-30T22:00:00Zx{RATE}")
    settled()
    near = next(slot for slot in ward.slots("--week", WEEK) if slot["start"] > "2026-12-01"
                and slot["state"] == "published" and slot["start"] < "2026-12-02" and slot["slot"] not in used)
    receiver.clear()
    cancel(far)
    time.sleep(200 / RATE)
    equal(of("sms", far["slot"]), [])
    ward.restart(f"2026-12-01T07:59:30Zx{RATE}")
    time.sleep(0.5)
    equal(of("sms", far["slot"]), [])
    until("the morning", lambda: len(of("sms", far["slot"])) >= len(far_people), 30)
    for one in of("sms", far["slot"]):
        assert one["tried"] >= datetime.datetime(2026, 12, 1, 8, tzinfo=datetime.timezone.utc).timestamp(), one
    # tonight Wednesday morning is near
    tomorrow = [slot for slot in ward.slots("--week", WEEK) if "2026-12-02T08" < slot["start"] < "2026-12-02T12"
                and slot["state"] == "published" and any(
                    row["patient"] == slot["patient"] and told(row) for row in rows("supports.csv"))]
    assert near and tomorrow
    ward.restart(f"2026-12-01T22:00:00Zx{RATE}")
    cancel(tomorrow[0])
    until("it is told at night", lambda: of("sms", tomorrow[0]["slot"], "slot.cancelled"), 30)


def test_an_address_inside_is_refused_unless_named():
    there = Ward(clock=f"2026-11-23T09:00:00Zx{RATE}", files=endpoint_files(),
                 more=receiver.section("inside", **{"allow-networks": "{ }"})).start()
    receiver.clear()
    said = there.ctl("webhook", "test", "inside", code=None)
    assert said.code not in (0, 70), said
    there.stop()
    there.write_config(more=receiver.section("inside", **{"allow-networks": "{ }"}).replace("127.0.0.1", "localhost"))
    there.start()
    assert there.ctl("webhook", "test", "inside", code=None).code not in (0, 70)
    there.fill()
    until("they fail", lambda: there.ctl("notice", "list", "--state", "failed")["notices"], 30)
    equal(receiver.taken(), [])
    there.stop()


if __name__ == "__main__":
    tests(sys.modules[__name__])
