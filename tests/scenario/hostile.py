#!/usr/bin/env python3
"""Slow and hostile clients: heads and bodies that drip, thousands of connections, endless pipelining, and
whatever can be read in two ways. The others' polls go on meanwhile; how long each takes is printed beside
what it takes in peace. Everything happens on this machine's loopback and ends by itself.
"""
import concurrent.futures
import contextlib
import multiprocessing
import re
import resource
import select
import selectors
import socket
import statistics
import sys
import threading
import time

from wardround import HOST, SANITIZED, Ward, contains, equal, rows, talk, tests, until

FORK = multiprocessing.get_context("fork")
CROWD = 10000
FEED_HEAD = "User-Agent: Evolution/3.46.4\r\nAccept: text/calendar\r\n"
ward = None
path = None
peaceful = None  # seconds: median and 99th of a hundred in peace


def settings(text):
    return text.replace('listen     = "', f'max-connections = {CROWD + 200}\nlisten     = "')


def poll_feed(source, pipe):
    """Polls the feed from an address of its own, each time on a new connection, until told to stop; a process of
    its own, so that nothing of the attack's work is measured."""
    took, fault = [], ""
    try:
        while not pipe.poll(0.01):
            began = time.monotonic()
            answer = ask_from(source, f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{FEED_HEAD}Connection: close\r\n\r\n")
            if b" 200 OK\r\n" not in answer[:20] or not answer.endswith(b"END:VCALENDAR\r\n"):
                raise AssertionError(f"a bystander got {answer[:200]}")
            took.append(time.monotonic() - began)
    except Exception as problem:  # told by whoever started it
        fault = repr(problem)
    pipe.send((took, fault))


class Bystander:
    def __init__(self, source):
        self.pipe, there = FORK.Pipe()
        self.process = FORK.Process(target=poll_feed, args=(source, there), daemon=True)
        self.process.start()
        there.close()

    def end(self):
        self.pipe.send("end")
        took, fault = self.pipe.recv()
        self.process.join(30)
        return took, fault


def ask_from(source, text):
    with socket.create_connection((HOST, ward.port), timeout=20, source_address=(source, 0)) as peer:
        peer.sendall(text.encode())
        got = b""
        while piece := peer.recv(65536):
            got += piece
        return got


def summary(took):
    ordered = sorted(took)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.99)]


@contextlib.contextmanager
def bystanders(what):
    """Three others poll while this goes on; none may fail or be forgotten."""
    there = [Bystander(f"127.0.7.{number}") for number in (1, 2, 3)]
    began = time.monotonic()
    try:
        yield
        time.sleep(max(0, began + 1 - time.monotonic()))  # so that there is something to tell
    finally:
        told = [one.end() for one in there]
    for _, fault in told:
        if fault:
            raise AssertionError(f"meanwhile ({what}): {fault}")
    took = [seconds for mine, _ in told for seconds in mine]
    median, late = summary(took)
    print(f"# {what}: {len(took)} polls took {1000 * median:.1f} ms, 99 in 100 at most {1000 * late:.1f} ms"
          f" (in peace {1000 * peaceful[0]:.1f} and {1000 * peaceful[1]:.1f})", flush=True)


def connect_from(number):
    """127.0.8.1 and on: none of them has more than a hundred."""
    source = f"127.0.{8 + number // 90 // 250}.{number // 90 % 250 + 1}"
    peer = socket.socket()
    peer.settimeout(20)
    peer.bind((source, 0))
    peer.connect((HOST, ward.port))
    return peer


OPEN = r'wardround_http_connections_open\{listener="public"\}'


