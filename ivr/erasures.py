"""Copies at the carrier that shall go: rows that hold its ids and nothing else, until each copy is gone."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is SQLite's as well

from ivr.db import Statement, Transaction
from ivr.models import Erasure, new_id

TEXT, CALL = "text", "call"
AT_ONCE = 50
HOUR = 3_600_000  # ms
FIRST, LONGEST = 60_000, 24 * HOUR  # ms between tries: doubled each time
# ms for which an id is remembered afterwards: no list is looked through that far back for what no webhook brought.
REMEMBERED = 7 * 24 * HOUR


class Copy(NamedTuple):
    """What the carrier has under an id."""

    id: str
    kind: str
    sid: str
    tries: int


class Count(NamedTuple):
    """How many copies still wait, of how many; since when the first one does; and the last error of any."""

    waiting: int
    remembered: int
    oldest: int | None
    error: str


_ADD = Statement(insert(Erasure).on_conflict_do_nothing(index_elements=["sid"]))
_GONE = Statement(select(Erasure.id).where(Erasure.sid == bindparam("sid_")))
_FOUND = Statement(
    update(Erasure)
    .where(Erasure.row == bindparam("row_"), Erasure.sid.is_(None))
    .values(sid=bindparam("new_sid"), due_at=bindparam("due"))
)
_waits = Erasure.done_at.is_(None)
_DUE = Statement(
    select(Erasure.id, Erasure.kind, Erasure.sid, Erasure.tries)
    .where(_waits, Erasure.sid.is_not(None), Erasure.due_at <= bindparam("now"))
    .order_by(Erasure.due_at)
    .limit(AT_ONCE)
)
_TAKE = Statement(
    update(Erasure)
    .where(Erasure.id == bindparam("copy"), Erasure.tries == bindparam("old_tries"), _waits)
    .values(tries=Erasure.tries + 1, due_at=bindparam("again"))
)
_DONE = Statement(update(Erasure).where(Erasure.id == bindparam("copy")).values(done_at=bindparam("now"), error=""))
_FAILED = Statement(update(Erasure).where(Erasure.id == bindparam("copy")).values(error=bindparam("new_error")))
_FORGET = Statement(
    delete(Erasure).where(
        (Erasure.done_at < bindparam("before")) | (Erasure.sid.is_(None) & (Erasure.created_at < bindparam("before")))
    )
)
_COUNT = Statement(
    select(
        func.count().filter(_waits & Erasure.sid.is_not(None)),
        func.count(),
        func.min(Erasure.created_at).filter(_waits & Erasure.sid.is_not(None)),
        func.max(Erasure.error).filter(_waits),
    ).select_from(Erasure)
)


def add(tx: Transaction, kind: str, sids: Iterable[str], now: int, due: int = 0) -> None:
    """The copies under these ids shall go, from `due` on."""
    tx.many(_ADD, [_new(kind, now, due) | {"sid": sid} for sid in sids])


def await_sids(tx: Transaction, kind: str, rows: Iterable[str], now: int) -> None:
    """The carrier is being asked for these rows of the outbox: what it calls them is to come."""
    tx.many(_ADD, [_new(kind, now, now) | {"row": row} for row in rows])


def _new(kind: str, now: int, due: int) -> dict[str, object]:
    blank = {"sid": None, "row": None, "tries": 0, "error": "", "done_at": None}
    return {**blank, "id": new_id(), "kind": kind, "due_at": due, "created_at": now}


def found(tx: Transaction, row: str, sid: str, now: int) -> bool:
    """The carrier has told what it calls such a row. False when that row was never erased."""
    return bool(row) and tx.run(_FOUND, row_=row, new_sid=sid, due=now + FIRST) > 0


def is_gone(tx: Transaction, sid: str) -> bool:
    """Whether this text or call was erased."""
    return tx.one(_GONE, sid_=sid) is not None


def take(tx: Transaction, now: int) -> list[Copy]:
    """Copies whose turn it is, each held until its next try."""
    due = [Copy(*row) for row in tx.all(_DUE, now=now)]
    return [each for each in due if tx.run(_TAKE, copy=each.id, old_tries=each.tries, again=now + _pause(each.tries))]


def _pause(tries: int) -> int:
    return min(FIRST << min(tries, 20), LONGEST)


def record(tx: Transaction, outcomes: Iterable[tuple[Copy, str]], now: int) -> None:
    """What came of it: `` for a copy that is gone, else why it is not."""
    for copy, error in outcomes:
        if error:
            tx.run(_FAILED, copy=copy.id, new_error=error[:16])
        else:
            tx.run(_DONE, copy=copy.id, now=now)


def forget(tx: Transaction, now: int) -> int:
    """Ids of copies that are gone long since; how many."""
    return tx.run(_FORGET, before=now - REMEMBERED)


def count(tx: Transaction) -> Count:
    """How it stands."""
    waiting, remembered, oldest, error = tx.one(_COUNT) or (0, 0, None, None)
    return Count(waiting, remembered, oldest, error or "")
