"""How somebody is, as they said: answers of the flows that keep them, sealed."""

import json
from statistics import median

from sqlalchemy import bindparam, insert, select, update

from ivr.db import Statement, Transaction
from ivr.engine.model import Keep
from ivr.models import Checkin, new_id
from ivr.people.contacts import Party
from ivr.vault import Vault

LOOKED_AT, FEWEST, FAR = 8, 4, 3  # check-ins that make somebody's usual, at least so many; points

_ANSWERS = Statement(select(Checkin.answers).where(Checkin.id == bindparam("row")))
_LATEST = Statement(
    select(Checkin.id, Checkin.answers, Checkin.finished_at)
    .where(Checkin.contact_id == bindparam("contact"), Checkin.name == bindparam("name_"))
    .order_by(Checkin.created_at.desc())
    .limit(LOOKED_AT + 1)
)
_ADD = Statement(insert(Checkin))
_CHANGE = Statement(update(Checkin).where(Checkin.id == bindparam("row")).values(answers=bindparam("new_answers")))
_FINISH = Statement(
    update(Checkin)
    .where(Checkin.id == bindparam("row"), Checkin.finished_at.is_(None))
    .values(finished_at=bindparam("now"))
)


def keep(tx: Transaction, vault: Vault, party: Party, conversation: str, row: str | None, kept: Keep, now: int) -> str:
    """Adds one answer to the check-in `row`, or begins one with it; which one it was.

    Whoever steps back to an answer corrects it, even after the last one. Whoever begins anew has no row yet.
    """
    found = tx.one(_ANSWERS, row=row) if row else None
    if row is None or found is None:
        return _begin(tx, vault, party, conversation, kept, now)
    answers = json.loads(vault.open("checkins.answers", row, found[0])) | {kept.question: kept.answer}
    tx.run(_CHANGE, row=row, new_answers=_sealed(vault, row, answers))
    return row


def _begin(tx: Transaction, vault: Vault, party: Party, conversation: str, kept: Keep, now: int) -> str:
    id = new_id()
    tx.run(
        _ADD,
        id=id,
        contact_id=party.contact_id,
        conversation_id=conversation,
        name=kept.name,
        answers=_sealed(vault, id, {kept.question: kept.answer}),
        created_at=now,
        finished_at=None,
    )
    return id


def finish(tx: Transaction, row: str | None, now: int) -> None:
    """The check-in was gone through to its end; one that never gets here counts as partial."""
    if row:
        tx.run(_FINISH, row=row, now=now)


def fell(tx: Transaction, vault: Vault, party: Party, name: str) -> str | None:
    """The id of this person's newest check-in when it is far from their own usual; None when it is not.

    Far is three points or more above the middle of the finished ones of their last eight, of which there must be four:
    points go up as days get heavier. A rule of our own; no paper backs the figure.
    """
    rows = tx.all(_LATEST, contact=party.contact_id, name_=name)
    sums = [_sum(json.loads(vault.open("checkins.answers", id, sealed))) for id, sealed, _ in rows]
    usual = [points for points, row in zip(sums[1:], rows[1:], strict=True) if points is not None and row[2]]
    if not sums or sums[0] is None or len(usual) < FEWEST:
        return None
    return str(rows[0][0]) if sums[0] - median(usual) >= FAR else None


def _sum(answers: dict[str, str]) -> int | None:
    """The points of a check-in; None when any answer is not one."""
    points = list(answers.values())
    return sum(map(int, points)) if all(each.isdecimal() for each in points) else None


def _sealed(vault: Vault, id: str, answers: dict[str, str]) -> bytes:
    return vault.seal("checkins.answers", id, json.dumps(answers).encode())
