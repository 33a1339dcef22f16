"""Where a phone may be that its number does not place: one zone to read the clock by, and the others kept in mind."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.people.windows import MIDNIGHT, Window, Windows, bounds

MIDWINTER, MIDSUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
DAY, APART = timedelta(days=1), timedelta(hours=12)


def spread(names: Sequence[str], home: ZoneInfo) -> tuple[ZoneInfo, ...]:
    """Of these, the one by which the clock is read, then the most western and the most eastern one: three at most.

    The clock is the desk's where that may be theirs, else one in the middle. Without a name it is the desk's alone.
    """
    zones = sorted(known(names), key=_offset)
    if not zones:
        return (home,)
    middle = home if home in zones else zones[len(zones) // 2]
    return tuple(dict.fromkeys((middle, *(each for each in (zones[0], zones[-1]) if _offset(each) != _offset(middle)))))


def known(names: Sequence[str]) -> list[ZoneInfo]:
    """Those that exist."""
    return [zone for zone in map(_zone, names) if zone]


def written(zones: Sequence[ZoneInfo]) -> str:
    """As a person's row has it; `read` reads it."""
    return " ".join(zone.key for zone in zones)


def is_one(text: str | None) -> TypeGuard[str]:
    """Whether a person's row has a single zone."""
    return bool(text) and " " not in str(text)


def read(text: str | None, home: ZoneInfo) -> tuple[ZoneInfo, ...]:
    """The zones of a person's row; the desk's where it has none. Raises ZoneInfoNotFoundError."""
    return tuple(ZoneInfo(name) for name in (text or "").split()) or (home,)


def everywhere(zones: Sequence[ZoneInfo], windows: Windows) -> Windows:
    """The windows by the clock of the first zone, as far as they are open in all the others at the same time.

    Where those are half a day apart there is no such hour: one of a new day and one of the old one share nothing.
    """
    if any(abs(_offset(zone)[0] - _offset(other)[0]) > 2 * APART for zone in zones for other in zones):
        return lambda _: None
    return (lambda day: _in_all(day, zones, windows)) if len(zones) > 1 else windows


def _in_all(day: date, zones: Sequence[ZoneInfo], windows: Windows) -> Window | None:
    clock, *others = zones
    span = _span(day, clock, windows)
    for zone in others:
        shared = [_overlap(span, _span(each, zone, windows)) for each in (day - DAY, day, day + DAY)]
        span = max((each for each in shared if each), key=lambda each: each[1] - each[0], default=None)
    return _shown(span, clock) if span else None


Span = tuple[datetime, datetime]


def _span(day: date, zone: ZoneInfo, windows: Windows) -> Span | None:
    window = windows(day)
    return bounds(window, day, zone) if window else None


def _overlap(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return None
    begins, ends = max(one[0], other[0]), min(one[1], other[1])
    return (begins, ends) if begins < ends else None


def _shown(span: Span, clock: ZoneInfo) -> Window | None:
    """None too where clocks are turned back meanwhile, and show it the wrong way round."""
    opens, closes = (moment.astimezone(clock).time() for moment in span)
    return Window(opens, closes) if opens < closes or closes == MIDNIGHT else None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _offset(zone: ZoneInfo) -> tuple[timedelta, ...]:
    """How far east, over the year: two with the same offsets are one for us."""
    offsets = [moment.astimezone(zone).utcoffset() or timedelta() for moment in (MIDWINTER, MIDSUMMER)]
    return sum(offsets, timedelta()), *offsets
