#!/usr/bin/env python3
"""Who may open the ward's pages: one-time addresses, sessions, proxies, roles, wards.

A stolen, expired, revoked or made-up way in opens nothing, and says no more than that.
"""
import html
import re
import sqlite3
import sys

from wardround import HOST, Ward, contains, equal, fetch, free_port, tests, until

COOKIE = "__Host-wardround"
ward = Ward().start()
other = None


def add(name, *words, at=None):
    """(path of the one-time address)"""
    said = (at or ward).ctl("staff", "add", name, *(words or ("--role", "ward", "--ward", "kingsley")))
    path = said["address"].removeprefix((at or ward).public)
    assert re.fullmatch(r"/s/in/[A-Za-z0-9_-]{43}", path), path
    (at or ward).secrets.append(path.removeprefix("/s/in/"))
    return path


def post(path, form=None, cookie=None, port=None, **headers):
    fields = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    if cookie:
        fields["Cookie"] = f"{COOKIE}={cookie}"
    return fetch(port or ward.port, path, "POST", {k: v for k, v in fields.items() if v}, encode(form or {}))


def encode(form):
    from urllib.parse import urlencode
    return urlencode(form, doseq=True)


def open_page(path, cookie=None, port=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if cookie:
        fields["Cookie"] = f"{COOKIE}={cookie}"
    return fetch(port or ward.port, path, headers=fields)


def sign_in(path, port=None):
    answer = post(path, port=port)
    equal(answer.status, 303, answer)
    equal(answer.headers["location"], "/s/")
    match = re.match(rf"{COOKIE}=([A-Za-z0-9_-]{{43}}); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200$",
                     answer.headers["set-cookie"])
    assert match, answer.headers
    ward.secrets.append(match[1])
    return match[1]


def test_a_one_time_address_is_used_up_by_its_post_not_by_looking():
    path = add("ann")
    for _ in range(2):
        equal(open_page(path).status, 200)
    cookie = sign_in(path)
    equal(open_page("/s/", cookie).status, 200)
    equal(open_page(path).status, 404)
    equal(post(path).status, 404)
    equal(open_page("/s/", cookie).status, 200, "the session it opened goes on")


def test_without_a_session_nothing_opens():
    for path in ("/s", "/s/", "/s/patients", "/s/do/patient/hold"):
        equal(open_page(path).status, 403, path)
        equal(open_page(path, "A" * 43).status, 403, path)
    equal(post("/s/do/patient/hold", {"ref": "P01"}).status, 403)
    gone = open_page("/s/", "A" * 43)
    assert "Max-Age=0" in gone.headers["set-cookie"], gone.headers


def test_signing_out_and_revoking_end_it_at_once():
    cookie = sign_in(add("bea"))
    other = sign_in(add("bea"))
    key = re.search(r'name="form" value="([^"]+)"', open_page("/s/", cookie).text)
    if key:
        equal(post("/s/out", {"form": key[1]}, cookie).status, 200)
        equal(open_page("/s/", cookie).status, 403)
    equal(open_page("/s/", other).status, 200)
    ward.ctl("staff", "revoke", "bea")
    equal(open_page("/s/", other).status, 403)
    ward.ctl("staff", "revoke", "bea", code=1)
    ward.ctl("staff", "revoke", "nobody", code=2)


def test_a_cookie_taken_to_another_browser_opens_nothing_and_ends():
    path = add("fay")
    answer = post(path, User_Agent="Mozilla/5.0 (the nurse's)")
    cookie = re.match(rf"{COOKIE}=([^;]+)", answer.headers["set-cookie"])[1]
    ward.secrets.append(cookie)
    equal(open_page("/s/", cookie, User_Agent="Mozilla/5.0 (the nurse's)").status, 200)
    equal(open_page("/s/", cookie, User_Agent="curl/7.88.1").status, 403)
    until("the session has ended", lambda: open_page("/s/", cookie,
                                                     User_Agent="Mozilla/5.0 (the nurse's)").status == 403)
    assert any(entry["verb"] == "staff sign-out" and entry["actor"] == "daemon"
               for entry in ward.ctl("audit", "list")["audit"])


def test_the_database_holds_nothing_that_opens_a_page():
    path = add("cyd")
    cookie = sign_in(add("dan"))
    ward.ctl("staff", "add", "eve", "--role", "ward", "--ward", "kingsley", "--key", "k1")
    again = ward.ctl("staff", "add", "eve", "--role", "ward", "--ward", "kingsley", "--key", "k1")
    equal(open_page(again["address"].removeprefix(ward.public)).status, 200)
    with sqlite3.connect(f"file:{ward.database}?mode=ro", uri=True) as database:
        text = "\n".join(database.iterdump())
    for secret in (path.split("/")[-1], cookie, again["address"].split("/")[-1]):
        assert secret not in text


def form_on(path, cookie, action, at=None):
    """The hidden fields of the form for this action on this page."""
    text = open_page(path, cookie, port=at).text
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', text, re.S)
    assert form, (path, action, text[-2000:])
    return {name: html.unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0])}


