"""A real browser for scenarios, without scripts in the pages: opens, fills in, presses, and judges what it
was sent (tests/browser/browser.mjs tells how).

    browser = Browser()                     # skips the test where there is no chromium or npm
    browser.open(link["page"])
    browser.check("support")                # accessibility, widths, hosts; pictures in BUILD/pages
    browser.choose("Yes, by phone")
    equal(browser.press("Send reply"), 200)
    contains(browser.text(), "Staff can see")
    browser.check_html()                    # once, at the end: the HTML of all that was checked
    browser.close()
"""
import json
import os
import pathlib
import shutil
import subprocess

from wardround import BUILD, READERS, ROOT, Skip

HERE = ROOT / "tests" / "browser"
TOOLS = READERS.parent / "browser"


class Browser:
    def __init__(self, out=None):
        for program in ("chromium", "node", "java", "pdfinfo"):
            if not shutil.which(program):
                raise Skip(f"there is no {program}")
        if not (TOOLS / "node_modules").exists():
            done = subprocess.run(["sh", str(HERE / "install.sh"), str(TOOLS.parent)], capture_output=True, text=True,
                                  timeout=180, check=False)
            if done.returncode:
                raise Skip("npm installs nothing: " + done.stderr[-300:])
        self.out = pathlib.Path(out or BUILD / "pages")
        self.out.mkdir(parents=True, exist_ok=True)
        profile = self.out / "home"
        profile.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            ["node", str(HERE / "drive.mjs"), str(TOOLS / "node_modules"), str(self.out)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env={**os.environ, "HOME": str(profile)})

    def ask(self, verb, **words):
        self.process.stdin.write(json.dumps({"do": verb, **words}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the browser is gone ({verb} {words})")
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(f"{verb} {words}: {answer['error']}")
        return answer["ok"]

    def open(self, address):
        self.ask("open", address=address)
        return self.ask("status")

    def status(self):
        return self.ask("status")

    def address(self):
        return self.ask("address")

    def text(self, selector="main"):
        """What can be read, without the signs that isolate."""
        return self.ask("text", selector=selector).replace("\u2068", "").replace("\u2069", "")

    def html(self):
        return self.ask("html")

    def fill(self, label, value, nth=0):
        self.ask("fill", label=label, value=value, nth=nth)

    def choose(self, label, nth=0):
        self.ask("choose", label=label, nth=nth)

    def select(self, label, option, nth=0):
        self.ask("select", label=label, option=option, nth=nth)

    def unfold(self, title, nth=0):
        self.ask("unfold", title=title, nth=nth)

    def press(self, name, nth=0):
        """The status of the page that comes of it."""
        return self.ask("press", name=name, nth=nth)

    def follow(self, name, nth=0):
        return self.ask("follow", name=name, nth=nth)

    def links(self):
        return [tuple(link) for link in self.ask("links")]

    def tabs(self):
        return self.ask("tabs")

    def print(self, name):
        """How many sheets of A4 it is."""
        return self.ask("print", name=name)

    def picture(self, selector, name):
        return self.ask("picture", selector=selector, name=name)

    def forget(self):
        self.ask("forget")

    def check(self, name, widths=None):
        wrong = self.ask("check", name=name, **({"widths": widths} if widths else {}))
        if wrong:
            raise AssertionError("\n".join(wrong))

    def check_html(self):
        wrong = self.ask("html_check")
        if wrong:
            raise AssertionError("\n".join(wrong))

    def close(self):
        process, self.process = self.process, None
        if process:
            process.stdin.close()
            process.wait(30)
