#!/usr/bin/env python3
"""The day of a round in a real browser: the consultant's list with its taps, on other days and on one sheet
of paper; the board on the wall, which names nobody; the pages printed each evening.
"""
import os
import pathlib
import re
import sys

from browser import Browser
from wardround import Ward, contains, equal, fetch, lacks, rows, tests, until

browser = None
ward = Ward(edit=lambda text: 'paper-dir = "paper"\n' + text)
names = {row["ref"]: row["name"] for row in rows("patients.csv")}
DAY = "2026-11-30"


def monday(state=None):
    return [slot for slot in ward.slots("--from", f"{DAY}T00:00", "--to", f"{DAY}T23:00")
            if state in (None, slot["state"])]


def sign_in(name, *words):
    browser.forget()
    said = ward.ctl("staff", "add", name, *words)
    ward.secrets.append(said["address"].rsplit("/", 1)[1])
    browser.open(said["address"])
    equal(browser.press("Sign in"), 200)


def tap(name, slot):
    """One tap on a slot's line; the button says whose it is."""
    row = next(row for row in ward.ctl("patient", "list")["patients"] if row["ref"] == slot["patient"])
    return browser.press(f"{name} {row['name']}, Bed {row['bed']}")


def state(slot):
    return ward.slot(slot["slot"])["state"]


def test_a_ward_on_the_morning_of_its_round():
    global browser
    browser = Browser()
    ward.start().fill()
    for slot in monday():
        for ref in slot["supports"]:
            ward.ctl("reply", "add", "--support", ref, "--slot", slot["slot"], "--answer", "phone",
                     "--note", "I am hard of hearing, please speak up; and I have a question about the flat")
    ward.ctl("patient", "edit", monday()[3]["patient"], "--restricted")
    ward.restart(f"{DAY}T08:55:00Z")
    sign_in("shah", "--role", "consultant", "--ward", "kingsley")


def test_the_consultant_lands_on_the_list_of_today():
    text = browser.text()
    contains(text, "Monday 30 November 2026")
    contains(text, "Dr Asha Shah, Kingsley Ward")
    restricted = monday()[3]
    for slot in monday():
        if slot["slot"] != restricted["slot"]:
            contains(text, names[slot["patient"]])
    contains(text, "Restricted")
    lacks(text, names[restricted["patient"]], "the list")
    contains(text, "by phone")
    contains(text, "I am hard of hearing")
    browser.check("rounds-today")


def test_all_of_it_is_reached_by_keyboard_in_the_order_of_the_day():
    tabs = browser.tabs()
    equal(tabs[0], "Skip to main content")
    starts = [name for name in tabs if name.startswith("Start ")]
    restricted = monday()[3]["slot"]
    equal(len(starts), len(monday()))
    for name, slot in zip(starts, monday()):
        contains(name, "Restricted" if slot["slot"] == restricted else names[slot["patient"]])


def test_it_is_one_sheet_of_paper():
    equal(browser.print("rounds-today"), 1)


def test_start_finish_and_undo_are_one_tap_each():
    one = monday()[0]
    equal(tap("Start", one), 200)
    equal(state(one), "started")
    contains(browser.text(), "Now")
    equal(tap("Finish", one), 200)
    equal(state(one), "held")
    contains(browser.text(), "Seen")
    equal(tap("Undo", one), 200)
    equal(state(one), "started")
    equal(tap("Finish", one), 200)
    browser.check("rounds-seen")
    done = [entry for entry in ward.ctl("audit", "list")["audit"] if entry["verb"] == "slot finish"]
    equal({entry["actor"] for entry in done}, {"staff:shah"})


def test_a_round_that_runs_late_says_from_when_on():
    browser.select("Running late by", "20 minutes")
    equal(browser.press("Say so"), 200)
    contains(browser.text(), "that it runs late")
    lacks(browser.text(), "Finished.", "what the step before said")
    equal(browser.press("Yes, do this"), 200)
    two = monday("published")[0]
    contains(browser.text(), "About 20 minutes late, not before")
    equal(ward.slot(two["slot"])["start"], two["start"])
    lacks(browser.html(), f"Start<span class=\"ui-u-visually-hidden\"> {names[two['patient']]}", "before what was told")


def test_what_was_not_held_says_why():
    ward.restart(f"{DAY}T11:30:00Z")
    sign_in("shah", "--role", "consultant", "--ward", "kingsley")
    browser.open(ward.public + "/s/rounds")
    one = monday("published")[0]
    browser.unfold("More for " + names[one["patient"]])
    index = [slot["slot"] for slot in monday("published") if slot["start"] <= f"{DAY}T11:30"].index(one["slot"])
    browser.select("Not held because", "there was no time left", nth=index)
    equal(browser.press("Missed", nth=index), 200)
    equal(state(one), "missed")
    equal(ward.slot(one["slot"])["why"], "overrun")


