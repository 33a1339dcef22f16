"""Lists as Twilio pages them, newest first, and dates as it writes them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request

from simulator.refusals import Refusal
from simulator.rest.guard import network

T = TypeVar("T")
LARGEST = 1000


def rfc2822(moment: datetime | None) -> str | None:
    """As the 2010 API writes a moment."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000") if moment else None


def old_enough(created: datetime) -> bool:
    """Lists may lag behind what was accepted, where that was ordered."""
    clock, lag = network().clock, network().faults.lag
    return created <= clock() - timedelta(seconds=lag)


def in_days(name: str, moment: datetime) -> bool:
    """Whether the moment fits DateSent and its like: a day, or a whole moment for the bounds."""
    exact, least, most = (request.args.get(name + sign) for sign in ("", ">", "<"))
    return (
        (not exact or moment.date() == _moment(exact).date())
        and (not least or moment >= _moment(least))
        and (not most or moment < _end(most))
    )


def page(name: str, items: Sequence[T], shown: Callable[[T], dict[str, Any]]) -> Response:
    """One page of a list."""
    size, number = min(_whole("PageSize", 50), LARGEST), _whole("Page", 0)
    if not size:
        raise Refusal(400, 20006, "PageSize must be at least 1")
    start = number * size
    part = items[start : start + size]
    more = start + size < len(items)
    return jsonify(
        {
            name: [shown(item) for item in part],
            "page": number,
            "page_size": size,
            "start": start,
            "end": start + max(len(part) - 1, 0),
            "uri": _uri(number, size),
            "first_page_uri": _uri(0, size),
            "previous_page_uri": _uri(number - 1, size) if number else None,
            "next_page_uri": _uri(number + 1, size) if more else None,
        }
    )


def _uri(number: int, size: int) -> str:
    wishes = {key: value for key, value in request.args.items() if key not in ("Page", "PageSize", "PageToken")}
    return f"{request.path}?{urlencode({**wishes, 'PageSize': size, 'Page': number})}"


def _whole(name: str, default: int) -> int:
    given = request.args.get(name) or str(default)
    if not (given.isascii() and given.isdecimal()):
        raise Refusal(400, 20001, f"{name} must be a whole number")
    return int(given)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise Refusal(400, 20001, f"{text} is no date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _end(text: str) -> datetime:
    """A day as the upper bound counts whole."""
    moment = _moment(text)
    return moment + timedelta(days=1) if len(text) == len("2026-01-01") else moment + timedelta(seconds=1)
