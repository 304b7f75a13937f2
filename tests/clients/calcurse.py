"""calcurse has no fetcher of its own: a shell line brings the feed in, and what was there before goes."""
import datetime
import os
import shutil
import subprocess

from events import Event

TIMED = "%(start:%Y-%m-%dT%H:%M)|%(end:%Y-%m-%dT%H:%M)|%m\\n"
WHOLE = "||%m\\n"  # its day stands above


class Calcurse:
    name = "calcurse"
    says_status = is_calendar = False

    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        self.env = {**os.environ, "HOME": folder, "TZ": "Europe/London"}

    @staticmethod
    def is_here():
        return bool(shutil.which("calcurse") and shutil.which("curl"))

    def run(self, command, **more):
        return subprocess.run(command, capture_output=True, env=self.env, timeout=60, check=False, **more)

    def sync(self, fails=False):
        got = self.run(["curl", "-fsS", self.url])
        if bool(got.returncode) != fails:
            raise AssertionError(f"curl: {got.returncode}: {got.stderr}")
        if fails:
            return
        fresh, store = os.path.join(self.folder, "fresh"), os.path.join(self.folder, "store")
        shutil.rmtree(fresh, ignore_errors=True)
        os.makedirs(fresh)
        done = self.run(["calcurse", "-q", "-D", fresh, "-i", "-"], input=got.stdout)
        if done.returncode or done.stderr:
            raise AssertionError(f"calcurse: {done.returncode}: {done.stdout} {done.stderr}")
        shutil.rmtree(store, ignore_errors=True)
        os.rename(fresh, store)

    def events(self):
        done = self.run(["calcurse", "-D", os.path.join(self.folder, "store"), "-Q", "--filter-type", "cal", "--from",
                         "11/01/2026", "--days", "60", "--format-apt", TIMED, "--format-event", WHOLE])
        found, day = [], ""
        for line in done.stdout.decode().splitlines():
            if line.endswith(":") and "|" not in line:
                day = datetime.datetime.strptime(line, "%m/%d/%y:").strftime("%Y-%m-%d")
            elif line:
                start, end, title = line.split("|", 2)
                found.append(Event.read(start or day, end, title))
        return Event.sort(found)

    def end(self):
        pass
