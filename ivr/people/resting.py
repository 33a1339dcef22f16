"""What the line would start by itself rests once it was asked whether all shall stop, until a no or another wish.

It is a STOP for a channel of its own, so that it is exported, and outlives an erasing, as the others are. Whatever was
asked for, a call back or an answer, goes out as before.
"""

from typing import Any

from sqlalchemy import ScalarSelect, bindparam, literal_column, select, update

from ivr.db import Statement, Transaction
from ivr.models import OptOut
from ivr.people import contacts

UNASKED, UNANSWERED = "unasked", "unanswered"  # the channel, and the source

_WAKE = Statement(
    update(OptOut)
    .where(
        *contacts.standing_stop(bindparam("number"), literal_column(f"'{UNASKED}'")),
        OptOut.created_at <= bindparam("at"),
    )
    .values(ended_at=bindparam("at"))
)


def rests(number: Any) -> ScalarSelect[Any]:
    """Set where nothing goes out to a number by itself."""
    standing = contacts.standing_stop(number, literal_column(f"'{UNASKED}'"))
    return select(OptOut.id).where(*standing).limit(1).scalar_subquery()


def rest(tx: Transaction, number_id: str | None, at: int) -> None:
    """From now on nothing goes out to this number that the line starts by itself."""
    contacts.stop(tx, number_id, UNASKED, UNANSWERED, at)


def calls_wanted(tx: Transaction, number_id: str | None, at: int) -> None:
    """Whoever asks for a call themselves wants calls again, though they had stopped them."""
    if number_id and contacts.has_stopped(tx, number_id, "voice"):
        contacts.start_again(tx, number_id, "voice", at)


def wake(tx: Transaction, number_id: str | None, at: int) -> None:
    """It may go out again: they said so, or wished for it anew."""
    if number_id:
        tx.run(_WAKE, number=number_id, at=at)
