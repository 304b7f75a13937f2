#!/usr/bin/env python3
"""The control socket by its own description: a week is filled, planned, changed and told over the bare
socket; every route is asked at least once, and every answer, good or bad, is what /v1/openapi.yaml says,
with no key that it does not say.
"""
import json
import os
import sys
import urllib.parse

from wardround import DATA, ROOT, SECRET, Receiver, UnixConnection, Ward, contains, equal, tests, until

sys.path.insert(0, str(ROOT / "tests" / "openapi"))
from check import Description  # noqa: E402

WEEK = "2026-W49"
description = Description()
asked = set()
receiver = Receiver()
ward = Ward(more=receiver.section(events='{ "slot", "reminder", "invite", "task", "reply", "patient" }'),
            files={"sms.secret": (SECRET + "\n", 0o600)})


def call(method, noun, verb, status=200, **args):
    path = f"/v1/{noun}/{verb}"
    asked.add((method, path))
    if method == "GET":
        query = urllib.parse.urlencode(args, doseq=True)
        got, answer = ward.ask("GET", path + ("?" + query if query else ""))
    else:
        got, answer = ward.ask("POST", path, args)
    equal(got, status, f"{method} {path} {args} {answer}")
    equal(description.mistakes(method, path, got, answer, strict=True), [], "mistakes")
    equal(answer["schema"], 1)
    return answer


def get(noun, verb, status=200, **args):
    return call("GET", noun, verb, status, **args)


def post(noun, verb, status=200, **args):
    return call("POST", noun, verb, status, **args)


def slots(state="published"):
    return [slot for slot in get("slot", "list", week=WEEK)["slots"] if slot["state"] == state]


def test_the_description_is_sound_and_the_daemon_serves_the_same():
    ward.start()
    equal(description.own_mistakes(), [])
    peer = UnixConnection(ward.control)
    peer.request("GET", "/v1/openapi.yaml")
    answer = peer.getresponse()
    equal(answer.getheader("Content-Type"), "application/yaml")
    equal(answer.read(), (ROOT / "daemon" / "desk" / "openapi.yaml").read_bytes())
    asked.add(("GET", "/v1/openapi.yaml"))


def test_people_and_times():
    for what in ("patients", "supports", "away"):
        csv = (DATA / "kingsley" / f"{what}.csv").read_text(encoding="utf-8")
        post("import", what, file=f"{what}.csv", csv=csv, dry_run=True)
        post("import", what, file=f"{what}.csv", csv=csv)
        get("export", what)
        post("import", what, 422, file="bad.csv", csv="nothing\nat all\n")
    bad = post("import", "patients", 422, file="bad.csv", csv=(
        "ref,name,ward,consultant,bed,admitted,slots,prefers\nX 1,,nowhere,nobody,1,soon,9,noon\n"))
    contains(json.dumps(bad["error"]["rows"]), "nowhere")
    post("patient", "admit", ward="kingsley", name="Mira Anand", consultant="shah", bed="26", ref="M1",
         admitted="2026-11-22T10:00", slots=1, prefers="morning", label="Meeting", nurse="J Okafor",
         phone="07700 900124", language="en", contact="sms")
    post("patient", "admit", 404, ward="kingsly", name="Nobody", consultant="shah")
    post("patient", "admit", 400, ward="kingsley", consultant="shah")
    post("patient", "admit", 409, ward="kingsley", name="Mira Anand", consultant="shah", ref="M1")
    post("patient", "edit", ref="M1", bed="27", restricted=False)
    post("patient", "hold", ref="M1", why="at the dentist")
    post("patient", "release", ref="M1")
    post("patient", "release", 409, ref="M1")
    get("patient", "list", ward="kingsley")
    post("support", "add", patient="M1", name="Dev Anand", relation="brother", sees="time", agreed_by="",
         ref="D1", phone="07700 900123", free=["Mon 09:00-13:00", "Tue 13:00-17:00"], attends="video")
    post("support", "edit", ref="D1", chosen=True, email="dev@example.org")
    post("support", "agree", ref="D1", sees="all", agreed_by="patient", basis="patient", by_staff="J Okafor")
    post("support", "add", 422, patient="M1", name="X", relation="friend", sees="everything", agreed_by="")
    post("support", "block", patient="M1", name="Somebody Else")
    post("support", "add", 409, patient="M1", name="somebody else", relation="friend", sees="time", agreed_by="")
    get("support", "list", patient="M1")
    get("patient", "show", ref="M1")
    get("patient", "show", 404, ref="M2")
    away = post("away", "add", patient="M1", to="2026-12-09T12:00", why="leave", **{"from": "2026-12-09T09:00"})
    post("away", "add", 422, patient="M1", to="2026-12-09T09:00", why="leave", **{"from": "2026-12-09T12:00"})
    get("away", "list")
    post("away", "remove", id=away["away"]["id"])