def patients(name):
    return [row for row in ward.ctl("patient", "list")["patients"] if row["name"] == name]


def test_an_address_is_good_for_fifteen_minutes_and_a_session_for_thirty_without_use():
    path, cookie = add("fay"), sign_in(add("gus"))
    ward.restart("2026-11-23T08:14:50Z")
    equal(open_page(path).status, 200)
    equal(open_page("/s/", cookie).status, 200)
    ward.restart("2026-11-23T08:16:00Z")
    equal(open_page(path).status, 404)
    equal(post(path).status, 404)
    equal(open_page("/s/", cookie).status, 200)
    ward.restart("2026-11-23T08:46:30Z")
    over = open_page("/s/", cookie)
    equal(over.status, 403)
    contains(over.text, "You have been signed out")
    contains(over.headers["set-cookie"], "Max-Age=0")


def test_a_form_does_what_it_says_once_and_the_audit_names_who():
    cookie = sign_in(add("hal"))
    fields = {**form_on("/s/admit", cookie, "/s/do/patient/admit"), "name": "Tess Marr", "consultant": "shah"}
    first, second = (post("/s/do/patient/admit", fields, cookie) for _ in range(2))
    equal((first.status, second.status), (303, 303))
    equal(first.headers["location"], second.headers["location"])
    equal(len(patients("Tess Marr")), 1)
    ref = patients("Tess Marr")[0]["ref"]
    entry = ward.ctl("audit", "list", "--patient", ref)["audit"][0]
    equal((entry["actor"], entry["verb"]), ("staff:hal", "patient admit"))
    other = post("/s/do/patient/admit", {**fields, "name": "Tess Other"}, cookie)
    equal(other.status, 422)
    contains(other.text, "sent already")
    equal(patients("Tess Other"), [])


def test_forms_from_elsewhere_or_for_somebody_else_are_refused():
    cookie, others = sign_in(add("ida")), sign_in(add("jon"))
    fields = {**form_on("/s/admit", cookie, "/s/do/patient/admit"), "name": "Not Me", "consultant": "shah"}
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": ""},
                    {"Sec_Fetch_Site": "", "Origin": "https://elsewhere.example"},
                    {"Sec_Fetch_Site": "", "Origin": "null"}):
        equal(post("/s/do/patient/admit", fields, cookie, **headers).status, 403, headers)
    for form in ("", "made.up.0000000000000000000000", fields["form"][:-1] + "_", "x" + fields["form"],
                 form_on("/s/admit", others, "/s/do/patient/admit")["form"]):
        equal(post("/s/do/patient/admit", {**fields, "form": form}, cookie).status, 403, form)
    equal(post("/s/do/patient/admit", fields).status, 403)
    equal(post("/s/out", {"form": ""}, cookie).status, 403)
    equal(patients("Not Me"), [])
    ours = post("/s/do/patient/admit", fields, cookie, Sec_Fetch_Site="", Origin=ward.public)
    equal(ours.status, 303)
    equal(len(patients("Not Me")), 1)


