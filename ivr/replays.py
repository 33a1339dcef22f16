"""What each turn of a call was answered, so that the same request gets the same bytes again."""

import base64

from sqlalchemy import bindparam, select

from ivr.db import Statement, Transaction
from ivr.models import Conversation
from ivr.vault import Vault

REPLIES = "conversations.replies"

_REPLIES = Statement(
    select(Conversation.id, Conversation.replies).where(Conversation.call_sid == bindparam("call_sid_"))
)


def reply_given(tx: Transaction, vault: Vault, call_sid: str, turn: int) -> bytes | None:
    """What turn `turn` of this call was answered, None when it was not yet."""
    row = tx.one(_REPLIES, call_sid_=call_sid)
    for line in row[1].splitlines() if row else ():
        number, _, sealed = line.partition(" ")
        if row and int(number) == turn:
            return vault.open(REPLIES, f"{row[0]}.{turn}", base64.b64decode(sealed))
    return None


def line(vault: Vault, conversation: str, turn: int, reply: bytes) -> str:
    """A reply as a line to be added to its conversation: the number of the turn, and what it answered, sealed."""
    sealed = vault.seal(REPLIES, f"{conversation}.{turn}", reply)
    return f"{turn} {base64.b64encode(sealed).decode()}\n"
