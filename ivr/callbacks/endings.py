"""Whoever asked for a call that came to no talk is told that it has ended: by text, in words that tell nobody else.

After a talk nobody is told: both know, and a text would be one more trace on a phone that others read.
"""

from sqlalchemy import bindparam, select

from ivr.callbacks.requests import CANCELLED, DAY, EXPIRED, NOT_REACHED
from ivr.db import Statement, Transaction
from ivr.models import Callback, Contact
from ivr.outbox import rows
from ivr.outbox.rows import Sending

KIND = FLOW = "call_closed"
TOLD = (NOT_REACHED, EXPIRED, CANCELLED)

# Only where they asked from: another number that they gave is a phone to be rung, and others may read it.
_WHOM = Statement(
    select(Callback.service_number, Callback.number_id, Callback.contact_id)
    .join(Contact, (Contact.id == Callback.contact_id) & (Contact.number_id == Callback.number_id))
    .where(Callback.id == bindparam("row"), Callback.asked > 0)
)


def tell(tx: Transaction, id: str, state: str, now: int) -> None:
    """Puts the text into the outbox. To be called by whoever has just closed the request, and not for the person."""
    whom = tx.one(_WHOM, row=id) if state in TOLD else None
    if whom:
        sender, number, contact = whom
        rows.add(tx, Sending(f"{KIND}|{id}", KIND, "sms", sender, number, contact, FLOW, now, now + DAY), now)
