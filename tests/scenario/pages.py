#!/usr/bin/env python3
"""The pages of families and professionals in a real browser without scripts: at every width, in every
language, by keyboard and on paper; each form with good and bad input.
"""
import sys

from browser import Browser
from wardround import Ward, contains, equal, rows, tests

ward = None
browser = None
links = {}


def row_of(placed):
    return next(row for row in rows("supports.csv") if row["agreed_by"] and row["sees"] == "place"
                and row["patient"] in placed)


def test_a_ward_with_links():
    global ward, browser
    browser = Browser()
    ward = Ward().start().fill()
    placed = {slot["patient"] for slot in ward.slots()}
    links["support"] = ward.link("support", row_of(placed)["ref"])


def test_a_page_is_for_everybody():
    equal(browser.open(links["support"]["page"]), 200)
    browser.check("support")
    contains(browser.text(), "Your meeting")


def test_what_leads_nowhere_is_said_on_a_page():
    equal(browser.open(ward.public + "/f/nothing"), 404)
    browser.check("not-found")


def test_the_html_of_all_pages_is_sound():
    browser.check_html()
    browser.close()


if __name__ == "__main__":
    tests(sys.modules[__name__])
