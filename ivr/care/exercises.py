"""Which exercises somebody was led through, and whether they helped."""

from sqlalchemy import insert

from ivr.db import Statement, Transaction
from ivr.models import Exercise, new_id
from ivr.people.contacts import Party
from ivr.vault import Vault

_ADD = Statement(insert(Exercise))


def record(tx: Transaction, vault: Vault, party: Party, name: str, helped: str, now: int) -> None:
    """Notes the exercise `name`, and `helped`: yes, no, or '' when nothing was answered."""
    id = new_id()
    sealed = vault.seal("exercises.helped", id, helped.encode())
    tx.run(_ADD, id=id, contact_id=party.contact_id, name=name, helped=sealed, created_at=now)
