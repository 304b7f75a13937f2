#!/usr/bin/env python3
"""A patient's own page from outside: it says when, why and who; narrowing counts at once and widening waits
for a nurse; questions, wishes and three taps reach the ward; every form is tried with what can't be; the
page in each state and language, in a real browser, with the keyboard and on paper.
"""
import re
import sys
import urllib.parse

from browser import Browser
from wardround import SANITIZED, Ward, contains, equal, lacks, rows, tests

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
ward = browser = page = slot = own = None
REF = "P04"


def post(address, action, **fields):
    return ward.fetch(f"{address}/{action}", method="POST", headers=FORM, body=urllib.parse.urlencode(fields))


def sent(action, said, **fields):
    """A form that is taken; the page that comes of it."""
    answer = post(page, action, **fields)
    equal((answer.status, answer.headers.get("location")), (303, page.removeprefix(ward.public) + "?said=" + said))
    return ward.fetch(page + "?said=" + said).text


def refused(action, told, **fields):
    """A form that comes back with words about it, and changes nothing."""
    before = [ward.ctl(noun, "list").json for noun in ("question", "task", "support", "feedback")]
    answer = post(page, action, **fields)
    equal(answer.status, 422, fields)
    contains(answer.text.replace("&#39;", "'"), told)
    equal([ward.ctl(noun, "list").json for noun in ("question", "task", "support", "feedback")], before)
    return answer.text


def judge(name):
    """The judges see the same page from every build."""
    if not SANITIZED:
        browser.check(name)


def test_a_ward_with_a_week_published():
    global ward, page, slot, own
    ward = Ward().start().fill()
    page = ward.link("patient", REF)["page"]
    slot = ward.slots("--patient", REF)[0]
    own = [row for row in rows("supports.csv") if row["patient"] == REF]


def test_the_page_says_when_and_why_and_who():
    text = ward.fetch(page).text
    for words in ("Thursday 3 December 2026", "11:00am to 11:20am", "Quiet Room", "Dr Asha Shah",
                  "Your care coordinator and your interpreter can both come then."):
        contains(text, words)
    for row in own:
        contains(text, f"{row['name']} ({row['relation']})")


def test_the_page_holds_nothing_of_anybody_else():
    answer = ward.fetch(page)
    names = {row["name"] for row in own}
    for row in rows("supports.csv") + rows("patients.csv"):
        if row["ref"] != REF and row["name"] not in names:
            lacks(answer.everything, row["name"], "the page")
    for word in ("osei", "nowak", "cost", "P01", "S001"):
        lacks(answer.everything, word, "the page")
    equal(answer.headers["cache-control"], "no-store")


def test_seen_is_confirmed_once():
    contains(sent("seen", "seen", slot=slot["slot"], revision=1), "Staff can see that you know")
    lacks(ward.fetch(page).text, "I have seen this", "the page")
    contains(refused("seen", "", slot=slot["slot"], revision=9), "There is a problem")
    assert REF not in [one["who"] for one in ward.ctl("unseen")["unseen"] if one["slot"] == slot["slot"]]


def test_questions_reach_the_round():
    contains(sent("questions", "noted", text="When can I go home?"), "When can I go home?")
    contains(sent("questions", "noted", text="Line one\nline two"), "Line one line two")
    equal([one["text"] for one in ward.slot(slot["slot"])["questions"]], ["When can I go home?", "Line one line two"])
    first, second = (one["id"] for one in ward.slot(slot["slot"])["questions"])
    sent("questions", "noted", question=first, text="Can I go home on Friday?")
    sent("questions", "taken-out", question=second, remove=1)
    equal([one["text"] for one in ward.ctl("question", "list", "--patient", REF)["questions"]],
          ["Can I go home on Friday?"])
    contains(refused("questions", "Write your question first.", text=""), 'href="#question-new"')
    refused("questions", "That is too long.", text="é" * 501)
    equal(post(page, "questions", text="a\x07b").status, 400)
    refused("questions", "That can't be taken as it was sent.", text="x" * 5000)
    refused("questions", "That question is not there any more.", question="q-99", text="mine")
    contains(refused("questions", "That is too long.", question=first, text="<i>" + "x" * 600), "&lt;i&gt;xxx")


def test_another_patients_question_is_out_of_reach():
    ward.ctl("question", "add", "--patient", "P05", "--text", "not yours")
    other = ward.ctl("question", "list", "--patient", "P05")["questions"][0]["id"]
    for fields in ({"text": "mine"}, {"remove": 1}):
        lacks(refused("questions", "That question is not there any more.", question=other, **fields), "not yours")


