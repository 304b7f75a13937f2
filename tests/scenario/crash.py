#!/usr/bin/env python3
"""kill -9 at random moments under a load of admissions, discharges, moves, swaps and replies: what was
acknowledged is there after each restart, a call repeated with its key changes nothing, the audit's chain
verifies, nobody is booked twice, no notice is lost, and none is sent twice with different bodies.

$WARDROUND_CRASHES says how often (50; less under a sanitizer), $WARDROUND_SEED which moments.
"""
import datetime
import json
import os
import random
import sys
import threading
import time

from wardround import SANITIZED, SECRET, Receiver, UnixConnection, Ward, equal, rows, tests, until

WEEK = "2026-W49"
RATE = 20
CRASHES = int(os.environ.get("WARDROUND_CRASHES") or (12 if SANITIZED else 50))
SEED = int(os.environ.get("WARDROUND_SEED") or random.SystemRandom().randrange(10**6))
WORKERS = 3
MOST_PATIENTS = 12

chance = random.Random(SEED)
flaky = random.Random(SEED + 1)
receiver = Receiver(lambda request: 503 if flaky.random() < 0.1 else 204)
ward = None
began = time.monotonic()


def clock():
    """Each run starts later than the last one ended."""
    at = datetime.datetime(2026, 11, 23, 9, 0) + datetime.timedelta(seconds=RATE * (time.monotonic() - began) + 2)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") + f"x{RATE}"


class Facts:
    """What the daemon has acknowledged: of each thing the values it may have now. A call without an
    answer leaves two; its repetition decides."""

    def __init__(self):
        self.lock = threading.Lock()
        self.start, self.reply, self.here = {}, {}, {}
        self.unknown, self.acknowledged = [], 0

    def note(self, effects, sure):
        with self.lock:
            self.acknowledged += sure
            for table, key, value in effects:
                if sure:
                    table[key] = {value}
                else:
                    table.setdefault(key, {None}).add(value)


facts = Facts()
slots, sessions = {}, {}  # as published; by reference, by consultant
supports = []


def test_a_week_is_published():
    global ward
    print(f"# seed {SEED}, {CRASHES} crashes")
    ward = Ward(clock=clock(), more=receiver.section(), files={"sms.secret": (SECRET + "\n", 0o600)}).start().fill()
    for slot in ward.slots("--week", WEEK):
        slots[slot["slot"]] = slot
        facts.start[slot["slot"]] = {slot["start"]}
    for session in ward.ctl("session", "list", "--week", WEEK)["sessions"]:
        sessions.setdefault(session["consultant"], []).extend(session["starts"])
    by_patient = {slot["patient"]: slot["slot"] for slot in slots.values()}
    for row in rows("supports.csv"):
        if row["agreed_by"] and row["sees"] != "nothing" and row["patient"] in by_patient:
            supports.append((row["ref"], by_patient[row["patient"]]))


class Worker(threading.Thread):
    """Asks one thing after another about slots and patients of its own, until the daemon is gone."""

    def __init__(self, number, seed):
        super().__init__(daemon=True)
        self.number, self.random, self.done = number, random.Random(seed), False
        self.mine = [ref for index, ref in enumerate(sorted(slots)) if index % WORKERS == number]
        self.peer, self.fault = None, None

    def call(self, path, body, effects):
        body["key"] = "k-%d-%032x" % (self.number, self.random.getrandbits(128))
        try:
            if self.peer is None:
                self.peer = UnixConnection(ward.control, timeout=20)
                self.peer.connect()
        except OSError:
            self.done = True
            return
        try:
            status, answer = ward.ask("POST", path, body, self.peer)
        except Exception:  # cut off: it may have happened
            facts.note(effects, False)
            with facts.lock:
                facts.unknown.append((path, body, effects))
            self.done = True
            return
        if status == 200:
            facts.note(effects, True)
        elif status not in (409, 503):
            self.fault = f"{path} {body}: {status} {answer}"
            self.done = True

    def move(self):
        ref = self.random.choice(self.mine)
        to = self.random.choice(sessions[slots[ref]["consultant"]])
        self.call("/v1/slot/move", {"slot": ref, "to": to, "reason": "load", "yes": True}, [(facts.start, ref, to)])

    def swap(self):
        one, two = self.random.sample(self.mine, 2)
        if slots[one]["consultant"] != slots[two]["consultant"] or slots[one]["cells"] != slots[two]["cells"]:
            return
        starts = facts.start[one], facts.start[two]
        if any(len(known) > 1 for known in starts):
            return
        self.call("/v1/slot/swap", {"slot": one, "with": two, "reason": "load", "yes": True},
                  [(facts.start, one, *starts[1]), (facts.start, two, *starts[0])])

    def reply(self):
        support, slot = self.random.choice([pair for pair in supports if pair[1] in self.mine])
        answer = self.random.choice(["person", "phone", "video", "no"])
        self.call("/v1/reply/add", {"support": support, "slot": slot, "answer": answer},
                  [(facts.reply, (support, slot), answer)])

    def admit(self):
        own = [ref for ref, state in facts.here.items() if ref.startswith(f"X{self.number}") and state == {True}]
        if len(own) < MOST_PATIENTS // WORKERS:
            ref = "X%d-%d" % (self.number, self.random.getrandbits(48))
            self.call("/v1/patient/admit", {"ward": "kingsley", "name": "Load " + ref, "ref": ref, "consultant":
                                            self.random.choice(["shah", "osei", "nowak"])}, [(facts.here, ref, True)])
        else:
            ref = self.random.choice(own)
            self.call("/v1/patient/discharge", {"ref": ref, "yes": True}, [(facts.here, ref, False)])

    def run(self):
        while not self.done:
            self.random.choices([self.move, self.swap, self.reply, self.admit], [4, 3, 4, 1])[0]()