def test_two_slots_change_places_after_a_look_and_a_yes():
    one, two = [slot for slot in ward.slots("--week", "2026-W49", "--consultant", "shah")
                if slot["state"] == "published" and slot["start"] > "2026-12-03" and slot["cells"] == 1][:2]
    browser.open(ward.public + "/s/rounds?day=2026-12-03")
    contains(browser.text(), "Thursday 3 December 2026")
    browser.check("rounds-thursday")
    browser.unfold("More for " + names[one["patient"]])
    option = next(line for line in re.findall(r"<option value=\"([^\"]+)\">([^<]+)", browser.html()) if line[0] == two["slot"])
    browser.select("Change places with", option[1])
    equal(browser.press("Swap"), 200)
    browser.check("rounds-confirm")
    browser.fill("Why?", "a family can only come later")
    equal(browser.press("Yes, do this"), 200)
    equal((ward.slot(one["slot"])["start"], ward.slot(two["slot"])["start"]), (two["start"], one["start"]))


def test_the_board_names_nobody_and_shows_itself_again():
    equal(browser.open(ward.public + "/s/board"), 200)
    text, html = browser.text(), browser.html()
    contains(text, "Week of Monday 30 November")
    contains(text, "Bed ")
    contains(text, "As of Mon 30 Nov")
    contains(text, "Seen")
    for row in rows("patients.csv") + rows("supports.csv"):
        lacks(text, row["name"], "the board")
    for word in ("overrun", "no time left", "Restricted", "Shah"):
        lacks(text, word, "the board")
    browser.check("board")
    equal(browser.print("board"), 1)
    browser.follow("Stop that")
    contains(browser.text(), "Show it again each minute")
    lacks(html, "http-equiv", "the board")


def test_the_wall_is_told_to_load_again_by_a_header_alone():
    cookie = sign_in_by_hand("ann")
    live = fetch(ward.port, "/s/board", headers={"Cookie": cookie})
    equal(live.headers.get("refresh"), "60")
    still = fetch(ward.port, "/s/board?still=1", headers={"Cookie": cookie})
    equal(still.headers.get("refresh"), None)


def test_the_wall_keeps_nobody_signed_in_and_goes_on_without():
    cookie = sign_in_by_hand("ann")
    ward.restart(f"{DAY}T12:05:00Z")
    equal(fetch(ward.port, "/s/board", headers={"Cookie": cookie}).status, 200)
    equal(fetch(ward.port, "/s/", headers={"Cookie": cookie}).status, 403, "it did not count as use")
    equal(fetch(ward.port, "/s/board", headers={"Cookie": cookie}).status, 200)
    ward.restart(f"{DAY}T23:31:00Z")
    equal(fetch(ward.port, "/s/board", headers={"Cookie": cookie}).status, 403, "the session is over")


def sign_in_by_hand(name):
    path = ward.ctl("staff", "add", name, "--role", "ward", "--ward", "kingsley")["address"].removeprefix(ward.public)
    ward.secrets.append(path.rsplit("/", 1)[1])
    answer = fetch(ward.port, path, "POST", {"Sec-Fetch-Site": "same-origin",
                                             "Content-Type": "application/x-www-form-urlencoded"}, "")
    ward.secrets.append(answer.headers["set-cookie"].split(";")[0].split("=")[1])
    return answer.headers["set-cookie"].split(";")[0]


def test_ward_staff_see_all_rounds_and_may_tap_too():
    sign_in("ann", "--role", "ward", "--ward", "kingsley")
    browser.open(ward.public + "/s/rounds?day=2026-12-01")
    contains(browser.text(), "Dr Kofi Osei, Family Room")
    browser.open(ward.public + "/s/rounds?day=soon")
    equal(browser.status(), 422)


def test_each_evening_the_next_day_lies_on_paper():
    ward.restart("2026-12-01T18:00:30Z")
    path = pathlib.Path(ward.folder, "paper", "kingsley-2026-12-02.html")
    until("the page of the next day", path.exists)
    equal(path.stat().st_mode & 0o777, 0o640)
    text = path.read_text(encoding="utf-8")
    contains(text, "Dr Ewa Nowak, Quiet Room")
    for slot in ward.slots("--from", "2026-12-02T00:00", "--to", "2026-12-02T23:00"):
        if slot["state"] == "published":
            contains(text, names[slot["patient"]])
    assert not [name for name in os.listdir(path.parent) if name.startswith(".")]


def test_the_html_of_all_pages_is_sound():
    browser.check_html()
    browser.close()


if __name__ == "__main__":
    tests(sys.modules[__name__])
