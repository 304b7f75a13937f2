"""People at their browsers, for scenarios: headless Chromium without scripts, moved by links and forms.

    nurse = People().person("nurse")
    nurse.open(address)
    nurse.fill("Name", "Tess Okoro").press("Admit")
    nurse.sees("Tess Okoro is admitted")

What a page asked of another host, and what the browser complained of, fails the step that it came in.
"""
import atexit
import json
import os
import shutil
import subprocess

from wardround import READERS, ROOT, Skip, contains, equal, lacks

CHROMIUM = "/usr/bin/chromium"
TOOLS = READERS.parent / "browser"


class People:
    """The browser that all of them sit at, each with cookies and a history of their own."""

    def __init__(self):
        if not (shutil.which("node") and os.access(CHROMIUM, os.X_OK)
                and (TOOLS / "node_modules" / "playwright-core").is_dir()):
            raise Skip(f"node, chromium or playwright-core in {TOOLS} is missing")
        self.hands = subprocess.Popen(
            ["node", str(ROOT / "tests" / "browser" / "hands.cjs"), str(TOOLS), CHROMIUM],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self.close)

    def ask(self, **order):
        self.hands.stdin.write(json.dumps(order) + "\n")
        self.hands.stdin.flush()
        line = self.hands.stdout.readline()
        if not line:
            raise AssertionError(f"the browser is gone, asked for {order}")
        return json.loads(line)

    def person(self, who):
        return Person(self, who)

    def close(self):
        if self.hands.poll() is None:
            self.hands.stdin.close()
            try:
                self.hands.wait(10)
            except subprocess.TimeoutExpired:
                self.hands.kill()
                self.hands.wait()


class Person:
    def __init__(self, browser, who):
        self.browser, self.who, self.screen = browser, who, {}

    def order(self, do, **order):
        answer = self.browser.ask(do=do, who=self.who, **{key: value for key, value in order.items() if value is not None})
        if "fault" in answer:
            raise AssertionError(f"{self.who}: {do} {order}: {answer['fault']}\non the screen:\n{self.text}")
        equal(answer.get("wrong", []), [], f"{self.who}: {do} {order}")
        self.screen = answer
        return self

    @property
    def text(self):
        return self.screen.get("text", "")

    @property
    def url(self):
        return self.screen.get("url", "")

    def open(self, url, status=200):
        self.order("open", url=url)
        equal(self.screen["status"], status, f"{self.who}: {url}: {self.text[:400]}")
        return self

    def press(self, name, within=None, part=None):
        return self.order("press", name=name, within=within, part=part)

    def follow(self, name, within=None, part=None):
        return self.order("follow", name=name, within=within, part=part)

    def fill(self, label, value, within=None, part=None):
        return self.order("fill", label=label, value=value, within=within, part=part)

    def choose(self, label, within=None, part=None):
        return self.order("choose", label=label, within=within, part=part)

    def leave_out(self, label, within=None):
        return self.order("leave_out", label=label, within=within)

    def select(self, label, option=None, value=None, within=None):
        return self.order("select", label=label, option=option, value=value, within=within)

    def unfold(self, name):
        return self.order("unfold", name=name)

    def look(self):
        return self.order("look")

    def html(self):
        return self.order("html").screen["html"]

    def forget(self):
        self.order("forget")

    # -- what is on the screen --

    def sees(self, *words):
        for word in words:
            contains(self.text, word)
        return self

    def sees_no(self, *words):
        for word in words:
            lacks(self.text, word, f"what {self.who} sees:")
        return self
