"""Calls of ours, as the carrier's first webhook about them asks for them."""

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from ivr.db import Statement, Transaction
from ivr.models import Contact, Outgoing


class Ring(NamedTuple):
    """A call that we asked for: to whom, and what for."""

    id: str
    sender: str
    number_id: str
    contact_id: str | None
    flow: str
    then: str
    language: str | None
    has_pin: bool


_FIND = Statement(
    select(
        Outgoing.id,
        Outgoing.sender,
        Outgoing.number_id,
        Outgoing.contact_id,
        Outgoing.flow,
        Outgoing.then,
        Contact.language,
        Contact.pin.is_not(None),
    )
    .outerjoin(Contact, Contact.id == Outgoing.contact_id)
    .where(
        Outgoing.id == bindparam("row"),
        Outgoing.channel == "voice",
        or_(Outgoing.sid.is_(None), Outgoing.sid == bindparam("call_sid_")),
    )
)


def find(tx: Transaction, row: str, call_sid: str) -> Ring | None:
    """The row of this call; None when it is not one of ours, or another call answers for it."""
    found = tx.one(_FIND, row=row, call_sid_=call_sid)
    return Ring(*found) if found else None
