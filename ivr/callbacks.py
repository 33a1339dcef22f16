"""Who wants to be rung by a counselor: each change of a request is written together with who made it and why."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, func, insert, select, update

from ivr.contacts import Party
from ivr.db import Statement, Transaction
from ivr.models import Callback, CallbackEvent, Number, new_id
from ivr.vault import Vault

WANTED = "callbacks.wanted"
OPEN, CANCELLED = "requested", "cancelled"


class Request(NamedTuple):
    """An open request, as a list of the desk shows it. The number is still sealed."""

    id: str
    number_id: str
    sealed: bytes
    wanted: bytes  # sealed as well
    language: str
    channel: str
    asked: int
    created_at: int
    urgent_at: int | None
    why: str  # of its last change


_FIND = Statement(select(Callback.id).where(Callback.contact_id == bindparam("contact"), Callback.closed_at.is_(None)))
_FIND_WITHHELD = Statement(
    select(Callback.id).where(
        Callback.number_id == bindparam("number"), Callback.contact_id.is_(None), Callback.closed_at.is_(None)
    )
)
_ADD = Statement(insert(Callback))
_AGAIN = Statement(
    update(Callback)
    .where(Callback.id == bindparam("row"))
    .values(
        asked=Callback.asked + 1,
        wanted=func.coalesce(bindparam("new_wanted"), Callback.wanted),
        urgent_at=func.coalesce(Callback.urgent_at, bindparam("new_urgent", type_=BigInteger)),  # it never goes back
    )
)
_CLOSE = Statement(
    update(Callback)
    .where(Callback.contact_id == bindparam("contact"), Callback.closed_at.is_(None))
    .values(state=bindparam("new_state"), closed_at=bindparam("now"))
)
_NOTE = Statement(insert(CallbackEvent))
_WAITING = Statement(
    select(
        Callback.id,
        Callback.number_id,
        Number.sealed,
        Callback.wanted,
        Callback.language,
        Callback.channel,
        Callback.asked,
        Callback.created_at,
        Callback.urgent_at,
        select(CallbackEvent.why)
        .where(CallbackEvent.callback_id == Callback.id)
        .order_by(CallbackEvent.created_at.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .join(Number, Number.id == Callback.number_id)
    .where(Callback.closed_at.is_(None))
    .order_by(Callback.urgent_at.is_(None), func.coalesce(Callback.urgent_at, Callback.created_at), Callback.id)
)


class Cause(NamedTuple):
    """Who asks for a call, and why: the person themself, or the line, after what was agreed with them."""

    who: str
    why: str


ASKED = Cause("person", "asked for a call")
URGENT = Cause("person", "asked for an urgent call")


def request(
    tx: Transaction, vault: Vault, party: Party, number_id: str, wanted: str, now: int, cause: Cause = ASKED
) -> str:
    """Asks for a call to `number_id`: `new`, or `already` when one is open. Its time changes only if one is wanted:
    whoever asks in a hurry has not taken back at which hour it is safe to be rung.
    """
    row, urgent_at = _find(tx, party, number_id), now if cause is URGENT else None
    if row:
        sealed = vault.seal(WANTED, row, wanted.encode()) if wanted else None
        tx.run(_AGAIN, row=row, new_wanted=sealed, new_urgent=urgent_at)
        _note(tx, row, "asked", Cause(cause.who, "asked again") if cause is ASKED else cause, now)
        return "already"
    id = new_id()
    tx.run(
        _ADD,
        id=id,
        contact_id=party.contact_id,
        number_id=number_id,
        state=OPEN,
        wanted=vault.seal(WANTED, id, wanted.encode()),
        language=party.language,
        channel=party.channel,
        asked=1,
        urgent_at=urgent_at,
        created_at=now,
        closed_at=None,
    )
    _note(tx, id, OPEN, cause, now)
    return "new"


def cancel(tx: Transaction, party: Party, now: int) -> str:
    """Takes the open request back: `cancelled`, or `none` when there was none."""
    row = _find(tx, party, "")
    if not row or not tx.run(_CLOSE, contact=party.contact_id, new_state=CANCELLED, now=now):
        return "none"
    _note(tx, row, CANCELLED, Cause("person", "taken back by the person"), now)
    return CANCELLED


def decline(tx: Transaction, party: Party, now: int) -> None:
    """They would rather not be rung. The request stays: somebody looks at what they said."""
    if row := _find(tx, party, ""):
        _note(tx, row, "declined", Cause("person", "would rather not be rung"), now)


def waiting(tx: Transaction) -> list[Request]:
    """All open requests: urgent ones first, then the one that waits longest."""
    return [Request(*row) for row in tx.all(_WAITING)]


def _find(tx: Transaction, party: Party, number_id: str) -> str | None:
    contact = party.contact_id
    row = tx.one(_FIND, contact=contact) if contact else tx.one(_FIND_WITHHELD, number=number_id)
    return str(row[0]) if row else None


def _note(tx: Transaction, id: str, what: str, cause: Cause, now: int) -> None:
    tx.run(_NOTE, id=new_id(), callback_id=id, who=cause.who, what=what, why=cause.why, created_at=now)
