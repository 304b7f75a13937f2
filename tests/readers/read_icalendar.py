"""Reads a calendar with python-icalendar; prints its events as the other readers do."""
import datetime
import json
import sys

import icalendar


def when(prop):
    value = prop.dt
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise SystemExit("a floating time")
    return value.isoformat()


def main():
    with open(sys.argv[1], "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    events = []
    for event in calendar.walk("VEVENT"):
        if event.errors:
            raise SystemExit(f"errors: {event.errors}")
        events.append({
            "uid": str(event["UID"]),
            "start": when(event["DTSTART"]),
            "end": when(event["DTEND"]),
            "status": str(event["STATUS"]),
            "summary": str(event["SUMMARY"]),
            "sequence": int(event["SEQUENCE"]),
        })
    json.dump(events, sys.stdout)


main()
