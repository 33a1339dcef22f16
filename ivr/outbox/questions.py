"""The thread that a text of ours opened waits for no answer when nobody got the text: what they write then is new.

The thread has the id of its row. Who has written there since the intent has got the text, whatever the carrier says.
"""

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, or_, select, update

from ivr.db import Statement, Transaction
from ivr.models import Conversation, Outgoing
from ivr.outbox.claims import held_in
from ivr.outbox.kinds import KINDS, TRIES

_opens = Outgoing.kind.not_in([literal_column(f"'{name}'") for name, kind in KINDS.items() if kind.goes_on])
_THREAD = case((_opens, Outgoing.id), else_=Outgoing.about)


def _end(*which: ColumnElement[bool]) -> Statement:
    thread, since = (select(each).where(*which).scalar_subquery() for each in (_THREAD, Outgoing.submitted_at))
    return Statement(
        update(Conversation)
        .where(
            Conversation.id == thread,
            Conversation.state.is_not(None),
            func.coalesce(Conversation.pressed_at, 0) < since,
        )
        # A text that is under way must not bring the thread back.
        .values(state=None, waits_until=None, turn=Conversation.turn + 1)
    )


# To be run before the row is written, by whoever still holds it.
NEVER = _end(*held_in("submitting"))  # it will not go out
NOT_YET = _end(*held_in("submitting"), _opens)  # asked once more, it opens its thread again; one that goes on waits
FOR_NOW = _end(*held_in("submitting"), or_(_opens, Outgoing.tries >= TRIES))  # the same, unless this was the last time
_NOT_ARRIVED = _end(Outgoing.id == bindparam("row"))


def not_arrived(tx: Transaction, row: str) -> None:
    """The carrier had it, and could not bring it."""
    tx.run(_NOT_ARRIVED, row=row)
