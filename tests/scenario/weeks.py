#!/usr/bin/env python3
"""Weeks go by with nobody planning: the daemon drafts and publishes each week at its times, over Christmas
and its holidays too, across stops; rounds are held, patients come and go. Nobody is forgotten: whoever is
seen in one week is seen in the next, or stands on the list with a reason; no promise is broken.
"""
import datetime
import sys
import threading

from wardround import Ward, equal, tests, until

ward = None
day = datetime.date(2026, 11, 30)
came = 0


def at(hour, minute):
    return f"{day.isoformat()}T{hour:02d}:{minute:02d}:00Z"


def hold_what_has_begun():
    now = ward.now().replace("Z", "+00:00")
    for slot in ward.slots():
        if slot["state"] == "published" and slot["start"] < now:
            ward.ctl("slot", "start", slot["slot"])
            ward.ctl("slot", "finish", slot["slot"])


def judge(when):
    def quiet():
        return [one for one in ward.promises().values() if one["state"] != "kept" and one["n"] != 4] == []
    try:
        until("", quiet, 4, 0.1)
    except AssertionError:
        bad = [one for one in ward.promises().values() if one["state"] != "kept" and one["n"] != 4]
        raise AssertionError(f"{when}: {bad}") from None


def week(count=1):
    """One week, looked at four times a day; the daemon is off at night."""
    global day, came
    for _ in range(7 * count):
        for hour, minute in ((8, 30), (12, 45), (16, 5), (17, 30)):
            ward.clock = at(hour, minute)
            ward.start()
            hold_what_has_begun()
            judge(ward.clock)
            if hour == 17 and day.weekday() == 4:
                ward.ctl("patient", "admit", "--ward", "kingsley", "--name", f"Nan {came}", "--consultant",
                         ["shah", "osei", "nowak"][came % 3], "--ref", f"N{came}")
                ward.ctl("patient", "discharge", "P%02d" % (came + 1), "--yes")
                came += 1
                threading.Event().wait(0.2)
                judge(ward.clock + " after an admission and a discharge")
            ward.stop()
        day += datetime.timedelta(days=1)


def name_of(some_day):
    return "%d-W%02d" % some_day.isocalendar()[:2]


def everybody(weekname):
    """Who of the ward's patients has a slot in a week, and who is listed without."""
    slots = {slot["patient"] for slot in ward.slots("--week", weekname) if slot["state"] in ("published", "held")}
    listed = {one["patient"] for one in ward.ctl("status")["unplaced"] if one["week"] == weekname}
    here = {row["ref"] for row in ward.ctl("patient", "list")["patients"] if row["status"] == "current"}
    return here, slots, listed


def test_the_first_week_is_published_by_hand():
    global ward
    ward = Ward().start().fill()
    ward.stop()


def test_weeks_come_by_themselves():
    for _ in range(2):
        week()
        ward.start()
        here, slots, listed = everybody(name_of(day))
        equal(sorted(here - slots - listed), [], f"forgotten in {name_of(day)}")
        assert len(slots) >= 22, (len(slots), listed)
        ward.stop()


def test_christmas_takes_sessions_away_and_nobody_is_forgotten():
    week(2)  # to 28 December, a bank holiday
    ward.start()
    monday = [session for session in ward.ctl("session", "list", "--week", "2026-W53")["sessions"]
              if session["id"].endswith("2026-12-28") and session["starts"] and session["state"] == "planned"]
    equal(monday, [])
    here, slots, listed = everybody("2026-W53")
    equal(sorted(here - slots - listed), [])
    equal([slot for slot in ward.slots("--week", "2026-W53") if slot["start"].startswith("2026-12-28")], [])
    assert all(one["why"] for one in ward.ctl("status")["unplaced"])
    ward.stop()


def test_the_audit_holds():
    ward.start()
    equal(ward.ctl("audit", "verify").code, 0)
    ward.stop()


if __name__ == "__main__":
    tests(sys.modules[__name__])
