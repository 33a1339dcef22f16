"""At which hours people may be disturbed: by their own wish, by law, and wherever their phone may be."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RULE = {"where", "hours", "source", "checked"}
MIDNIGHT = time(0)
MARGIN = timedelta(minutes=30)  # what is moved to a window's end keeps so far from it, or a slow carrier makes it late
NEVER = datetime.max.replace(tzinfo=UTC)
DAYS_AHEAD = 15  # how far the next opening is looked for: every weekday twice, however clocks change
_SPAN = re.compile(r"([0-9]{2}:[0-9]{2}) *- *([0-9]{2}:[0-9]{2})")
_ADVICE = (
    "write countries (ISO 3166), each with a list of rules, and each rule with `where:`, `source:`, `checked:` (a date)"
    " and `hours:`, whose lines as `monday-friday: 09:00-20:00` or `sunday: none` name every weekday once"
)


class BadQuietHours(Exception):
    """The file of quiet hours has a mistake; the text names file, entry and what to write."""


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of one day by the clock on the wall: `opens` is inside, `closes` no longer; 00:00 closes at the day's end.

    Raises ValueError for a window that would be empty or pass midnight: it would belong to two days, and be cut in half
    by laws that look at weekdays.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError(f"a window must close later on the same day than it opens, or at 00:00, not {self}")

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    def holds(self, at: time) -> bool:
        """Whether a clock that shows `at` is inside."""
        return self.opens <= at and (at < self.closes or self.closes == MIDNIGHT)

    def nearest(self, at: time) -> time:
        """`at` itself inside; before, the opening; after, half an hour before closing, but never before the opening."""
        if self.holds(at):
            return at
        end = self.closes.hour * 60 + self.closes.minute or 24 * 60
        last = time(*divmod(max(end - MARGIN // timedelta(minutes=1), 0), 60))
        return self.opens if at < self.opens else max(self.opens, last)


WHOLE_DAY = Window(MIDNIGHT, MIDNIGHT)
USUAL = Window(time(9), time(20))  # of who has said nothing else
Windows = Callable[[date], Window | None]  # a local date's window; None: nobody may be disturbed on it


class Law(NamedTuple):
    """What each country allows on each weekday, Monday first; None: nothing."""

    countries: Mapping[str, Sequence[Window | None]]

    def on(self, country: str, day: date) -> Window | None:
        """The hours of that day in `country` (ISO 3166); the whole day where it has no entry."""
        week = self.countries.get(country)
        return week[day.weekday()] if week else WHOLE_DAY


@lru_cache(256)  # thousands fall due at once, who share a few windows, laws and zones
def parse(text: str) -> Window:
    """`09:00-20:00`, which is also how a window prints itself. Raises ValueError."""
    span = _SPAN.fullmatch(text.strip())
    if not span:
        raise ValueError(f"{text!r} is no window as 09:00-20:00")
    return Window(time.fromisoformat(span[1]), time.fromisoformat(span[2]))


@lru_cache(256)
def own(hours: str | None) -> Window:
    """The window that a person set for themself, as their row has it; the usual one where they set none."""
    return parse(hours) if hours else USUAL


def overlap(*windows: Window | None) -> Window | None:
    """What is inside all of them; None when nothing is."""
    given = [window for window in windows if window]
    opens = max((window.opens for window in given), default=MIDNIGHT)
    closes = min((window.closes for window in given if window.closes != MIDNIGHT), default=MIDNIGHT)
    disjoint = len(given) < len(windows) or (closes != MIDNIGHT and closes <= opens)
    return None if disjoint else Window(opens, closes)


def allowed(own: Window | None, law: Law, country: str) -> Windows:
    """The person's own window (None: the usual one) as far as the law of that country's weekday lets it."""
    return lambda day: overlap(own or USUAL, law.on(country, day))


def reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which clocks in `zone` show `wall` (naive), or a later time if they leap over it."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= early:
        return first
    seconds = range(int((first - early).total_seconds()))  # the leap lies in between
    return early + timedelta(seconds=bisect_left(seconds, wall, key=lambda after: _shown(early, after, zone)))


def _shown(moment: datetime, after: int, zone: ZoneInfo) -> datetime:
    return (moment + timedelta(seconds=after)).astimezone(zone).replace(tzinfo=None)


@lru_cache(1024)
def bounds(window: Window, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From when until when (UTC) the window of that local date is open; None when clocks leap over all of it."""
    end = day + timedelta(days=1) if window.closes == MIDNIGHT else day
    opens = reached(datetime.combine(day, window.opens), zone)
    closes = reached(datetime.combine(end, window.closes), zone)
    return (opens, closes) if opens < closes else None


