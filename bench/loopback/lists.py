"""Lists as Twilio's API gives them: filtered, the newest first, in pages that new entries do not move."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from bench.loopback.ledger import Entry, Ledger, shown
from simulator.dates import span

LARGEST = 1000
DATES = {"message": "DateSent", "call": "StartTime"}


def page(ledger: Ledger, kind: str, target: str, given: dict[str, str], now: int, lag: float) -> dict[str, Any]:
    """One page. `PageToken` is how many of that list were there when its first page was read. Raises ValueError."""
    size, number = min(int(given.get("PageSize") or 50), LARGEST), int(given.get("Page") or 0)
    listed = ledger.of(kind, given.get("To", ""))
    there = min(int(given["PageToken"]) if given.get("PageToken") else len(listed), len(listed))
    found = islice(_found(listed, there, kind, given, now - int(lag * 1000)), number * size, (number + 1) * size + 1)
    account, part = target.split("/")[3], list(found)
    path = target.partition("?")[0]

    def uri(wanted: int) -> str:
        return f"{path}?{urlencode(given | {'PageSize': size, 'Page': wanted, 'PageToken': there})}"

    return {
        f"{kind}s": [shown(entry, account, entry.status) for entry in part[:size]],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(min(len(part), size) - 1, 0),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(number - 1) if number else None,
        "next_page_uri": uri(number + 1) if len(part) > size else None,
    }


def _found(listed: list[Entry], there: int, kind: str, given: dict[str, str], newest: int) -> Iterator[Entry]:
    begin, end = (_milliseconds(moment) for moment in span(DATES[kind], given))
    sender, status = given.get("From"), given.get("Status")
    for at in range(there - 1, -1, -1):
        entry = listed[at]
        if entry.at < begin:
            return
        known = sender in (None, "", entry.sender) and status in (None, "", entry.status)
        if known and entry.at < end and entry.at <= newest:
            yield entry


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000) if 1 < moment.year < 9999 else (0 if moment.year == 1 else 1 << 62)