def test_narrowing_counts_at_once():
    support = next(row for row in own if row["sees"] == "place")
    feed = ward.link("support", support["ref"])["feed"]
    ward.fetch(feed)
    contains(ward.fetch(feed).text, "LOCATION")
    contains(sent("ask", "narrowed", what="sees", support=support["ref"], sees="time"), "That counts from now on.")
    lacks(ward.fetch(feed).text, "LOCATION", "the feed")
    contains(sent("ask", "narrowed", what="uninvite", support=support["ref"]), "That counts from now on.")
    lacks(ward.fetch(page).text, support["name"], "the page")
    equal(ward.fetch(feed.removesuffix(".ics")).status, 410)
    tasks = [task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == "narrowed"]
    equal(len(tasks), 2)
    contains(tasks[0]["text"], "can't be recalled")


def test_widening_and_adding_wait_for_a_nurse():
    ward.ctl("support", "edit", "S012", "--sees", "time")
    feed = ward.link("support", "S012")["feed"]
    contains(sent("ask", "asked", what="sees", support="S012", sees="all"), "You asked that this person may see")
    lacks(ward.fetch(feed).text, "Kingsley", "the feed")
    task = next(task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == "widen")
    contains(task["text"], "in private")
    ward.ctl("task", "done", task["id"], "--yes")
    contains(ward.fetch(feed).text, "Kingsley")
    sent("ask", "asked", what="add", name="Ann Vale", relation="aunt", sees="time", phone="07700 900321")
    lacks(str(ward.ctl("support", "list", "--patient", REF).json), "Ann Vale")
    task = next(task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == "widen")
    ward.ctl("task", "done", task["id"], "--yes")
    contains(str(ward.ctl("support", "list", "--patient", REF).json), "Ann Vale")
    contains(ward.fetch(page).text, "Ann Vale (aunt)")


def test_a_declined_wish_is_told_without_staffs_note():
    sent("ask", "asked", what="part-alone", slot=slot["slot"], revision=1, words="only the doctor")
    task = ward.slot(slot["slot"])["wishes"][0]
    equal((task["wish"], task["words"]), ("part-alone", "only the doctor"))
    ward.ctl("task", "decline", task["task"], "--note", "not this week")
    text = ward.fetch(page).text
    contains(text, "Not done. Staff looked at it")
    lacks(text, "not this week", "the page")


def test_wishes_that_can_not_be_come_back():
    other = next(one for one in ward.slots() if one["patient"] == "P05")
    refused("ask", "Your ward round has changed", what="another-time", slot=slot["slot"], revision=7)
    refused("ask", "That ward round is not there any more.", what="another-time", slot=other["slot"], revision=1)
    contains(refused("ask", "Choose one of the answers.", words="just so"), 'href="#wish-1"')
    refused("ask", "Choose one of the answers.", what="everything")
    refused("ask", "That is too long.", what="part-alone", words="x" * 501)
    equal(post(page, "ask", what="part-alone", words="a\x00b").status, 400)
    refused("ask", "That person is not on your list", what="sees", support="S001", sees="nothing")
    refused("ask", "Choose one of the answers.", what="sees", support="S013", sees="more")
    contains(refused("ask", "Write the person's name.", what="add", name="", relation="aunt", sees="time"),
             'href="#new-name"')
    refused("ask", "That is not a phone number.", what="add", name="A", relation="b", sees="time", phone="12")
    refused("ask", "Choose one of the answers.", what="add", name="A", relation="b", sees="nothing")
    refused("ask", "Staff have dealt with that already.", what="take-back", task="t-1")
    refused("feedback", "That ward round can't be answered here.", slot=slot["slot"], heard="yes")


def test_a_patient_keeps_the_calendar_on_three_devices():
    for number in range(3):
        contains(sent("keep", "keep", label=f"device {number}"), f"device {number}")
    equal(post(page, "keep", label="one more").status, 422)
    made = [link for link in ward.ctl("link", "list")["links"] if link["who"] == REF and link["label"] == "device 1"]
    feed = re.search(r"/f/[A-Za-z0-9_-]{43}[.]ics", ward.fetch(page).text)[0]
    contains(ward.fetch(feed).text, "SUMMARY:Ward round")
    sent("keep", "removed", remove=made[0]["id"])
    lacks(ward.fetch(page).text, "device 1", "the page")