def metric(name):
    text = talk(ward.metrics, b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").decode()
    found = re.search(rf"^{name} (\S+)$", text, re.M)
    return float(found[1])


def test_a_ward_in_peace():
    global ward, path, peaceful
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ward = Ward(clock="2026-11-23T08:00:00Zx10", edit=settings).start().fill()
    placed = {slot["patient"] for slot in ward.slots()}
    row = next(row for row in rows("supports.csv") if row["agreed_by"] and row["sees"] == "place"
               and row["patient"] in placed)
    path = ward.link("support", row["ref"])["feed"].removeprefix(ward.public)
    there = Bystander("127.0.7.1")
    time.sleep(2)
    took, fault = there.end()
    assert not fault and len(took) > 50, (fault, len(took))
    peaceful = summary(took)
    print(f"# in peace: {1000 * peaceful[0]:.1f} ms, 99 in 100 at most {1000 * peaceful[1]:.1f} ms")


def drip(peers, byte, seconds):
    """A byte to each of them now and then, until all were closed. How many were told why, and how long it took."""
    began, told, chooser = time.monotonic(), 0, selectors.DefaultSelector()
    for peer in peers:
        peer.setblocking(False)
        chooser.register(peer, selectors.EVENT_READ)
    open_ones = set(peers)
    while open_ones and time.monotonic() < began + seconds:
        for peer in list(open_ones):
            with contextlib.suppress(OSError):
                peer.send(byte)
        for key, _ in chooser.select(0.1):
            try:
                got = key.fileobj.recv(4096)
            except OSError:
                got = b""
            told += b" 408 " in got
            if b" 408 " in got or not got:
                chooser.unregister(key.fileobj)
                open_ones.discard(key.fileobj)
                key.fileobj.close()
        time.sleep(0.05)
    for peer in open_ones:
        peer.close()
    chooser.close()
    return len(open_ones), told, time.monotonic() - began


def test_heads_that_drip_are_ended_and_disturb_nobody():
    with bystanders("three hundred dripping heads"):
        peers = [connect_from(number) for number in range(300)]
        for peer in peers:
            peer.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nX: ".encode())
        left, told, took = drip(peers, b"a", 20)
    equal(left, 0, f"all ended, after {took:.1f} s")  # ten seconds of a clock that runs ten times as fast
    assert told > 250, told


def test_bodies_that_drip_are_ended_and_disturb_nobody():
    with bystanders("three hundred dripping bodies"):
        peers = [connect_from(number) for number in range(300)]
        for peer in peers:
            peer.sendall(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 60000\r\n\r\n".encode())
        left, told, took = drip(peers, b"a", 30)
    equal(left, 0, f"all ended, after {took:.1f} s")
    assert told > 250, told


def is_cut(peer):
    """The other side has reset the connection; nothing is sent or read to find out."""
    poll = select.poll()
    poll.register(peer, 0)
    return bool(poll.poll(0))


def test_peers_that_take_no_answer_are_ended():
    """They ask and ask, and never read: their answers fill what the kernel keeps, and then wait."""
    big = ward.link("ward", "kingsley")["feed"].removeprefix(ward.public)
    request = f"GET {big} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() * 2000
    with bystanders("fifty peers that never read"):
        peers = []
        for number in range(50):
            peer = connect_from(number)
            peer.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                peer.send(request)
            peers.append(peer)
        until("they are cut off", lambda: all(is_cut(peer) for peer in peers), 30, 0.2)
        for peer in peers:
            peer.close()


def test_ten_thousand_connections_leave_room_for_others():
    crowd = CROWD if not SANITIZED else 2000  # a sanitizer's memory of each is a hundred times as large
    peers = []
    with bystanders(f"{crowd} idle connections"):
        try:
            for number in range(crowd):
                peers.append(connect_from(number))
            until("all are let in", lambda: metric(OPEN) >= crowd, 30)
            alive = 0
            for peer in peers[::97]:
                peer.sendall(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
                alive += b" 200 " in peer.recv(4096)
            equal(alive, len(peers[::97]), "each of them may ask, too")
        finally:
            for peer in peers:
                peer.close()


def test_more_than_there_is_room_for_are_told_so():
    small = Ward(edit=lambda text: text.replace('listen     = "', 'max-connections = 50\nlisten     = "')).start()
    peers = []
    for number in range(60):
        peers.append(socket.create_connection((HOST, small.port), timeout=10, source_address=(f"127.0.9.{number + 1}", 0)))
    refused = 0
    for peer in peers:
        with contextlib.suppress(OSError):
            peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            refused += b" 503 " in peer.recv(4096)
    assert refused >= 1, refused
    equal(small.ctl("status").code, 0, "the control socket is not among them")
    for peer in peers:
        peer.close()
    until("there is room again", lambda: b" 200 " in talk(small.port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    small.stop()


OK = b"HTTP/1.1 200 OK\r\n"


def test_endless_pipelining_is_answered_in_order_and_disturbs_nobody():
    one = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\nHEAD /healthz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()

    def pipeline(number):
        with connect_from(number) as peer:
            sender = threading.Thread(target=lambda: [peer.sendall(one * 100) for _ in range(10)] and None, daemon=True)
            sender.start()
            tail, seen = b"", 0
            while seen < 2000:
                piece = peer.recv(65536)
                assert piece, f"closed after {seen}"
                seen += (tail + piece).count(OK)
                tail = (tail + piece)[1 - len(OK):]
            sender.join(20)
            return seen
    with bystanders("eight peers pipelining two thousand requests each"), concurrent.futures.ThreadPoolExecutor(8) as pool:
        equal(list(pool.map(pipeline, range(8))), [2000] * 8)


GET = "GET /healthz HTTP/1.1\r\n"
HEAD = f"Host: {HOST}\r\n"
AMBIGUOUS = [
    GET + HEAD + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    GET + HEAD + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
    GET + HEAD + "Content-Length: 1, 1\r\n\r\nx",
    GET + HEAD + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    GET + HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
    GET + HEAD + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    GET + HEAD + "Transfer-Encoding: xchunked\r\n\r\n",
    GET + HEAD + "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
    GET + HEAD + "Transfer-encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    GET + HEAD + "Transfer-Encoding\r\n: chunked\r\n\r\n",
    GET + HEAD + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    GET + HEAD + "X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n",
    GET + HEAD + "Content-Length: 0\r\n Content-Length: 5\r\n\r\n",
    GET + HEAD + "Content-Length: 1_0\r\n\r\n",
    GET + HEAD + "Content-Length: 0x0\r\n\r\n",
    GET + HEAD + "Content-Length: \r\n\r\n",
    GET + HEAD + "Content-Length: 18446744073709551617\r\n\r\n",
    GET + HEAD + "X: a\0b\r\n\r\n",
    GET + HEAD + "X\0: a\r\n\r\n",
    "GET /heal\0thz HTTP/1.1\r\n" + HEAD + "\r\n",
    GET + HEAD + "X: a\rY: b\r\n\r\n",
    GET + HEAD + "\rX: a\r\n\r\n",
    "GET /healthz HTTP/1.1\r" + HEAD + "\r\n\r\n",
    "GET /healthz HTTP/1.1\n" + HEAD + "\r\n",
    GET + "Host: x\n\r\n",
    GET + HEAD + "X: a\n\n",
    GET + "\r\n",
    GET + HEAD + HEAD + "\r\n",
    GET + "Host: a\r\nHost: b\r\n\r\n",
    GET + "Host: a, b\r\n\r\n",
    GET + "Host: a@b/c\r\n\r\n",
    GET + "Host:\r\n\r\n",
    "GET http://a/healthz HTTP/1.1\r\nHost: b\r\n\r\n",
    "GET /healthz\r\n\r\n",
    "GET /healthz HTTP/0.9\r\n" + HEAD + "\r\n",
    "GET /healthz HTTP/1.1 x\r\n" + HEAD + "\r\n",
    "GET /healthz HTTP/1.10\r\n" + HEAD + "\r\n",
    "GET /healthz http/1.1\r\n" + HEAD + "\r\n",
    "GET  /healthz HTTP/1.1\r\n" + HEAD + "\r\n",
    "GET\t/healthz\tHTTP/1.1\r\n" + HEAD + "\r\n",
    " GET /healthz HTTP/1.1\r\n" + HEAD + "\r\n",
    GET + HEAD + ": a\r\n\r\n",
    GET + HEAD + "X : a\r\n\r\n",
    GET + HEAD + "X a\r\n\r\n",
    GET + HEAD + "X(y): a\r\n\r\n",
    GET + HEAD + "\xff: a\r\n\r\n",
]


def test_whatever_can_be_read_in_two_ways_is_refused_and_closed():
    """Behind each comes a request that somebody else would be served by: it is never answered."""
    follow = GET + HEAD + "\r\n"
    with bystanders("ambiguous requests"):
        for text in AMBIGUOUS:
            for pieces in (1, len(text)):  # at once, and byte by byte
                with connect_from(0) as peer:
                    data = (text + follow).encode("latin-1")
                    with contextlib.suppress(OSError):
                        for at in range(0, len(data), max(1, len(data) // pieces)):
                            peer.sendall(data[at:at + max(1, len(data) // pieces)])
                        peer.shutdown(socket.SHUT_WR)
                    got = b""
                    with contextlib.suppress(ConnectionResetError):
                        while piece := peer.recv(65536):
                            got += piece
                codes = re.findall(rb"HTTP/1\.1 (\d+)", got)
                assert codes in ([b"400"], [b"505"]), f"{text!r}: {got[:300]}"
                contains(got.lower(), b"connection: close")


def test_garbage_of_every_kind_is_refused():
    state = 20261123
    with bystanders("two hundred pieces of garbage"):
        for _ in range(200):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            length = state >> 40 & 0x3ff
            data = bytes((state >> (i % 48) ^ i * 7919) & 0xff for i in range(length + 1))
            with connect_from(0) as peer:
                with contextlib.suppress(OSError):
                    peer.sendall(data)
                    peer.shutdown(socket.SHUT_WR)
                got = b""
                with contextlib.suppress(OSError):
                    while piece := peer.recv(65536):
                        got += piece
            assert not got or got.startswith(b"HTTP/1.1 4") or got.startswith(b"HTTP/1.1 5"), got[:100]


def test_all_of_them_are_gone_in_the_end():
    until("no connection is left", lambda: metric(OPEN) == 0, 30)
    equal(ward.fetch(path).status, 200)


if __name__ == "__main__":
    tests(sys.modules[__name__])
