"""A fake daemon on a Unix socket with canned answers, and wardctl run against it."""

import atexit
import fcntl
import http.server
import json
import os
import pty
import shutil
import socketserver
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import urllib.parse

WARDCTL = os.environ["WARDCTL"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "fake"

    def log_message(self, *args):
        pass

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        path, _, query = self.path.partition("?")
        call = {
            "method": self.command,
            "path": path,
            "query": urllib.parse.parse_qs(query, keep_blank_values=True),
            "body": json.loads(self.rfile.read(length)) if length else None,
            "type": self.headers.get("Content-Type"),
        }
        self.server.daemon_.calls.append(call)
        status, body = self.server.daemon_.reply(call)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class Daemon:
    """`answers` maps "POST /v1/patient/admit" to (status, body) or to a function of the call."""

    def __init__(self, folder=None, name="control.sock"):
        self.folder = folder or tempfile.mkdtemp(prefix="wardctl-")
        atexit.register(shutil.rmtree, self.folder, True)
        self.socket = os.path.join(self.folder, name)
        self.answers, self.calls = {}, []
        here = os.open(self.folder, os.O_RDONLY)
        self.server = Server(f"/proc/self/fd/{here}/{name}", Handler)
        self.server.daemon_ = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reply(self, call):
        answer = self.answers.get(f"{call['method']} {call['path']}", (200, {"schema": 1}))
        return answer(call) if callable(answer) else answer

    def run(self, *words, **kwargs):
        return run("--socket", self.socket, *words, **kwargs)


def error(code, text="no", **more):
    return {"schema": 1, "error": {"code": code, "text": text, "hint": "do so", **more}}


def run(*words, stdin="", env=None, cwd=None):
    return subprocess.run(
        [WARDCTL, *words], input=stdin, text=True, capture_output=True, timeout=60, cwd=cwd,
        env={**os.environ, **(env or {})},
    )


def run_at_terminal(*words, typed="", env=None, width=100, stdout=False):
    """stdin and stderr (and stdout, if asked for) are a terminal; returns exit code, stdout, what
    the terminal showed."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    child = subprocess.Popen([WARDCTL, *words], stdin=side, stderr=side,
                             stdout=side if stdout else subprocess.PIPE,
                             env={**os.environ, "TERM": "xterm", **(env or {})})
    os.close(side)
    os.write(main, typed.encode())
    out = "" if stdout else child.stdout.read().decode()
    shown = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    child.wait(60)
    os.close(main)
    return child.returncode, out, shown.decode()


def tests(module):
    """Runs each test_* of the module, in order; TAP on stdout."""
    names = [name for name in vars(module) if name.startswith("test_")]
    print(f"1..{len(names)}")
    failed = 0
    for number, name in enumerate(names, 1):
        try:
            vars(module)[name]()
            print(f"ok {number} - {name}")
        except Exception as fault:  # any failure of one test leaves the others to be run
            failed += 1
            print(f"not ok {number} - {name}")
            for line in (repr(fault) + _where(fault)).splitlines():
                print(f"# {line}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


def _where(fault):
    at = fault.__traceback__
    while at.tb_next:
        at = at.tb_next
    return f" at {os.path.basename(at.tb_frame.f_code.co_filename)}:{at.tb_lineno}"


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{part!r} is not in {text!r}")
