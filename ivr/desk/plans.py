"""A shift as it is written in a text: `24/11 8-16`, `24/11 22.30-6`. Pure."""

import re
from datetime import date, time
from typing import NamedTuple

_SHAPE = re.compile(r"(\d{1,2})[/.](\d{1,2})\.?\s+(.+)", re.DOTALL)
_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|\s)\s*{_TIME}")


class Plan(NamedTuple):
    """A day, and from when until when; without times what stands behind it: perhaps a word for "off"."""

    day: date
    begins: time | None
    ends: time | None
    rest: str


def planned(text: str, today: date) -> Plan | None:
    """What is to be planned, on the next such day from today on; None for what is no day or no span."""
    found = _SHAPE.fullmatch(text.strip())
    day = _next(int(found[1]), int(found[2]), today) if found else None
    if found is None or day is None:
        return None
    times = _SPAN.fullmatch(found[3].strip())
    if times is None:
        return Plan(day, None, None, found[3].strip())
    begins, ends = _time(times[1], times[2]), _time(times[3], times[4])
    return Plan(day, begins, ends, "") if begins is not None and ends is not None else None


def _next(day: int, month: int, today: date) -> date | None:
    """The next time that this day comes; of 29 February the next one that there is."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _time(hour: str, minute: str | None) -> time | None:
    """24 is midnight."""
    hours, minutes = int(hour) % 24 if hour == "24" else int(hour), int(minute or 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None
