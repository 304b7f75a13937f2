"""A real wardroundd, met from outside: starts it on a made-up ward, asks it by wardctl, by its control
socket and over HTTP, listens for its webhooks, and ends it.

A scenario is a file of functions test_*, run in order by tests(); each name is a sentence. What a
daemon leaves behind is looked at when it ends: exit 0, nothing from a sanitizer, no loop left full,
and neither a name nor an address that opens something in its log.

The folder of the build is $WARDROUND_BUILD, else $BUILD, else build/. Everything waits a bounded time.
"""
import atexit
import base64
import contextlib
import csv
import hashlib
import hmac
import http.client
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
BUILD = pathlib.Path(os.environ.get("WARDROUND_BUILD") or os.environ.get("BUILD") or ROOT / "build").resolve()
WARDROUNDD = str(BUILD / "daemon" / "wardroundd")
WARDCTL = str(BUILD / "daemon" / "wardctl")
READERS = pathlib.Path(os.environ.get("READERS") or BUILD / "readers").resolve()
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()
START = "2026-11-23T08:00:00Z"  # a Monday; the sample ward was filled for the week after
HOST = "127.0.0.1"

COMPLAINTS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "runtime error:",
              "loop-not-empty", "Assertion", "call-failed")


class Skip(Exception):
    """The test can't be made here; its text says why."""


def options():
    """The build's options; {} where meson's notes are missing."""
    try:
        with open(BUILD / "meson-info" / "intro-buildoptions.json", encoding="utf-8") as file:
            return {option["name"]: option["value"] for option in json.load(file)}
    except OSError:
        return {}


SANITIZED = "none" not in str(options().get("b_sanitize", "none"))


# ---- ports, waiting ----

def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def until(what, condition, seconds=20, pause=0.02):
    """Asks again until `condition` gives something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(pause)


def rows(name):
    with open(DATA / "kingsley" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---- talking to a unix socket ----

class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=30):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        folder = os.open(os.path.dirname(self.path), os.O_RDONLY)  # the whole path may be too long
        try:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(f"/proc/self/fd/{folder}/{os.path.basename(self.path)}")
        finally:
            os.close(folder)


class Answer:
    """One HTTP answer: status, headers (names in lower case), body."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def text(self):
        return self.body.decode()

    @property
    def everything(self):
        return "\n".join(f"{name}: {value}" for name, value in self.headers.items()) + "\n" + self.text

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:300]!r}>"


def fetch(port, path, method="GET", headers=None, body=None, host=HOST):
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def talk(port, data, seconds=15, shut=False):
    """Sends bytes as they are and returns all that comes until the other side closes."""
    with socket.create_connection((HOST, port), timeout=seconds) as peer:
        peer.sendall(data)
        if shut:
            peer.shutdown(socket.SHUT_WR)
        got = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := peer.recv(65536):
                got += piece
        return got


# ---- what wardctl said ----

class Said:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        try:
            self.json = json.loads(self.out) if self.out.strip() else {}
        except ValueError:
            self.json = None

    def __getitem__(self, name):
        return self.json[name]

    @property
    def error(self):
        return (self.json or {}).get("error", {})

    def __repr__(self):
        return f"<exit {self.code}, out {self.out[:600]!r}, err {self.err[:600]!r}>"


def ctl(*words, code=0, env=None, stdin=""):
    """wardctl without a terminal; `code` is the exit code it must give (None: any)."""
    done = subprocess.run([WARDCTL, *map(str, words)], input=stdin, text=True, capture_output=True,
                          timeout=90, check=False, env={**os.environ, **(env or {})})
    said = Said(done)
    complaint = [word for word in COMPLAINTS if word in said.err]
    if complaint or (code is not None and said.code != code):
        raise AssertionError(f"wardctl {' '.join(map(str, words))}: wanted exit {code}: {said}")
    return said


# ---- the daemon ----

_wards = []


