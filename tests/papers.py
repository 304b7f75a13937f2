"""What the papers say is so: README, CHANGELOG and the rest against the tree. Prints TAP."""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
os.chdir(ROOT)
PAPERS = sorted(["README.md", "CHANGELOG.md", "SECURITY.md", *glob.glob("*/README.md"),
                 *glob.glob("*/*/README.md")])
PAPERS = [paper for paper in PAPERS if not paper.startswith("build")]
count = 0
bad = 0


def point(name, wrong):
    global count, bad
    count += 1
    bad += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {count} - {name}")
    for line in wrong:
        print(f"# {line}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def listed(part):
    command = f"packages_sh=tests/packages.sh; . tests/packages.sh; listed_packages {part}"
    return subprocess.run(["sh", "-c", command], check=True, capture_output=True,
                          text=True).stdout.split()


def installed_by_readme():
    """The words after `apt-get install` in the README, over its continued lines."""
    text = read("README.md").replace("\\\n", " ")
    match = re.search(r"apt-get install ([^\n]*)", text)
    return [word for word in match[1].split() if not word.startswith("-")] if match else []


def broken_links(paper):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", read(paper)):
        if "://" in target or target.startswith("mailto:"):
            continue
        if not os.path.exists(os.path.join(os.path.dirname(paper), target)):
            yield f"{paper}: {target} is not there"


def lost_paths(paper):
    """Paths in back quotes that begin with one of our folders exist."""
    folders = "conf|daemon|include|lib|man|systemd|tests"
    for path in re.findall(rf"`((?:{folders})/[\w./*-]*)`", read(paper)):
        if not glob.glob(path.rstrip("/")):
            yield f"{paper}: {path} is not there"


def unknown_verbs(paper, verbs):
    """What the papers ask wardctl to do, it can."""
    for noun, verb in re.findall(r"wardctl (?:--\S+ )*([a-z]+)(?: ([a-z][a-z-]*))?", read(paper)):
        if noun not in verbs or (verb and verbs[noun] and verb not in verbs[noun]):
            yield f"{paper}: there is no `wardctl {noun} {verb}`"


def table_of_verbs():
    verbs = {}
    for noun, verb in re.findall(r'^\t\{ "([a-z]+)",\s*"([a-z-]+)",', read("daemon/ctl/verbs.c"),
                                 re.M):
        verbs.setdefault(noun, set()).add(verb)
    for noun in ("status", "version", "completion"):
        verbs[noun] = set()
    verbs["help"] = set()
    return verbs


point("the README installs the packages that a build needs",
      [f"missing or too many: {name}"
       for name in sorted(set(listed("build")) ^ set(installed_by_readme()))])
point("links lead somewhere", [line for paper in PAPERS for line in broken_links(paper)])
point("paths are there", [line for paper in PAPERS for line in lost_paths(paper)])
verbs = table_of_verbs()
point("wardctl can do what is asked of it",
      [line for paper in PAPERS for line in unknown_verbs(paper, verbs)])
version = re.search(r"version: '([^']+)'", read("meson.build"))[1]
point("the change log knows this version",
      [] if re.search(rf"^## {re.escape(version)}\b", read("CHANGELOG.md"), re.M)
      else [f"CHANGELOG.md has no section {version}"])
point("nobody is sent to a real organisation",
      [f"{paper}: {address}" for paper in PAPERS
       for address in re.findall(r"https?://([\w.-]+)", read(paper))
       if not re.search(r"(^|\.)(example(\.(org|com|net))?|localhost)$|^127\.0\.0\.1", address)
       and not re.search(r"(^|\.)(w3\.org|rfc-editor\.org|standardwebhooks\.com)$", address)])
rooms = {os.path.dirname(path).split("/", 1)[1] for path in glob.glob("lib/*/meson.build")}
point("each room of lib stands in its README",
      [f"lib/README.md does not know {room}" for room in sorted(rooms)
       if not re.search(rf"`{room}/?`", read("lib/README.md"))])
rooms = {os.path.dirname(path).split("/", 1)[1] for path in glob.glob("daemon/*/meson.build")}
point("each room of the daemon stands in its README",
      [f"daemon/README.md does not know {room}" for room in sorted(rooms)
       if not re.search(rf"`{room}/?`", read("daemon/README.md"))])
print(f"1..{count}")
sys.exit(bad != 0)
