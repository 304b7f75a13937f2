"""vdirsyncer fetches, khal reads what it stored."""
import os
import shutil
import subprocess

from events import Event

FORMAT = "{start}|{end}|{title}|{status}"


class Khal:
    name = "vdirsyncer and khal"
    says_status = is_calendar = True

    def __init__(self, folder, url):
        self.folder = folder
        self.env = {**os.environ, "HOME": folder, "TZ": "Europe/London",
                    "VDIRSYNCER_CONFIG": os.path.join(folder, "vdirsyncer.conf")}
        self.write("vdirsyncer.conf", f"""
            [general]
            status_path = "{folder}/status"
            [pair feed]
            a = "there"
            b = "here"
            collections = null
            [storage there]
            type = "http"
            url = "{url}"
            [storage here]
            type = "filesystem"
            path = "{folder}/calendar"
            fileext = ".ics"
            """)
        self.write("khal.conf", f"""
            [calendars]
            [[feed]]
            path = {folder}/calendar
            [sqlite]
            path = {folder}/khal.db
            [locale]
            local_timezone = Europe/London
            default_timezone = Europe/London
            timeformat = %H:%M
            dateformat = %Y-%m-%d
            longdateformat = %Y-%m-%d
            datetimeformat = %Y-%m-%dT%H:%M
            longdatetimeformat = %Y-%m-%dT%H:%M
            """)
        self.run("vdirsyncer", "discover", answer="y\ny\n")

    @staticmethod
    def is_here():
        return bool(shutil.which("khal") and shutil.which("vdirsyncer"))

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write("\n".join(line.strip() for line in text.splitlines()) + "\n")

    def run(self, *command, answer="", fails=False):
        done = subprocess.run(command, input=answer, capture_output=True, text=True, env=self.env, timeout=60,
                              check=False)
        if bool(done.returncode) != fails:
            raise AssertionError(f"{' '.join(command)}: {done.returncode}: {done.stdout[-500:]} {done.stderr[-1500:]}")
        return done.stdout

    def sync(self, fails=False):
        self.run("vdirsyncer", "sync", fails=fails)

    def events(self):
        out = self.run("khal", "-c", os.path.join(self.folder, "khal.conf"), "list", "--day-format", "", "--once",
                       "--format", FORMAT, "2026-11-01", "60d")
        return Event.sort(Event.read(*line.split("|")) for line in out.splitlines() if line.strip())

    def end(self):
        pass
