"""The line in which requests stand, as the desk shows it, and what each of them can say about its place."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from ivr.callbacks.claims import FREE, ORDER, SAFE_NOW
from ivr.callbacks.requests import REACHED
from ivr.db import Statement, Transaction
from ivr.models import Callback, Counselor, Entry, Number


class Standing(NamedTuple):
    """An open request, without anything that tells whose it is."""

    id: str
    ref: int
    state: str
    language: str
    wish: str | None
    channel: str
    asked: int
    urgent_at: int | None
    place_why: str
    from_at: int
    until_at: int | None
    counselor_id: str | None
    login: str | None
    leased_until: int | None
    attempts: int
    attempted_at: int | None
    wrote_at: int | None
    created_at: int

    def is_free(self, now: int) -> bool:
        """Whether nobody has it."""
        return self.counselor_id is None or (self.leased_until or 0) <= now


class Counts(NamedTuple):
    """How many are open, urgent, and free to be rung now; and since when (ms, UTC) the longest waits."""

    open: int
    urgent: int
    ready: int
    oldest: int | None


class Waiting(NamedTuple):
    """An open request with whose it is, for those who run the line. The number and the card are still sealed."""

    id: str
    ref: int
    number_id: str
    sealed: bytes
    card: bytes | None
    language: str
    channel: str
    asked: int
    created_at: int
    urgent_at: int | None
    why: str  # of its last change


class Week(NamedTuple):
    """Counts of requests made from then on (ms, UTC) for a week: all, urgent ones, those that were reached."""

    starts_at: int
    made: int
    urgent: int
    reached: int


_COLUMNS = (
    Callback.id,
    Callback.ref,
    Callback.state,
    Callback.language,
    Callback.wish,
    Callback.channel,
    Callback.asked,
    Callback.urgent_at,
    Callback.place_why,
    Callback.from_at,
    Callback.until_at,
    Callback.counselor_id,
    Counselor.login,
    Callback.leased_until,
    Callback.attempts,
    Callback.attempted_at,
    Callback.wrote_at,
    Callback.created_at,
)
_open = (
    select(*_COLUMNS)
    .outerjoin(Counselor, Counselor.id == Callback.counselor_id)
    .where(Callback.closed_at.is_(None))
    .order_by(*ORDER)
)
_FIRST = Statement(_open.limit(bindparam("many")))
_COUNTS = Statement(
    select(
        func.count(),
        func.count(Callback.urgent_at),
        func.count().filter(FREE, SAFE_NOW),
        func.min(Callback.created_at),
    ).where(Callback.closed_at.is_(None))
)
_last = select(Entry.why).where(Entry.about == Callback.id).order_by(Entry.n.desc()).limit(1).scalar_subquery()
_WAITING = Statement(
    select(
        Callback.id,
        Callback.ref,
        Callback.number_id,
        Number.sealed,
        Callback.card,
        Callback.language,
        Callback.channel,
        Callback.asked,
        Callback.created_at,
        Callback.urgent_at,
        _last,
    )
    .join(Number, Number.id == Callback.number_id)
    .where(Callback.closed_at.is_(None))
    .order_by(*ORDER)
)


_WEEKS = Statement(
    select(
        func.count(),
        func.count(Callback.urgent_at),
        func.count().filter(Callback.state == REACHED),
    ).where(Callback.created_at >= bindparam("since"), Callback.created_at < bindparam("until"))
)


_CAME = Statement(
    select(func.count()).where(
        Callback.closed_at.is_(None), Callback.created_at > bindparam("since"), Callback.urgent_at.is_(None), FREE
    )
)


def came_since(tx: Transaction, since: int, now: int) -> int:
    """How many wait that were made since then, are not urgent, and that nobody has."""
    row = tx.one(_CAME, since=since, now=now)
    return int(row[0]) if row else 0


def first(tx: Transaction, many: int) -> list[Standing]:
    """Those who stand first, at most so many."""
    return [Standing(*row) for row in tx.all(_FIRST, many=many)]


def counts(tx: Transaction, now: int) -> Counts:
    """How full the line is."""
    row = tx.one(_COUNTS, now=now)
    return Counts(*row) if row else Counts(0, 0, 0, None)


def waiting(tx: Transaction) -> list[Waiting]:
    """All open requests, in their order."""
    return [Waiting(*row) for row in tx.all(_WAITING)]


def weeks(tx: Transaction, since: int, now: int, week: int) -> list[Week]:
    """What was asked for since then, by weeks of so many ms up to now, the newest first."""
    starts = range(now - week, since - 1, -week)
    return [Week(at, *(tx.one(_WEEKS, since=at, until=at + week) or (0, 0, 0))) for at in starts]
