"""What a run came to: the outbox says one thing, the carrier's ledger is the truth."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ivr.db import Database
from ivr.outbox.kinds import KINDS

SENT = ("accepted", "sent", "delivered", "undelivered")
OTHERS = ("suppressed", "missed", "cancelled", "failed", "pending")
OPEN = ("pending", "claimed", "submitting")


class Row(NamedTuple):
    """A row of the outbox, as it stands at the end."""

    id: str
    kind: str
    state: str
    why: str


class Tally(NamedTuple):
    """`lost`: told as sent and not sent, at no end, or without a reason; `unsure`: sent, but told as missed."""

    created: int
    sent: int
    suppressed: int
    missed: int
    cancelled: int
    failed: int
    pending: int
    lost: int
    twice: int
    unsure: int

    @property
    def is_conserved(self) -> bool:
        """created = sent + suppressed + missed + cancelled + failed + pending."""
        return self.created == sum(self[1:7])


class Crowd(NamedTuple):
    """The most that one person was sent, and the most segments that one of our numbers sent within any second."""

    each: int
    second: int


class Watch(NamedTuple):
    """In passing: how many rows there are, how many of them at no end, by how many ms the oldest lease is over."""

    rows: int
    open: int
    overdue: int


def watch(database_url: str, now: int) -> Watch:
    """How far a run is."""
    states = ", ".join(f"'{state}'" for state in OPEN)
    sql = f"SELECT count(*), min(leased_until) FROM outbox WHERE state IN ({states})"
    with _reading(database_url) as cursor:
        open_, oldest = cursor.execute(sql).fetchone()
        (count,) = cursor.execute("SELECT count(*) FROM outbox").fetchone()
    return Watch(count, open_, max(0, now - oldest) if oldest else 0)


def rows(database_url: str) -> list[Row]:
    """The whole outbox."""
    with _reading(database_url) as cursor:
        return [Row(*row) for row in cursor.execute("SELECT id, kind, state, why FROM outbox").fetchall()]


def tally(created: int, found: list[Row], ledger: Iterable[dict[str, Any]]) -> Tally:
    """Both held against each other, row by row: each is known in the ledger by the address of its callback."""
    carried = Counter(map(_row_of, ledger))
    states = Counter(row.state for row in found)
    return Tally(
        created=created,
        sent=sum(states[state] for state in SENT),
        lost=sum(_is_lost(row, carried[row.id]) for row in found) + created - len(found),
        twice=sum(count - 1 for count in carried.values()),
        unsure=sum(row.state == "missed" and carried[row.id] > 0 for row in found),
        **{state: states[state] for state in OTHERS},
    )


def crowd(ledger: list[dict[str, Any]]) -> Crowd:
    """How much came at once."""
    each = Counter(entry["to"] for entry in ledger)
    moments: dict[str, list[tuple[int, int]]] = {}
    for entry in ledger:
        moments.setdefault(entry["from"], []).append((entry["at"], entry["segments"] or 1))
    return Crowd(max(each.values(), default=0), max(map(_fullest, moments.values()), default=0))


def latest(database_url: str, ledger: list[dict[str, Any]]) -> float:
    """Seconds from when a row was due until the carrier had it, of the latest one."""
    with _reading(database_url) as cursor:
        due = dict(cursor.execute("SELECT id, due_at FROM outbox").fetchall())
    return max((entry["at"] - due[_row_of(entry)] for entry in ledger), default=0) / 1000


def _row_of(entry: dict[str, Any]) -> str:
    return str(entry["callback"]).rpartition("?o=")[2]


def _fullest(moments: list[tuple[int, int]]) -> int:
    """Segments of the fullest second."""
    return max(sum(segments for at, segments in moments if begin <= at < begin + 1000) for begin, _ in moments)


def _is_lost(row: Row, times: int) -> bool:
    if row.state in SENT:
        return times == 0
    if row.state in OPEN or not row.why:
        return True
    return row.state == "missed" and row.why == "unknown" and KINDS[row.kind].again


@contextmanager
def _reading(database_url: str) -> Iterator[Any]:
    """Past the service's transactions: looking must not keep anybody from writing."""
    database = Database(database_url)
    connection = database.engine.raw_connection()
    try:
        yield connection.cursor()
    finally:
        connection.close()
        database.close()