def observed():
    """The state as the daemon tells it now, in the terms of the facts."""
    _, listed = ward.ask("GET", "/v1/slot/list")
    _, patients = ward.ask("GET", "/v1/patient/list")
    there = {slot["slot"]: slot for slot in listed["slots"]}
    replies = {(reply["support"], ref): reply["answer"] for ref, slot in there.items() for reply in slot["replies"]}
    here = {row["ref"]: row["status"] != "discharged" for row in patients["patients"]}
    return there, replies, here


def judge():
    there, replies, here = observed()
    for ref, known in facts.start.items():
        assert there[ref]["start"] in known, f"slot {ref} is at {there[ref]['start']}, acknowledged {known}"
    for key, known in facts.reply.items():
        assert replies.get(key) in known, f"reply {key} is {replies.get(key)}, acknowledged {known}"
    for ref, known in facts.here.items():
        assert here.get(ref, False) in known or here.get(ref) is None and None in known, \
            f"patient {ref}: {here.get(ref)}, acknowledged {known}"
    nobody_twice(there)
    status, answer = ward.ask("GET", "/v1/audit/verify")
    equal(status, 200, answer)
    _, answer = ward.ask("GET", "/v1/status/show")
    equal([one for one in answer["promises"] if one["state"] == "broken" and one["n"] != 1], [])
    return there, replies, here


def nobody_twice(there):
    person = {row["ref"]: row["person"] or row["ref"] for row in rows("supports.csv")}
    taken = {}
    for ref, slot in there.items():
        if slot["state"] not in ("published", "started"):
            continue
        whose = ["patient " + slot["patient"], "consultant " + slot["consultant"], "room " + slot["room"]]
        whose += ["person " + person[support] for support in slot["supports"]]
        for one in whose:
            for other in taken.setdefault(one, []):
                assert slot["end"] <= other["start"] or other["end"] <= slot["start"], \
                    f"{one} is in {ref} and {other['slot']} at {slot['start']}"
            taken[one].append(slot)


def repeat_unknown(there):
    """Says again, with the same key, what had no answer: it happens once, whether it had or not."""
    again, facts.unknown = facts.unknown, []
    for path, body, effects in again:
        happened = all(effect[0] is facts.start and there[effect[1]]["start"] == effect[2] for effect in effects)
        status, answer = ward.ask("POST", path, body)
        assert status in (200, 409, 404), f"{path} {body}: {status} {answer}"
        now, replies, here = observed()
        if happened:
            for _, ref, _ in effects:
                equal(now[ref]["revision"], there[ref]["revision"], f"{body} happened twice")
        for table, key, value in effects:
            seen = {id(facts.start): lambda k: now[k]["start"], id(facts.reply): replies.get,
                    id(facts.here): lambda k: here.get(k, False)}[id(table)](key)
            if status == 200:
                equal(seen, value, f"{path} {body}")
            table[key] = {seen}
        there = now


def test_what_was_acknowledged_is_there_after_each_crash():
    for crash in range(CRASHES):
        workers = [Worker(number, chance.getrandbits(64)) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        time.sleep(chance.uniform(0.05, 0.9))
        ward.kill()
        for worker in workers:
            worker.join(30)
            assert worker.fault is None, worker.fault
        if chance.random() < 0.2:  # also while it starts
            ward.clock = clock()
            ward.spawn()
            time.sleep(chance.uniform(0, 0.15))
            ward.kill()
        ward.clock = clock()
        ward.start()
        try:
            there, _, _ = judge()
            repeat_unknown(there)
        except AssertionError as fault:
            raise AssertionError(f"after crash {crash + 1}: {fault}") from fault
    print(f"# {facts.acknowledged} changes acknowledged")
    assert facts.acknowledged > 2 * CRASHES, "hardly any load"


def test_no_notice_is_lost():
    """Whoever is to be told of a slot was last told where it is now."""
    def waiting():
        _, answer = ward.ask("GET", "/v1/notice/list")
        return [one for one in answer["notices"] if one["state"] in ("waiting", "sending")]
    # Under a quick load everything may still wait for the two minutes in which changes are one notice.
    until("nobody has been told for a while", lambda: receiver.taken() and
          time.time() - receiver.taken()[-1]["at"] > 8 and not waiting(), 90, 0.3)
    there, _, _ = observed()
    people = {row["ref"]: row for row in rows("supports.csv")}
    last = {}
    for notice in receiver.notices():
        key = (notice["data"]["to"].get("support"), notice["data"]["slot"]["ref"])
        if notice["type"].startswith("slot."):
            last[key] = notice
    for support, ref in supports:
        if not (people[support]["phone"] or people[support]["email"]):
            continue
        notice = last.get((support, ref))
        assert notice, f"{support} was never told of {ref}"
        at = datetime.datetime.fromisoformat(there[ref]["start"]).astimezone(datetime.timezone.utc)
        equal(notice["data"]["slot"]["start"], at.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{support} of {ref}")


def test_no_notice_is_sent_twice_with_different_bodies():
    bodies = {}
    for request in receiver.taken():
        headers = {name.lower(): value for name, value in request["headers"].items()}
        bodies.setdefault(headers["webhook-id"], set()).add(request["body"])
        equal(json.loads(request["body"])["data"]["notice"], headers["webhook-id"])
    assert bodies
    equal([ident for ident, some in bodies.items() if len(some) > 1], [])


def test_it_still_verifies_at_the_end():
    judge()
    equal(ward.ctl("audit", "verify").code, 0)


if __name__ == "__main__":
    tests(sys.modules[__name__])
