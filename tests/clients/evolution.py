"""Evolution's calendar engine: evolution-data-server on a message bus of its own."""
import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse

from events import Event

READER = pathlib.Path(__file__).with_name("evolution_reader.py")


class Evolution:
    name = "Evolution's calendar engine"
    says_status = is_calendar = True

    def __init__(self, folder, url):
        address = urllib.parse.urlsplit(url)
        env = {"HOME": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "Europe/London",
               "GSETTINGS_BACKEND": "memory", "GIO_USE_VFS": "local"}
        for name in ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "RUNTIME_DIR"):
            env["XDG_" + name] = os.path.join(folder, name.lower())
            os.makedirs(env["XDG_" + name], mode=0o700)
        sources = os.path.join(env["XDG_CONFIG_HOME"], "evolution", "sources")
        os.makedirs(sources)
        with open(os.path.join(sources, "feed.source"), "w", encoding="utf-8") as file:
            file.write("[Data Source]\nDisplayName=Feed\nEnabled=true\nParent=webcal-stub\n"
                       "[Calendar]\nBackendName=webcal\nSelected=true\n"
                       f"[Authentication]\nHost={address.hostname}\nPort={address.port}\nMethod=none\n"
                       f"[Security]\nMethod=none\n[WebDAV Backend]\nResourcePath={address.path}\n"
                       "[Refresh]\nEnabled=false\n[Offline]\nStaySynchronized=true\n")
        self.log = open(os.path.join(folder, "log"), "wb")  # the bus ends in its own time
        self.process = subprocess.Popen(
            ["dbus-run-session", "--", "/usr/bin/python3", str(READER)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.log, env=env, text=True)

    @staticmethod
    def is_here():
        return bool(shutil.which("dbus-run-session")) and os.path.exists("/usr/libexec/evolution-calendar-factory") and \
            subprocess.run(["/usr/bin/python3", "-c", "import gi; gi.require_version('ECal', '2.0')"],
                           capture_output=True, check=False).returncode == 0

    def ask(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the reader of evolution-data-server ended")
        return json.loads(line)

    def sync(self, fails=False):
        """Whether a fetch went well is not told to whoever asked for it."""
        self.ask("sync")

    def events(self):
        return Event.sort(Event.read(*event) for event in self.ask("events"))

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
