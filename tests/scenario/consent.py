#!/usr/bin/env python3
"""Nobody sees what the patient has not agreed to: for every level of consent and every kind of link, what
gives the stay, the patient or other people away is in no feed, page, header or notice. Narrowing,
withdrawing, revoking and discharging act at once, on what is cached, on pages, and on what waits.
"""
import datetime
import json
import re
import sys

from wardround import SECRET, Receiver, Ward, contains, equal, lacks, read_calendar, rows, tests, unfolded, until

WEEK = "2026-W49"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22,43}")
TELLING = re.compile(r"(?i)\b(ward|wards|round|rounds|hospital|patients?|inpatients?|wardroundd?|wardctl|kingsley|nhs|shah|osei|nowak)\b")
PLACE = ("Melbury Lodge", "Winchester", "Ring at the main door", "Quiet Room", "Family Room")
refused = set()  # paths of endpoints that answer 503 for now
receiver = Receiver(lambda request: 503 if request["path"] in refused else 204)
ward = None
supports = {}  # by level: a row of a support whose patient has a slot


def people():
    return {row["ref"]: row for row in rows("patients.csv")}


def test_a_ward_whose_patient_chose_a_telling_label():
    global ward
    ward = Ward(clock="2026-11-23T08:00:00Zx60", more=receiver.section(**{"send-contact": "true"}),
                files={"sms.secret": (SECRET + "\n", 0o600)}).start().fill(week=None)
    for row in people().values():
        ward.ctl("patient", "edit", row["ref"], "--label", "Kingsley ward round with " + row["name"])
    ward.plan(WEEK)
    placed = {slot["patient"] for slot in ward.slots() if slot["state"] == "published"}
    for row in rows("supports.csv"):
        if row["agreed_by"] and row["patient"] in placed and (row["phone"] or row["email"]):
            supports.setdefault(row["sees"], row)
    patient = supports["time"]["patient"]
    ref = ward.ctl("support", "add", "--patient", patient, "--name", "Una Slate", "--relation", "aunt", "--sees",
                   "nothing", "--agreed-by", "patient", "--phone", "07700 900556")["support"]["ref"]
    supports["nothing"] = {"ref": ref, "patient": patient, "sees": "nothing", "name": "Una Slate"}
    equal(set(supports), {"nothing", "time", "place", "all"})


def secrets_of(row):
    """Names that this support must not read: the patient's, and other supports' of the same patient."""
    others = [other["name"] for other in rows("supports.csv")
              if other["patient"] == row["patient"] and other["ref"] != row["ref"]]
    return others + ([] if row["sees"] == "all" else [people()[row["patient"]]["name"]])


def plain(text):
    return TOKEN.sub("", text).replace("\r\n ", "")


def judge(row, text, what):
    text = plain(text)
    for name in secrets_of(row):
        lacks(text, name, what)
    if row["sees"] != "all":
        found = TELLING.search(text)
        assert not found, f"{what}: {found[0]!r} in {text[max(0, found.start() - 200):found.end() + 100]!r}"
    if row["sees"] == "time":
        for part in PLACE:
            lacks(text, part, what)


def reply_page(feed):
    return re.search(r"https?://\S+?(/r/[A-Za-z0-9_-]{22})", "\n".join(unfolded(feed.text)))[1]


def test_each_level_sees_its_own_and_no_more():
    for level in ("time", "place", "all"):
        row = supports[level]
        link = ward.link("support", row["ref"])
        feed, page = ward.fetch(link["feed"]), ward.fetch(link["page"])
        equal((feed.status, page.status), (200, 200))
        joined = "\n".join(unfolded(feed.text))
        judge(row, feed.everything.replace(feed.text, joined), f"the feed ({level})")
        judge(row, page.everything, f"the page ({level})")
        reply = ward.fetch(reply_page(feed))
        equal(reply.status, 200)
        judge(row, reply.everything, f"the reply page ({level})")
        if level == "place":
            assert any(part in joined for part in PLACE[3:]), joined
            contains(joined.replace("\\,", ","), "Melbury Lodge, Winchester")
        if level == "all":
            contains(joined, "Kingsley Ward")
            contains(joined, people()[row["patient"]]["name"])
        for asset in re.findall(r'href="(/assets/[^"]+)"', page.text):
            sheet = ward.fetch(asset)
            equal(sheet.status, 200)
            for word in ("ward", "hospital", "patient"):
                lacks(sheet.text.lower().replace("forward", "").replace("downward", ""), word, asset)


