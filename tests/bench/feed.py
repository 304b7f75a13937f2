#!/usr/bin/env python3
"""Feeds served for each second of CPU: wr_serve against nginx with the same bytes as static files.

    feed.py BUILD_FOLDER [SECONDS]

Both serve 10,000 different feeds of 6 KB on loopback to wrk, in turn, with the same headers. nginx
has one worker and sendfile off (faster than on for small files), once as it is and once with
open_file_cache, when it does not look at its files any more. Also: memory of 10,000 idle
connections; and the same for wardroundd itself with 10,000 links of a trust of 100 wards, while it
records who fetched what. Prints; judges nothing.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

import daemon as trust

FEEDS = 10000
CONNECTIONS = 32
IDLE = 10000
ROUNDS = 3

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log error;
events {{ worker_connections 20000; }}
http {{
    access_log off; sendfile off; tcp_nodelay on; server_tokens off; keepalive_requests 1000000000;
    gzip_static {gzip}; etag on; {cache}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    types {{ text/calendar ics; }} charset utf-8; charset_types text/calendar;
    server {{
        listen 127.0.0.1:{port};
        location /f/ {{
            alias {folder}/feeds/;
            add_header Cache-Control "private, no-cache"; add_header Vary Accept-Encoding;
            add_header Referrer-Policy no-referrer; add_header X-Robots-Tag noindex;
        }}
    }}
}}
"""
CACHE = "open_file_cache max=15000 inactive=600s; open_file_cache_valid 600s;"

