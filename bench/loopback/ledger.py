"""What was really accepted, in order, in memory and in a file: the truth that duplicates are counted against."""

import json
import os
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from ivr.channels.segments import segments
from simulator.dates import rfc2822

PREFIXES = {"message": "SM", "call": "CA"}


class Entry(NamedTuple):
    """One accepted text or call. `at` in ms; `body` of a text, `url` of a call; `callback` is told how it goes on."""

    at: int
    sid: str
    kind: str
    to: str
    sender: str
    body: str
    url: str
    callback: str
    segments: int
    status: str  # how it ended
    code: str  # why, where it did not arrive

    def line(self) -> dict[str, Any]:
        """As it is written and shown."""
        fields = self._asdict()
        fields["from"] = fields.pop("sender")
        return fields


class Ledger:
    """Append-only. A file that is there already is read first, so that a carrier may be stopped and started again."""

    def __init__(self, file: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self.seconds: dict[str, Counter[int]] = defaultdict(Counter)  # accepted segments, by sender and second
        self._by_to: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._by_sid: dict[str, Entry] = {}
        self._file: int | None = None
        if file is not None:
            self._read(file)
            self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def accept(self, at: int, kind: str, form: dict[str, str], status: str, code: str) -> Entry:
        """Takes a text or a call on: it is in the file before anybody is answered."""
        to, sender, body = form["To"], form["From"], form.get("Body", "")
        urls = form.get("Url", ""), form.get("StatusCallback", "")
        count = parts(body) if kind == "message" else 0
        entry = Entry(at, PREFIXES[kind] + uuid4().hex, kind, to, sender, body, *urls, count, status, code)
        if self._file is not None:
            os.write(self._file, json.dumps(entry.line()).encode() + b"\n")
        self._add(entry)
        return entry

    def of(self, kind: str, to: str) -> list[Entry]:
        """Texts or calls to this number, or all of them; the oldest first."""
        return self._by_to.get((kind, to), [])

    def find(self, sid: str) -> Entry | None:
        """The one with this id."""
        return self._by_sid.get(sid)

    def repeated(self) -> int:
        """How many were accepted although one with the same callback address, which is a row's own, had been."""
        named = [entry.callback for entry in self.entries if entry.callback]
        return len(named) - len(set(named))

    def per_second(self) -> Counter[int]:
        """Accepted segments by second, of all senders."""
        return sum(self.seconds.values(), Counter[int]())

    def clear(self) -> None:
        """Forgets everything, in the file too."""
        for kept in (self.entries, self.seconds, self._by_to, self._by_sid):
            kept.clear()
        if self._file is not None:
            os.ftruncate(self._file, 0)

    def _read(self, file: Path) -> None:
        for line in file.read_text("utf-8").splitlines() if file.exists() else ():
            fields = json.loads(line)
            self._add(Entry(sender=fields.pop("from"), **fields))

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._by_to[entry.kind, entry.to].append(entry)
        self._by_to[entry.kind, ""].append(entry)
        self._by_sid[entry.sid] = entry
        self.seconds[entry.sender][entry.at // 1000] += entry.segments


def shown(entry: Entry, account: str, status: str) -> dict[str, Any]:
    """The resource as Twilio writes it, as far as anybody reads it."""
    moment = _moment(entry.at // 1000)
    kind = entry.kind.capitalize() + "s"
    both = {
        "sid": entry.sid,
        "account_sid": account,
        "to": entry.to,
        "from": entry.sender,
        "status": status,
        "direction": "outbound-api",
        "date_created": moment,
        "date_updated": moment,
        "uri": f"/2010-04-01/Accounts/{account}/{kind}/{entry.sid}.json",
    }
    if entry.kind == "call":
        return both | {"start_time": moment, "end_time": moment, "duration": "0", "answered_by": None}
    error = int(entry.code) if entry.code and status == entry.status else None
    about = {"error_code": error, "error_message": None, "num_segments": str(entry.segments)}
    return both | {"body": entry.body, "date_sent": moment, **about}


@lru_cache(4096)
def parts(body: str) -> int:
    """Segments that the carrier bills."""
    return segments(body).count


@lru_cache(16)
def _moment(second: int) -> str | None:
    return rfc2822(datetime.fromtimestamp(second, UTC))
