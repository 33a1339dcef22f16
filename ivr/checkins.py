"""How somebody is, as they said: answers of the flows that keep them, sealed."""

import json

from sqlalchemy import bindparam, insert, select, update

from ivr.contacts import Party
from ivr.db import Statement, Transaction
from ivr.models import Checkin, new_id
from ivr.vault import Vault

_OPEN = Statement(
    select(Checkin.id, Checkin.answers)
    .where(
        Checkin.conversation_id == bindparam("conversation"),
        Checkin.name == bindparam("name_"),
        Checkin.finished_at.is_(None),
    )
    .order_by(Checkin.created_at.desc())
    .limit(1)
)
_ADD = Statement(insert(Checkin))
_CHANGE = Statement(update(Checkin).where(Checkin.id == bindparam("row")).values(answers=bindparam("new_answers")))
_FINISH = Statement(
    update(Checkin)
    .where(
        Checkin.conversation_id == bindparam("conversation"),
        Checkin.name == bindparam("name_"),
        Checkin.finished_at.is_(None),
    )
    .values(finished_at=bindparam("now"))
)


def keep(
    tx: Transaction, vault: Vault, party: Party, conversation: str, name: str, question: str, answer: str, now: int
) -> None:
    """Adds one answer to the check-in that this conversation is going through, and begins it with the first."""
    row = tx.one(_OPEN, conversation=conversation, name_=name)
    if row:
        answers = json.loads(vault.open("checkins.answers", row[0], row[1])) | {question: answer}
        tx.run(_CHANGE, row=row[0], new_answers=_sealed(vault, row[0], answers))
        return
    id = new_id()
    tx.run(
        _ADD,
        id=id,
        contact_id=party.contact_id,
        conversation_id=conversation,
        name=name,
        answers=_sealed(vault, id, {question: answer}),
        created_at=now,
        finished_at=None,
    )


def finish(tx: Transaction, conversation: str, name: str, now: int) -> None:
    """The check-in was gone through to its end; one that never gets here counts as partial."""
    tx.run(_FINISH, conversation=conversation, name_=name, now=now)


def _sealed(vault: Vault, id: str, answers: dict[str, str]) -> bytes:
    return vault.seal("checkins.answers", id, json.dumps(answers).encode())