def is_quiet(moment: datetime, zones: Sequence[ZoneInfo], windows: Windows) -> bool:
    """Whether nobody must be disturbed now in one of the zones where a phone may be; always, when none is known."""
    return not zones or any(_is_quiet_in(zone, moment, windows) for zone in zones)


def _is_quiet_in(zone: ZoneInfo, moment: datetime, windows: Windows) -> bool:
    local = moment.astimezone(zone)
    window = windows(local.date())
    return window is None or not window.holds(local.time())


def next_open(moment: datetime, zones: Sequence[ZoneInfo], windows: Windows) -> datetime | None:
    """The first moment (UTC) from now on that is quiet in none of the zones; None when there is none in two weeks.

    An hour that clocks show twice is waited for once.
    """
    latest = moment + timedelta(days=DAYS_AHEAD)
    while zones and moment <= latest:
        openings = [_next_opening(zone, moment, windows) for zone in zones if _is_quiet_in(zone, moment, windows)]
        if not openings:
            return moment.astimezone(UTC)
        moment = max(openings)
    return None


def _next_opening(zone: ZoneInfo, moment: datetime, windows: Windows) -> datetime:
    today = moment.astimezone(zone).date()
    for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
        window = windows(day)
        open_for = bounds(window, day, zone) if window else None
        if open_for and open_for[0] > moment:
            return open_for[0]
    return NEVER


def load(file: Path) -> Law:
    """Reads the law by country: what all the rules of its entry allow at once. Raises BadQuietHours."""
    try:
        data = YAML(typ="base", pure=True).load(file.read_text("utf-8"))
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        raise BadQuietHours(f"{file}: {error!s}; {_ADVICE}") from error
    if not isinstance(data, dict):
        raise BadQuietHours(f"{file}: there are no countries in it; {_ADVICE}")
    return Law({code: _country(file, code, rules) for code, rules in data.items()})


def _country(file: Path, code: str, rules: object) -> tuple[Window | None, ...]:
    try:
        if not re.fullmatch("[A-Z]{2}", code) or not isinstance(rules, list) or not rules:
            raise ValueError("this is no country with rules")
        weeks = [_week(rule) for rule in rules]
    except (ValueError, TypeError, AttributeError) as error:
        raise BadQuietHours(f"{file}: {code}: {error!s}; {_ADVICE}") from error
    return tuple(overlap(*spans) for spans in zip(*weeks, strict=True))


def _week(rule: object) -> list[Window | None]:
    """The seven windows of one rule."""
    if not isinstance(rule, dict) or set(rule) != RULE or not isinstance(rule["hours"], dict):
        raise ValueError(f"{rule!r} has not just {', '.join(sorted(RULE))}")
    if not rule["where"] or not rule["source"]:
        raise ValueError("it must say where it holds, and its source")
    date.fromisoformat(rule["checked"])
    spans = [(day, _span(span)) for days, span in rule["hours"].items() for day in _days(days)]
    if sorted(day for day, _ in spans) != sorted(WEEK):
        raise ValueError("not every weekday is named once")
    return [dict(spans)[day] for day in WEEK]


def _days(text: str) -> Iterator[str]:
    first, _, last = text.partition("-")
    if first not in WEEK or (last or first) not in WEEK:
        raise ValueError(f"{text!r} is no weekday")
    yield from WEEK[WEEK.index(first) : WEEK.index(last or first) + 1]


def _span(text: str) -> Window | None:
    return None if text == "none" else parse(text)
