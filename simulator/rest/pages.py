"""Lists as Twilio pages them: the newest first, by days, and in pages that what is new does not move."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from flask import Response, jsonify, request

from simulator.dates import span
from simulator.refusals import Refusal
from simulator.rest.guard import network

LARGEST = 1000


class Listed(Protocol):
    """Whatever has an id."""

    @property
    def sid(self) -> str:
        """The id."""


T = TypeVar("T", bound=Listed)


def old_enough(created: datetime) -> bool:
    """Lists may lag behind what was accepted, where that was ordered."""
    clock, lag = network().clock, network().faults.lag
    return created <= clock() - timedelta(seconds=lag)


def in_days(name: str, moment: datetime) -> bool:
    """Whether the moment fits DateSent and its like."""
    try:
        begin, end = span(name, request.args)
    except ValueError as error:
        raise Refusal(400, 20001, str(error)) from error
    return begin <= moment < end


def page(name: str, items: Sequence[T], shown: Callable[[T], dict[str, Any]]) -> Response:
    """One page of a list."""
    size, number = min(_whole("PageSize", 50), LARGEST), _whole("Page", 0)
    if not size:
        raise Refusal(400, 20006, "PageSize must be at least 1")
    items = _from_token(items)
    token = items[0].sid if items else ""
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
            "uri": _uri(number, size, token),
            "first_page_uri": _uri(0, size, token),
            "previous_page_uri": _uri(number - 1, size, token) if number else None,
            "next_page_uri": _uri(number + 1, size, token) if more else None,
        }
    )


def _from_token(items: Sequence[T]) -> Sequence[T]:
    """The list as it was when its first page was read."""
    token = request.args.get("PageToken", "").removeprefix("PA")
    places = [place for place, item in enumerate(items) if item.sid == token] if token else []
    return items[places[0] :] if places else items


def _uri(number: int, size: int, token: str) -> str:
    wishes = {key: value for key, value in request.args.items() if key not in ("Page", "PageSize", "PageToken")}
    return f"{request.path}?{urlencode({**wishes, 'PageSize': size, 'Page': number, 'PageToken': 'PA' + token})}"


def _whole(name: str, default: int) -> int:
    given = request.args.get(name) or str(default)
    if not (given.isascii() and given.isdecimal()):
        raise Refusal(400, 20001, f"{name} must be a whole number")
    return int(given)
