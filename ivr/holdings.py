"""What is kept about a person: in figures, for themselves; and whole, for an organisation that owes them a copy."""

from typing import NamedTuple

from sqlalchemy import BindParameter, String, bindparam, func, select

from ivr.db import Statement, Transaction
from ivr.models import Callback, Checkin, Contact, Conversation, Exercise, Message, Schedule

DAY = 86_400_000  # ms


class Holdings(NamedTuple):
    """How many of each, and since when; reminders and requests that still stand."""

    checkins: int
    exercises: int
    texts: int
    reminders: int
    calls_wanted: int
    since: int

    def days(self, now: int) -> int:
        """Since the first of it, begun ones included."""
        return max(0, now - self.since) // DAY + 1


_contact: BindParameter[str] = bindparam("contact", type_=String)
_HOLDINGS = Statement(
    select(
        select(func.count()).where(Checkin.contact_id == _contact).scalar_subquery(),
        select(func.count()).where(Exercise.contact_id == _contact).scalar_subquery(),
        select(func.count())
        .select_from(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.contact_id == _contact)
        .scalar_subquery(),
        select(func.count()).where(Schedule.contact_id == _contact, Schedule.next_at.is_not(None)).scalar_subquery(),
        select(func.count()).where(Callback.contact_id == _contact, Callback.closed_at.is_(None)).scalar_subquery(),
        Contact.created_at,
    ).where(Contact.id == _contact)
)


def of(tx: Transaction, contact: str | None) -> Holdings | None:
    """What is kept; None for nobody."""
    row = tx.one(_HOLDINGS, contact=contact) if contact else None
    return Holdings(*row) if row else None