def test_a_form_leads_nowhere_but_here():
    cookie = sign_in(add("kai"))
    fields = form_on("/s/caller", cookie, "/s/caller")
    for page in ("https://elsewhere.example/", "//elsewhere.example/s/", "/s/\r\nSet-Cookie: a=b", "/f/x"):
        answer = post("/s/do/patient/hold", {"form": fields["form"], "page": page, "then": page, "ref": "P01"}, cookie)
        assert "elsewhere" not in answer.headers.get("location", ""), answer
        equal(answer.status in (404, 422), True, answer)


ASPEN = """
ward aspen {
    name = "Aspen Ward"
    beds = 5
    contact-phone = "01632 960010"
    round nowak {
        consultant = "nowak"   days = { "Friday" }   from = "14:00"   to = "16:00"
        slot = "25 minutes"    room = "Room 2"
    }
}
"""


def test_another_ward_is_nowhere_and_another_role_may_not():
    global other
    other = Ward(more=ASPEN).start().fill()
    aspen = other.ctl("patient", "admit", "--ward", "aspen", "--name", "Una Quell", "--consultant", "nowak")["patient"]["ref"]
    support = other.ctl("support", "add", "--patient", aspen, "--name", "Val Quell", "--relation", "aunt", "--sees", "time",
                        "--agreed-by", "patient")["support"]["ref"]
    cookie = sign_in(add("ann", at=other), other.port)
    shah = sign_in(add("shah", "--role", "consultant", "--ward", "kingsley", at=other), other.port)
    key = form_on("/s/caller", cookie, "/s/caller", other.port)["form"]
    for path in (f"/s/patients/{aspen}", f"/s/patients/{aspen}/edit", f"/s/supports/{support}", f"/s/patients/{aspen}/links",
                 f"/s/admit?ref={aspen}", "/s/sessions/aspen.nowak.2026-12-04"):
        answer = open_page(path, cookie, other.port)
        equal(answer.status, 404, path)
        assert "Quell" not in answer.text
    for noun, verb, fields in (
            ("patient", "hold", {"ref": aspen, "why": "x"}), ("patient", "edit", {"ref": aspen, "name": "x"}),
            ("support", "edit", {"ref": support, "name": "x"}), ("support", "add", {"patient": aspen, "name": "x"}),
            ("session", "cancel", {"id": "aspen.nowak.2026-12-04"}), ("link", "new", {"patient": aspen}),
            ("away", "add", {"patient": aspen, "from": "2026-12-01T10:00", "to": "2026-12-01T11:00", "why": "x"}),
            ("away", "add", {"room": "aspen/Room 2", "from": "2026-12-01T10:00", "to": "2026-12-01T11:00", "why": "x"})):
        answer = post(f"/s/do/{noun}/{verb}", {"form": key, "page": "/s/", "yes": "true", **fields}, cookie, other.port)
        equal(answer.status, 404, (noun, verb, answer))
    equal(other.ctl("patient", "show", aspen)["patient"]["name"], "Una Quell")
    equal(open_page("/s/patients", shah, other.port).status, 404)
    theirs = other.slots("--consultant", "nowak", "--week", "2026-W49")[0]["slot"]
    own = form_on("/s/rounds?day=2026-11-30", shah, "/s/out", other.port)["form"]
    for noun, verb, fields in (("patient", "hold", {"ref": "P01", "why": "x"}), ("plan", "publish", {"week": "2026-W49"}),
                               ("slot", "start", {"slot": theirs}), ("session", "late", {"id": "kingsley.nowak.2026-12-02", "minutes": "5"})):
        answer = post(f"/s/do/{noun}/{verb}", {"form": own, "page": "/s/", **fields}, shah, other.port)
        equal(answer.status, 403, (noun, verb, answer))
    other.ctl("staff", "add", "ann", "--role", "ward", "--ward", "aspen")
    equal(open_page("/s/", cookie, other.port).status, 403, "who comes to another ward signs in anew")


