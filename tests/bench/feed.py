#!/usr/bin/env python3
"""Feeds served for each second of CPU: wr_serve against nginx with the same bytes as static files.

    feed.py BUILD_FOLDER [SECONDS]

Both serve 10,000 different feeds of 6 KB on loopback to wrk, in turn, with the same headers. nginx
has one worker and sendfile off (faster than on for small files), once as it is and once with
open_file_cache. Also: memory of 10,000 idle connections. Prints; judges nothing.
"""
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

WRK = """
local tags = {{}}
for line in io.lines("{tags}") do tags[#tags + 1] = line end
local n = 0
local base = {{["User-Agent"] = "bench/1", ["Accept"] = "text/calendar"{accept}}}
function request()
    n = (n * 1103 + 12347) % {feeds}
    local headers = {{}}
    for k, v in pairs(base) do headers[k] = v end
    {condition}
    return wrk.format("GET", "/f/" .. n .. ".ics", headers)
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


def etags(port, extra, path):
    """The ETag of each feed, by pipelined HEADs, into a file."""
    tags = []
    with socket.create_connection(("127.0.0.1", port)) as s:
        file = s.makefile("rb")
        for start in range(0, FEEDS, 50):
            s.sendall("".join(f"HEAD /f/{i}.ics HTTP/1.1\r\nHost: bench\r\n{extra}\r\n"
                              for i in range(start, start + 50)).encode())
            seen = 0
            while seen < 50:
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


def run(server, folder, mode, seconds):
    gzip = mode == "gzip"
    extra = "Accept-Encoding: gzip\r\n" if gzip else ""
    tags = folder / f"{server.name}-{mode}.tags".replace(" ", "-")
    if not tags.exists():
        etags(server.port, extra, tags)
    script = folder / "load.lua"
    script.write_text(WRK.format(
        tags=tags, feeds=FEEDS, accept=', ["Accept-Encoding"] = "gzip"' if gzip else "",
        condition='headers["If-None-Match"] = tags[n + 1]' if mode == "304" else ""))
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


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    subprocess.run(["ninja", "-C", build, "tests/bench/feed_server"], check=True,
                   stdout=subprocess.DEVNULL)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="wardround-bench-"))
    folder.chmod(0o755)
    (folder / "feeds").mkdir()
    servers = []
    try:
        servers.append(start_own(build, FEEDS, folder / "feeds"))
        servers.append(start_nginx("nginx", folder, ""))
        servers.append(start_nginx("nginx cached", folder, CACHE))
        for server in servers[1:]:
            for extra in ("", "Accept-Encoding: gzip\r\n"):
                ours, theirs = (fetch(s.port, "/f/7.ics", extra) for s in (servers[0], server))
                if ours[1] != theirs[1]:
                    sys.exit("the servers send different bytes")
        print(f"feed of {len(fetch(servers[0].port, '/f/7.ics')[1])} bytes, {FEEDS} feeds, "
              f"{CONNECTIONS} connections; requests for each CPU second of the server, "
              f"median of {ROUNDS}")
        for mode in ("200", "304", "gzip"):
            rates = {server.name: [] for server in servers}
            for _ in range(ROUNDS):
                for server in servers:
                    rates[server.name].append(run(server, folder, mode, seconds))
            median = {name: statistics.median(values) for name, values in rates.items()}
            own = median["wardround"]
            print(f"{mode:5}" + "".join(
                f"  {name} {rate:,.0f}" + ("" if name == "wardround" else f" ({own / rate:.2f}x)")
                for name, rate in median.items()))
        # A fresh one: freed memory of the load would hide what connections take.
        servers.append(start_own(build, 1, folder))
        before, after = idle_memory(servers[-1])
        print(f"{IDLE} idle connections: {after / 2**20:.1f} MB, "
              f"{(after - before) / IDLE:.0f} bytes each")
    finally:
        for server in servers:
            server.end()
        shutil.rmtree(folder)


main()
