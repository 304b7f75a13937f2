#!/usr/bin/env python3
"""Every kind of link through every change of consent: what may not be read there stands in no feed (plain, coded
or asked for with the tag of before), no page, no reply page and no header, and what may is there at once. All of
it has been fetched before each change, so that anything kept would be seen.
"""
import gzip
import re
import sys

from wardround import Ward, contains, equal, lacks, rows, tests, unfolded

WEEK = "2026-W49"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22,43}")
TELLING = re.compile(r"(?i)\b(wards?|rounds?|hospitals?|patients?|inpatients?|wardroundd?|wardctl|kingsley|nhs)\b")
PLACE = ("Melbury Lodge", "Winchester", "Ring at the main door", "Quiet Room", "Family Room")
STAFF_LINE = "01632 960001"
JOINING = ("meet.example.org", "01632 960002")
NOTE = "Zebra crossing at noon"
LEVELS = ("nothing", "time", "place", "all")

ward = None
own = None        # the support whose consent changes
other = None      # another support of the same patient
elsewhere = None  # the same person's row of another patient
links = {}        # kind: link
tags = {}         # kind: ETag of what was fetched last


def names_of_patients():
    return {row["ref"]: row["name"] for row in rows("patients.csv")}


def names_of_staff():
    return ("Shah", "Osei", "Nowak")


def plain(text):
    return TOKEN.sub("", "\n".join(unfolded(text)))


def fetch_feed(link, kind):
    """Plain, coded, conditional and without body, all of one state: a week that is planned again after
    a change may say a moment later who else can come."""
    for _ in range(20):
        full = ward.fetch(link["feed"])
        coded = ward.fetch(link["feed"], headers={"Accept-Encoding": "gzip"})
        known = ward.fetch(link["feed"], headers={"If-None-Match": tags.get(kind, '"none"')})
        head = ward.fetch(link["feed"], method="HEAD")
        if ward.fetch(link["feed"]).headers["etag"] == full.headers["etag"]:
            return full, coded, known, head
    raise AssertionError(f"{kind}: the feed never rests")


def fetch_all(link, kind):
    """Everything that a link shows, by name; {} of what has ended."""
    found = {}
    full, coded, known, head = fetch_feed(link, kind)
    equal((full.status, coded.status, head.status), (200, 200, 200), kind)
    equal(gzip.decompress(coded.body), full.body, kind)
    equal(known.status, 304 if full.headers["etag"] == tags.get(kind) else 200, kind)
    tags[kind] = full.headers["etag"]
    found["feed"] = plain(full.text)
    found["its headers"] = plain("".join(f"{name}: {value}\n" for one in (full, coded, known, head)
                                         for name, value in one.headers.items() if name != "host"))
    page = ward.fetch(link["page"])
    assert page.status in (200, 410), (kind, page.status)
    found["page"] = plain(page.everything) if page.status == 200 else ""
    for code in set(re.findall(r"/r/([A-Za-z0-9_-]{22})", full.text + page.text)):
        answer = ward.fetch("/r/" + code)
        equal(answer.status, 200, f"{kind}: reply page")
        found[f"reply page {len(found)}"] = plain(answer.everything)
    return found


def forbidden_to_support(sees, patients):
    """Words that a support may not read who sees so much of these patients, and nothing of others."""
    names = names_of_patients()
    words = [name for ref, name in names.items() if ref not in patients or sees != "all"]
    words += [row["name"] for row in rows("supports.csv")
              if row["name"] not in (own["name"], elsewhere["name"])]
    words += [NOTE, *names_of_staff()]
    if sees != "all":
        words.append(STAFF_LINE)
    if sees not in ("place", "all"):
        words += PLACE
    return words


def judge_support(kind, sees, patients):
    found = fetch_all(links[kind], kind)
    for where, text in found.items():
        for word in forbidden_to_support(sees, patients):
            lacks(text, word, f"{kind} ({sees}), {where}")
        if sees != "all":
            telling = TELLING.search(text)
            assert not telling, f"{kind} ({sees}), {where}: {telling[0]!r} in {text[max(0, telling.start() - 200):][:400]!r}"
    for word in JOINING:
        lacks(found["feed"], word, f"{kind}, feed: joining is never in a feed")
    return found


def judge_staff(kind):
    found = fetch_all(links[kind], kind)
    for where, text in found.items():
        for name in [*names_of_patients().values(), *(row["name"] for row in rows("supports.csv"))]:
            lacks(text, name, f"{kind}, {where}")
        for word in (NOTE, *JOINING, "07700"):
            lacks(text, word, f"{kind}, {where}")


def judge_patient():
    """A patient reads of the people they have themselves, and of nobody else."""
    found = fetch_all(links["patient"], "patient")
    own_patient = own["patient"]
    mine = {row["name"] for row in rows("supports.csv") if row["patient"] == own_patient}
    for where, text in found.items():
        for ref, name in names_of_patients().items():
            if ref != own_patient:
                lacks(text, name, f"patient, {where}")
        for row in rows("supports.csv"):
            if row["name"] not in mine:
                lacks(text, row["name"], f"patient, {where}")
        for word in (*JOINING, NOTE, "07700 900999"):
            lacks(text, word, f"patient, {where}")
    return found


