#!/usr/bin/env python3
"""The sample for nginx in front of a real daemon: calendars, pages and limits work through it, the daemon
counts by the address that the proxy saw, and no log of either holds a secret address, whatever fails.
"""
import atexit
import http.client
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys

from wardround import HOST, ROOT, Skip, Ward, equal, free_port, lacks, rows, tests, until

ward = Ward(edit=lambda text: 'trusted-proxies = { "127.0.0.1/32" }\n' + text)
folder = pathlib.Path(ward.folder) / "proxy"
port = free_port()
link = {}
nginx = None


def end_nginx():
    if nginx and nginx.poll() is None:
        nginx.terminate()
        nginx.wait(20)


atexit.register(end_nginx)


def ask(path, method="GET", body=None, **headers):
    peer = http.client.HTTPSConnection(HOST, port, timeout=20, context=ssl._create_unverified_context())
    try:
        peer.request(method, path, body=body, headers={"Host": "times.example.org", **headers})
        answer = peer.getresponse()
        return answer.status, answer.read()
    finally:
        peer.close()


def test_nginx_starts_with_the_sample():
    global nginx, link
    if not shutil.which("nginx"):
        raise Skip("nginx is not installed")
    ward.start().fill()
    link = ward.link("support", rows("supports.csv")[0]["ref"])
    folder.mkdir()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
                    "/CN=times.example.org", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)
    site = (ROOT / "conf" / "nginx.conf").read_text(encoding="utf-8")
    for wanted, given in ((r"/etc/letsencrypt/\S+/fullchain.pem", str(folder / "cert.pem")),
                          (r"/etc/letsencrypt/\S+/privkey.pem", str(folder / "key.pem")),
                          (r"/var/log/nginx", str(folder)), (r"127\.0\.0\.1:8480", f"{HOST}:{ward.port}"),
                          (r" *listen \[::\].*\n", ""), (r"listen 443", f"listen {HOST}:{port}"),
                          (r"listen 80;", f"listen {HOST}:{free_port()};")):
        site, count = re.subn(wanted, given, site)
        assert count, f"{wanted} is not in the sample"
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n"
                        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/nginx.log;\nevents {{ }}\nhttp {{\n"
        f"{temporary}include {folder}/site.conf;\n}}\n", encoding="utf-8")
    os.chmod(ward.folder, 0o755)  # its worker is another user
    nginx = subprocess.Popen(["nginx", "-e", folder / "nginx.log", "-c", folder / "nginx.conf"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def answers():
        try:
            return ask("/healthz")[0] == 200
        except OSError:
            return False
    until("nginx answers", answers)


def path(what):
    if not nginx:
        raise Skip("nginx is not installed")
    return link[what].removeprefix(ward.public)


def test_calendars_and_pages_come_through():
    status, body = ask(path("feed"))
    equal((status, body[:15]), (200, b"BEGIN:VCALENDAR"))
    equal(ask(path("page"))[0], 200)
    equal(ask(path("feed"), Referer=ward.public + path("page"))[0], 200)
    equal(ask("/f/" + "a" * 43 + ".ics")[0], 404)


def test_bodies_and_headers_have_their_limits():
    equal(ask(path("page") + "/reply", "POST", b"x" * 70000)[0], 413)
    assert ask(path("feed"), Cookie="x" * 9000)[0] in (400, 431)


def test_guessing_is_counted_by_what_the_proxy_saw():
    path("feed")
    seen = [ask("/f/" + f"{number:043d}", **{"X-Forwarded-For": f"198.51.{number}.7"})[0] for number in range(25)]
    assert 429 in seen, f"claimed addresses were believed: {seen}"
    equal(ask(path("feed"))[0], 200, "a valid token is not limited")


def test_nothing_secret_is_in_any_log():
    address = path("feed")
    ward.stop()
    equal(ask(address)[0], 502, "without the daemon")
    end_nginx()
    logged = (folder / "wardround.log").read_text(encoding="utf-8")
    assert re.search(r"GET /f/-\.ics 200", logged) and "GET /f 200" in logged and " 502 " in logged, logged
    token = address.split("/")[2].removesuffix(".ics")
    for name in folder.glob("*.log"):
        text = name.read_text(encoding="utf-8")
        lacks(text, token, str(name))
        lacks(text, token[:20], str(name))


tests(sys.modules[__name__])