def test_forms_of_other_doors_are_not_found():
    support = ward.link("support", "S013")["page"]
    unknown = ward.fetch("/f/" + "A" * 43)
    for address, action in ((support, "ask"), (support, "questions"), (support, "feedback"), (page, "free"),
                            (page, "away"), (page, "contact"), (page, "reply"), (page, "stop")):
        answer = post(address, action, what="part-alone")
        equal((answer.status, answer.body), (404, unknown.body), action)
    for action in ("ask", "questions", "feedback"):
        equal(ward.fetch(f"{page}/{action}").status, 405, action)
        answer = ward.fetch(f"{page}/{action}", method="POST", body="what=part-alone",
                            headers={**FORM, "Sec-Fetch-Site": "cross-site"})
        equal(answer.status, 403, action)


def test_on_hold_the_page_rests_and_restricted_it_ends():
    ward.ctl("patient", "hold", REF, "--why", "absent without leave")
    text = ward.fetch(page).text
    contains(text, "You are not on the ward at the moment.")
    lacks(text, "absent", "the page")
    ward.ctl("patient", "release", REF)
    ward.ctl("patient", "edit", REF, "--restricted")
    equal(ward.fetch(page).status, 410)
    equal(post(page, "questions", text="x").status, 410)
    ward.ctl("patient", "edit", REF, "--restricted=false")
    equal(ward.fetch(page).status, 200)


def test_the_page_in_a_browser():
    global browser
    browser = Browser()
    ward.ctl("support", "add", "--patient", REF, "--name", "Kim Hale", "--relation", "friend", "--sees", "time",
             "--agreed-by", "")
    equal(browser.open(page), 200)
    browser.fill("Another question", "May my sister come too?")
    equal(browser.press("Add this question"), 200)
    contains(browser.text(), "May my sister come too?")
    browser.choose("Another time")
    browser.fill("Is there something that staff should know about this? (optional)", "Mornings are hard.")
    equal(browser.press("Send to staff"), 200)
    contains(browser.text(), "Waiting: staff have not dealt with this yet.")
    judge("patient")
    browser.unfold("Ask to invite somebody")
    browser.fill("Name", "Una Hale")
    equal(browser.press("Ask to invite this person"), 422)
    contains(browser.text(), "Write who the person is to you.")
    judge("patient-refused")


def test_by_keyboard_and_on_paper():
    browser.open(page)
    names = browser.tabs()
    equal(names[0], "Skip to main content")
    for name in ("Another question", "Add this question", "Ask to invite somebody", "Send to staff"):
        assert name in names, names
    assert names.index("Add this question") < names.index("Send to staff"), names
    pages = browser.print("patient")
    assert 1 <= pages <= 4, pages


def test_in_welsh_and_arabic():
    for language, words, direction in (("cy", "Eich rownd ward", "ltr"), ("ar", "جولة القسم الخاصة بك", "rtl")):
        ward.ctl("patient", "edit", REF, "--language", language)
        browser.open(page)
        contains(browser.text(), words)
        contains(browser.html(), f'<html lang="{language}" dir="{direction}">')
        judge(f"patient-{language}")
    ward.ctl("patient", "edit", REF, "--language", "en")


def test_three_taps_after_the_round():
    ward.restart("2026-12-03T11:05:00Z")
    ward.ctl("slot", "start", slot["slot"])
    contains(ward.fetch(page).text, "The team has these questions.")
    lacks(ward.fetch(page).text, "How was your ward round?", "the page")
    ward.ctl("slot", "finish", slot["slot"])
    browser.open(page)
    for question in range(3):
        browser.choose(("Yes", "Partly", "No")[question], question)
    judge("patient-feedback")
    equal(browser.press("Send without my name"), 200)
    contains(browser.text(), "without your name")
    lacks(browser.html(), "How was your ward round?", "the page")
    refused("feedback", "You have answered that already.", slot=slot["slot"], heard="yes")
    equal(ward.ctl("feedback", "list").json["waiting"], 1)
    for name in (REF, slot["slot"], "partly"):
        audit = str([one for one in ward.ctl("audit", "list")["audit"] if "feedback" in str(one)])
        lacks(audit, name, "the audit")
    equal([one["text"] for one in ward.ctl("question", "list", "--slot", slot["slot"])["questions"]],
          ["Can I go home on Friday?", "May my sister come too?"])


def test_after_the_stay_the_page_is_gone():
    ward.ctl("patient", "discharge", REF, "--yes")
    answer = ward.fetch(page)
    equal(answer.status, 410)
    contains(answer.text, "This link no longer works. If you expected a meeting, ring the number you were given.")
    equal(post(page, "ask", what="part-alone").status, 410)


def test_the_html_is_sound():
    if not SANITIZED:
        browser.check_html()
    browser.close()


tests(sys.modules[__name__])
