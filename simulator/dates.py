"""Dates as the 2010 API writes them, and as its lists are asked for them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def rfc2822(moment: datetime | None) -> str | None:
    """As the 2010 API writes a moment."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000") if moment else None


def span(name: str, given: Mapping[str, str]) -> tuple[datetime, datetime]:
    """From the first to before the second, as DateSent and its like ask: a day, or a moment for the bounds.

    `DateSent<=…` in an address is a parameter of the name `DateSent<`. A day counts whole. Raises ValueError.
    """
    exact, least, most = given.get(name), _one_of(given, name, ">"), _one_of(given, name, "<")
    begin = max(FIRST, _day(exact) if exact else FIRST, _moment(least) if least else FIRST)
    end = min(LAST, _day(exact) + DAY if exact else LAST, _end(most) if most else LAST)
    return begin, end


def _one_of(given: Mapping[str, str], name: str, sign: str) -> str:
    return given.get(name + sign) or given.get(f"{name}{sign}=") or ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(f"{text} is no date") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _day(text: str) -> datetime:
    return _moment(text).replace(hour=0, minute=0, second=0, microsecond=0)


def _end(text: str) -> datetime:
    """The API knows whole seconds, and the upper bound is meant with it."""
    return _moment(text) + (DAY if len(text) == len("2026-01-01") else SECOND)