def judge_all(sees):
    """`sees`: what the support may see of its patient now; the person sees another patient's time as well."""
    patients = (own["patient"],)
    found = judge_support("support", sees, patients)
    there = [part for part in PLACE if part in found["feed"]]
    if sees == "nothing":
        contains(found["feed"], "This calendar has ended")
        equal(found["page"], "")
    else:
        contains(found["feed"], "DTSTART;TZID=Europe/London")
        equal(bool(there), sees in ("place", "all"), f"{sees}: {there}")
        equal(names_of_patients()[own["patient"]] in found["feed"], sees == "all", sees)
    both = judge_support("person", sees, patients)
    contains(both["feed"], "DTSTART;TZID=Europe/London")
    equal(both["feed"].count("BEGIN:VEVENT"), 1 + (sees != "nothing"), "meetings of the person")
    for kind in ("consultant", "ward"):
        judge_staff(kind)
    judge_patient()


def test_a_ward_with_a_link_of_every_kind():
    global ward, own, other, elsewhere
    ward = Ward().start().fill(week=None)
    for ref, name in names_of_patients().items():
        ward.ctl("patient", "edit", ref, "--label", f"Kingsley ward round with {name}")
    ward.plan(WEEK)
    placed = {slot["patient"] for slot in ward.slots() if slot["state"] == "published"}
    agreed = [row for row in rows("supports.csv") if row["agreed_by"] and row["patient"] in placed]
    own = next(row for row in agreed if row["sees"] == "place" and not row["person"] and
               sum(one["patient"] == row["patient"] for one in agreed) > 1)
    other = next(row for row in agreed if row["patient"] == own["patient"] and row["ref"] != own["ref"])
    third = next(ref for ref in sorted(placed) if ref != own["patient"])
    person = next(one for one in ward.ctl("support", "list", "--patient", own["patient"])["supports"]
                  if one["ref"] == own["ref"])["person"]
    ref = ward.ctl("support", "add", "--patient", third, "--name", own["name"], "--relation", "advocate", "--sees",
                   "time", "--agreed-by", "patient", "--person", person)["support"]["ref"]
    elsewhere = {"ref": ref, "patient": third, "name": own["name"]}
    slot = next(slot for slot in ward.slots("--patient", own["patient"]) if slot["state"] == "published")
    ward.ctl("reply", "add", "--support", other["ref"], "--slot", slot["slot"], "--answer", "phone", "--note", NOTE)
    links.update(support=ward.link("support", own["ref"]), person=ward.link("person", person),
                 patient=ward.link("patient", own["patient"]), consultant=ward.link("consultant", "shah"),
                 ward=ward.link("ward", "kingsley"))
    judge_all("place")


def test_each_level_becomes_each_other_at_once():
    seen = "place"
    for sees in ("time", "all", "time", "place", "all", "place"):
        ward.ctl("support", "edit", own["ref"], "--sees", sees, "--yes")
        assert sees != seen
        judge_all(sees)
        seen = sees


def test_nothing_is_nothing_and_can_be_more_again():
    for sees in ("nothing", "all", "nothing", "time", "nothing", "place"):
        ward.ctl("support", "edit", own["ref"], "--sees", sees, "--yes")
        judge_all(sees)


def test_withdrawn_consent_is_nothing_until_it_is_given_again():
    for sees in ("all", "time"):
        ward.ctl("support", "withdraw", own["ref"], "--yes")
        judge_all("nothing")
        ward.ctl("support", "agree", own["ref"], "--agreed-by", "patient", "--sees", sees)
        judge_all(sees)


def test_who_is_coming_is_told_to_the_patient_only_as_long_as_they_may():
    ward.ctl("support", "withdraw", other["ref"], "--yes")
    found = judge_patient()
    lacks(found["feed"], other["name"], "the patient's feed")
    judge_all("time")


def test_a_restricted_patient_has_ended_everywhere():
    ward.ctl("patient", "edit", own["patient"], "--restricted", "--yes")
    judge_all_ended()
    ward.ctl("patient", "edit", own["patient"], "--restricted", "false", "--yes", code=None)


def judge_all_ended():
    for kind in ("support", "patient"):
        found = fetch_all(links[kind], kind)
        contains(found["feed"], "This calendar has ended")
        equal(found["page"], "", kind)
        assert not TELLING.search(found["feed"]), found["feed"]
    both = judge_support("person", "nothing", (own["patient"],))
    equal(both["feed"].count("BEGIN:VEVENT"), 1, "the other patient's meeting stays")
    for kind in ("consultant", "ward"):
        judge_staff(kind)


def test_discharge_ends_what_was_seen_of_this_patient_only():
    ward.ctl("patient", "discharge", own["patient"], "--yes")
    judge_all_ended()
    ward.ctl("patient", "discharge", elsewhere["patient"], "--yes")
    found = fetch_all(links["person"], "person")
    contains(found["feed"], "This calendar has ended")
    equal(found["page"], "")


def test_consent_was_for_that_stay():
    row = {one["ref"]: one for one in rows("patients.csv")}[own["patient"]]
    ward.ctl("patient", "admit", "--ref", own["patient"], "--ward", "kingsley", "--name", row["name"], "--consultant",
             row["consultant"], "--bed", "24")
    found = fetch_all(links["support"], "support")
    contains(found["feed"], "This calendar has ended")
    equal(found["page"], "")


if __name__ == "__main__":
    tests(sys.modules[__name__])
