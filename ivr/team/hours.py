"""When people sit at the desk: a file of days and holidays, until a roster replaces it."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKS_AHEAD = 8  # how far the next opening is looked for


class BadHours(Exception):
    """The file of hours has a mistake; the text names file, entry and what to write."""


class Hours(NamedTuple):
    """Opening hours in one zone: per weekday (Monday is 0) from and to, and days that are closed all the same."""

    zone: ZoneInfo
    days: dict[int, tuple[time, time]]
    holidays: frozenset[date]

    def at(self, moment: datetime) -> str:
        """`open`, `closed` or `holiday`."""
        local = moment.astimezone(self.zone)
        if local.date() in self.holidays:
            return "holiday"
        span = self.days.get(local.weekday())
        return "open" if span and span[0] <= local.time() < span[1] else "closed"

    def next_opening(self, moment: datetime) -> datetime | None:
        """When the desk opens next, in its own zone; None when it never does."""
        local = moment.astimezone(self.zone)
        for ahead in range(WEEKS_AHEAD * 7):
            day = local.date() + timedelta(days=ahead)
            span = self.days.get(day.weekday())
            opening = datetime.combine(day, span[0], self.zone) if span and day not in self.holidays else None
            if opening and opening > local:
                return opening
        return None


def load(file: Path) -> Hours:
    """Reads `zone`, `days` (monday: 08:00-17:00 …) and `holidays` (dates). Raises BadHours."""
    try:
        data = YAML(typ="base", pure=True).load(file.read_text("utf-8")) or {}
        zone = ZoneInfo(data["zone"])
        days = {DAYS.index(name): _span(span) for name, span in data["days"].items()}
        holidays = frozenset(date.fromisoformat(day) for day in data.get("holidays") or ())
    except (YAMLError, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise BadHours(
            f"{file}: {error!s}; write `zone: Africa/Nairobi`, `days:` with lines as `monday: 08:00-17:00`,"
            " and `holidays:` with dates as `- 2026-12-25`"
        ) from error
    return Hours(zone, days, holidays)


def _span(text: str) -> tuple[time, time]:
    start, _, end = text.partition("-")
    opens, closes = time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    if opens >= closes:
        raise ValueError(f"{text!r} closes before it opens")
    return opens, closes
