#!/usr/bin/env python3
"""The pages of families and professionals in a real browser without scripts: at every width, in three
languages, by keyboard and on paper; each form with good and bad input; what they may not tell.
"""
import re
import subprocess
import sys

from browser import Browser
from wardround import SANITIZED, Ward, contains, equal, lacks, rows, tests, unfolded

NARROW = ["narrow"]  # where only the layout of one more state is to be judged
ward = None
browser = None
links = {}
who = {}


def chosen(**wanted):
    """An agreed row of a placed patient with these values."""
    placed = {slot["patient"]: slot for slot in ward.slots()}
    return next(row for row in rows("supports.csv") if row["agreed_by"] and row["patient"] in placed
                and not row["person"] and all(row[key] == value for key, value in wanted.items()) and row["ref"] not in who.values())


def slot_of(support):
    patient = next(row["patient"] for row in rows("supports.csv") if row["ref"] == support)
    return next(slot for slot in ward.slots() if slot["patient"] == patient)


def support(ref):
    patient = next(row["patient"] for row in rows("supports.csv") if row["ref"] == ref)
    return next(row for row in ward.ctl("support", "list", "--patient", patient)["supports"] if row["ref"] == ref)


def tasks(kind):
    return [task for task in ward.ctl("task", "list")["tasks"] if task["kind"] == kind]


def judge(name, widths=None):
    if not SANITIZED:
        browser.check(name, widths)


def code_of(link):
    feed = "\n".join(unfolded(ward.fetch(link["feed"]).text))
    return re.search(r"http://\S+?/r/[A-Za-z0-9_-]{22}", feed)[0]


def test_a_ward_with_links():
    global ward, browser
    browser = Browser()
    ward = Ward().start().fill()
    for name, wanted in (("place", {"sees": "place"}), ("time", {"sees": "time", "attends": "phone"}),
                         ("all", {"sees": "all"}), ("welsh", {"sees": "place"}), ("arabic", {"sees": "place"}),
                         ("video", {"sees": "place", "attends": "video"}), ("stranger", {"sees": "time"})):
        who[name] = chosen(**wanted)["ref"]
        links[name] = ward.link("support", who[name])
    ward.ctl("support", "edit", who["welsh"], "--language", "cy")
    ward.ctl("support", "edit", who["arabic"], "--language", "ar")
    people = {}
    for row in rows("supports.csv"):
        if row["person"] and row["agreed_by"]:
            people.setdefault(row["person"], set()).add(row["patient"])
    who["person"] = max(people, key=lambda one: len(people[one]))
    links["person"] = ward.link("person", who["person"])


# ---- what is shown ----

def test_a_meeting_is_shown_as_agreed():
    equal(browser.open(links["place"]["page"]), 200)
    text = browser.text()
    for words in ("Your meeting", "Melbury Lodge", "Ring at the main door", "01632 960009", "I have seen this",
                  "Staff can see this. The meeting goes ahead at"):
        contains(text, words)
    assert re.search(r"(Mon|Tues|Wednes|Thurs)day \d+ (November|December) 2026", text), text
    assert re.search(r"\d+:\d\d[ap]m to \d+:\d\d[ap]m", text), text
    judge("support")
    browser.open(links["time"]["page"])
    lacks(browser.text(), "Melbury Lodge")
    lacks(browser.text(), "main door")
    browser.open(links["all"]["page"])
    contains(browser.text(), "Kingsley Ward")
    contains(browser.text(), "01632 960001")


def test_nothing_gives_the_stay_away():
    """Neither what is read nor what is sent: markup, addresses of the page and of its style sheet."""
    telling = re.compile(r"\b(ward|wards|wardround|rounds?|hospital|patient|inpatient|nhs\w*|kingsley)\b", re.I)
    for name in ("place", "time", "welsh", "arabic"):
        page = ward.fetch(links[name]["page"])
        sheet = re.search(r'href="(/assets/[^"]+)"', page.text)[1]
        style = re.sub(r"/\*.*?\*/", "", ward.fetch(sheet).text, flags=re.S)
        for what in (page.everything, style):
            found = telling.search(what)
            assert not found, f"{name}: {what[max(0, found.start() - 60):found.end() + 60]}"
    for path in ("/f/nothing", "/assets/nothing", "/"):
        assert not telling.search(ward.fetch(path).everything), path


