"""When a line of somebody else's answers: `day and night`, or days and times in its own zone."""

import re
from datetime import datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS, UNKNOWN = "day and night", "unknown"
_SPAN = re.compile(r"(?:([a-z]+)(?: *- *([a-z]+))? +)?([0-9]{2}:[0-9]{2}) *- *([0-9]{2}:[0-9]{2})")


class Span(NamedTuple):
    """From and to, on the weekdays on which it begins (Monday is 0). It may end on the day after."""

    days: frozenset[int]
    opens: time
    closes: time

    def holds(self, weekday: int, at: time) -> bool:
        """Whether a clock that shows `at` on that weekday is inside."""
        if self.opens < self.closes:
            return weekday in self.days and self.opens <= at < self.closes
        before = (weekday - 1) % 7
        return (weekday in self.days and at >= self.opens) or (before in self.days and at < self.closes)


class Opening(NamedTuple):
    """Hours as they were written, and what they mean; without spans: at every hour, as far as anybody knows."""

    written: str
    spans: tuple[Span, ...] = ()
    zone: ZoneInfo | None = None

    @property
    def is_known(self) -> bool:
        """Whether anybody said when it answers."""
        return self.written != UNKNOWN

    def holds(self, moment: datetime | None) -> bool:
        """Whether it answers then; None: at every hour."""
        if self.zone is None:
            return True
        local = moment.astimezone(self.zone) if moment else None
        return local is not None and any(span.holds(local.weekday(), local.time()) for span in self.spans)


def parse(written: str, zone: ZoneInfo | None) -> Opening:
    """Raises ValueError, which says what is wrong."""
    plain = " ".join(written.lower().split())
    if plain in (ALWAYS, UNKNOWN):
        return Opening(plain)
    spans = tuple(_span(part.strip()) for part in plain.split(","))
    if zone is None:
        raise ValueError("there is no `zone:` for these hours")
    return Opening(plain, spans, zone)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text.replace("24:00", "00:00"))
    if not found:
        raise ValueError(f"{text!r} is no days and times")
    first, last, opens, closes = found.groups()
    return Span(_days(first, last), time.fromisoformat(opens), time.fromisoformat(closes))


def _days(first: str | None, last: str | None) -> frozenset[int]:
    """Round the week's end too: saturday-monday."""
    if first in (None, "daily"):
        return frozenset(range(7))
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f"{first if first not in DAYS else last!r} is no day of the week")
    start, count = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7 + 1
    return frozenset((start + day) % 7 for day in range(count))
