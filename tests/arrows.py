"""The arrows between the rooms, kept true: who may include whom.

    main -> daemon -> desk -> {serve, store, send, clock} -> sys
    everything -> include/wardround
    ctl -> sys and its own room only
    lib -> include/wardround and its own room only, and nothing that touches the machine
    include/wardround -> include/wardround only

Prints TAP. To see that it finds what it looks for, it judges planted wrong lines too.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

ADAPTERS = ("serve", "store", "send", "clock")
MAY = {  # room of the daemon -> rooms it may include besides its own
    "main": {"daemon", "sys"},
    "daemon": {"desk", "sys", *ADAPTERS},
    "desk": {"sys", *ADAPTERS},
    **{adapter: {"sys"} for adapter in ADAPTERS},
    "sys": set(),
    "ctl": {"sys"},
}

# What would let lib wait, look at the clock or touch the machine.
IMPURE = re.compile(
    r"^(uv\.h|uv/.*|sqlite3\.h|curl/.*|sys/.*|netinet/.*|arpa/.*|net/.*|linux/.*|pthread\.h"
    r"|threads\.h|semaphore\.h|syslog\.h|time\.h|unistd\.h|fcntl\.h|poll\.h|netdb\.h|signal\.h"
    r"|dirent\.h|pwd\.h|grp\.h|spawn\.h|dlfcn\.h|llhttp\.h)$")
# And what the standard headers offer of the same.
IMPURE_CALLS = re.compile(
    r"\b(fopen|freopen|getenv|setenv|system|popen|rand|srand|random|srandom|drand48|arc4random\w*"
    r"|randombytes_\w+|randombytes|time|clock|gettimeofday|clock_gettime|localtime\w*|gmtime\w*"
    r"|mktime|printf|puts|putchar|perror|exit)\s*\(")
# Rooms of the daemon that alone may use a library.
ONLY = {"sqlite3.h": {"store"}, "curl/curl.h": {"send", "ctl", "daemon", "main"},
        "llhttp.h": {"serve"}, "libsmartcols/libsmartcols.h": {"ctl"}}


def daemon_room(path):
    """daemon/desk/admit.c -> desk; daemon/daemon.c -> daemon; daemon/main.c -> main"""
    parts = path.split("/")
    if len(parts) > 2:
        return parts[1]
    return "main" if parts[1] == "main.c" else "daemon"


def included_room(name):
    """desk/desk.h -> desk; daemon.h, listeners.h -> daemon"""
    return name.split("/")[0] if "/" in name else "daemon"


def judge_include(path, name, quoted):
    """What is wrong with `path` including `name`; None when nothing is."""
    top = path.split("/")[0]
    if not quoted:
        if top in ("lib", "include") and IMPURE.match(name):
            return f"{top} decides and touches nothing: no <{name}>"
        if top == "daemon" and name in ONLY and daemon_room(path) not in ONLY[name]:
            return f"<{name}> belongs to {' and '.join(sorted(ONLY[name]))}"
        return None
    if name.startswith("wardround/"):
        return None
    own_folder = os.path.exists(os.path.join(ROOT, os.path.dirname(path), name))
    if top == "include":
        return f"a contract of lib includes {name}"
    if top == "lib":
        return None if "/" not in name and own_folder else f"lib includes {name}"
    room = daemon_room(path)
    if "/" not in name and own_folder and (room not in ("main", "daemon")):
        return None
    target = included_room(name)
    if target == room or target in MAY.get(room, set()):
        return None
    return f"{room} may not include {target}"


def strip(text):
    """Without comments and texts, line by line as before; includes keep their names."""
    out, state = [], None
    for line in text.split("\n"):
        if state != "comment" and re.match(r"\s*#\s*include\b", line):
            out.append(line)
            continue
        kept, at = "", 0
        while at < len(line):
            two = line[at:at + 2]
            if state == "comment":
                if two == "*/":
                    state, at = None, at + 1
            elif two == "/*":
                state, at = "comment", at + 1
            elif two == "//":
                break
            elif line[at] in "\"'":
                end = at + 1
                while end < len(line) and line[end] != line[at]:
                    end += 2 if line[end] == "\\" else 1
                at = end
            else:
                kept += line[at]
            at += 1
        out.append(kept)
    return out


def judge(path, text):
    """[(line, what)]"""
    found = []
    for number, line in enumerate(strip(text), 1):
        match = re.match(r"\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", line)
        if match:
            wrong = judge_include(path, match[2], match[1] == '"')
            if wrong:
                found.append((number, wrong))
        elif path.startswith("lib/"):
            call = IMPURE_CALLS.search(line)
            if call and not re.search(r"[.>]\s*$", line[:call.start()]):
                found.append((number, f"lib calls {call[1]}()"))
    return found


def sources():
    for top in ("lib", "include", "daemon"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(folder, name), ROOT)


PLANTED = [
    ("lib/feed/planted.c", "#include <uv.h>"),
    ("lib/feed/planted.c", "#include <time.h>"),
    ("lib/feed/planted.c", "#include <sys/socket.h>"),
    ("lib/feed/planted.c", '#include "store/store.h"'),
    ("lib/feed/planted.c", '#include "../plan/bound.h"'),
    ("lib/feed/planted.c", "\tstatic wr_time now = time(NULL);"),
    ("include/wardround/planted.h", '#include "desk/desk.h"'),
    ("include/wardround/planted.h", "#include <pthread.h>"),
    ("daemon/store/planted.c", '#include "serve/serve.h"'),
    ("daemon/send/planted.c", '#include "store/store.h"'),
    ("daemon/serve/planted.c", '#include "desk/desk.h"'),
    ("daemon/clock/planted.c", '#include "../store/store.h"'),
    ("daemon/sys/planted.c", '#include "clock/clock.h"'),
    ("daemon/desk/planted.c", '#include "daemon.h"'),
    ("daemon/desk/planted.c", "#include <sqlite3.h>"),
    ("daemon/ctl/planted.c", '#include "desk/desk.h"'),
    ("daemon/main.c", '#include "store/store.h"'),
]
ALLOWED = [
    ("lib/feed/planted.c", '#include "wardround/feed.h"\n/* time() would be wrong */\n'
     'const char *a = "time(NULL)"; int b = c->time(1);'),
    ("daemon/desk/planted.c", '#include "desk/desk.h"\n#include "store/store.h"\n#include <uv.h>'),
    ("daemon/main.c", '#include "daemon.h"\n#include "sys/log.h"'),
]


def main():
    count = 0

    def point(passed, name, details=()):
        nonlocal count
        count += 1
        print(f"{'ok' if passed else 'not ok'} {count} - {name}")
        for detail in details:
            print("# " + detail)
        return passed

    fine = True
    by_room = {}
    for path in sources():
        room = path.split("/")[0] if path.startswith(("lib", "include")) else \
            "daemon/" + daemon_room(path)
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            wrong = judge(path, file.read())
        by_room.setdefault(room, []).extend(f"{path}:{line}: {what}" for line, what in wrong)
    for room, wrong in sorted(by_room.items()):
        fine &= point(not wrong, f"{room} keeps to its arrows", wrong)
    for path, line in PLANTED:
        fine &= point(bool(judge(path, line)), f"a planted `{line.strip()}` in {path} is found")
    for path, text in ALLOWED:
        wrong = judge(path, text)
        fine &= point(not wrong, f"what is allowed in {path} is not found",
                      [what for _, what in wrong])
    print(f"1..{count}")
    return 0 if fine else 1


sys.exit(main())
