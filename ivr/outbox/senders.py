"""The pace of our numbers: slots are booked in the database, so that any number of workers keeps one pace together."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, case, select, update
from sqlalchemy.dialects.postgresql import insert

from ivr.db import Statement, Transaction
from ivr.models import Sender
from ivr.outbox.kinds import ROUTINE, URGENT

SHORTEST, LONGEST = 1_000, 60_000  # ms of a pause; each is twice the last one
MICRO = 1000  # slots are counted in microseconds: at 225 segments a second one lasts 4.4 ms
HORIZON = 3_000  # ms: what could not go within them is not claimed yet
HINT = 5_000  # ms for which others keep away from a number that somebody is at
# ms. A moment further ahead than it can have been put was written by a clock that was ahead itself: not believed.
DEBT = 300_000  # of slots that urgent texts have used in advance; what would be more is forgiven
PAUSE = 2 * LONGEST


class Pace(NamedTuple):
    """Where a sender stands, in ms; `slot_at` in microseconds."""

    slot_at: int
    busy_until: int
    paused_until: int
    why: str
    backoff: int

    def last_lane(self, now: int) -> int | None:
        """Up to which lane it takes what is due: all, only what is urgent while its slots are far ahead, or none."""
        if self.is_paused(now):
            return None
        return URGENT if HORIZON < self.slot_at // MICRO - now <= DEBT else ROUTINE

    def is_paused(self, now: int) -> bool:
        """Whether nothing goes out by it now."""
        return now < self.paused_until <= now + PAUSE

    def is_busy(self, now: int) -> bool:
        """Whether somebody is at its routine part."""
        return now < self.busy_until <= now + HINT


_ADD = Statement(insert(Sender).on_conflict_do_nothing(index_elements=["number", "channel"]))
_WHICH = (Sender.number == bindparam("number_"), Sender.channel == bindparam("channel_"))
_PACE = Statement(
    select(Sender.slot_at, Sender.busy_until, Sender.paused_until, Sender.why, Sender.backoff).where(*_WHICH)
)
_NOW, _SPAN = bindparam("now_", type_=BigInteger), bindparam("span", type_=BigInteger)
_FURTHEST = _NOW + DEBT * MICRO
_FREE = case((Sender.slot_at.between(_NOW, _FURTHEST), Sender.slot_at), else_=_NOW)
_NEXT = case((_FREE + _SPAN > _FURTHEST, _FURTHEST), else_=_FREE + _SPAN)
_BOOK = Statement(update(Sender).where(*_WHICH).values(slot_at=_NEXT).returning(Sender.slot_at))
_BUSY = Statement(update(Sender).where(*_WHICH).values(busy_until=bindparam("until")))
_PAUSE = Statement(
    update(Sender)
    .where(*_WHICH)
    .values(paused_until=bindparam("until"), why=bindparam("reason"), backoff=bindparam("pause"))
)


def pace(tx: Transaction, number: str, channel: str) -> Pace:
    """Where this number stands on this channel; it is noted down when it is new."""
    row = tx.one(_PACE, number_=number, channel_=channel)
    if row is None:
        new = {"slot_at": 0, "busy_until": 0, "paused_until": 0, "why": "", "backoff": 0}
        tx.run(_ADD, number=number, channel=channel, **new)
        return Pace(**new)  # type: ignore[arg-type]
    return Pace(*row)


def book(tx: Transaction, number: str, channel: str, units: int, rate: float, now: int) -> int:
    """Books the next `units` (segments, or calls) at `rate` a second; in microseconds, when the first may go."""
    span = round(units * 1_000_000 / rate)
    row = tx.one(_BOOK, number_=number, channel_=channel, now_=now * MICRO, span=span)
    if row is None:
        pace(tx, number, channel)
        return book(tx, number, channel, units, rate, now)
    return int(row[0]) - span


def busy(tx: Transaction, number: str, channel: str, now: int) -> None:
    """Somebody is at this number for a while, so that nobody else need be called."""
    tx.run(_BUSY, number_=number, channel_=channel, until=now + HINT)


def leave(tx: Transaction, number: str, channel: str) -> None:
    """Nobody is at it any more."""
    tx.run(_BUSY, number_=number, channel_=channel, until=0)


def pause(tx: Transaction, number: str, channel: str, why: str, now: int, chance: float) -> None:
    """Nothing goes out by this number for a while: twice as long each time, by a tenth more or less (`chance`, 0-1),
    so that workers do not come back all at once.
    """
    last = pace(tx, number, channel)
    still = last.is_paused(now)
    span = last.backoff if still else min(max(2 * last.backoff, SHORTEST), LONGEST)
    until = last.paused_until if still else now + round(span * (0.9 + 0.2 * chance))
    tx.run(_PAUSE, number_=number, channel_=channel, until=until, reason=why, pause=span)


def resume(tx: Transaction, number: str, channel: str) -> None:
    """The carrier takes them again."""
    tx.run(_PAUSE, number_=number, channel_=channel, until=0, reason="", pause=0)
