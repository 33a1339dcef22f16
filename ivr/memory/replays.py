"""What each turn of a call was answered, so that the same request gets the same bytes again; and what the line said by
itself in a thread of texts, so that the same words go out when the carrier took them not at first.
"""

import base64

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from ivr.db import Row, Statement, Transaction
from ivr.models import Conversation
from ivr.vault import Vault

REPLIES = "conversations.replies"

_REPLIES = Statement(
    select(Conversation.id, Conversation.replies).where(Conversation.call_sid == bindparam("call_sid_"))
)
_other = aliased(Conversation)
_spoken = exists().where(_other.contact_id == Conversation.contact_id, _other.pressed_at > Conversation.updated_at)
_UNANSWERED = Statement(
    select(Conversation.id, Conversation.replies).where(
        Conversation.id == bindparam("own"), Conversation.turn == bindparam("next_turn"), ~_spoken
    )
)


def reply_given(tx: Transaction, vault: Vault, call_sid: str, turn: int) -> bytes | None:
    """What turn `turn` of this call was answered, None when it was not yet."""
    return _reply(vault, tx.one(_REPLIES, call_sid_=call_sid), turn)


def unanswered(tx: Transaction, vault: Vault, conversation: str, turn: int) -> bytes | None:
    """What was said in this turn of a thread, None when nothing was yet, or when they have said something since."""
    return _reply(vault, tx.one(_UNANSWERED, own=conversation, next_turn=turn + 1), turn)


def _reply(vault: Vault, row: Row | None, turn: int) -> bytes | None:
    for line in row[1].splitlines() if row else ():
        number, _, sealed = line.partition(" ")
        if row and int(number) == turn:
            return vault.open(REPLIES, f"{row[0]}.{turn}", base64.b64decode(sealed))
    return None


def line(vault: Vault, conversation: str, turn: int, reply: bytes) -> str:
    """A reply as a line to be added to its conversation: the number of the turn, and what it answered, sealed."""
    sealed = vault.seal(REPLIES, f"{conversation}.{turn}", reply)
    return f"{turn} {base64.b64encode(sealed).decode()}\n"
