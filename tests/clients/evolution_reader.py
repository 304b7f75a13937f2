"""Inside the message bus: "sync" and "events" on standard input, each answered by a line of JSON."""
import contextlib
import json
import sys
import time

import gi

gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib  # noqa: E402

STATUS = {"I_CAL_STATUS_CONFIRMED": "CONFIRMED", "I_CAL_STATUS_CANCELLED": "CANCELLED"}


def turn(seconds):
    """Lets signals and properties of the other side arrive."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        GLib.MainContext.default().iteration(False)
        time.sleep(0.01)


def text_of(moment):
    if moment.is_date():
        return "%04d-%02d-%02d" % moment.get_date()
    return "%04d-%02d-%02dT%02d:%02d" % (*moment.get_date(), *moment.get_time()[:2])


def events(client):
    _, found = client.get_object_list_sync("#t", None)
    return [(text_of(one.get_dtstart()), text_of(one.get_dtend()), one.get_summary(),
             STATUS.get(one.get_status().value_name, "")) for one in found]


def sync(client):
    """A refresh has no answer of its own: it is over when the store has been still for a while."""
    with contextlib.suppress(GLib.Error):
        client.refresh_sync(None)
    before, still = None, 0
    while still < 4:
        turn(0.25)
        now = events(client)
        still = still + 1 if now == before else 0
        before = now
    return before


def main():
    registry = EDataServer.SourceRegistry.new_sync(None)
    client = ECal.Client.connect_sync(registry.ref_source("feed"), ECal.ClientSourceType.EVENTS, 1, None)
    for line in sys.stdin:
        answer = sync(client) if line.strip() == "sync" else events(client)
        print(json.dumps(answer), flush=True)


main()
