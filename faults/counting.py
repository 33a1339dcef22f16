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


class Watch(NamedTuple):
    """A look in passing: how many rows are at no end yet, and by how many ms the oldest lease is over."""

    open: int
    overdue: int


def watch(database_url: str, now: int) -> Watch:
    """How far a run is."""
    states = ", ".join(f"'{state}'" for state in OPEN)
    sql = f"SELECT count(*), min(leased_until) FROM outbox WHERE state IN ({states})"
    with _reading(database_url) as cursor:
        count, oldest = cursor.execute(sql).fetchone()
    return Watch(count, max(0, now - oldest) if oldest else 0)


def rows(database_url: str) -> list[Row]:
    """The whole outbox."""
    with _reading(database_url) as cursor:
        return [Row(*row) for row in cursor.execute("SELECT id, kind, state, why FROM outbox").fetchall()]


def tally(created: int, found: list[Row], ledger: Iterable[dict[str, Any]]) -> Tally:
    """Both held against each other, row by row: each is known in the ledger by the address of its callback."""
    carried = Counter(str(entry["callback"]).rpartition("?o=")[2] for entry in ledger)
    states = Counter(row.state for row in found)
    return Tally(
        created=created,
        sent=sum(states[state] for state in SENT),
        lost=sum(_is_lost(row, carried[row.id]) for row in found) + created - len(found),
        twice=sum(count - 1 for count in carried.values()),
        unsure=sum(row.state == "missed" and carried[row.id] > 0 for row in found),
        **{state: states[state] for state in OTHERS},
    )


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
