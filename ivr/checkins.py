"""How somebody is, as they said: answers of the flows that keep them, sealed."""

import json

from sqlalchemy import bindparam, insert, select, update

from ivr.contacts import Party
from ivr.db import Statement, Transaction
from ivr.engine.model import Keep
from ivr.models import Checkin, new_id
from ivr.vault import Vault

_ANSWERS = Statement(select(Checkin.answers).where(Checkin.id == bindparam("row")))
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


def _sealed(vault: Vault, id: str, answers: dict[str, str]) -> bytes:
    return vault.seal("checkins.answers", id, json.dumps(answers).encode())
