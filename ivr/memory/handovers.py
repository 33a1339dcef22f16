"""A conversation in which a PIN is given becomes another person's from there on."""

from dataclasses import replace

from sqlalchemy import bindparam, select, update

from ivr.db import Statement, Transaction
from ivr.memory import positions
from ivr.memory.positions import Position
from ivr.models import Checkin, Conversation
from ivr.vault import Vault

_HAND_OVER = Statement(
    update(Conversation)
    .where(Conversation.id == bindparam("row"), Conversation.turn == bindparam("old_turn"))
    .values(contact_id=bindparam("new_contact"))
)
_others = (Checkin.conversation_id == bindparam("row")) & (Checkin.contact_id != bindparam("new_contact"))
_LEFT = Statement(select(Checkin.contact_id).where(_others).distinct())
_LEAVE = Statement(
    update(Checkin)
    .where(Checkin.conversation_id == bindparam("row"), Checkin.contact_id == bindparam("whose"))
    .values(conversation_id=bindparam("place"))
)


def hand_over(tx: Transaction, vault: Vault, position: Position, contact: str, now: int) -> None:
    """From now on this conversation is this person's, whose PIN was given in it."""
    _leave_checkins(tx, vault, position, contact, now)
    position.party.contact_id = contact
    tx.run(_HAND_OVER, row=position.id, old_turn=position.turn, new_contact=contact)


def _leave_checkins(tx: Transaction, vault: Vault, position: Position, contact: str, now: int) -> None:
    """Those of somebody else in this conversation, before it becomes this person's: what erases one of the two must not
    take away what hangs on the other.
    """
    for (whose,) in tx.all(_LEFT, row=position.id, new_contact=contact):
        place = positions.fresh(replace(position.party, contact_id=whose))
        positions.store(tx, vault, place, b"", None, now)
        tx.run(_LEAVE, row=position.id, whose=whose, place=place.id)
