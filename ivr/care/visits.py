"""How often somebody comes. It is met with the offer of a person, never with a lock."""

from sqlalchemy import bindparam, func, select

from ivr.db import Statement, Transaction
from ivr.memory.positions import Position
from ivr.models import Conversation

DAY = 86_400_000  # ms
OFTEN = 6  # visits within a day, this one among them: a figure of our own

_OTHERS = Statement(
    select(func.count()).where(
        Conversation.contact_id == bindparam("contact"),
        Conversation.pressed_at > bindparam("since"),
        Conversation.id != bindparam("this"),
    )
)


def are_many(tx: Transaction, position: Position, now: int) -> bool:
    """Whether this is the sixth visit of this person within a day, the twelfth, and so on: nobody is asked each time.

    A visit is one in which they said something. Of a hidden number nobody knows.
    """
    contact = position.party.contact_id
    row = tx.one(_OTHERS, contact=contact, since=now - DAY, this=position.id) if contact else None
    return bool(row and (row[0] + 1) % OFTEN == 0)