def test_the_tab_key_goes_from_top_to_bottom():
    browser.open(links["place"]["page"])
    equal(browser.tabs(), ["Skip to main content", "01632 960009", "I have seen this", "Yes, in person",
                           "Note for staff (optional)", "Send reply", "Keep this in my calendar",
                           "When you are usually free", "Dates when you are away", "How we reach you",
                           "Stop messages to me", "This isn't me"])


def test_a_page_prints_on_one_sheet():
    browser.open(links["place"]["page"])
    equal(browser.print("support"), 1)


# ---- seen and answered ----

def test_seen_is_said_once():
    browser.open(links["place"]["page"])
    equal(browser.press("I have seen this"), 200)
    contains(browser.text(), "Staff can see that you know")
    lacks(browser.text(), "I have seen this")
    unseen = [row for row in ward.ctl("unseen")["unseen"] if row.get("who") == who["place"]]
    equal(unseen, [])


def test_a_reply_needs_an_answer_and_keeps_the_note():
    browser.open(links["place"]["page"])
    browser.fill("Note for staff (optional)", "Bringing <b>my</b> \"mum\"\nand tea")
    equal(browser.press("Send reply"), 422)
    contains(browser.text(), "There is a problem")
    contains(browser.text(), "Choose whether you can come")
    contains(browser.html(), "Bringing &lt;b&gt;my&lt;/b&gt;")
    judge("support-without-answer")
    browser.choose("Yes, by phone")
    equal(browser.press("Send reply"), 200)
    contains(browser.text(), "You said: yes, by phone.")
    reply = next(one for one in slot_of(who["place"])["replies"] if one["support"] == who["place"])
    equal((reply["answer"], reply["note"]), ("phone", 'Bringing <b>my</b> "mum" and tea'))
    contains([task["slot"] for task in tasks("note")], slot_of(who["place"])["slot"])


def test_a_note_that_is_too_long_is_refused():
    page = links["place"]["page"]
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    slot = slot_of(who["place"])
    body = f"slot={slot['slot']}&revision={slot['revision']}&answer=phone&note="
    equal(ward.fetch(page + "/reply", method="POST", body=body + "%C3%A9" * 1000, headers=form).status, 303)
    answer = ward.fetch(page + "/reply", method="POST", body=body + "%C3%A9" * 1001, headers=form)
    equal(answer.status, 422)
    contains(answer.text, "Write a shorter note")


def test_after_a_move_the_answer_was_for_the_old_time():
    slot = slot_of(who["place"])
    others = [one["slot"] for one in ward.slots() if one["consultant"] == slot["consultant"] and one != slot]
    assert any(ward.ctl("slot", "swap", slot["slot"], other, "--reason", "overrun", "--yes", code=None).code == 0
               for other in others), others
    browser.open(links["place"]["page"])
    text = browser.text()
    for words in ("Answered for the old time", "Last changed: Monday 23 November 2026", "Before that it was",
                  "I have seen this"):
        contains(text, words)
    judge("support-moved", NARROW)


def test_an_old_page_is_not_believed():
    browser.open(links["time"]["page"])
    slot = slot_of(who["time"])
    ward.ctl("slot", "cancel", slot["slot"], "--reason", "emergency", "--why", "emergency", "--yes")
    browser.choose("Yes, by phone")
    equal(browser.press("Send reply"), 422)
    contains(browser.text(), "has changed since you opened this page")
    contains(browser.text(), "Cancelled: Meeting")
    contains(browser.text(), "Please do not travel")
    judge("support-cancelled", NARROW)


def test_a_reply_page_answers_one_meeting():
    code = code_of(links["video"])
    equal(browser.open(code), 200)
    lacks(browser.text(), "When you are usually free")
    judge("reply")
    equal(browser.press("Send reply"), 422)
    browser.choose("Yes, by video")
    equal(browser.press("Send reply"), 200)
    contains(browser.text(), "You said: yes, by video.")
    contains(browser.text(), "appears here 15 minutes before")
    lacks(browser.html(), "meet.example.org")
    equal(browser.press("I have seen this") if "I have seen this" in browser.text() else 200, 200)


# ---- about oneself ----

