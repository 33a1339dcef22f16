"""What the carrier tells later: in any order, twice, before its own answer, about rows that we do not know yet."""

from typing import NamedTuple

from sqlalchemy import String, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from ivr import erasures
from ivr.db import Statement, Transaction
from ivr.models import Outgoing, Status

# Ranks: a row never goes back to a lower one, and of two last words the first one counts. The order of callbacks is
# not that of events. Sources: Twilio's "Track the status of messages" and its Call resource.
LAST = 9
RANKS = {
    "accepted": 1,
    "scheduled": 2,
    "queued": 3,
    "initiated": 3,
    "sending": 4,
    "ringing": 4,
    "sent": 5,
    "in-progress": 6,
    **dict.fromkeys(("undelivered", "delivered", "failed", "canceled", "completed", "busy", "no-answer"), LAST),
    "read": 10,
}
STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "initiated"), "accepted"),
    **dict.fromkeys(("sending", "sent", "ringing", "in-progress"), "sent"),
    **dict.fromkeys(("delivered", "read", "completed"), "delivered"),
    **dict.fromkeys(("undelivered", "busy", "no-answer"), "undelivered"),
    "failed": "failed",
    "canceled": "cancelled",
}
KEPT = 172_800_000  # ms for which a word on something unknown is kept


class Told(NamedTuple):
    """One callback. `row` is our own id from its address, which only we and the carrier know."""

    row: str
    sid: str
    status: str
    error: str = ""


class Ended(NamedTuple):
    """A row as it stands when a last word has just been written."""

    id: str
    key: str
    kind: str
    channel: str
    sender: str
    number_id: str
    contact_id: str | None
    flow: str
    then: str
    about: str
    tries: int
    state: str
    error: str
    expires_at: int


_ENDED = tuple(getattr(Outgoing, name) for name in Ended._fields)
_MOVE = Statement(
    update(Outgoing)
    .where(
        or_(Outgoing.sid == bindparam("told_sid"), (Outgoing.id == bindparam("told_row")) & Outgoing.sid.is_(None)),
        Outgoing.rank < bindparam("new_rank"),
        # Both last words: the first one counts. But a text that was read has been delivered.
        or_(Outgoing.rank < LAST, (Outgoing.state == "delivered") & (bindparam("new_rank") > LAST)),
    )
    .values(
        state=bindparam("new_state"),
        rank=bindparam("new_rank"),
        sid=func.coalesce(Outgoing.sid, bindparam("told_sid", type_=String)),
        error=func.coalesce(func.nullif(bindparam("new_error", type_=String), ""), Outgoing.error),
        why=bindparam("reason"),
        claim=None,
        leased_until=None,
    )
    .returning(*_ENDED)
)
_KNOWN = Statement(
    select(Outgoing.id).where(or_(Outgoing.sid == bindparam("told_sid"), Outgoing.id == bindparam("told_row")))
)
_KEEP = Statement(insert(Status).on_conflict_do_nothing(index_elements=["sid", "status"]))
_EARLY = Statement(select(Status.sid, Status.status, Status.error).join(Outgoing, Outgoing.sid == Status.sid))
_FORGET = Statement(delete(Status).where(Status.sid == bindparam("told_sid")))
_FORGET_OLD = Statement(delete(Status).where(Status.created_at < bindparam("before")))


def tell(tx: Transaction, told: Told, now: int) -> Ended | None:
    """Writes the carrier's word, unless a later one is known. The row, when it has just come to its end."""
    rank = RANKS.get(told.status)
    if rank is None or not told.sid:
        return None
    row = tx.one(_MOVE, **_values(told, rank))
    if row:
        return Ended(*row) if rank == LAST else None
    known = tx.one(_KNOWN, told_sid=told.sid, told_row=told.row)
    if known is None and not erasures.found(tx, told.row, told.sid, now):
        tx.run(_KEEP, sid=told.sid, status=told.status, error=told.error, created_at=now)
    return None


def join_early(tx: Transaction, now: int) -> list[Ended]:
    """Words that came before we knew their rows, told now; the rows that came to their end. Old ones are forgotten."""
    tx.run(_FORGET_OLD, before=now - KEPT)
    early = [Told("", *row) for row in tx.all(_EARLY)]
    ended = [tell(tx, told, now) for told in sorted(early, key=lambda told: RANKS[told.status])]
    for told in early:
        tx.run(_FORGET, told_sid=told.sid)
    return [each for each in ended if each]


def _values(told: Told, rank: int) -> dict[str, object]:
    state = STATES[told.status]
    return {
        "told_sid": told.sid,
        "told_row": told.row,
        "new_rank": rank,
        "new_state": state,
        "new_error": told.error[:16],
        "reason": told.status if state in ("undelivered", "failed", "cancelled") else "",
    }