def test_a_week_planned_and_published():
    post("plan", "make", ward="kingsley", week=WEEK, dry_run=True)
    get("plan", "show", 404, ward="kingsley", week=WEEK)
    get("plan", "progress")
    post("plan", "stop", 409)
    post("plan", "make", ward="kingsley", week=WEEK)
    get("plan", "show", ward="kingsley", week=WEEK)
    post("plan", "publish", week=WEEK, dry_run=True)
    post("plan", "publish", week=WEEK, yes=True)
    get("plan", "show", ward="kingsley", week=WEEK)
    get("export", "slots", week=WEEK)
    post("plan", "make", 422, ward="kingsley", week="next")
    slot = slots()[0]
    get("slot", "show", slot=slot["slot"])
    get("slot", "places", slot=slot["slot"])
    get("plan", "explain", patient=slot["patient"])
    get("plan", "explain", slot=slot["slot"])
    for tried in ({"force": f"{slot['patient']}={slots()[1]['start'][:16]}"},
                  {"without_session": slot["session"]}, {"without_patient": slot["patient"]}):
        path = "/v1/plan/what-if"
        got, answer = ward.ask("GET", path + "?" + urllib.parse.urlencode({"ward": "kingsley", "week": WEEK, **tried}))
        asked.add(("GET", path))
        if got != 400:  # which questions there are is the planner's to say
            equal(description.mistakes("GET", path, got, answer, strict=True), [], f"{tried}")


def test_links_replies_and_news():
    slot = next(slot for slot in slots() if slot["supports"])
    support = slot["supports"][0]
    post("support", "edit", ref=support, phone="07700 900125")
    link = post("link", "new", support=support, label="telephone")["link"]
    post("link", "new", 400)
    get("link", "list", support=support)
    get("link", "qr", id=link["id"])
    ward.fetch(link["feed"])
    get("link", "fetches", id=link["id"])
    get("link", "qr", 404, id="l-nothing")
    post("link", "send", support=support)
    post("reply", "add", support=support, slot=slot["slot"], answer="phone", note="late shift")
    post("reply", "add", 422, support=support, slot=slot["slot"], answer="perhaps")
    get("reply", "list")
    get("slot", "show", slot=slot["slot"])
    until("something is sent", lambda: receiver.taken())
    get("notice", "list")
    get("notice", "list", state="sent")
    post("notice", "retry", failed=True)
    get("unseen", "list", ward="kingsley")
    post("unseen", "tick", support=support, slot=slot["slot"], how="rang at ten")
    get("webhook", "list")
    post("webhook", "test", name="sms")
    post("webhook", "off", name="sms")
    get("webhook", "list")
    post("webhook", "on", name="sms")
    post("webhook", "on", 404, name="pigeon")
    post("link", "revoke", 404, id="l-nothing")
    post("link", "revoke", id=link["id"], yes=True)


def test_what_a_patient_says():
    slot = next(slot for slot in slots() if slot["supports"])
    patient, support = slot["patient"], slot["supports"][0]
    question = post("question", "add", patient=patient, text="When can I go home?")["question"]["id"]
    post("question", "add", 422, patient=patient, text="x" * 501)
    post("question", "edit", id=question, text="Can I go home?")
    post("question", "edit", 404, id="q-nothing", text="x")
    for one in ({"ward": "kingsley"}, {"patient": patient}, {"slot": slot["slot"]}):
        equal(len(get("question", "list", **one)["questions"]), 1, one)
    page = ward.link("patient", patient)["page"]
    for form in ({"what": "part-alone", "slot": slot["slot"]}, {"what": "sees", "support": support, "sees": "nothing"}):
        equal(ward.fetch(page + "/ask", method="POST", body=urllib.parse.urlencode(form),
                         headers={"Content-Type": "application/x-www-form-urlencoded"}).status, 303)
    equal(len(get("slot", "show", slot=slot["slot"])["slot"]["wishes"]), 1)
    get("slot", "list", patient=patient)
    for task in get("task", "list")["tasks"]:
        if task["kind"] in ("wish", "narrowed"):
            post("task", "decline" if task["kind"] == "wish" else "done", id=task["id"])
    post("question", "remove", id=question)
    get("feedback", "list", ward="kingsley")


