#!/usr/bin/env python3
"""The ward's desk in a real browser without scripts: each of its pages at every width, by keyboard and on
paper, and the forms of an evening with good and bad input.
"""
import sys

from browser import Browser
from wardround import SANITIZED, Ward, contains, equal, lacks, rows, tests

browser = None
ward = Ward(clock="2026-11-29T20:00:00Z")
names = {row["ref"]: row["name"] for row in rows("patients.csv")}
WEEK = "2026-W49"


def go(path):
    equal(browser.open(ward.public + path), 200, path)


def judge(name, *widths):
    browser.check("desk-" + name, widths or ["desktop", "narrow"])


def looks_right(path, name, *widths):
    go(path)
    judge(name, *widths)


def test_a_ward_on_sunday_evening():
    global browser
    browser = Browser()
    ward.start().fill()
    ward.ctl("support", "block", "--patient", "P01", "--name", "Rex Marlow")
    ward.ctl("patient", "hold", "P05", "--why", "absent without leave")
    ward.ctl("patient", "edit", "P07", "--restricted")
    ward.ctl("patient", "edit", "P08", "--contact", "paper")
    ward.ctl("patient", "admit", "--ward", "kingsley", "--name", "Eva Lund", "--consultant", "shah",
             "--admitted", "2026-12-02T10:00")
    slot = ward.slots("--patient", "P02")[0]
    support = next(row["ref"] for row in rows("supports.csv") if row["patient"] == "P02" and row["agreed_by"])
    ward.ctl("reply", "add", "--support", support, "--slot", slot["slot"], "--answer", "phone",
             "--note", "I may be ten minutes late")


def test_a_one_time_address_asks_before_it_is_used():
    said = ward.ctl("staff", "add", "Nina Okoro", "--role", "ward", "--ward", "kingsley")
    ward.secrets.append(said["address"].rsplit("/", 1)[1])
    equal(browser.open(said["address"]), 200)
    contains(browser.text(), "You sign in as Nina Okoro, ward staff of Kingsley Ward")
    judge("sign-in")
    equal(browser.press("Sign in"), 200)
    contains(browser.text(), "Today")


def test_the_lists_of_the_desk():
    for path, name in (("/s/", "today"), ("/s/patients", "patients"), ("/s/tasks", "tasks"), ("/s/notes", "notes"),
                       ("/s/week?week=" + WEEK, "week"), ("/s/away", "away")):
        looks_right(path, name)
    for path, name in (("/s/calls", "calls"), ("/s/slips", "slips"), ("/s/caller", "caller")):
        looks_right(path, name, "narrow")


def test_one_patient_support_slot_and_round():
    for path, name in (("/s/patients/P01", "patient"), ("/s/patients/P07", "restricted"),
                       ("/s/supports/S001", "support"), ("/s/slots/s-2", "slot"),
                       ("/s/sessions/kingsley.shah.2026-11-30", "session"),
                       ("/s/patients/P01/links", "links")):
        looks_right(path, name)


def test_forms():
    for path, name in (("/s/admit", "admit"), ("/s/patients/P01/question", "question"), ("/s/round", "round-add"),
                       ("/s/sessions/kingsley.shah.2026-11-30/cover", "session-cover"), ("/s/feedback", "feedback"), ("/s/patients/P01/edit", "edit"),
                       ("/s/patients/P01/support", "support-add"), ("/s/supports/S001/withdraw", "withdraw"),
                       ("/s/slots/s-2/cancel", "slot-cancel"), ("/s/slots/s-2/move", "slot-move"),
                       ("/s/away/consultant", "away-consultant")):
        looks_right(path, name, "narrow")


def test_an_admission_says_what_is_wrong_at_the_field():
    go("/s/admit")
    browser.fill("Bed", "26")
    equal(browser.press("Admit"), 422)
    judge("admit-wrong")
    contains(browser.text(), "Fill this in")
    browser.fill("Name", names["P01"])
    browser.choose("Dr Asha Shah")
    browser.fill("The patient's own phone", "12")
    equal(browser.press("Admit"), 422)
    contains(browser.text(), "not a phone number")
    browser.fill("The patient's own phone", "07700 900123")
    equal(browser.press("Admit"), 200)
    contains(browser.text(), f"{names['P01']} in bed 1 on this ward has the same name")
    judge("admit-twin")
    equal(browser.press("Yes, do this"), 200)
    contains(browser.text(), "The patient is admitted.")


def test_what_wants_a_yes_is_shown_first():
    go("/s/patients/P02/discharge")
    equal(browser.press("Go on"), 200)
    contains(browser.text(), "Who is told")
    judge("confirm")
    equal(ward.ctl("patient", "show", "P02")["patient"]["status"], "current")
    browser.follow("Go back, change nothing")
    equal(ward.ctl("patient", "show", "P02")["patient"]["status"], "current")


def test_who_rings_is_told_nothing_that_is_not_agreed():
    for name, said in (("Rex Marlow", "Not agreed: neither confirm nor deny"),
                       ("Nobody Known", "Nobody of that name has been agreed")):
        go("/s/caller")
        browser.fill("The caller's name", name)
        equal(browser.press("Look"), 200)
        contains(browser.text(), said)
        lacks(browser.address(), "Rex")
    judge("caller-found")


def test_a_reason_is_asked_for_with_what_changes():
    go("/s/slots/s-2/cancel")
    browser.choose("An emergency on the ward")
    equal(browser.press("Go on"), 200)
    judge("reason")
    equal(browser.press("Yes, do this"), 422)
    contains(browser.text(), "Why? Say why in a few words")
    judge("reason-wrong")


def test_the_tab_key_goes_through_the_admission():
    go("/s/admit")
    names = browser.tabs()
    equal(names[0], "Skip to main content")
    order = [names.index(name) for name in ("Sign out", "Patients", "Name", "Bed", "Admit")]
    equal(order, sorted(order), names)


def test_a_restricted_patient_gets_no_slip():
    go("/s/slips")
    lacks(browser.text("body"), names["P07"])
    contains(browser.text("body"), names["P08"])
    browser.print("desk-slips")


def test_signed_out_is_said():
    equal(browser.press("Sign out"), 200)
    contains(browser.text(), "You are signed out")
    judge("signed-out")
    equal(browser.open(ward.public + "/s/patients"), 403)
    judge("sign-in-first")


def test_the_html_of_all_pages_is_sound():
    browser.check_html()
    browser.close()


if __name__ == "__main__":
    if SANITIZED:
        print("1..0 # SKIP desk_forms.py sends these forms to this build")
    else:
        tests(sys.modules[__name__])