def test_a_header_counts_from_a_trusted_proxy_only():
    proxied = Ward(edit=lambda text: text.replace('listen     = "',
                   'sign-in-header = "X-Remote-User"\ntrusted-proxies = { "127.0.0.1/32" }\nlisten     = "')).start()
    proxied.ctl("staff", "add", "ann", "--role", "ward", "--ward", "kingsley")
    equal(open_page("/s/", None, proxied.port, X_Remote_User="ann").status, 200)
    equal(open_page("/s/", None, proxied.port, X_Remote_User="bob").status, 403)
    equal(open_page("/s/", None, proxied.port).status, 403)
    fields = {**form_on_proxied(proxied), "name": "By Proxy", "consultant": "shah"}
    equal(post("/s/do/patient/admit", fields, None, proxied.port, X_Remote_User="ann").status, 303)
    proxied.ctl("staff", "revoke", "ann")
    equal(open_page("/s/", None, proxied.port, X_Remote_User="ann").status, 403)
    proxied.stop()
    equal(open_page("/s/", None, ward.port, X_Remote_User="hal").status, 403, "nobody trusts this peer")


def form_on_proxied(proxied):
    text = open_page("/s/admit", None, proxied.port, X_Remote_User="ann").text
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"',
                           re.search(r'<form[^>]*action="/s/do/patient/admit".*?</form>', text, re.S)[0]))


def test_an_address_of_their_own_leaves_nothing_on_the_public_one():
    port = free_port()
    apart = Ward(edit=lambda text: f'listen-staff = "{HOST}:{port}"\nstaff-url = "http://{HOST}:{port}"\n' + text).start().fill(None)
    said = apart.ctl("staff", "add", "ann", "--role", "ward", "--ward", "kingsley")
    assert said["address"].startswith(f"http://{HOST}:{port}/s/in/"), said
    path = said["address"].removeprefix(f"http://{HOST}:{port}")
    for address in ("/s", "/s/", path):
        equal(open_page(address, None, apart.port).status, 404, address)
    cookie = sign_in(path, port)
    equal(open_page("/s/patients", cookie, port).status, 200)
    equal(open_page("/s/patients", cookie, apart.port).status, 404)
    page = apart.link("patient", "P01")["page"].removeprefix(apart.public)
    equal((open_page(page, None, apart.port).status, open_page(page, None, port).status), (200, 404))
    apart.stop()


def test_who_reads_pages_with_names_is_in_the_audit_even_after_a_power_cut():
    cookie = sign_in(add("lea"))
    ward.ctl("patient", "admit", "--ward", "kingsley", "--name", "Wim Brook", "--consultant", "shah", "--ref", "P90")
    for _ in range(3):
        equal(open_page("/s/patients/P90", cookie).status, 200)
    ward.kill()
    ward.start()
    read = [entry for entry in ward.ctl("audit", "list", "--patient", "P90")["audit"] if entry["verb"] == "page open"]
    equal([(entry["actor"], entry["refs"][0]) for entry in read], [("staff:lea", "page:/s/patients/P90")])
    equal(open_page("/s/patients/P90", cookie).status, 200, "the session survives")


def test_guesses_are_limited_like_those_of_links():
    statuses = [open_page("/s/in/" + "A" * 43).status for _ in range(25)]
    equal(set(statuses), {404, 429})
    equal(statuses[-1], 429)
    equal(open_page("/s/in/short").status, 429)
    cookie = sign_in(add("mia"))
    equal(open_page("/s/", cookie).status, 200, "what is valid is never limited")


if __name__ == "__main__":
    tests(sys.modules[__name__])
