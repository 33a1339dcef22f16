"""What is in the outbox, in figures: for those who run the line, and for those who watch it."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ivr.db import Statement, Transaction
from ivr.models import Mark, Outgoing, Sender
from ivr.outbox.claims import DUE_BY, in_state


class Count(NamedTuple):
    """How many rows of a kind and channel stand so, and why."""

    channel: str
    kind: str
    state: str
    why: str
    rows: int


class Line(NamedTuple):
    """One of our numbers on one channel: what waits, and what holds it up. Times in ms."""

    number: str
    channel: str
    paused_until: int
    why: str


class First(NamedTuple):
    """The lane of what goes out next, and since when it is due."""

    lane: int
    due_at: int


_FIRST = Statement(
    select(Outgoing.lane, Outgoing.due_at).where(*DUE_BY).order_by(Outgoing.lane, Outgoing.due_at).limit(1)
)
_COUNTS = Statement(
    select(Outgoing.channel, Outgoing.kind, Outgoing.state, Outgoing.why, func.count())
    .where(Outgoing.created_at > bindparam("since"))
    .group_by(Outgoing.channel, Outgoing.kind, Outgoing.state, Outgoing.why)
    .order_by(Outgoing.channel, Outgoing.kind, Outgoing.state, Outgoing.why)
)
_OLDEST = Statement(select(func.min(Outgoing.due_at)).where(in_state("pending"), Outgoing.due_at <= bindparam("now")))
_DUE = Statement(select(func.count()).where(in_state("pending"), Outgoing.due_at <= bindparam("now")))
_LINES = Statement(select(Sender.number, Sender.channel, Sender.paused_until, Sender.why).order_by(Sender.number))
_MARKED = Statement(select(Mark.at).where(Mark.name == bindparam("name_")))
_ADD_MARK = Statement(insert(Mark).on_conflict_do_nothing(index_elements=["name"]))
_MARK = Statement(update(Mark).where(Mark.name == bindparam("name_")).values(at=bindparam("now")))


def counts(tx: Transaction, since: int) -> list[Count]:
    """Rows made since then, by channel, kind, state and reason."""
    return [Count(*row) for row in tx.all(_COUNTS, since=since)]


def oldest_due(tx: Transaction, now: int) -> int | None:
    """Since when the oldest row that is due has been waiting; None when nothing waits."""
    row = tx.one(_OLDEST, now=now)
    return row[0] if row else None


def due(tx: Transaction, now: int) -> int:
    """How many rows are due and wait."""
    row = tx.one(_DUE, now=now)
    return int(row[0]) if row else 0


def first_due(tx: Transaction, sender: str, channel: str, now: int) -> First | None:
    """The oldest of the most urgent lane in which something is due for this number; None when nothing is."""
    row = tx.one(_FIRST, sender_=sender, channel_=channel, now=now)
    return First(*row) if row else None


def lines(tx: Transaction) -> list[Line]:
    """All our numbers that ever sent anything."""
    return [Line(*row) for row in tx.all(_LINES)]


def marked(tx: Transaction, name: str) -> int | None:
    """When something regular was last done."""
    row = tx.one(_MARKED, name_=name)
    return row[0] if row else None


def mark(tx: Transaction, name: str, now: int) -> None:
    """It is done now, whatever a clock that was ahead has noted before."""
    if not tx.run(_MARK, name_=name, now=now):
        tx.run(_ADD_MARK, name=name, at=now)
