"""Who has a request: taken by one conditional UPDATE, for a time, and back in its old place when nothing happens."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, literal, or_, select, update

from ivr.callbacks import alerts
from ivr.callbacks.places import URGENT_LANE
from ivr.callbacks.requests import ATTEMPTED, CLAIMED, REQUESTED
from ivr.db import Statement, Transaction
from ivr.models import Callback, Counselor
from ivr.team import audit
from ivr.team.counselors import Member

MINUTE = 60_000  # ms
URGENT_LEASE, LEASE = 10 * MINUTE, 30 * MINUTE
# ms that a wish for a woman or a man is kept for those who meet it; then others may offer themselves.
HOLDS = 4 * 60 * MINUTE
AT_ONCE = 100


class Claim(NamedTuple):
    """A request that somebody has: its id, its short number, until when."""

    id: str
    ref: int
    leased_until: int


class Held(NamedTuple):
    """Who has a request, or had it; None: nobody."""

    id: str
    ref: int
    counselor_id: str | None
    login: str | None
    leased_until: int | None


FREE: ColumnElement[bool] = Callback.closed_at.is_(None) & or_(
    Callback.counselor_id.is_(None), Callback.leased_until <= bindparam("now")
)
SAFE_NOW: ColumnElement[bool] = (Callback.from_at <= bindparam("now")) & or_(
    Callback.until_at.is_(None), Callback.until_at > bindparam("now")
)
SPOKEN: ColumnElement[bool] = bindparam("speaks").like(literal("% ") + Callback.language + literal(" %"))
WISHED: ColumnElement[bool] = or_(
    Callback.wish.is_(None), Callback.wish == bindparam("gender"), Callback.created_at <= bindparam("wished_before")
)
ORDER = (Callback.lane, Callback.place_at, Callback.id)

_lease = case((Callback.lane == URGENT_LANE, bindparam("urgent_until")), else_=bindparam("until"))
_taken = {"state": CLAIMED, "counselor_id": bindparam("who"), "leased_until": _lease}
_next = (
    select(Callback.id)
    .where(FREE, or_(Callback.lane == URGENT_LANE, SAFE_NOW), SPOKEN, WISHED)
    .order_by(*ORDER)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_RETURNED = (Callback.id, Callback.ref, Callback.leased_until)
_NEXT = Statement(update(Callback).where(Callback.id == _next.scalar_subquery()).values(_taken).returning(*_RETURNED))
_TAKE = Statement(update(Callback).where(Callback.ref == bindparam("ref_"), FREE).values(_taken).returning(*_RETURNED))
_HELD = Statement(
    select(Callback.id, Callback.ref, Callback.counselor_id, Counselor.login, Callback.leased_until)
    .outerjoin(Counselor, Counselor.id == Callback.counselor_id)
    .where(Callback.closed_at.is_(None), Callback.ref == bindparam("ref_"))
)
MINE = (Callback.id == bindparam("row"), Callback.counselor_id == bindparam("who"), Callback.closed_at.is_(None))
_EXTEND = Statement(update(Callback).where(*MINE).values(leased_until=_lease))
_HOLD = Statement(update(Callback).where(*MINE).values(leased_until=bindparam("until")))
BACK: dict[str, Any] = {  # in line, where it stood
    "state": case((Callback.attempts > 0, ATTEMPTED), else_=REQUESTED),
    "counselor_id": None,
    "leased_until": None,
}
_GIVE_BACK = Statement(update(Callback).where(*MINE).values(BACK))
_OVERDUE = Statement(
    select(Callback.id, Callback.counselor_id)
    .where(Callback.closed_at.is_(None), Callback.leased_until <= bindparam("now"))
    .limit(AT_ONCE)
)
_TAKE_BACK = Statement(
    update(Callback)
    .where(Callback.id == bindparam("row"), Callback.closed_at.is_(None), Callback.leased_until <= bindparam("now"))
    .values(BACK)
)


def take_next(tx: Transaction, who: Member, now: int) -> Claim | None:
    """The request that stands first for this counselor is theirs; None when none may be rung now."""
    row = tx.one(_NEXT, speaks=f" {who.speaks} ", gender=who.gender, wished_before=now - HOLDS, **_until(who, now))
    return _claimed(tx, row, who, now)


def take(tx: Transaction, who: Member, ref: int, now: int) -> Claim | Held | None:
    """The request of this short number is theirs; who has it, when it is not free; None when there is no such one."""
    row = tx.one(_TAKE, ref_=ref, **_until(who, now))
    return _claimed(tx, row, who, now) or held(tx, ref)


def held(tx: Transaction, ref: int) -> Held | None:
    """Who has the open request of this short number."""
    row = tx.one(_HELD, ref_=ref)
    return Held(*row) if row else None


def extend(tx: Transaction, who: Member, id: str, now: int) -> bool:
    """They do something about it: the time begins anew. False when it is not theirs any more."""
    return tx.run(_EXTEND, row=id, **_until(who, now)) == 1


def hold(tx: Transaction, who: Member, id: str, until: int) -> bool:
    """They talk: it is theirs until then. False when it is not theirs any more."""
    return tx.run(_HOLD, row=id, who=who.id, until=until) == 1


def give_back(tx: Transaction, who: Member, id: str, now: int) -> bool:
    """Others may take it, where it stood. False when it is not theirs any more."""
    if not tx.run(_GIVE_BACK, row=id, who=who.id):
        return False
    alerts.wake(tx, id, now, now)
    audit.note(tx, id, who.id, "given back", "", now)
    return True


def take_back(tx: Transaction, now: int) -> int:
    """Puts what somebody took, and did nothing about in time, back where it stood; how many."""
    return sum(_taken_back(tx, id, counselor, now) for id, counselor in tx.all(_OVERDUE, now=now))


def _taken_back(tx: Transaction, id: str, counselor: str, now: int) -> int:
    if not tx.run(_TAKE_BACK, row=id, now=now):
        return 0
    alerts.wake(tx, id, now, now)
    audit.note(tx, id, "line", "back in line", f"nothing happened while {counselor} had it", now)
    return 1


def _claimed(tx: Transaction, row: object, who: Member, now: int) -> Claim | None:
    if not row:
        return None
    claim = Claim(*row)  # type: ignore[misc]
    alerts.end(tx, claim.id, who.id, now)
    audit.note(tx, claim.id, who.id, CLAIMED, "", now)
    return claim


def _until(who: Member, now: int) -> dict[str, object]:
    return {"who": who.id, "now": now, "until": now + LEASE, "urgent_until": now + URGENT_LEASE}
