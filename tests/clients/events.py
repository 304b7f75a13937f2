"""An event as a client holds it: wall times in London, or dates for whole days."""
import dataclasses
import datetime


@dataclasses.dataclass(frozen=True, order=True)
class Event:
    start: str   # "2026-11-30T09:25", "2026-12-02"
    end: str     # of a timed one; "" for whole days, about whose end clients disagree
    title: str
    status: str  # "CONFIRMED", "CANCELLED"; "" when the client keeps none

    @staticmethod
    def read(start, end, title, status=""):
        return Event(start, end if "T" in start else "", title.strip(), status.strip())

    @staticmethod
    def at(instant):
        """The wall time of an instant that came with its offset."""
        return datetime.datetime.fromisoformat(instant).strftime("%Y-%m-%dT%H:%M")

    @staticmethod
    def sort(events):
        return sorted(events)
