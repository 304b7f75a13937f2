"""Reads a calendar with vobject; prints its events as the other readers do."""
import datetime
import json
import sys

import vobject


def when(value):
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        raise SystemExit("a floating time")
    return value.isoformat()


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()
    events = []
    for calendar in vobject.readComponents(text, validate=True):
        for event in calendar.vevent_list:
            events.append({
                "uid": event.uid.value,
                "start": when(event.dtstart.value),
                "end": when(event.dtend.value),
                "status": event.status.value,
                "summary": event.summary.value,
                "sequence": int(event.sequence.value),
            })
    json.dump(events, sys.stdout)


main()