def test_a_person_who_supports_several_sees_each_by_its_own_consent():
    shared = {}
    for row in rows("supports.csv"):
        if row["person"]:
            shared.setdefault(row["person"], []).append(row)
    person, mine = next((person, [row for row in some if row["agreed_by"]]) for person, some in shared.items()
                        if sum(bool(row["agreed_by"]) for row in some) > 1
                        and not any(row in supports.values() for row in some))
    for row in mine:
        ward.ctl("support", "edit", row["ref"], "--sees", "time", "--yes")
    link = ward.link("person", person)
    for answer in (ward.fetch(link["feed"]), ward.fetch(link["page"])):
        equal(answer.status, 200)
        for row in mine:
            judge({**row, "sees": "time"}, answer.everything, "the person's link")


def test_consultant_and_ward_links_show_initials_and_bed_only():
    for kind, whose in (("consultant", "shah"), ("ward", "kingsley")):
        link = ward.link(kind, whose)
        for answer in (ward.fetch(link["feed"]), ward.fetch(link["page"])):
            equal(answer.status, 200)
            text = "\n".join(unfolded(answer.text))
            for row in list(people().values()) + rows("supports.csv"):
                lacks(text, row["name"], kind)
    ref = ward.slots("--week", WEEK)[0]["patient"]
    feed = ward.fetch(ward.link("patient", ref)["feed"])
    for row in people().values():
        if row["ref"] != ref:
            lacks("\n".join(unfolded(feed.text)), row["name"], "the patient's feed")


def test_who_sees_nothing_or_is_only_suggested_gets_no_link_and_no_notice():
    ward.ctl("link", "new", "--support", supports["nothing"]["ref"], code=1)
    suggested = ward.ctl("support", "add", "--patient", supports["time"]["patient"], "--name", "Zed Quill", "--relation",
                         "friend", "--sees", "all", "--agreed-by", "", "--phone", "07700 900555")["support"]["ref"]
    ward.ctl("link", "new", "--support", suggested, code=1)
    until("the others are told", lambda: len(receiver.notices("slot.published")) > 10, 40)
    told = {notice["data"]["to"].get("support") for notice in receiver.notices()}
    for ref in [suggested] + [row["ref"] for row in rows("supports.csv") if row["sees"] == "nothing" or not row["agreed_by"]]:
        assert ref not in told, ref


def test_no_notice_names_a_patient_or_gives_a_stay_away():
    until("all levels are told", lambda: {supports[level]["ref"] for level in ("time", "place", "all")} <=
          {notice["data"]["to"].get("support") for notice in receiver.notices()}, 40)
    names = [row["name"] for row in people().values()]
    for request in receiver.taken():
        text = plain(request["body"])
        found = TELLING.search(text)
        assert not found or found[0].lower() == "patient" and '"patient":"P' in text, f"{found[0]!r} in {text}"
        for name in names:
            lacks(text, name, "a notice")


def test_narrowing_acts_on_cached_feeds():
    row = supports["place"]
    link = ward.link("support", row["ref"])
    before = ward.fetch(link["feed"])
    ward.ctl("support", "edit", row["ref"], "--sees", "time", "--yes")
    after = ward.fetch(link["feed"], headers={"If-None-Match": before.headers["etag"]})
    equal(after.status, 200)
    judge({**row, "sees": "time"}, after.everything, "the narrowed feed")
    judge({**row, "sees": "time"}, ward.fetch(link["page"]).everything, "the narrowed page")
    ward.ctl("support", "edit", row["ref"], "--sees", "nothing", "--yes")
    equal(ward.fetch(link["page"]).status, 410)


