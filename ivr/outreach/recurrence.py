"""When a schedule falls due: once on each of its local dates, at a moment at which people may be disturbed.

An occurrence is known by its local date, so clocks that go back, a second clock process or a restart repeat nothing.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ivr.people.windows import MARGIN, WHOLE_DAY, Windows, bounds

EVERY = ("once", "daily", "weekdays", "weekly", "monthly")
DAY = timedelta(days=1)
LOOK_AHEAD = 2 * 366  # days; a rule that finds no moment in so many never will
LATE = timedelta(hours=2)  # what was due longer ago is missed, not sent


class Rule(NamedTuple):
    """A schedule by the clock on the wall, and from which local date on it holds."""

    every: str  # one of EVERY
    at: time
    first: date
    days: frozenset[int] = frozenset()  # weekly: on which weekdays, Monday 0; empty: on that of `first`
    day: int = 0  # monthly: on which day, or the last of a month that lacks it; 0: on that of `first`


class Due(NamedTuple):
    """An occurrence: the local date, which is its key, and the moment (UTC)."""

    date: date
    at: datetime


def frozen(rule: Rule) -> dict[str, object]:
    """The rule as JSON takes it."""
    written = {"at": rule.at.isoformat("minutes"), "first": rule.first.isoformat(), "days": sorted(rule.days)}
    return rule._asdict() | written


def thawed(data: Mapping[str, object]) -> Rule:
    """The rule that was frozen. Raises ValueError, which says what is wrong."""
    if set(data) != set(Rule._fields):
        raise ValueError(f"a rule has {', '.join(Rule._fields)}, not {', '.join(map(str, data))}")
    if data["every"] not in EVERY:
        raise ValueError(f"every is one of {', '.join(EVERY)}, not {data['every']!r}")
    if not isinstance(data["days"], list):
        raise ValueError(f"days is a list of weekdays, Monday 0, not {data['days']!r}")
    return Rule(
        str(data["every"]),
        _time(data["at"]),
        _date(data["first"]),
        frozenset(_number("days", day, 6) for day in data["days"]),
        _number("day", data["day"], 31),
    )


def _time(text: object) -> time:
    try:
        at = time.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError(f"at is a time as 09:30, not {text!r}") from error
    if at.tzinfo or at.isoformat("minutes") != text:
        raise ValueError(f"at is a time as 09:30, to the minute and of no zone, not {text!r}")
    return at


def _date(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError(f"first is a date as 2026-12-31, not {text!r}") from error


def _number(name: str, value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{name} has whole numbers from 0 to {most}, not {value!r}")
    return value


def moment(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """When (UTC) clocks in `zone` show `at` on that date; None when the zone never had the date (Apia, 2011-12-30).

    A time that clocks leap over counts as if they had not leapt yet; of one that they show twice, the first counts.
    Source: RFC 5545, 3.3.5.
    """
    return _utc(day, at, zone) if bounds(WHOLE_DAY, day, zone) else None


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)  # fold 0 is just what RFC 5545 wants


def next_due(rule: Rule, zone: ZoneInfo, windows: Windows, after: date | None) -> Due | None:
    """The first occurrence on a local date after `after` (None: the first of all); None when there is none any more.

    A time outside its day's window is moved into it; a day without a window is skipped.
    """
    start = max(rule.first, after + DAY) if after else rule.first
    for day in (start + timedelta(days=ahead) for ahead in range(LOOK_AHEAD)):
        due = _due(rule.at, day, zone, windows) if _falls_on(rule, day) else None
        if due:
            return due
    return None


def next_after(
    rule: Rule, zone: ZoneInfo, windows: Windows, now: datetime, after: date | None = None, late: timedelta = LATE
) -> Due | None:
    """As `next_due`, but past all that was due longer than `late` before `now`: no burst when an outage is over."""
    stale = (now - late).astimezone(zone).date() - DAY  # all that fell on it or earlier is too late
    due = next_due(rule, zone, windows, max(after or stale, stale))
    while due and due.at < now - late:
        due = next_due(rule, zone, windows, due.date)
    return due


def _falls_on(rule: Rule, day: date) -> bool:
    match rule.every:
        case "once":
            return day == rule.first
        case "weekdays":
            return day.weekday() < 5
        case "weekly":
            return day.weekday() in (rule.days or {rule.first.weekday()})
        case "monthly":
            return day.day == min(rule.day or rule.first.day, monthrange(day.year, day.month)[1])
    return True


def _due(at: time, day: date, zone: ZoneInfo, windows: Windows) -> Due | None:
    if not (window := windows(day)) or not (open_for := bounds(window, day, zone)):
        return None
    opens, closes = open_for
    due = _utc(day, window.nearest(at), zone)
    # Clocks may leap over the time and past the window's end, even into the next date (Nuuk, 2026-03-28 at 23:30).
    return Due(day, due if due < closes else max(opens, closes - MARGIN))
