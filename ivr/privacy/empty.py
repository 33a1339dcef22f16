"""Places beside a person on their number that are nobody's: a PIN leaves one for whoever rings or writes without it.

Nobody has ever said anything there, or it is shut for good. While it counted as somebody else, whoever had set a PIN
could not have their number erased.
"""

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, or_, select, true

from ivr.db import Statement, Transaction
from ivr.memory import pins
from ivr.models import Base, Contact, Conversation, Outgoing
from ivr.outbox.claims import LEASED, in_state

_CHOSEN = (Contact.language, Contact.zone, Contact.hours, Contact.openness)
# A thread or a call in which nothing was pressed or written has not shown anybody, such as a reminder's that awaits the
# PIN; neither has what went out. What is still to go out is awaited by somebody.
_SHOWS_SOMEBODY: dict[Table, ColumnElement[bool]] = {
    Conversation.__table__: func.coalesce(Conversation.pressed_at, 0) > 0,  # type: ignore[dict-item]
    Outgoing.__table__: in_state("pending", *LEASED),  # type: ignore[dict-item]
}


def _has(table: Table, condition: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Whether there is such a row, by each way in which this table names people."""
    keys = (key.parent for key in table.foreign_keys if key.column.table is Contact.__table__)
    return [select(key).where(key == Contact.id, condition).exists() for key in keys]


_has_anything = or_(
    *(has for table in Base.metadata.sorted_tables for has in _has(table, _SHOWS_SOMEBODY.get(table, true())))
)
_never_used = and_(Contact.pin.is_(None), *(column.is_(None) for column in _CHOSEN), ~_has_anything)
_PLACES = Statement(
    select(Contact.id, or_(Contact.pin == pins.CLOSED, _never_used)).where(Contact.number_id == bindparam("number"))
)


def of(tx: Transaction, number: str) -> list[str]:
    """The people of a number, where all are nobody; none where one of them is somebody."""
    places = tx.all(_PLACES, number=number)
    return [str(id) for id, is_empty in places] if all(is_empty for _, is_empty in places) else []