# All requests are written before the first is sent: what the load costs would else be measured too.
WRK = """
local tags, paths, requests, n = {{}}, {{}}, {{}}, 0
for line in io.lines("{tags}") do tags[#tags + 1] = line end
for line in io.lines("{paths}") do paths[#paths + 1] = line end
function init(args)
    for i = 0, {feeds} - 1 do
        local headers = {{["Host"] = "bench", ["User-Agent"] = "bench/1", ["Accept"] = "text/calendar"{accept}}}
        {condition}
        requests[i] = wrk.format("GET", paths[i + 1], headers)
    end
end
function request()
    n = (n + 7919) % {feeds} -- comes by all of them
    return requests[n]
end
function done(summary, latency, requests)
    io.write("RESULT ", summary.requests, " ", summary.bytes, " ",
        summary.errors.status + summary.errors.read + summary.errors.connect, "\\n")
end
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024


def fetch(port, path, extra=""):
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n{extra}\r\n".encode())
        data = b""
        while piece := s.recv(65536):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return head.decode(), body


def etags(port, paths, extra, path):
    """The ETag of each feed, by pipelined HEADs, into a file."""
    tags = []
    with socket.create_connection(("127.0.0.1", port)) as s:
        file = s.makefile("rb")
        for start in range(0, len(paths), 50):
            some = paths[start:start + 50]
            s.sendall("".join(f"HEAD {one} HTTP/1.1\r\nHost: bench\r\n{extra}\r\n" for one in some).encode())
            seen = 0
            while seen < len(some):
                line = file.readline().decode().strip()
                if line.lower().startswith("etag:"):
                    tags.append(line.split(" ", 1)[1])
                seen += line == ""
    path.write_text("\n".join(tags) + "\n")


class Server:
    def __init__(self, name, process, port, pid):
        self.name, self.process, self.port, self.pid = name, process, port, pid

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def start_own(build, feeds, folder):
    port = free_port()
    process = subprocess.Popen([build / "tests/bench/feed_server", str(port), str(feeds), folder],
                               stdout=subprocess.PIPE)
    if process.stdout.readline() != b"ready\n":
        sys.exit("feed_server did not start")
    return Server("wardround", process, port, process.pid)


def start_nginx(name, folder, cache):
    port = free_port()
    own = folder / name.replace(" ", "-")
    own.mkdir()
    (own / "feeds").symlink_to(folder / "feeds")
    conf = own / "nginx.conf"
    conf.write_text(NGINX.format(folder=own, port=port, gzip="on", cache=cache))
    process = subprocess.Popen(["/usr/sbin/nginx", "-p", own, "-c", conf])
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for _ in range(200):
        if workers := children.read_text().split():
            return Server(name, process, port, int(workers[0]))
        time.sleep(0.05)
    process.terminate()
    sys.exit("nginx did not start")


def run(server, folder, paths, mode, seconds):
    gzip = mode == "gzip"
    extra = "Accept-Encoding: gzip\r\n" if gzip else ""
    tags = folder / f"{server.name}-{mode}.tags".replace(" ", "-")
    if not tags.exists():
        etags(server.port, paths, extra, tags)
        (folder / "paths").write_text("\n".join(paths) + "\n")
    script = folder / "load.lua"
    script.write_text(WRK.format(
        tags=tags, paths=folder / "paths", feeds=len(paths), accept=', ["Accept-Encoding"] = "gzip"' if gzip else "",
        condition='headers["If-None-Match"] = tags[i + 1]' if mode == "304" else ""))
    before = cpu_seconds(server.pid)
    out = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script,
         f"http://127.0.0.1:{server.port}/"], capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(server.pid) - before
    if not used:
        sys.exit(f"{server.name}: no requests in {mode}: {out}")
    requests, _, errors = map(int, out.split("RESULT ")[1].split()[:3])
    if errors:
        sys.exit(f"{server.name}: {errors} errors in {mode}")
    return requests / used


def idle_memory(server):
    before = memory(server.pid)
    sockets = []
    for i in range(IDLE):
        s = socket.socket()
        # Loopback has many addresses; one of them has not enough ports for every run.
        s.bind((f"127.0.1.{i % 200 + 1}", 0))
        s.connect(("127.0.0.1", server.port))
        s.sendall(b"GET /f/0.ics HTTP/1.1\r\nHost: bench\r\n\r\n")
        sockets.append(s)
    for s in sockets:
        while not s.recv(65536).endswith(b"END:VCALENDAR\r\n"):
            pass
    after = memory(server.pid)
    for s in sockets:
        s.close()
    return before, after


def compare(servers, folder, paths, seconds):
    """Paired: each round asks all servers, in turn; the first is compared with the others."""
    for mode in ("200", "304", "gzip"):
        rates = {server.name: [] for server in servers}
        for turn in range(ROUNDS):
            for server in servers if turn % 2 == 0 else servers[::-1]:
                rates[server.name].append(run(server, folder, paths, mode, seconds))
        own = rates[servers[0].name]
        print(f"{mode:5}" + "".join(
            f"  {name} {statistics.median(values):,.0f}" +
            ("" if values is own else f" ({statistics.median([a / b for a, b in zip(own, values)]):.2f}x)")
            for name, values in rates.items()), flush=True)


def must_agree(servers, paths):
    for server in servers[1:]:
        for extra in ("", "Accept-Encoding: gzip\r\n"):
            for path in paths[7:len(paths):1000]:
                ours, theirs = (fetch(s.port, path, extra) for s in (servers[0], server))
                if ours[1] != theirs[1]:
                    sys.exit("the servers send different bytes")


def bench_bytes(build, folder, seconds):
    (folder / "feeds").mkdir()
    paths = [f"/f/{i}.ics" for i in range(FEEDS)]
    servers = [start_own(build, FEEDS, folder / "feeds")]
    try:
        servers += [start_nginx("nginx", folder, ""), start_nginx("nginx cached", folder, CACHE)]
        must_agree(servers, paths)
        print(f"the server alone: feed of {len(fetch(servers[0].port, paths[7])[1])} bytes, {FEEDS} feeds, "
              f"{CONNECTIONS} connections; requests for each CPU second of the server, median of {ROUNDS}", flush=True)
        compare(servers, folder, paths, seconds)
        # A fresh one: freed memory of the load would hide what connections take.
        servers.append(start_own(build, 1, folder))
        before, after = idle_memory(servers[-1])
        print(f"{IDLE} idle connections: {after / 2**20:.1f} MB, {(after - before) / IDLE:.0f} bytes each", flush=True)
    finally:
        for server in servers:
            server.end()


def make_links(daemon):
    """A trust of WARDS wards, a week of it published; FEEDS links of supports. Their paths."""
    trust.write_config(daemon.folder, trust.trust_config())
    trust.write_people(daemon.folder)
    daemon.start()
    for what in ("patients", "supports"):
        daemon.must("import", what, os.path.join(daemon.folder, what + ".csv"))
    for ward in range(trust.WARDS):
        daemon.must("plan", "make", "--ward", f"w{ward}", "--week", trust.WEEK)
        daemon.must("plan", "publish", "--ward", f"w{ward}", "--week", trust.WEEK)
    people = trust.WARDS * 25

    def link(n):
        peer = http.client.HTTPConnection("localhost")
        peer.sock = socket.socket(socket.AF_UNIX)
        peer.sock.connect(daemon.socket)
        paths = []
        for i in range(n, FEEDS, 8):
            peer.request("POST", "/v1/link/new", json.dumps({"support": f"S{i % people}", "label": f"device {i}"}),
                         {"Content-Type": "application/json"})
            paths.append(urllib.parse.urlsplit(json.load(peer.getresponse())["link"]["feed"]).path)
        peer.close()
        return paths
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return [path for some in pool.map(link, range(8)) for path in some]


def save_feeds(port, paths, folder):
    (folder / "feeds").mkdir()
    for ending, extra in (("", {}), (".gz", {"Accept-Encoding": "gzip"})):
        peer = http.client.HTTPConnection("127.0.0.1", port)
        for path in paths:
            peer.request("GET", path, headers=extra)
            (folder / "feeds" / (path.removeprefix("/f/") + ending)).write_bytes(peer.getresponse().read())
        peer.close()


def bench_daemon(folder, seconds):
    """wardroundd itself, with who fetched what being recorded."""
    (folder / "ward").mkdir()
    daemon = trust.Daemon(str(folder / "ward"))
    servers = []
    try:
        paths = make_links(daemon)
        port = trust.PORT
        save_feeds(port, paths, folder)
        servers = [Server("wardroundd", daemon.process, port, daemon.process.pid), start_nginx("nginx", folder, "")]
        servers.append(start_nginx("nginx cached", folder, CACHE))
        must_agree(servers, paths)
        sizes = [len(fetch(port, path)[1]) for path in paths[:50]]
        print(f"the daemon, with fetches recorded: {len(paths)} links, feeds of {min(sizes)} to {max(sizes)} bytes",
              flush=True)
        compare(servers, folder, paths, seconds)
        print(f"its memory then: {memory(daemon.process.pid) / 2**20:.1f} MB", flush=True)
    finally:
        for server in servers[1:]:
            server.end()
        if daemon.process:
            daemon.stop()


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    subprocess.run(["ninja", "-C", build, "tests/bench/feed_server"], check=True,
                   stdout=subprocess.DEVNULL)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wardround-bench-"))
    folder.chmod(0o755)
    try:
        for name in ("bytes", "daemon"):
            (folder / name).mkdir()
        bench_bytes(build, folder / "bytes", seconds)
        bench_daemon(folder / "daemon", seconds)
    finally:
        shutil.rmtree(folder)


main()
