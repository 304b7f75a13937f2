#!/usr/bin/env python3
"""Calendar programs that we did not write, over HTTP, through publish, move, an outage, cancel and withdraw:
what each then holds is what it should, and the daemon knows what it holds.

    clients.py    those named in $CLIENTS: khal calcurse evolution thunderbird; by default the first two
"""
import datetime
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "clients"))

from wardround import Ward, equal, rows, tests, until  # noqa: E402
from calcurse import Calcurse  # noqa: E402
from events import Event  # noqa: E402
from evolution import Evolution  # noqa: E402
from khal import Khal  # noqa: E402
from thunderbird import Thunderbird  # noqa: E402

KINDS = {"khal": Khal, "calcurse": Calcurse, "evolution": Evolution, "thunderbird": Thunderbird}
WEEK = "2026-W49"
ward = None
support = None
clients = {}  # link id: client


def named():
    return os.environ.get("CLIENTS", "khal calcurse").split()


def slot_of(support_row):
    return ward.slots("--patient", support_row["patient"])[-1]


def length(slot):
    start, end = (datetime.datetime.fromisoformat(slot[name]) for name in ("start", "end"))
    return end - start


def timed(slot, title="Meeting", status="CONFIRMED"):
    return Event(Event.at(slot["start"]), Event.at(slot["end"]), title, status)


def whole_day(day, title):
    return Event(day, "", title, "CONFIRMED")


def holds(*wanted):
    """Every client fetches, and then holds these and nothing else."""
    for client in clients.values():
        client.sync()
        shown = [event if client.says_status else Event(event.start, event.end, event.title, "") for event in wanted]
        equal(client.events(), sorted(shown), client.name)


def level(who):
    for line in ward.ctl("unseen")["unseen"]:
        if line["who"] == who:
            return line["level"], line["revision"]
    return None


def knows_what_they_hold():
    """Each link was last used by a calendar program, as far as the program says that it is one."""
    slot = slot_of(support)
    wanted = [{"slot": slot["slot"], "revision": slot["revision"]}]
    for link, client in clients.items():
        def said(link=link):
            listed = {one["id"]: one for one in ward.ctl("link", "list")["links"]}[link]
            return listed["fetches"] and listed["fetches"][0]["slots"] == wanted and listed["client"]
        kind = until(f"the fetch of {client.name} is known", said, 10, 0.2)
        equal(kind, "calendar" if client.is_calendar else "unknown", client.name)


def test_a_ward_and_a_link_for_each_client():
    global ward, support
    ward = Ward().start().fill(publish=False)
    placed = {one["patient"] for one in ward.ctl("plan", "show", "--ward", "kingsley", "--week", WEEK)["plan"]["placed"]}
    support = next(row for row in rows("supports.csv") if row["agreed_by"] and row["sees"] == "place"
                   and row["patient"] in placed)
    for name in named():
        kind = KINDS[name]
        assert kind.is_here(), f"{name} is not installed"
        link = ward.link("support", support["ref"], "--label", name)
        clients[link["id"]] = kind(tempfile.mkdtemp(prefix=name + "-", dir=ward.folder), link["feed"])


def test_before_anything_is_published_there_is_one_neutral_day():
    holds(whole_day("2026-11-25", "No meeting planned yet"))


def test_what_is_published_is_held():
    ward.ctl("plan", "publish", "--ward", "kingsley", "--week", WEEK, "--yes")
    equal(level(support["ref"]), ("none", 1))
    holds(timed(slot_of(support)))
    knows_what_they_hold()
    if any(client.is_calendar for client in clients.values()):
        equal(level(support["ref"]), ("fetched", 1))


def test_what_is_moved_is_held_once_at_its_new_time():
    slot = slot_of(support)
    others = [one for one in ward.slots("--week", WEEK) if one["consultant"] == slot["consultant"]
              and one["start"] != slot["start"] and length(one) == length(slot)]
    any(ward.ctl("slot", "swap", slot["slot"], one["slot"], "--reason", "clinic", "--yes", code=None).code == 0
        for one in others)
    moved = slot_of(support)
    equal((moved["slot"], moved["revision"], moved["start"] != slot["start"]), (slot["slot"], 2, True))
    equal(level(support["ref"]), ("none", 2))
    holds(timed(moved))
    knows_what_they_hold()


def test_an_outage_takes_nothing_from_anybody():
    slot = slot_of(support)
    ward.kill()
    for client in clients.values():
        client.sync(fails=True)
        wanted = timed(slot, status="CONFIRMED" if client.says_status else "")
        equal(client.events(), [wanted], client.name)
    ward.clock = "2026-11-23T09:00:00Z"
    ward.start()
    holds(timed(slot))


def test_what_is_cancelled_stays_as_cancelled():
    slot = slot_of(support)
    ward.ctl("slot", "cancel", slot["slot"], "--why", "patient-declined", "--reason", "asked", "--yes")
    holds(timed(slot, "Cancelled: Meeting", "CANCELLED"), whole_day("2026-11-25", "No meeting planned yet"))
    knows_what_they_hold()


def test_who_lost_consent_holds_nothing_of_it_any_more():
    ward.ctl("support", "withdraw", support["ref"], "--yes")
    holds(whole_day("2026-11-23", "This calendar has ended"))


def test_the_clients_end():
    for client in clients.values():
        client.end()


if __name__ == "__main__":
    tests(sys.modules[__name__])
