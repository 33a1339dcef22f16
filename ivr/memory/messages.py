"""Texts that came in, each with what it was answered, under the carrier's id."""

from xml.etree import ElementTree

from sqlalchemy import bindparam, insert, select

from ivr import erasures
from ivr.db import Statement, Transaction
from ivr.models import Conversation, Message
from ivr.vault import Vault

BODY, ANSWER = "messages.body", "messages.reply"

_ANSWER = Statement(select(Message.reply).where(Message.sid == bindparam("sid_")))
NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
_WHOSE = Statement(
    select(Conversation.number_id, Conversation.contact_id)
    .join(Message, Message.conversation_id == Conversation.id)
    .where(Message.sid == bindparam("sid_"), Conversation.number_id.is_not(None))
)
_LAST = Statement(
    select(Message.sid, Message.body)
    .join(Conversation, Message.conversation_id == Conversation.id)
    .where(Conversation.contact_id == bindparam("contact"), Message.created_at > bindparam("since"))
    .order_by(Message.created_at.desc())
    .limit(1)
)
_ADD = Statement(insert(Message))


def store(tx: Transaction, vault: Vault, conversation: str | None, sid: str, body: str, reply: bytes, now: int) -> None:
    """Keeps a text that came in and what it was answered. Raises the driver's conflict when it was kept before."""
    tx.run(
        _ADD,
        sid=sid,
        conversation_id=conversation,
        body=vault.seal(BODY, sid, body.encode("utf-8", "replace")),
        reply=vault.seal(ANSWER, sid, reply),
        created_at=now,
    )


def written_since(tx: Transaction, vault: Vault, contact: str | None, since: int) -> str:
    """The last text of this person, if it came after `since`; empty without one."""
    row = tx.one(_LAST, contact=contact, since=since) if contact else None
    return vault.open(BODY, row[0], row[1]).decode() if row else ""


def answer_given(tx: Transaction, vault: Vault, sid: str) -> bytes | None:
    """What this text was answered, None when it was not yet; nothing, if whoever wrote it was erased since."""
    row = tx.one(_ANSWER, sid_=sid)
    if row:
        return opened(vault, sid, row[0])
    return NOTHING if erasures.is_gone(tx, sid) else None


def is_known(tx: Transaction, sid: str) -> bool:
    """Whether this text was taken up."""
    return tx.one(_ANSWER, sid_=sid) is not None or erasures.is_gone(tx, sid)


def whose(tx: Transaction, sid: str) -> tuple[str, str] | None:
    """Number and contact of whoever sent this text; None when they are withheld."""
    row = tx.one(_WHOSE, sid_=sid)
    return (row[0], row[1]) if row else None


def words(reply: bytes) -> str:
    """What a stored answer says, without its TwiML; '' when it says nothing."""
    texts = (message.text or "" for message in ElementTree.fromstring(reply or b"<Response/>"))  # noqa: S314 - our own
    return "\n".join(text for text in texts if text)


def opened(vault: Vault, sid: str, sealed: bytes) -> bytes:
    """An answer as it was sent."""
    return vault.open(ANSWER, sid, sealed)
