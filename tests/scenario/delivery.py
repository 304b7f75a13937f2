#!/usr/bin/env python3
"""Delivery as gateways see it: receipts that only the endpoint's own secret can give, GOV.UK Notify that
is asked before it is given anything twice, a way out through a proxy, a secret changed without a restart,
and a gateway and a daemon that die in the middle: nothing is lost, and no id stands for two bodies.
"""
import base64
import hashlib
import hmac
import http.server
import json
import pathlib
import socketserver
import sys
import threading
import time
import urllib.parse

from wardround import HOST, SECRET, Receiver, Ward, contains, equal, rows, signature_holds, tests, until

RATE = 40
WEEK = "2026-W49"
OTHER = "whsec_" + base64.b64encode(b"another secret of 32 bytes .....").decode()
SERVICE, KEY = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
how = {}
receiver = Receiver(lambda request: how[request["path"]](request) if request["path"] in how else 204)
ward = None
lost = set()  # whom nothing reaches any more


def serve(handler):
    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *args):
            pass

    server = Server((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Notify(http.server.BaseHTTPRequestHandler):
    """As much of GOV.UK Notify as takes texts and says which it took."""
    protocol_version = "HTTP/1.1"
    taken, asked, break_next = {}, [], 0

    def log_message(self, *args):
        pass

    def say(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_let_in(self):
        head, claims, signature = self.headers["Authorization"].removeprefix("Bearer ").split(".")
        wanted = hmac.new(KEY.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        said = json.loads(base64.urlsafe_b64decode(claims + "=="))
        return said["iss"] == SERVICE and base64.urlsafe_b64encode(wanted).decode().rstrip("=") == signature

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v2/notifications/sms" or not self.is_let_in():
            self.say(403, {"errors": []})
            return
        Notify.taken.setdefault(body["reference"], []).append(body)
        if Notify.break_next > 0:  # it has it, and nobody hears so
            Notify.break_next -= 1
            self.close_connection = True
            self.connection.close()
            return
        self.say(201, {"id": "u", "reference": body["reference"]})

    def do_GET(self):
        reference = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["reference"][0]
        Notify.asked.append(reference)
        self.say(200 if self.is_let_in() else 403, {"notifications": [
            {"id": "u", "reference": reference, "status": "sending"} for _ in Notify.taken.get(reference, [])]})


class Proxy(http.server.BaseHTTPRequestHandler):
    """Takes requests with whole addresses and answers for everybody; tunnels lead nowhere."""
    protocol_version = "HTTP/1.1"
    posts, tunnels = [], []

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Proxy.posts.append((self.path, body.decode()))
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_CONNECT(self):
        Proxy.tunnels.append(self.path)
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.close_connection = True


notify_port, proxy_port = serve(Notify), serve(Proxy)


def endpoints():
    notify = f"""webhook notify {{
    url = "http://{HOST}:{notify_port}"  format = "notify-sms"  events = {{ "slot" }}  send-contact = true
    allow-networks = {{ "127.0.0.0/8" }}  secret-file = "notify.secret"
    notify-service = "{SERVICE}"  notify-key-file = "notify.key"
    notify-template = "f33517ff-2a88-4f6e-b855-c550268ce08a"
}}
"""
    out = f"""webhook out {{
    url = "http://gateway.invalid/hook"  secret-file = "sms.secret"  events = {{ "slot" }}  proxy = "http://{HOST}:{proxy_port}"
}}
webhook tunnel {{
    url = "https://gateway.invalid/hook"  secret-file = "sms.secret"  events = {{ "invite" }}  proxy = "http://{HOST}:{proxy_port}"
}}
webhook back {{
    url = "http://localhost:{notify_port}/hook"  secret-file = "sms.secret"  events = {{ "invite" }}  proxy = "http://{HOST}:{proxy_port}"
}}
webhook staff {{
    url = "http://{HOST}:{receiver.port}/staff"  format = "slack"  allow-networks = {{ "127.0.0.0/8" }}
}}
"""
    return receiver.section("sms", **{"send-contact": "true"}) + notify + out


def files(secret=SECRET):
    return {"sms.secret": (secret + "\n", 0o600), "notify.secret": (OTHER + "\n", 0o600),
            "notify.key": (f"ward-{SERVICE}-{KEY}\n", 0o600)}


def settled():
    until("nothing waits", lambda: not [one for one in ward.ctl("notice", "list")["notices"]
                                        if one["state"] in ("waiting", "sending")], 40, 0.1)


def headers(request):
    return {name.lower(): value for name, value in request["headers"].items()}


def test_notify_takes_texts_once_even_when_its_answer_is_lost():
    global ward
    Notify.break_next = 5
    ward = Ward(clock=f"2026-11-23T09:00:00Zx{RATE}", more=endpoints(), files=files()).start()
    ward.fill()
    texted = [row for row in rows("supports.csv")
              if row["agreed_by"] and row["sees"] in ("time", "place", "all") and row["phone"]]
    until("all are texted", lambda: len(Notify.taken) == len(texted), 30)
    settled()
    equal({len(bodies) for bodies in Notify.taken.values()}, {1}, "each once")
    equal(len(Notify.asked), 5)
    for reference, (body,) in Notify.taken.items():
        assert reference.startswith("n-") and body["phone_number"].startswith("+44"), body
        assert body["personalisation"]["text"].isprintable()
    states = {one["id"]: one["state"] for one in ward.ctl("notice", "list")["notices"]}
    assert all(states[reference] == "sent" for reference in Notify.taken)


def test_the_test_button_asks_notify_and_sends_it_nothing():
    before = len(Notify.taken)
    equal(ward.ctl("webhook", "test", "notify")["result"]["ok"], True)
    equal(len(Notify.taken), before)


def test_a_proxy_is_the_way_out_and_no_way_back_in():
    assert Proxy.posts, "the weekly news went through it"
    for address, body in Proxy.posts:
        equal(address, "http://gateway.invalid/hook")
        assert json.loads(body)["type"] == "slot.published"
    assert ward.ctl("webhook", "test", "tunnel", code=None).code not in (0, 70)
    equal(Proxy.tunnels, ["gateway.invalid:443"])
    said = ward.ctl("webhook", "test", "back", code=None)
    contains(said.err, "special range")
    assert not [address for address, _ in Proxy.posts if "localhost" in address]


def one_notice():
    support = next(row["ref"] for row in rows("supports.csv") if row["agreed_by"] and row["phone"]
                   and row["sees"] in ("time", "place", "all"))
    return next(one for one in ward.ctl("notice", "list")["notices"]
                if one["endpoint"] == "sms" and one["who"] == support)


def receipt(body, secret=SECRET, at=None, number="r-1", **more):
    text = json.dumps(body)
    stamp = str(at if at is not None else int(time.time() + ward_ahead()))
    mac = hmac.new(base64.b64decode(secret[6:]), f"{number}.{stamp}.{text}".encode(), hashlib.sha256).digest()
    sent = {"webhook-id": number, "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(mac).decode(), **more}
    return ward.fetch("/v1/receipts", method="POST", body=text, headers=sent)


def ward_ahead():
    import datetime
    return datetime.datetime.fromisoformat(ward.now().replace("Z", "+00:00")).timestamp() - time.time()


def level(notice):
    return next(one["level"] for one in ward.ctl("unseen")["unseen"]
                if one["who"] == notice["who"] and one["slot"] == notice["slot"])


def test_only_the_endpoint_itself_can_say_what_became_of_it():
    notice = one_notice()
    said = {"notice": notice["id"], "status": "delivered"}
    before = level(notice)
    equal(receipt(said, secret=SECRET[:-6] + "AAAAA=").status, 401)
    equal(receipt(said, at=int(time.time() + ward_ahead()) - 4000).status, 401)
    equal(ward.fetch("/v1/receipts", method="POST", body=json.dumps(said)).status, 401)
    equal(receipt(said, secret=OTHER, number="r-0").status, 404, "of another endpoint")
    equal(level(notice), before)
    first = receipt(said)
    equal(first.status, 200)
    equal(level(notice), "delivered")
    equal(receipt(said).body, first.body, "once more is the same answer")
    equal(receipt({**said, "status": "failed"}).status, 409, "one id, one receipt")
    equal(ward.fetch("/v1/receipts").status, 405)


def test_a_number_that_never_works_is_on_the_call_list():
    notice = next(one for one in ward.ctl("notice", "list")["notices"] if one["endpoint"] == "notify")
    lost.add(notice["who"])
    ward.ctl("support", "edit", notice["who"], "--email", "")
    body = {"id": "u", "reference": notice["id"], "to": "07700900000", "status": "permanent-failure",
            "notification_type": "sms"}
    answer = ward.fetch("/v1/receipts", method="POST", body=json.dumps(body),
                        headers={"Authorization": "Bearer " + OTHER})
    equal(answer.status, 200, answer)
    task = next(one for one in ward.ctl("task", "list")["tasks"] if one["kind"] == "contact")
    contains(task["text"], notice["who"])
    line = next(one for one in ward.ctl("unseen")["unseen"] if one["who"] == notice["who"]
                and one["slot"] == notice["slot"])
    equal(line["ring"], True)
    until("staff hear of it", lambda: receiver.taken("staff"), 20)
    told = [json.loads(one["body"]) for one in receiver.taken("staff")]
    assert all(list(body) == ["text"] for body in told), told
    assert not [body for body in told if "http" in body["text"] or "+44" in body["text"]], told


def test_a_secret_is_changed_without_a_restart():
    for secret, wanted in ((OTHER + "\n" + SECRET, (OTHER, SECRET)), (OTHER, (OTHER,))):
        pathlib.Path(ward.folder, "sms.secret").write_text(secret + "\n", encoding="utf-8")
        ward.ctl("config", "reload")
        receiver.clear()
        ward.ctl("webhook", "test", "sms")
        one = receiver.taken("sms")[0]
        equal(len(headers(one)["webhook-signature"].split()), len(wanted))
        assert all(signature_holds(one, each) for each in wanted)
    notice = one_notice()
    equal(receipt({"notice": notice["id"], "status": "sent"}, number="r-2").status, 401, "the old one is over")
    equal(receipt({"notice": notice["id"], "status": "sent"}, secret=OTHER, number="r-3").status, 200)


def test_what_dies_in_the_middle_loses_nothing_and_says_nothing_twice():
    taken = {}

    def told():
        bodies = [json.loads(one["body"])["data"] for one in receiver.taken("sms") if one["status"] == 204]
        return {(body["to"].get("support"), body["slot"]["ref"]) for body in bodies if "slot" in body}

    def die(request):
        raise ConnectionError("it has it, and dies")

    how["/sms"] = die
    heard = []
    receiver.answer = lambda request: heard.append(request) or (how[request["path"]](request) if request["path"] in how else 204)
    slots = [slot for slot in ward.slots("--week", WEEK) if slot["state"] == "published" and slot["start"] > "2026-12-01"][:4]
    for slot in slots:
        ward.ctl("slot", "cancel", slot["slot"], "--why", "patient-declined", "--reason", "asked", "--yes")
    until("tries", lambda: len([one for one in heard if one["path"] == "/sms"]) >= 3, 30)
    for _ in range(3):
        ward.kill()
        ward.start()
        time.sleep(0.1)
    how["/sms"] = lambda request: time.sleep(5)  # and now it never answers
    until("more tries", lambda: len([one for one in heard if one["path"] == "/sms"]) >= 6, 30)
    ward.kill()
    how.clear()
    ward.start()
    wanted = {(row["ref"], slot["slot"]) for slot in slots for row in rows("supports.csv")
              if row["patient"] == slot["patient"] and row["agreed_by"] and row["sees"] in ("time", "place", "all")
              and (row["phone"] or row["email"]) and row["ref"] not in lost}
    until("all are told", lambda: wanted <= told(), 40, 0.1)
    settled()
    for one in heard:
        if one["path"] == "/sms":
            taken.setdefault(headers(one)["webhook-id"], set()).add(one["body"])
    equal({len(bodies) for bodies in taken.values()}, {1})
    assert not [one for one in ward.ctl("notice", "list")["notices"]
                if one["endpoint"] == "sms" and one["slot"] in {slot["slot"] for slot in slots}
                and one["state"] not in ("sent", "superseded")]


if __name__ == "__main__":
    tests(sys.modules[__name__])