def test_free_hours_are_added_and_removed():
    browser.open(links["place"]["page"])
    browser.unfold("When you are usually free")
    equal(browser.press("Add this time"), 422)
    contains(browser.text(), "Choose a day of the week")
    browser.select("Day of the week", "Tuesday")
    browser.fill("From", "half nine")
    browser.fill("Until", "12")
    equal(browser.press("Add this time"), 422)
    contains(browser.text(), "Write from when you are free")
    judge("free-wrong")
    for first, last, words in (("9:30", "25:00", "Write until when"), ("12:00", "9:30", "must be after")):
        browser.fill("From", first)
        browser.fill("Until", last)
        equal(browser.press("Add this time"), 422)
        contains(browser.text(), words)
    browser.fill("From", "9.30 am")
    browser.fill("Until", "2pm")
    equal(browser.press("Add this time"), 200)
    contains(browser.text(), "The next plan uses the times you gave")
    contains(browser.text(), "Tuesday, 9:30am to 2:00pm")
    judge("free", NARROW)
    contains(support(who["place"])["free"], "Tue 09:30-14:00")
    equal(browser.press("Remove Tuesday, 9:30am to 2:00pm"), 200)
    lacks(support(who["place"])["free"], "Tue 09:30-14:00")


def test_dates_away_are_added_and_removed():
    browser.open(links["place"]["page"])
    browser.unfold("Dates when you are away")
    for first, last, words in ((("31", "2", "2027"), ("1", "3", "2027"), "first day away as a real date"),
                               (("1", "3", "2027"), ("x", "3", "2027"), "last day away as a real date"),
                               (("5", "3", "2027"), ("1", "3", "2027"), "must be the first day or later"),
                               (("1", "3", "2026"), ("2", "3", "2026"), "must be today or later"),
                               (("1", "3", "2027"), ("1", "4", "2028"), "at most a year apart")):
        for number, date in enumerate((first, last)):
            for label, value in zip(("Day", "Month", "Year"), date):
                browser.fill(label, value, nth=number)
        equal(browser.press("Add these dates"), 422)
        contains(browser.text(), words)
    judge("away-wrong", NARROW)
    for number, date in enumerate((("24", "12", "2026"), ("26", "12", "2026"))):
        for label, value in zip(("Day", "Month", "Year"), date):
            browser.fill(label, value, nth=number)
    equal(browser.press("Add these dates"), 200)
    contains(browser.text(), "Thursday 24 December 2026 to Saturday 26 December 2026")
    away = [one for one in ward.ctl("away", "list")["away"] if one["who"] == who["place"]]
    equal([(one["from"], one["to"]) for one in away], [("2026-12-24T00:00:00+00:00", "2026-12-27T00:00:00+00:00")])
    equal(browser.press("Remove Thursday 24 December 2026 to Saturday 26 December 2026"), 200)
    equal([one for one in ward.ctl("away", "list")["away"] if one["who"] == who["place"]], [])


def test_a_contact_is_changed():
    browser.open(links["place"]["page"])
    browser.unfold("How we reach you")
    browser.fill("Mobile phone number", "nobody")
    browser.fill("Email address", "new@example.org")
    equal(browser.press("Save"), 422)
    contains(browser.text(), "Write a phone number, for example")
    judge("contact-wrong", NARROW)
    browser.fill("Mobile phone number", "07700 900123")
    browser.fill("Email address", "new at example.org")
    equal(browser.press("Save"), 422)
    contains(browser.text(), "Write an email address")
    browser.fill("Email address", "new@example.org")
    browser.select("Language", "Cymraeg (Welsh)")
    equal(browser.press("Save"), 200)
    contains(browser.text(), "Wedi’i gadw")
    row = support(who["place"])
    equal((row["phone"], row["email"], row["language"]), ("+447700900123", "new@example.org", "cy"))
    ward.ctl("support", "edit", who["place"], "--language", "en")


def test_messages_stop_and_start():
    browser.open(links["place"]["page"])
    browser.unfold("Stop messages to me")
    equal(browser.press("Stop messages to me"), 200)
    contains(browser.text(), "You get no more messages from us")
    equal(support(who["place"])["stopped"], True)
    equal(browser.press("Send me messages again"), 200)
    equal(support(who["place"])["stopped"], False)


# ---- keep this in my calendar ----

