"""Who is on duty: shifts, planned ahead or begun and ended by a counselor's own word."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from ivr.db import Statement, Transaction
from ivr.models import Counselor, Shift, new_id
from ivr.moments import moment_of, ms_of
from ivr.team import audit
from ivr.team.counselors import AT_THE_DESK, COLUMNS, Member

USUAL = 28_800_000  # ms: who says no end is on for eight hours
LONGEST = 86_400_000  # ms: nobody is on for longer than a day at a time


class Planned(NamedTuple):
    """A shift that is still to come, and whose it is."""

    id: str
    login: str
    counselor_id: str
    starts_at: int
    ends_at: int


_holds_now = (Shift.starts_at <= bindparam("now"), Shift.ends_at > bindparam("now"))
_ON = Statement(
    select(*COLUMNS)
    .join(Shift, Shift.counselor_id == Counselor.id)
    .where(*_holds_now, Counselor.ended_at.is_(None), or_(*(Counselor.role == role for role in AT_THE_DESK)))
    .group_by(*COLUMNS)
    .order_by(func.min(Shift.starts_at), Counselor.login)
)
_IS_ON = Statement(select(Shift.ends_at).where(*_holds_now, Shift.counselor_id == bindparam("who")).limit(1))
_ADD = Statement(insert(Shift))
_OFF = Statement(
    update(Shift).where(*_holds_now, Shift.counselor_id == bindparam("who")).values(ends_at=bindparam("now"))
)
_PLANNED = Statement(
    select(Shift.id, Counselor.login, Shift.counselor_id, Shift.starts_at, Shift.ends_at)
    .join(Counselor, Counselor.id == Shift.counselor_id)
    .where(Shift.starts_at > bindparam("now"), Counselor.ended_at.is_(None))
    .order_by(Shift.starts_at, Counselor.login)
)
_DROP = Statement(delete(Shift).where(Shift.id == bindparam("row"), Shift.starts_at > bindparam("now")))


def begin(tx: Transaction, who: Member, now: int, span: int = USUAL) -> bool:
    """They are on duty from now on, for `span` ms. False when they were already."""
    if tx.one(_IS_ON, who=who.id, now=now):
        return False
    plan(tx, who.id, now, now + span, who.id, now)
    return True


def end(tx: Transaction, who: Member, now: int) -> bool:
    """They are on duty no more. False when they were not."""
    if not tx.run(_OFF, who=who.id, now=now):
        return False
    audit.note(tx, who.id, who.id, "off duty", "", now)
    return True


def plan(tx: Transaction, counselor_id: str, starts_at: int, ends_at: int, by: str, now: int) -> None:
    """They are on duty from then until then. Raises ValueError for a shift that is empty or longer than a day."""
    if not 0 < ends_at - starts_at <= LONGEST:
        raise ValueError("a shift ends after it begins, within a day")
    tx.run(_ADD, id=new_id(), counselor_id=counselor_id, starts_at=starts_at, ends_at=ends_at, created_at=now)
    audit.note(tx, counselor_id, by, "on duty", _span(starts_at, ends_at), now)


def span(day: date, begins: time, ends: time, zone: ZoneInfo) -> tuple[int, int]:
    """From when until when (ms, UTC) a shift of that day lasts; until the next one when it ends before it begins.

    Raises OverflowError for a day that no calendar has.
    """
    last = day + timedelta(days=ends <= begins)
    return ms_of(datetime.combine(day, begins, zone)), ms_of(datetime.combine(last, ends, zone))


def on_duty(tx: Transaction, now: int) -> list[Member]:
    """Who is there to talk with people; who has been there longest comes first."""
    return [Member(*row) for row in tx.all(_ON, now=now)]


def until(tx: Transaction, who: Member, now: int) -> int | None:
    """Until when they are on duty; None when they are not."""
    row = tx.one(_IS_ON, who=who.id, now=now)
    return row[0] if row else None


def planned(tx: Transaction, now: int) -> list[Planned]:
    """What is to come, the next first."""
    return [Planned(*row) for row in tx.all(_PLANNED, now=now)]


def drop(tx: Transaction, id: str, whose: str | None, by: str, now: int) -> bool:
    """A shift that has not begun is planned no more; of `whose` only, when that is given. False when there is none."""
    found = next((each for each in planned(tx, now) if each.id == id and whose in (None, each.counselor_id)), None)
    if found is None or not tx.run(_DROP, row=id, now=now):
        return False
    audit.note(tx, found.counselor_id, by, "shift dropped", _span(found.starts_at, found.ends_at), now)
    return True


def _span(starts_at: int, ends_at: int) -> str:
    return f"{moment_of(starts_at):%Y-%m-%d %H:%M}Z to {moment_of(ends_at):%Y-%m-%d %H:%M}Z"
