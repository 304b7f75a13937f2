"""Thunderbird without a screen, with a network calendar in its profile. Started for each fetch: a calendar
is fetched at the start, and the store can be read once the program has ended."""
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import zoneinfo
from datetime import datetime, timezone

from events import Event

ID = "11111111-2222-4333-8444-555555555555"
LONDON = zoneinfo.ZoneInfo("Europe/London")
WHOLE_DAY = 8  # in `flags` of a row: the start is a date


class Thunderbird:
    name = "Thunderbird"
    says_status = is_calendar = True

    def __init__(self, folder, url):
        self.folder = folder
        self.profile = os.path.join(folder, "profile")
        os.makedirs(self.profile)
        prefs = {
            f"calendar.registry.{ID}.type": "ics", f"calendar.registry.{ID}.uri": url,
            f"calendar.registry.{ID}.name": "Feed", f"calendar.registry.{ID}.cache.enabled": True,
            f"calendar.registry.{ID}.readOnly": True, "calendar.timezone.local": "Europe/London",
            "calendar.timezone.useSystemTimezone": False, "mail.provider.suppress_dialog_on_startup": True,
            "mail.shell.checkDefaultClient": False, "app.update.enabled": False, "extensions.update.enabled": False,
            "datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False,
            "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
        }
        with open(os.path.join(self.profile, "user.js"), "w", encoding="utf-8") as file:
            for name, value in prefs.items():
                shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
                file.write(f'user_pref("{name}", {shown});\n')

    @staticmethod
    def is_here():
        return bool(shutil.which("thunderbird"))

    def store(self):
        """A file that changes while something is written."""
        folder = os.path.join(self.profile, "calendar-data")
        return [(entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in os.scandir(folder)] \
            if os.path.isdir(folder) else []

    def sync(self, fails=False):
        before = self.store()
        with open(os.path.join(self.folder, "log"), "ab") as log:
            process = subprocess.Popen(
                ["thunderbird", "--headless", "--no-remote", "-profile", self.profile], stdout=log, stderr=log,
                env={**os.environ, "HOME": self.folder, "TZ": "Europe/London"}, start_new_session=True)
        try:
            still, last, end = 0, None, time.monotonic() + 60
            while time.monotonic() < end and still < 12:
                time.sleep(0.5)
                now = self.store()
                still = still + 1 if now == last and now != before else 0
                last = now
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def events(self):
        store = sqlite3.connect(os.path.join(self.profile, "calendar-data", "cache.sqlite"))
        rows = store.execute("SELECT title, event_start, event_end, event_start_tz, flags, ical_status FROM cal_events"
                             " WHERE cal_id = ?", (ID,)).fetchall()
        store.close()
        return Event.sort(Event.read(moment(start, zone, flags), moment(end, zone, flags), title, status or "")
                          for title, start, end, zone, flags, status in rows)

    def end(self):
        pass


def moment(microseconds, zone, flags):
    there = datetime.fromtimestamp(microseconds / 1e6, timezone.utc)
    if zone == "floating" or flags & WHOLE_DAY:
        return there.strftime("%Y-%m-%d")
    return there.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")
