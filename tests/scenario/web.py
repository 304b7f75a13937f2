#!/usr/bin/env python3
"""HTTP as browsers, calendar programs and attackers speak it: every row of the table of answers, what
validators and codings do, limits in bytes and seconds, guesses, pipelining, and everything ambiguous;
on TCP, on a Unix socket and on sockets that a service manager passes.
"""
import concurrent.futures
import gzip
import http.client
import os
import re
import socket
import sys
import time

from wardround import (HOST, WARDROUNDD, UnixConnection, Ward, contains, equal, fetch, free_port, lacks, rows,
                       talk, tests, unfolded, until)

WEEK = "2026-W49"
HEAD = f"Host: {HOST}\r\n"
ward = None
links = {}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def row_of(placed):
    return next(row for row in rows("supports.csv") if row["agreed_by"] and row["sees"] == "place"
                and row["patient"] in placed)


def test_a_ward_with_links():
    global ward
    ward = Ward(edit=lambda text: text.replace(
        'listen     = "', 'trusted-proxies = { "127.0.0.9/32" }\nlisten     = "')).start().fill()
    placed = {slot["patient"] for slot in ward.slots()}
    links["support"] = ward.link("support", row_of(placed)["ref"])
    links["patient"] = ward.link("patient", sorted(placed)[0])
    links["consultant"] = ward.link("consultant", "shah")
    links["ward"] = ward.link("ward", "kingsley")


def test_a_feed_has_its_headers():
    for link in links.values():
        answer = ward.fetch(link["feed"])
        equal(answer.status, 200)
        for name, value in (("content-type", "text/calendar; charset=utf-8"), ("cache-control", "private, no-cache"),
                            ("referrer-policy", "no-referrer"), ("x-robots-tag", "noindex"),
                            ("content-length", str(len(answer.body)))):
            equal(answer.headers.get(name), value, name)
        contains(answer.headers["vary"], "Accept-Encoding")
        assert re.fullmatch(r'"[^"]+"', answer.headers["etag"]), answer.headers["etag"]
        contains(answer.headers["last-modified"], "GMT")
        contains(answer.headers["date"], "GMT")
        contains(answer.text, "BEGIN:VCALENDAR\r\n")
        head = ward.fetch(link["feed"], method="HEAD")
        equal((head.status, head.body), (200, b""))
        same = ("etag", "content-length", "content-type", "last-modified", "cache-control")
        equal([head.headers[name] for name in same], [answer.headers[name] for name in same])


