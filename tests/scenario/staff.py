#!/usr/bin/env python3
"""Who may open the ward's pages: one-time addresses, sessions, proxies, roles, wards.

A stolen, expired, revoked or made-up way in opens nothing, and says no more than that.
"""
import re
import sqlite3
import sys

from wardround import HOST, Ward, equal, fetch, free_port, tests

COOKIE = "__Host-wardround"
ward = Ward().start()


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


if __name__ == "__main__":
    tests(sys.modules[__name__])