def test_three_calendar_links_and_no_more():
    browser.open(links["place"]["page"])
    browser.unfold("Keep this in my calendar")
    browser.fill("Name of the device, for example: my phone (optional)", "x" * 41)
    equal(browser.press("Make a calendar link"), 422)
    contains(browser.text(), "Write a shorter name")
    for label in ("My phone", "", "<i>Work</i>"):
        browser.fill("Name of the device, for example: my phone (optional)", label)
        equal(browser.press("Make a calendar link"), 200)
        contains(browser.text(), "Your calendar link is ready")
    text = browser.text()
    for words in ("My phone", "Calendar link", "<i>Work</i>", "You have three calendar links already",
                  "Up to a day late", "Before you travel, look at this page"):
        contains(text, words)
    lacks(text, "Make a calendar link")
    judge("keep")
    made = [link for link in ward.ctl("link", "list", "--support", who["place"])["links"] if link["self_made"]]
    equal(len(made), 3)
    hrefs = [href for _, href in browser.links()]
    for link in made:
        quoted = link["feed"].replace(":", "%3A").replace("/", "%2F")
        for address in (link["webcal"], "https://calendar.google.com/calendar/r?cid=" + quoted.replace("http%3A", "webcal%3A"),
                        "https://outlook.live.com/calendar/0/addfromweb?url=" + quoted,
                        "https://outlook.office.com/calendar/0/addfromweb?url=" + quoted):
            contains(hrefs, address)
        contains(text, link["feed"])
        equal(ward.fetch(link["feed"]).status, 200)
    picture = browser.picture(".ui-code svg", "keep-code")
    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, text=True, check=False)
    contains([link["page"] for link in made], read.stdout.strip())
    fourth = ward.fetch(links["place"]["page"] + "/keep", method="POST", body="label=more",
                        headers={"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"})
    equal(fourth.status, 422)
    equal(browser.press("Remove this link: My phone"), 200)
    contains(browser.text(), "The calendar link was removed")
    equal([ward.fetch(link["page"]).status for link in made if link["label"] == "My phone"], [410])


def test_a_reply_page_leads_to_a_lasting_link():
    browser.open(code_of(links["video"]))
    browser.unfold("Keep this in my calendar")
    equal(browser.press("Make a calendar link"), 200)
    contains(browser.address(), "/f/")
    contains(browser.text(), "Your calendar link is ready")
    lacks(browser.text(), "Remove this link")


# ---- somebody else's number ----

def test_a_stranger_ends_it_for_good():
    code = code_of(links["stranger"])
    browser.open(code)
    browser.unfold("This isn't me")
    equal(browser.press("This isn't me"), 200)
    contains(browser.text(), "You get no more messages from us")
    judge("not-me", NARROW)
    equal((ward.fetch(code).status, ward.fetch(links["stranger"]["page"]).status), (410, 410))
    contains(ward.fetch(links["stranger"]["feed"]).text, "BEGIN:VEVENT")
    row = support(who["stranger"])
    equal((row["stopped"], row["disputed"], row["consent"]), (True, True, "agreed"))
    contains([task["text"] for task in tasks("contact")][-1], who["stranger"])
    ward.ctl("support", "edit", who["stranger"], "--phone", "07700 900555")
    equal((ward.fetch(code).status, ward.fetch(links["stranger"]["page"]).status), (200, 200))
    equal(support(who["stranger"])["stopped"], False)


# ---- somebody with several patients ----

def test_a_professional_sees_all_and_speaks_for_all():
    equal(browser.open(links["person"]["page"]), 200)
    contains(browser.text(), "Your meetings")
    judge("person")
    browser.unfold("Can you come?", nth=1)
    browser.fill("Note for staff (optional)", "late train", nth=1)
    equal(browser.press("Send reply", nth=0), 422)
    contains(browser.text(), "Choose whether you can come")
    judge("person-without-answer", NARROW)
    browser.choose("No, I can't come", nth=1)
    equal(browser.press("Send reply", nth=0), 200)
    contains(browser.text(), "You said: I can't come.")
    browser.unfold("When you are usually free")
    browser.select("Day of the week", "Friday")
    browser.fill("From", "8:00")
    browser.fill("Until", "8:30")
    equal(browser.press("Add this time"), 200)
    rows_of = [row for row in ward.ctl("support", "list", "--person", who["person"])["supports"]
               if row["consent"] == "agreed" and row["sees"] != "nothing"]
    assert len(rows_of) > 1
    for row in rows_of:
        assert any(time.startswith("Fri 08:00") for time in row["free"]), row


