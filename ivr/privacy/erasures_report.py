"""`flask erasures`: how it stands with the carrier's copies, and what a receipt says."""

from collections.abc import Iterator

from ivr import erasures
from ivr.db import Transaction
from ivr.privacy import vanishing

HOUR = 3_600_000  # ms


def lines(tx: Transaction, receipt: str | None, now: int) -> Iterator[str]:
    """The report, line by line."""
    yield from _of(tx, receipt) if receipt else _standing(tx, now)


def _of(tx: Transaction, code: str) -> Iterator[str]:
    found = vanishing.receipt(tx, code)
    if found is None:
        yield "there is no such receipt"
        return
    day, removed = found
    yield f"erased on {day}; nothing tells any more who it was"
    yield from (f"  {table:<16}{rows:>8}" for table, rows in removed.items())


def _standing(tx: Transaction, now: int) -> Iterator[str]:
    count = erasures.count(tx)
    yield f"{vanishing.receipts(tx)} people were erased"
    yield f"{count.waiting} copies at the carrier wait to be erased"
    if count.oldest is not None:
        why = f"; the carrier last said {count.error}" if count.error else ""
        yield f"the oldest one has waited for {(now - count.oldest) // HOUR} hours{why}"