def test_validators_answer_304():
    feed = links["support"]["feed"]
    full = ward.fetch(feed)
    etag, modified = full.headers["etag"], full.headers["last-modified"]
    for condition in ({"If-None-Match": etag}, {"If-None-Match": f'"other", W/{etag}'}, {"If-None-Match": "*"},
                      {"If-Modified-Since": modified},
                      {"If-None-Match": etag, "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}):
        answer = ward.fetch(feed, headers=condition)
        equal((answer.status, answer.body), (304, b""), condition)
        equal(answer.headers["etag"], etag)
        assert "content-length" not in answer.headers, answer.headers
        for name in ("cache-control", "vary", "date"):
            assert name in answer.headers, name
    for condition in ({"If-None-Match": '"other"'}, {"If-None-Match": '"other"', "If-Modified-Since": modified},
                      {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"}):
        equal(ward.fetch(feed, headers=condition).status, 200, condition)


def test_gzip_is_a_variant_with_a_tag_of_its_own():
    feed = links["ward"]["feed"]
    full = ward.fetch(feed)
    for accepted in ("gzip", "GZIP;q=0.5, identity;q=0.1", "br, gzip", "*"):
        small = ward.fetch(feed, headers={"Accept-Encoding": accepted})
        equal(small.headers.get("content-encoding"), "gzip", accepted)
        equal(gzip.decompress(small.body), full.body)
        assert small.headers["etag"] != full.headers["etag"]
        equal(ward.fetch(feed, headers={"Accept-Encoding": accepted, "If-None-Match": small.headers["etag"]}).status, 304)
    for accepted in ("gzip;q=0", "identity", "br", "*;q=0, identity"):
        equal(ward.fetch(feed, headers={"Accept-Encoding": accepted}).headers.get("content-encoding"), None, accepted)


def fetches(link, what, client):
    """How often a link was asked for this by such a client, and the slots it showed last."""
    listed = {one["id"]: one for one in ward.ctl("link", "list")["links"]}[link["id"]]
    for one in listed["fetches"]:
        if (one["what"], one["client"]) == (what, client):
            return one["times"], one["slots"]
    return 0, []


def level_of(who):
    return next(line["level"] for line in ward.ctl("unseen")["unseen"] if line["who"] == who)


def test_who_fetched_what_is_known_and_only_a_calendar_that_holds_it_counts():
    row = row_of({slot["patient"] for slot in ward.slots()})
    slot = next(slot for slot in ward.slots("--patient", row["patient"]) if slot["state"] == "published")
    shown = [{"slot": slot["slot"], "revision": slot["revision"]}]
    mine = ward.link("support", row["ref"])
    for agent in ("WhatsApp/2.24.9", "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "curl/7.88.1"):
        equal(ward.fetch(mine["feed"], headers={"User-Agent": agent}).status, 200)
    equal(ward.fetch(mine["page"], headers={"User-Agent": "Slackbot-LinkExpanding 1.0"}).status, 200)
    ward.fetch(mine["feed"], method="HEAD", headers={"User-Agent": "Evolution/3.46.4"})
    for what, client in (("calendar", "robot"), ("calendar", "browser"), ("calendar", "unknown"), ("page", "robot")):
        until(f"{what} by {client} is known", lambda w=what, c=client: fetches(mine, w, c) == (1, shown), 10)
    equal(fetches(mine, "calendar", "calendar")[0], 0, "HEAD brings no calendar")
    assert level_of(row["ref"]) in ("none", "accepted"), level_of(row["ref"])
    etag = ward.fetch(links["support"]["feed"]).headers["etag"]  # of the same person: the same bytes
    answer = ward.fetch(mine["feed"], headers={"User-Agent": "Evolution/3.46.4", "If-None-Match": etag})
    equal(answer.status, 304)
    until("whoever is told that it holds what there is has it",
          lambda: fetches(mine, "calendar", "calendar") == (1, shown), 10)
    equal(level_of(row["ref"]), "fetched")


def test_pages_have_their_headers():
    for link in links.values():
        answer = ward.fetch(link["page"])
        equal(answer.status, 200)
        equal(answer.headers["content-type"], "text/html; charset=utf-8")
        equal(answer.headers["cache-control"], "no-store")
        equal(answer.headers["referrer-policy"], "same-origin")
        equal(answer.headers["x-content-type-options"], "nosniff")
        equal(answer.headers["content-security-policy"],
              "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
              "frame-ancestors 'none'")
        for word in ("<script", "http://fonts", "onclick"):
            lacks(answer.text, word)
    sheet = re.search(r'href="(/assets/[^"]+)"', ward.fetch(links["support"]["page"]).text)[1]
    answer = ward.fetch(sheet)
    equal((answer.status, answer.headers["content-type"].split(";")[0]), (200, "text/css"))
    contains(answer.headers["cache-control"], "immutable")
    equal(ward.fetch("/assets/none.css").status, 404)


def reply_path():
    feed = ward.fetch(links["support"]["feed"])
    return re.search(r"http://\S+?(/r/[A-Za-z0-9_-]{22})", "\n".join(unfolded(feed.text)))[1]


def test_replies_are_posted_and_come_back_to_the_page():
    path = reply_path()
    page = ward.fetch(path)
    equal(page.status, 200)
    contains(page.text, "<form")
    fields = re.findall(r'name="([^"]+)"', page.text)
    contains(fields, "answer")
    answer = ward.fetch(path, method="POST", body="answer=phone&note=after+lunch+%26+tea", headers=FORM)
    equal(answer.status, 303)
    contains(answer.headers["location"], path)
    reply = next(one for slot in ward.slots() for one in slot["replies"])
    equal((reply["answer"], reply["note"]), ("phone", "after lunch & tea"))


def test_a_calendar_rings_only_when_its_link_asks():
    page = links["support"]["page"].removeprefix(ward.public)
    lacks(ward.fetch(links["support"]["feed"]).text, "VALARM")
    for body, rings in (("label=my+phone", False), ("label=my+tablet&alarms=yes", True)):
        equal(ward.fetch(page + "/keep", method="POST", body=body, headers=FORM).status, 303)
        made = [one for one in ward.ctl("link", "list")["links"] if one["self_made"]][-1]
        equal(("BEGIN:VALARM\r\n" in ward.fetch(made["feed"]).text, made["alarms"]), (rings, rings), body)


def test_forms_from_elsewhere_are_refused():
    path = reply_path()
    plain = {"Content-Type": FORM["Content-Type"]}
    for headers in ({**plain, "Sec-Fetch-Site": "cross-site"}, {**plain, "Origin": "https://evil.example"},
                    {**plain, "Sec-Fetch-Site": "same-site"}):
        equal(ward.fetch(path, method="POST", body="answer=no", headers=headers).status, 403, headers)
    assert all(one["answer"] == "phone" for slot in ward.slots() for one in slot["replies"])
    equal(ward.fetch(path, method="POST", body="answer=no", headers={**plain, "Origin": ward.public}).status, 303)
    equal(ward.fetch(path, method="POST", body="answer=perhaps", headers=FORM).status in (400, 422), True)


def test_methods_that_are_not_for_it_are_405():
    for path, allowed in ((links["support"]["feed"], "GET, HEAD"), ("/healthz", "GET, HEAD")):
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            answer = ward.fetch(path, method=method)
            equal(answer.status, 405, method)
            contains(answer.headers["allow"], allowed)


def test_health_is_told_as_json():
    for path in ("/healthz", "/readyz"):
        answer = ward.fetch(path)
        equal((answer.status, answer.headers["content-type"].split(";")[0]), (200, "application/json"))


def test_staff_routes_are_not_on_the_public_listener():
    for path in ("/v1/slot/list", "/v1/status/show", "/metrics", "/", "/f/", "/r/", "/../etc/passwd", "/s/x"):
        assert ward.fetch(path).status in (404, 403), path


def test_unknown_and_malformed_tokens_look_the_same_and_are_limited():
    known = links["support"]["page"]
    token = known.rsplit("/", 1)[1]
    wrong = ("A" if token[0] != "A" else "B") + token[1:]
    answers = [ward.fetch("/f/" + one) for one in (wrong, "short", wrong + "x", "%00", wrong + ".ics", "no.ics", "..%2f")]
    answers += [ward.fetch("/r/" + one) for one in ("A" * 22, "A", token)]
    equal({(one.status, one.body) for one in answers}, {(404, answers[0].body)})
    codes = [ward.fetch("/f/" + "%043d" % number).status for number in range(30)]
    equal(sorted(set(codes)), [404, 429], codes)
    limited = ward.fetch("/f/" + "z" * 43)
    equal(limited.status, 429)
    assert int(limited.headers["retry-after"]) > 0
    for link in links.values():
        equal((ward.fetch(link["page"]).status, ward.fetch(link["feed"]).status), (200, 200))


def from_address(source, path, headers):
    peer = http.client.HTTPConnection(HOST, ward.port, timeout=20, source_address=(source, 0))
    peer.request("GET", path, headers=headers)
    status = peer.getresponse().status
    peer.close()
    return status


def test_only_a_trusted_proxy_may_say_who_asks():
    # 127.0.0.0/24 has used up its guesses; what the trusted proxy forwards counts for itself
    guess = "/f/" + "q" * 43
    equal(from_address("127.0.0.9", guess, {"X-Forwarded-For": "198.51.100.7"}), 404)
    equal(from_address("127.0.0.9", guess, {"X-Forwarded-For": "198.51.100.7, 203.0.113.5"}), 404)
    equal(from_address("127.0.0.8", guess, {"X-Forwarded-For": "192.0.2.44"}), 429)
    codes = [from_address("127.0.0.9", guess, {"X-Forwarded-For": "192.0.2.9"}) for _ in range(24)]
    equal((codes[0], codes[-1]), (404, 429))
    equal(from_address("127.0.0.9", guess, {"X-Forwarded-For": "192.0.3.9"}), 404)


def first_line(data):
    return data.split(b"\r\n", 1)[0].decode("latin-1")


def test_everything_ambiguous_is_400_and_closed():
    get = "GET /healthz HTTP/1.1\r\n"
    cases = {
        "two lengths": get + HEAD + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "two equal lengths": get + HEAD + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "a list of lengths": get + HEAD + "Content-Length: 1, 1\r\n\r\nx",
        "a negative length": get + HEAD + "Content-Length: -1\r\n\r\n",
        "a signed length": get + HEAD + "Content-Length: +1\r\n\r\nx",
        "a hexadecimal length": get + HEAD + "Content-Length: 0x1\r\n\r\nx",
        "length and coding": get + HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "chunks": get + HEAD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "an odd coding": get + HEAD + "Transfer-Encoding: identity\r\n\r\n",
        "a coding in disguise": get + HEAD + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "NUL in a field": get + HEAD + "X: a\0b\r\n\r\n",
        "NUL in the target": "GET /heal\0thz HTTP/1.1\r\n" + HEAD + "\r\n",
        "a bare CR": get + HEAD + "X: a\rb\r\n\r\n",
        "bare LFs": "GET /healthz HTTP/1.1\nHost: x\n\n",
        "no Host": get + "\r\n",
        "two Hosts": get + HEAD + HEAD + "\r\n",
        "an empty Host": get + "Host:\r\n\r\n",
        "a Host with a path": get + "Host: a/b\r\n\r\n",
        "a folded field": get + HEAD + "X: a\r\n b\r\n\r\n",
        "a field without a name": get + HEAD + ": a\r\n\r\n",
        "a blank before the colon": get + HEAD + "X : a\r\n\r\n",
        "a blank first": get + " " + HEAD + "\r\n",
        "no version": "GET /healthz\r\n\r\n",
        "two blanks": "GET  /healthz HTTP/1.1\r\n" + HEAD + "\r\n",
        "a tab": "GET\t/healthz HTTP/1.1\r\n" + HEAD + "\r\n",
        "a fragment": "GET /healthz#x HTTP/1.1\r\n" + HEAD + "\r\n",
        "another host in the target": "GET http://a/healthz HTTP/1.1\r\nHost: b\r\n\r\n",
        "no method": "/healthz HTTP/1.1\r\n" + HEAD + "\r\n",
        "an odd method": "G@T /healthz HTTP/1.1\r\n" + HEAD + "\r\n",
        "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    }
    follow = "GET /healthz HTTP/1.1\r\n" + HEAD + "\r\n"
    for name, text in cases.items():
        answer = talk(ward.port, (text + (follow if "TLS" not in name else "")).encode("latin-1"), shut=True)
        assert first_line(answer).startswith("HTTP/1.1 400 "), f"{name}: {answer[:300]}"
        equal(len(re.findall(rb"HTTP/1\.1 \d", answer)), 1, f"{name}: nothing after it is served")
        contains(answer.lower(), b"connection: close")
    answer = talk(ward.port, ("GET /healthz HTTP/2.0\r\n" + HEAD + "\r\n").encode(), shut=True)
    assert first_line(answer).split()[1] in ("400", "505"), answer


def test_long_heads_and_bodies_are_refused():
    get = "GET /healthz HTTP/1.1\r\n" + HEAD
    fine = talk(ward.port, (get + "X: " + "a" * 7900 + "\r\nConnection: close\r\n\r\n").encode())
    contains(first_line(fine), " 200 ")
    for text in (get + "X: " + "a" * 9000 + "\r\n\r\n", "GET /" + "a" * 9000 + " HTTP/1.1\r\n" + HEAD + "\r\n",
                 get + "".join(f"X{number}: a\r\n" for number in range(2000)) + "\r\n"):
        assert first_line(talk(ward.port, text.encode())).split()[1] in ("431", "414"), text[:40]
    post = "POST /healthz HTTP/1.1\r\n" + HEAD
    contains(first_line(talk(ward.port, (post + "Content-Length: 65537\r\n\r\n").encode())), " 413 ")
    contains(first_line(talk(ward.port, (post + f"Content-Length: {2**64 + 1}\r\n\r\n").encode())), " 4")


def test_the_deadline_of_a_head_is_absolute():
    fast = Ward(clock="2026-11-23T08:00:00Zx10").start()
    began = time.monotonic()
    with socket.create_connection((HOST, fast.port), timeout=10) as peer:
        peer.sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        ended = None
        while time.monotonic() < began + 6 and ended is None:
            try:
                peer.sendall(b"a")
                peer.settimeout(0.1)
                got = peer.recv(1000)
                ended = time.monotonic() if not got or b"408" in got else None
            except socket.timeout:
                pass
            except OSError:
                ended = time.monotonic()
    assert ended and 0.5 <= ended - began <= 4, ended and ended - began  # ten seconds of its own
    equal(fetch(fast.port, "/healthz").status, 200)
    fast.stop()


def test_pipelined_requests_are_answered_in_order():
    feed = links["support"]["feed"].removeprefix(ward.public)
    data = "".join(f"GET {path} HTTP/1.1\r\n{HEAD}\r\n" for path in ("/healthz", feed, "/none", feed))
    data += f"GET /readyz HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\nGET /healthz HTTP/1.1\r\n{HEAD}\r\n"
    for cut in (None, 7):
        with socket.create_connection((HOST, ward.port), timeout=20) as peer:
            for at in range(0, len(data), cut or len(data)):
                peer.sendall(data[at:at + (cut or len(data))].encode())
            got = b""
            while piece := peer.recv(65536):
                got += piece
        codes = re.findall(rb"HTTP/1\.1 (\d+) ", got)
        equal(codes, [b"200", b"200", b"404", b"200", b"200"], "nothing after Connection: close")


def test_keep_alive_and_http_1_0():
    answer = talk(ward.port, b"GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n")
    contains(first_line(answer), " 200 ")
    peer = http.client.HTTPConnection(HOST, ward.port, timeout=20)
    for _ in range(50):
        peer.request("GET", "/healthz")
        equal(peer.getresponse().read() != b"", True)
    peer.close()


def test_expect_100_continue_is_answered():
    with socket.create_connection((HOST, ward.port), timeout=10) as peer:
        peer.sendall((f"POST {reply_path()} HTTP/1.1\r\n{HEAD}Expect: 100-continue\r\nContent-Length: 12\r\n"
                      f"Content-Type: {FORM['Content-Type']}\r\nSec-Fetch-Site: same-origin\r\n"
                      "Connection: close\r\n\r\n").encode())
        contains(peer.recv(1000), b"HTTP/1.1 100 ")
        peer.sendall(b"answer=video")
        got = b""
        while piece := peer.recv(65536):
            got += piece
    contains(first_line(got), " 303 ")


def test_an_upgrade_is_answered_as_if_not_asked():
    answer = talk(ward.port, ("GET /healthz HTTP/1.1\r\n" + HEAD + "Connection: Upgrade, HTTP2-Settings, close\r\n"
                              "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n").encode(), shut=True)
    contains(first_line(answer), " 200 ")


def test_a_crowd_from_one_address_is_limited_and_leaves():
    peers = []
    try:
        for _ in range(130):
            peer = socket.create_connection((HOST, ward.port), timeout=5)
            peers.append(peer)
        alive = 0
        for peer in peers:
            try:
                peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                peer.settimeout(3)
                alive += b" 200 " in peer.recv(200)
            except OSError:
                pass
        assert 90 <= alive <= 100, alive
    finally:
        for peer in peers:
            peer.close()
    until("it serves again", lambda: fetch(ward.port, "/healthz").status == 200)


def test_many_clients_at_once():
    feed = links["ward"]["feed"]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: ward.fetch(feed), range(200)))
    equal({answer.status for answer in answers}, {200})
    equal(len({answer.body for answer in answers}), 1)


def test_a_unix_listener_serves_people_too():
    there = Ward(edit=lambda text: re.sub(r'^listen\s*=.*$', 'listen = { "unix:people.sock" }', text, flags=re.M)).start()
    path = os.path.join(there.folder, "people.sock")
    for _ in range(2):
        peer = UnixConnection(path)
        peer.request("GET", "/healthz")
        equal(peer.getresponse().status, 200)
        peer.close()
        there.kill()  # a stale socket is taken over
        there.start()
    there.stop()
    equal(os.path.exists(path), False, "its own socket is removed")


PASS = """
import os, sys
for number, fd in enumerate(map(int, sys.argv[2].split(","))):
    os.dup2(fd, 100 + number)
for number in range(len(sys.argv[2].split(","))):
    os.dup2(100 + number, 3 + number, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(sys.argv[2].split(","))), LISTEN_FDNAMES=sys.argv[3])
os.execv(sys.argv[1], [sys.argv[1], "--config", sys.argv[4]])
"""


def test_sockets_passed_by_a_service_manager_are_served():
    there = Ward()
    there.port = free_port()  # not the configured one
    people = socket.create_server((HOST, there.port))
    folder = os.open(there.folder, os.O_RDONLY)
    control = socket.socket(socket.AF_UNIX)
    control.bind(f"/proc/self/fd/{folder}/passed.sock")
    control.listen()
    queued = socket.create_connection((HOST, there.port))  # came before the daemon
    queued.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    command = [sys.executable, "-c", PASS, WARDROUNDD, f"{people.fileno()},{control.fileno()}", "listen:control",
               there.config]
    there.start(command=command, pass_fds=(people.fileno(), control.fileno()))
    people.close()
    control.close()
    queued.settimeout(10)
    contains(queued.recv(1000), b" 200 ")
    queued.close()
    there.control = os.path.join(there.folder, "passed.sock")
    equal(there.ctl("status").code, 0)
    equal(fetch(there.port, "/healthz").status, 200)
    there.stop()
    equal(os.path.exists(there.control), True, "a passed socket is not unlinked")
    os.close(folder)


def test_the_control_socket_describes_and_refuses():
    peer = UnixConnection(ward.control)
    peer.request("GET", "/v1/openapi.yaml")
    answer = peer.getresponse()
    text = answer.read().decode()
    contains(text, "openapi: 3.1")
    peer.close()
    for method, path, body, status, code in (
            ("GET", "/v1/none/list", None, 404, "usage"), ("POST", "/v1/slot/list", {}, 405, None),
            ("POST", "/v1/slot/cancel", {"slot": "s-none"}, 404, "unknown"),
            ("POST", "/v1/patient/admit", {"ward": "kingsley"}, 400, "usage"),
            ("GET", "/v1/slot/list?week=2026-W99", None, 422, "data")):
        got, answer = ward.ask(method, path, body) if status != 405 else (405, None)
        equal(got, status, path)
        if code:
            equal((answer["schema"], answer["error"]["code"]), (1, code), path)
    for bad in (b"[1]", b"{", b'{"slot":1,"slot":2}', b"\xff"):
        peer = UnixConnection(ward.control)
        peer.request("POST", "/v1/slot/lock", body=bad, headers={"Content-Type": "application/json"})
        equal(peer.getresponse().status, 400, bad)
        peer.close()


if __name__ == "__main__":
    tests(sys.modules[__name__])
