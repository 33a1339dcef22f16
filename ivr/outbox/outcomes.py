"""What became of what the carrier was asked for, written by whoever still holds the row."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, update

from ivr.carriers.answers import BUSY, OPERATOR, Accepted, Answer, NotSent, Refused, meaning
from ivr.db import Statement, Transaction
from ivr.models import Outgoing
from ivr.outbox.claims import in_state


class Asked(NamedTuple):
    """A row that the carrier was asked for, and what it answered."""

    id: str
    attempt: int
    answer: Answer


_MINE = (Outgoing.id == bindparam("row"), Outgoing.attempt == bindparam("held_attempt"), in_state("submitting"))
_ACCEPTED = Statement(
    update(Outgoing)
    .where(*_MINE)
    .values(state="accepted", why="", sid=bindparam("new_sid"), rank=1, claim=None, leased_until=None)
)
_REFUSED = Statement(
    update(Outgoing)
    .where(*_MINE)
    .values(state="failed", why=bindparam("reason"), error=bindparam("code"), claim=None, leased_until=None)
)
_AGAIN = Statement(
    update(Outgoing)
    .where(*_MINE)
    .values(
        state="pending", why=bindparam("reason"), submitted_at=None, looks=0, said=None, claim=None, leased_until=None
    )
)


def record(tx: Transaction, asked: Sequence[Asked]) -> int:
    """Writes all answers; how many rows took them. What nobody knows stays as it is, to be looked for later.

    A row that takes none was claimed anew, or its status came before the answer: both know better.
    """
    accepted, again, refused = [], [], []
    for each in asked:
        if isinstance(each.answer, Accepted):
            accepted.append(_row(each, new_sid=each.answer.sid))
        elif stays_pending(each.answer):
            again.append(_row(each, reason=reason(each.answer)))
        elif isinstance(each.answer, Refused):
            refused.append(_row(each, reason=reason(each.answer), code=each.answer.code))
    return tx.many(_ACCEPTED, accepted) + tx.many(_AGAIN, again) + tx.many(_REFUSED, refused)


def stays_pending(answer: Answer) -> bool:
    """Whether the carrier surely has it not and may be asked again: later, or when somebody has set us right."""
    return isinstance(answer, NotSent) or (isinstance(answer, Refused) and meaning(answer.code) in (OPERATOR, BUSY))


def holds_up(answer: Answer) -> str:
    """Why the whole number must pause after this answer; empty when it need not."""
    if isinstance(answer, NotSent):
        return answer.why[:32]
    found = meaning(answer.code) if isinstance(answer, Refused) else ""
    return f"{found} {answer.code}" if isinstance(answer, Refused) and found in (OPERATOR, BUSY) else ""


def reason(answer: Answer) -> str:
    """In a word, for those who look at the outbox."""
    if isinstance(answer, Refused):
        return meaning(answer.code)
    return "" if isinstance(answer, Accepted) else answer.why[:32]


def _row(asked: Asked, **values: str) -> dict[str, object]:
    return {"row": asked.id, "held_attempt": asked.attempt, **values}
