"""What became of what the carrier was asked for, written by whoever still holds the row."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, case, update

from ivr.carriers.answers import HOLD_UP, PASSING, Accepted, Answer, NotSent, Refused, meaning
from ivr.db import Statement, Transaction
from ivr.models import Outgoing
from ivr.outbox import questions
from ivr.outbox.claims import ANEW, ASK_AGAIN, held_in
from ivr.outbox.kinds import AGAIN, TRIES


class Asked(NamedTuple):
    """A row that the carrier was asked for, and what it answered."""

    id: str
    attempt: int
    answer: Answer


ACCEPT = Statement(  # the carrier has it, as it said itself or as its list shows
    update(Outgoing)
    .where(*held_in("submitting"))
    .values(state="accepted", why="", sid=bindparam("new_sid"), rank=1, claim=None, leased_until=None)
)
_REFUSED = Statement(
    update(Outgoing)
    .where(*held_in("submitting"))
    .values(state="failed", why=bindparam("reason"), error=bindparam("code"), claim=None, leased_until=None)
)
_PASSED = Statement(
    update(Outgoing)
    .where(*held_in("submitting"))
    .values(
        state=case((Outgoing.tries < TRIES, "pending"), else_="failed"),
        why=bindparam("reason"),
        error=bindparam("code"),
        tries=Outgoing.tries + 1,
        due_at=Outgoing.submitted_at + AGAIN,
        **ANEW,
    )
)
_ENDS = {ASK_AGAIN: questions.NOT_YET, _PASSED: questions.FOR_NOW, _REFUSED: questions.NEVER}


def record(tx: Transaction, asked: Sequence[Asked]) -> int:
    """Writes all answers; how many rows took them. What nobody knows stays as it is, to be looked for later.

    A row that takes none was claimed anew, or its status came before the answer: both know better.
    """
    writes: dict[Statement, list[dict[str, object]]] = {}
    for each in asked:
        found = _outcome(each.answer)
        if found:
            writes.setdefault(found[0], []).append({"row": each.id, "held_attempt": each.attempt, **found[1]})
    return sum(_write(tx, statement, rows) for statement, rows in writes.items())


def _write(tx: Transaction, statement: Statement, rows: list[dict[str, object]]) -> int:
    if ends := _ENDS.get(statement):
        tx.many(ends, rows)
    return tx.many(statement, rows)


def _outcome(answer: Answer) -> tuple[Statement, dict[str, object]] | None:
    """How this answer is written; None for one that says nothing."""
    if isinstance(answer, Accepted):
        return ACCEPT, {"new_sid": answer.sid}
    if stays_pending(answer):
        return ASK_AGAIN, {"reason": reason(answer)}
    if isinstance(answer, Refused):
        passes = meaning(answer.code) == PASSING
        return _PASSED if passes else _REFUSED, {"reason": reason(answer), "code": answer.code}
    return None


def stays_pending(answer: Answer) -> bool:
    """Whether the carrier surely has it not and may be asked again: later, or when somebody has set us right."""
    return isinstance(answer, NotSent) or (isinstance(answer, Refused) and meaning(answer.code) in HOLD_UP)


def holds_up(answer: Answer) -> str:
    """Why the whole number must pause after this answer; empty when it need not."""
    if isinstance(answer, NotSent):
        return answer.why[:32]
    found = meaning(answer.code) if isinstance(answer, Refused) else ""
    return f"{found} {answer.code}" if isinstance(answer, Refused) and found in HOLD_UP else ""


def reason(answer: Answer) -> str:
    """In a word, for those who look at the outbox."""
    if isinstance(answer, Refused):
        return meaning(answer.code)
    return "" if isinstance(answer, Accepted) else answer.why[:32]