def test_changes_of_what_is_published():
    sessions = get("session", "list", ward="kingsley", week=WEEK)["sessions"]
    one, other = [slot for slot in slots() if slot["consultant"] == "shah" and slot["cells"] == 1][:2]
    taken = {slot["start"] for slot in slots() if slot["consultant"] == "shah"}
    free = [start for session in sessions if session["consultant"] == "shah"
            for start in session["starts"] if start not in taken]
    post("slot", "move", 400, slot=one["slot"], to=other["start"])
    post("slot", "move", 409, slot=one["slot"], to=other["start"], reason="swap them")
    post("slot", "swap", 409, slot=one["slot"], **{"with": other["slot"]}, reason="asked")
    swapped = ward.ask("POST", "/v1/slot/swap", {"slot": one["slot"], "with": other["slot"], "reason": "asked",
                                               "dry_run": True})
    equal(description.mistakes("POST", "/v1/slot/swap", *swapped, strict=True), [])
    for start in free:
        got, answer = ward.ask("POST", "/v1/slot/move",
                               {"slot": one["slot"], "to": start, "reason": "asked", "yes": True, "key": "k-" + start})
        equal(description.mistakes("POST", "/v1/slot/move", got, answer, strict=True), [])
        asked.add(("POST", "/v1/slot/move"))
        if got == 200:
            break
    post("slot", "undo", slot=one["slot"], yes=True, reason="mistake")
    post("slot", "lock", slot=other["slot"])
    post("slot", "unlock", slot=other["slot"])
    post("slot", "decline", 409, slot=other["slot"])
    post("slot", "decline", slot=other["slot"], yes=True)
    third, fourth, fifth = [slot for slot in slots()][:3]
    post("slot", "start", 409, slot=third["slot"])
    post("slot", "missed", 409, slot=fourth["slot"], why="patient-asleep")
    ward.restart("2026-11-30T10:00:00Z")
    post("slot", "start", slot=third["slot"])
    post("slot", "finish", slot=third["slot"])
    post("slot", "finish", 409, slot=third["slot"])
    post("slot", "missed", slot=fourth["slot"], why="patient-asleep")
    post("slot", "cancel", slot=fifth["slot"], why="emergency", reason="fire alarm", yes=True)
    late = next(session for session in sessions if session["consultant"] == "nowak")
    post("session", "late", id=late["id"], minutes=20, yes=True)
    post("session", "cover", id=late["id"], by="shah", reason="ill", yes=True, dry_run=True)
    post("session", "cover", 404, id=late["id"], by="nobody", reason="ill")
    added = post("session", "add", round="nowak", ward="kingsley", to="2026-12-11T11:00",
                 **{"from": "2026-12-11T09:00"})["session"]
    post("session", "move", id=added["id"], to="2026-12-11T13:00")
    post("session", "cancel", id=added["id"])
    post("session", "cancel", 404, id="kingsley.nowak.2030-01-01")


def test_tasks_and_the_end_of_consent_and_stay():
    def declined():
        """A proposal that wasn't replaced by a newer one while it was read; there may be none."""
        for task in get("task", "list", ward="kingsley")["tasks"]:
            if task["kind"] == "proposal":
                got, answer = ward.ask("POST", "/v1/task/decline", {"id": task["id"], "note": "no"})
                equal(description.mistakes("POST", "/v1/task/decline", got, answer, strict=True), [])
                return got == 200
        return True
    until("a proposal is declined", declined)
    post("task", "decline", 404, id="t-nothing")
    post("support", "withdraw", 409, ref="D1")
    post("support", "withdraw", ref="D1", yes=True, tell=True)
    support = get("support", "list", patient="P02")["supports"][0]["ref"]
    post("support", "remove", ref=support, yes=True)
    post("patient", "transfer", 404, ref="M1", ward="nowhere")
    post("patient", "transfer", ref="M1", ward="kingsley", yes=True)
    post("patient", "discharge", 409, ref="M1")
    post("patient", "discharge", ref="M1", yes=True)
    post("patient", "discharge", ref="M1", undo=True, yes=True)
    post("patient", "discharge", ref="M1", died=True, yes=True)
    for task in get("task", "list")["tasks"]:
        if task["kind"] != "proposal":
            post("task", "done", id=task["id"], note="rung", yes=True)
            break
    else:
        post("task", "done", 404, id="t-nothing")


def test_the_state_of_it_all():
    get("status", "show")
    get("version", "show")
    get("config", "show")
    post("config", "reload")
    ward.write("wardround.conf", "nothing = at all\n")
    post("config", "reload", 422)
    post("staff", "add", name="ann", role="ward", ward="kingsley")
    post("staff", "add", name="shah", role="consultant", ward="kingsley")
    post("staff", "add", 400, name="bob", role="consultant", ward="kingsley")
    get("staff", "list", ward="kingsley")
    post("staff", "revoke", name="ann")
    get("audit", "list", patient="M1")
    get("audit", "list", **{"from": "2026-11-01T00:00"})
    get("audit", "verify")


def test_receipts_of_a_gateway():
    def receipt(body):
        got, answer = ward.ask("POST", "/v1/receipts", body)
        equal(description.mistakes("POST", "/v1/receipts", got, answer, strict=True), [])
        return got, answer
    asked.add(("POST", "/v1/receipts"))
    one = get("notice", "list", state="sent")["notices"][0]["id"]
    equal(receipt({"notice": one, "status": "delivered"})[1]["taken"], 1)
    equal(receipt({"receipts": [{"notice": one, "status": "sent"}, {"reference": "n-0", "status": "sent"}]})[1]["unknown"], 1)
    equal(receipt({"notice": "n-0", "status": "delivered"})[0], 404)
    equal(receipt({"notice": one, "status": "eaten"})[0], 422)


def test_every_route_was_asked_and_what_is_none_is_said_to_be():
    equal(sorted(description.routes() - asked), [], "never asked")
    for method, path, body in (("GET", "/v1/nothing/here", None), ("POST", "/v1/slot/fly", {})):
        got, answer = ward.ask(method, path, body)
        equal(got, 404)
        equal(answer["error"]["code"], "usage")


tests(sys.modules[__name__])