class Ward:
    """A folder with a configuration and a database, and at times a daemon that serves it."""

    def __init__(self, clock=START, edit=None, more="", files=None, sample=None):
        self.folder = tempfile.mkdtemp(prefix="ward-")
        self.clock = clock
        self.port, self.metrics = free_port(), free_port()
        self.public = f"http://{HOST}:{self.port}"
        self.control = os.path.join(self.folder, "control.sock")
        self.config = os.path.join(self.folder, "wardround.conf")
        self.database = os.path.join(self.folder, "ward.db")
        self.logs, self.process, self.secrets = [], None, []
        for name, (text, mode) in (files or {}).items():
            self.write(name, text, mode)
        self.write_config(edit, more, sample)
        _wards.append(self)

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def write_config(self, edit=None, more="", sample=None):
        """The sample's configuration with ports and paths of its own; `edit` changes its text."""
        text = (sample or DATA / "kingsley" / "wardround.conf").read_text(encoding="utf-8")
        for key, value in (
            ("listen", f"{HOST}:{self.port}"),
            ("metrics", f"{HOST}:{self.metrics}"),
            ("public-url", self.public),
            ("holidays", str(DATA / "bank-holidays-england-and-wales.ics")),
        ):
            text = re.sub(rf"^(\s*{key}\s*=\s*)\".*\"$", lambda m, v=value: f'{m[1]}"{v}"', text, flags=re.M)
        text += "\n" + more
        if edit:
            text = edit(text)
        return self.write("wardround.conf", text)

    # -- its life --

    @property
    def log(self):
        return "\n".join(pathlib.Path(path).read_text(encoding="utf-8", errors="replace") for path in self.logs)

    def spawn(self, env=None, command=None, **more):
        path = os.path.join(self.folder, f"log.{len(self.logs)}")
        self.logs.append(path)
        with open(path, "wb") as log:
            self.process = subprocess.Popen(
                command or [WARDROUNDD, "--config", self.config], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd="/",
                env={**os.environ, "WARDROUND_CLOCK": self.clock, **(env or {})}, **more)
        return self.process

    def start(self, **more):
        process, path = self.spawn(**more), self.logs[-1]

        def is_ready():
            text = pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
            if process.poll() is not None:
                raise AssertionError(f"wardroundd ended with {process.returncode}: {text[-2000:]}")
            return re.search(r"^\S+ (notice )?started\b", text, re.M)
        until("the daemon starts", is_ready, 60)
        return self

    def stop(self, code=0):
        """Ends it as systemd would, and looks at what it left."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"wardroundd does not stop; its log: {self.log[-1500:]}") from None
        equal(process.returncode, code, f"exit of wardroundd; its log: {self.log[-3000:]}")
        self.judge_log()

    def kill(self):
        """Power cut, as far as a process can have one."""
        process, self.process = self.process, None
        process.kill()
        process.wait()

    def restart(self, clock=None, **more):
        self.stop()
        self.clock = clock or self.clock
        return self.start(**more)

    def judge_log(self):
        text = self.log
        for word in COMPLAINTS:
            if word in text:
                at = text.index(word)
                raise AssertionError(f"in the log: {text[max(0, at - 500):at + 3000]}")
        for secret in self.secrets:
            if secret in text:
                raise AssertionError(f"a token is in the log: {secret}")
        for row in rows("patients.csv") + rows("supports.csv"):
            if row["name"] in text:
                raise AssertionError(f"a name is in the log: {row['name']}")

    # -- asking it --

    def ctl(self, *words, code=0, **more):
        said = ctl("--socket", self.control, "--json", *words, code=code, **more)
        for address in re.findall(r"/[fr]/([A-Za-z0-9_-]{22,43})", said.out):
            self.secrets.append(address)
        return said

    def ask(self, method, path, body=None, connection=None):
        """The control socket itself: (status, JSON)."""
        peer = connection or UnixConnection(self.control)
        data = json.dumps(body).encode() if body is not None else None
        peer.request(method, path, body=data, headers={"Content-Type": "application/json"} if data else {})
        answer = peer.getresponse()
        text = answer.read()
        if not connection:
            peer.close()
        return answer.status, json.loads(text)

    def fetch(self, path, **more):
        return fetch(self.port, path.removeprefix(self.public), **more)

    def slots(self, *words):
        return self.ctl("slot", "list", *words)["slots"]

    def slot(self, ref):
        return self.ctl("slot", "show", ref)["slot"]

    def now(self):
        return self.ctl("status")["now"]

    def link(self, kind, whose, *words):
        return self.ctl("link", "new", "--" + kind, whose, *words)["link"]

    def promises(self):
        return {promise["n"]: promise for promise in self.ctl("status")["promises"]}

    # -- filling it --

    def fill(self, week="2026-W49", publish=True):
        """The sample ward, imported as a clerk would; its week planned and published."""
        for what in ("patients", "supports", "away"):
            self.ctl("import", what, DATA / "kingsley" / f"{what}.csv")
        if week:
            self.plan(week, publish)
        return self

    def plan(self, week, publish=True):
        plan = self.ctl("plan", "make", "--ward", "kingsley", "--week", week)["plan"]
        if publish:
            self.ctl("plan", "publish", "--ward", "kingsley", "--week", week, "--yes")
        return plan


# ---- a receiver of webhooks ----

class Receiver:
    """Takes what is posted to /NAME. `answer` (a function of the request) may give another status, or a
    status with fields of its own."""

    def __init__(self, answer=None):
        self.requests, self.answer, self.lock = [], answer, threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = {"path": self.path, "headers": dict(self.headers.items()),
                           "body": body.decode(), "at": time.time()}
                status = (outer.answer(request) if outer.answer else None) or 204
                request["status"], fields = status if isinstance(status, tuple) else (status, {})
                with outer.lock:
                    outer.requests.append(request)
                self.send_response(request["status"])
                for field in fields.items():
                    self.send_header(*field)
                self.send_header("Content-Length", "0")
                self.end_headers()

        class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

            def handle_error(self, *args):
                pass  # the other side was killed

        self.server = Server((HOST, 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def section(self, name="sms", **settings):
        """The configuration of an endpoint that points here."""
        lines = {"url": f'"http://{HOST}:{self.port}/{name}"', "secret-file": '"sms.secret"',
                 "events": '{ "slot", "reminder" }', "allow-networks": '{ "127.0.0.0/8" }', **settings}
        return f"webhook {name} {{\n" + "".join(f"    {key} = {value}\n" for key, value in lines.items()) + "}\n"

    def taken(self, name=None):
        with self.lock:
            return [request for request in self.requests if name is None or request["path"] == "/" + name]

    def notices(self, kind=None, slot=None, accepted=True):
        """The bodies that were taken, in order."""
        found = []
        for request in self.taken():
            body = json.loads(request["body"])
            if accepted and not 200 <= request["status"] < 300:
                continue
            if (kind is None or body["type"] == kind) and (
                    slot is None or body["data"].get("slot", {}).get("ref") == slot):
                found.append(body)
        return found

    def clear(self):
        with self.lock:
            self.requests.clear()


def signature_holds(request, secret=SECRET):
    """Our own reading of Standard Webhooks 1.0.0."""
    headers = {name.lower(): value for name, value in request["headers"].items()}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{request['body']}".encode()
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


# ---- calendars ----

def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def has_npm(package):
    return shutil.which("node") and (READERS / "node_modules" / package).is_dir()


def read_calendar(body):
    """The events of a calendar as every reader at hand sees them: {reader: [event]}."""
    found = {}
    with tempfile.NamedTemporaryFile(suffix=".ics", dir=tempfile.gettempdir()) as file:
        file.write(body)
        file.flush()
        here = ROOT / "tests" / "readers"
        commands = {"icalendar": ["/usr/bin/python3", here / "read_icalendar.py", file.name],
                    "vobject": ["/usr/bin/python3", here / "read_vobject.py", file.name]}
        if has_npm("ical.js"):
            commands["ical.js"] = ["node", here / "read_icaljs.cjs", file.name, READERS / "node_modules"]
        for name, command in commands.items():
            done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
            if done.returncode:
                raise AssertionError(f"{name} refuses the calendar: {done.stderr.strip()[-800:]}")
            events = json.loads(done.stdout)
            for event in events:
                for key in ("start", "end"):
                    event[key] = event[key].replace("Z", "+00:00")
            found[name] = sorted(events, key=lambda event: (event["start"], event["uid"]))
    return found


# ---- saying how it went ----

def equal(got, wanted, what=""):
    if got != wanted:
        raise AssertionError(f"{what + ': ' if what else ''}got {got!r}, wanted {wanted!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")


def lacks(text, part, what=""):
    if part in text:
        at = text.index(part)
        raise AssertionError(f"{part!r} is in {what} {text[max(0, at - 200):at + 200]!r}")


def _where(fault):
    at, place = fault.__traceback__, ""
    while at:
        if at.tb_frame.f_code.co_filename != __file__:
            place = f"{os.path.basename(at.tb_frame.f_code.co_filename)}:{at.tb_lineno}"
        at = at.tb_next
    return place


def _clean():
    for ward in _wards:
        if ward.process and ward.process.poll() is None:
            ward.process.kill()
            ward.process.wait()
        shutil.rmtree(ward.folder, ignore_errors=True)


atexit.register(_clean)


def end_all():
    for ward in _wards:
        ward.stop()


def tests(module):
    """Runs each test_* of a scenario in order, then ends its daemons; TAP on standard output."""
    names = [name for name in vars(module) if name.startswith("test_")]
    chosen = sys.argv[1:]
    steps = [(name, vars(module)[name]) for name in names if not chosen or name in chosen]
    steps.append(("every daemon stops cleanly and logs no name, token or complaint", end_all))
    print(f"1..{len(steps)}", flush=True)
    if not os.access(WARDROUNDD, os.X_OK):
        for number, (name, _) in enumerate(steps, 1):
            print(f"not ok {number} - {name} ({WARDROUNDD} is not built)")
        sys.exit(1)
    failed = 0
    for number, (name, step) in enumerate(steps, 1):
        name = name.removeprefix("test_").replace("_", " ")
        began = time.monotonic()
        try:
            step()
            print(f"ok {number} - {name}")
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}")
        except Exception as fault:  # one failure leaves the others to be run
            failed += 1
            print(f"not ok {number} - {name}")
            for line in f"{type(fault).__name__} at {_where(fault)}: {fault}".splitlines():
                print(f"# {line}")
        print(f"# {time.monotonic() - began:.1f} s", flush=True)
    sys.exit(1 if failed else 0)