def test_staffs_links_show_no_more_than_their_calendars():
    for kind, whose in (("consultant", "shah"), ("ward", "kingsley")):
        link = ward.link(kind, whose)
        equal(browser.open(link["page"]), 200)
        text = browser.text()
        contains(text, "Ward rounds")
        for row in rows("patients.csv") + rows("supports.csv"):
            lacks(text, row["name"])
        lacks(browser.html(), "<form")
        judge(kind, NARROW)
        equal(ward.fetch(link["page"] + "/reply", method="POST", body="answer=no",
                         headers={"Sec-Fetch-Site": "same-origin"}).status, 404)


# ---- languages ----

def test_welsh_and_arabic_are_whole():
    browser.open(links["welsh"]["page"])
    contains(browser.html(), '<html lang="cy" dir="ltr">')
    contains(browser.text(), "Eich cyfarfod")
    judge("welsh")
    browser.open(links["arabic"]["page"])
    contains(browser.html(), '<html lang="ar" dir="rtl">')
    contains(browser.text(), "اجتماعك")
    judge("arabic")
    equal(browser.press("إرسال الرد"), 422)
    contains(browser.text(), "اختر ما إذا كان يمكنك الحضور")
    judge("arabic-wrong")
    browser.choose("نعم، بالهاتف")
    equal(browser.press("إرسال الرد"), 200)
    contains(browser.text(), "كان ردك: نعم، بالهاتف.")


def test_sentences_follow_the_browser_where_nobody_is_known():
    for language, words in (("cy-GB,cy;q=0.9", "Heb ddod o hyd"), ("ar", "الصفحة غير موجودة"),
                            ("fr,en;q=0.5", "Page not found")):
        answer = ward.fetch("/f/nothing", headers={"Accept-Language": language})
        equal(answer.status, 404)
        contains(answer.text, words)


# ---- what is not there, not any more, not now ----

def test_what_leads_nowhere_is_said_on_a_page():
    equal(browser.open(ward.public + "/f/nothing"), 404)
    judge("not-found", NARROW)
    gone = ward.link("support", who["all"])
    ward.ctl("link", "revoke", gone["id"])
    equal(browser.open(gone["page"]), 410)
    contains(browser.text(), "This link no longer works. If you expected a meeting, ring the number you were given.")
    judge("gone", NARROW)
    equal(ward.fetch(links["place"]["page"] + "/nothing").status, 404)
    equal(ward.fetch(links["place"]["page"] + "/questions", method="POST", body="",
                     headers={"Sec-Fetch-Site": "same-origin"}).status, 404)
    equal(ward.fetch(links["place"]["page"] + "/reply").status, 405)


def test_too_many_tries_are_said_on_a_page():
    for number in range(25):
        answer = ward.fetch("/f/" + "%043d" % number)
    equal(answer.status, 429)
    assert int(answer.headers["retry-after"]) > 0
    contains(answer.text, "Wait a minute")
    contains(ward.fetch("/f/" + "z" * 43 + ".ics").headers["content-type"], "text/plain")


def test_joining_is_shown_a_quarter_of_an_hour_before():
    slot = slot_of(who["video"])
    hour = slot["start"][:16]
    at = f"{hour[:11]}{int(hour[11:13]):02d}:{hour[14:16]}:00Z"
    early = minutes_before(at, 16)
    ward.restart(early)
    browser.open(links["video"]["page"])
    lacks(browser.html(), "meet.example.org")
    ward.restart(minutes_before(at, 14))
    browser.open(links["video"]["page"])
    contains([name for name, _ in browser.links()], "Join now")
    contains(browser.html(), 'href="https://meet.example.org/')
    judge("joining", NARROW)
    ward.ctl("session", "late", slot["session"], "--minutes", "20", "--yes", code=None)


def minutes_before(at, minutes):
    hours, now = int(at[11:13]), int(at[14:16])
    total = hours * 60 + now - minutes
    return f"{at[:11]}{total // 60:02d}:{total % 60:02d}:00Z"


def test_the_html_of_all_pages_is_sound():
    if not SANITIZED:
        browser.check_html()
    browser.close()


if __name__ == "__main__":
    tests(sys.modules[__name__])