def ended(link, reply=None, what=""):
    """The end looks the same whatever it was."""
    feed, page = ward.fetch(link["feed"]), ward.fetch(link["page"])
    equal(feed.status, 200, what)
    equal(feed.headers["content-type"], "text/calendar; charset=utf-8", what)
    events = read_calendar(feed.body)["icalendar"]
    equal(len(events), 1, what)
    assert "T" not in events[0]["start"], events
    joined = plain("\n".join(unfolded(feed.text)))
    assert not TELLING.search(joined), joined
    equal(page.status, 410, what)
    contains(page.text, "This link no longer works. If you expected a meeting, ring the number you were given.")
    if reply:
        answer = ward.fetch(reply)
        equal((answer.status, answer.text == page.text), (410, True), what)
        equal(ward.fetch(reply, method="POST", body="answer=no", headers={
            "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}).status, 410, what)
    return page.text, events[0]["summary"]


def test_withdrawing_ends_feed_page_reply_and_what_waits():
    row = supports["time"]
    slot = next(slot for slot in ward.slots("--patient", row["patient"]) if slot["state"] == "published")
    link = ward.link("support", row["ref"])
    feed = ward.fetch(link["feed"])
    reply = reply_page(feed)
    equal([ward.fetch(path).status for path in (link["page"], reply)], [200, 200])
    # something waits: the endpoint is out of order when the slot is cancelled
    refused.add("/sms")
    tried = len(receiver.taken())
    ward.ctl("slot", "cancel", slot["slot"], "--why", "patient-declined", "--reason", "asked", "--yes")

    def waiting():
        return [notice for notice in ward.ctl("notice", "list")["notices"]
                if notice["who"] == row["ref"] and notice["state"] in ("waiting", "sending")]
    until("a notice waits", waiting, 30)
    until("it was tried", lambda: len(receiver.taken()) > tried)
    equal(ward.ctl("support", "withdraw", row["ref"], code=1).error["code"], "needs-yes")
    said = ward.ctl("support", "withdraw", row["ref"], "--yes")
    contains(said.out, "recalled")
    after = ward.fetch(link["feed"], headers={"If-None-Match": feed.headers["etag"]})
    equal(after.status, 200)
    ended(link, reply, "withdrawn")
    until("nothing waits", lambda: not waiting(), 10)
    ward.ctl("link", "new", "--support", row["ref"], code=1)
    mark = len(receiver.taken())
    refused.clear()
    until("the others are told", lambda: len(receiver.taken()) > mark or not [
        one for one in ward.ctl("notice", "list")["notices"] if one["state"] == "waiting"], 30)
    for request in receiver.taken()[mark:]:
        assert json.loads(request["body"])["data"]["to"].get("support") != row["ref"], request["body"]


def test_a_told_withdrawal_says_only_not_to_travel():
    row = supports["all"]
    link = ward.link("support", row["ref"])
    ward.ctl("support", "withdraw", row["ref"], "--tell", "--yes")
    notice = until("the farewell", lambda: [one for one in receiver.notices()
                                            if "do not travel" in one["data"]["text"]], 30)[0]
    equal(notice["data"]["to"]["support"], row["ref"])
    assert "page" not in notice["data"], notice
    judge({**row, "sees": "time"}, json.dumps(notice), "the farewell")
    ended(link, what="told")


def test_revoked_expired_withdrawn_discharged_and_died_look_alike():
    placed = [slot["patient"] for slot in ward.slots("--week", WEEK) if slot["state"] == "published"]
    told = [row for row in rows("supports.csv") if row["patient"] in placed and row["agreed_by"]
            and row["sees"] in ("time", "place") and row not in supports.values()]
    chosen = {}
    for row in told:
        chosen.setdefault(row["patient"], row)
    revoked, expired, withdrawn, gone, dead = list(chosen.values())[:5]
    found = {}
    link = ward.link("support", revoked["ref"])
    reply = reply_page(ward.fetch(link["feed"]))
    ward.ctl("link", "revoke", link["id"], "--yes")
    found["revoked"] = ended(link)
    equal(ward.fetch(reply).status, 200)  # a link is one device; the person still has consent
    soon = datetime.datetime.fromisoformat(ward.now().replace("Z", "+00:00")) + datetime.timedelta(minutes=3)
    link = ward.link("support", expired["ref"], "--expires", soon.strftime("%Y-%m-%dT%H:%M:%SZ"))
    equal(ward.fetch(link["page"]).status, 200)
    until("it expires", lambda: ward.fetch(link["page"]).status == 410, 20)
    found["expired"] = ended(link)
    link = ward.link("support", withdrawn["ref"])
    ward.ctl("support", "withdraw", withdrawn["ref"], "--yes")
    found["withdrawn"] = ended(link)
    for name, row, more in (("discharged", gone, []), ("died", dead, ["--died"])):
        link = ward.link("support", row["ref"])
        reply = reply_page(ward.fetch(link["feed"]))
        ward.ctl("patient", "discharge", row["patient"], *more, "--yes")
        found[name] = ended(link, reply, name)
    equal(len(set(found.values())), 1, found)


def test_an_ended_feed_is_gone_after_fourteen_days():
    row = next(row for row in rows("supports.csv") if row["agreed_by"] and row["sees"] == "place"
               and row not in supports.values() and ward.ctl("link", "new", "--support", row["ref"], code=None).code == 0)
    link = ward.link("support", row["ref"])
    ward.ctl("link", "revoke", "--support", row["ref"], "--yes")
    ended(link)
    ward.restart("2026-12-06T08:00:00Z")
    ended(link)
    ward.restart("2026-12-08T08:00:00Z")
    equal(ward.fetch(link["feed"]).status, 410)
    equal(ward.fetch(link["page"]).status, 410)
    broken = [promise for promise in ward.promises().values() if promise["n"] == 5 and promise["state"] != "kept"]
    equal(broken, [])


if __name__ == "__main__":
    tests(sys.modules[__name__])
