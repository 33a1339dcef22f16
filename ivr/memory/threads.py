"""Where a thread of texts stands: for the text that comes in, and for the silence that comes instead."""

from sqlalchemy import bindparam, select, update

from ivr.db import Statement, Transaction
from ivr.memory import messages
from ivr.memory.pins import CLOSED
from ivr.memory.positions import LEFT, Position, fresh, thawed
from ivr.models import Contact, Conversation, Message, Number
from ivr.people.contacts import Party
from ivr.vault import Vault

AT_ONCE = 200
AT_HAND = 600_000  # ms
OPENED_FOR = 900_000  # ms: by text a PIN holds until nobody has written for so long

_ANSWERED = select(Message.reply).where(Message.sid == bindparam("sid_")).scalar_subquery()
_BY_TEXT = Statement(
    select(
        _ANSWERED,
        Number.id,
        Contact.id,
        Contact.language,
        Conversation.id,
        Conversation.language,
        Conversation.state,
        Conversation.turn,
        Conversation.pressed_at,
    )
    .join(Contact, Contact.number_id == Number.id)
    .outerjoin(
        Conversation,
        (Conversation.contact_id == Contact.id)
        & (Conversation.channel == "sms")
        & (Conversation.service_number == bindparam("service"))
        & (Conversation.waits_until > bindparam("now"))
        # Whoever texts now need not be who gave the PIN an hour ago.
        & (Contact.pin.is_(None) | ((Contact.pin != CLOSED) & (Conversation.updated_at > bindparam("opened_since")))),
    )
    .where(Number.found_by == bindparam("index"), Contact.pin.is_(None) | Conversation.id.is_not(None))
    .order_by(Conversation.id.is_(None), Conversation.updated_at.desc())
    .limit(1)
)
_THREAD = select(
    Conversation.id,
    Conversation.service_number,
    Conversation.language,
    Conversation.number_id,
    Conversation.contact_id,
    Conversation.state,
    Conversation.turn,
    Conversation.pressed_at,
).where(Conversation.channel == "sms", Conversation.state.is_not(None))
_WAITED = Statement(
    _THREAD.where(Conversation.waits_until < bindparam("now")).order_by(Conversation.waits_until).limit(AT_ONCE)
)
_ONE = Statement(_THREAD.where(Conversation.id == bindparam("row")))
_SPOKEN = Statement(
    select(Conversation.id)
    .where(Conversation.contact_id == bindparam("contact"), Conversation.pressed_at > bindparam("since"))
    .limit(1)
)
_HEARD_LAST = Statement(
    select(Conversation.pressed_at, Conversation.waits_until)
    .where(Conversation.contact_id == bindparam("contact"), Conversation.pressed_at.is_not(None))
    .order_by(Conversation.pressed_at.desc())
    .limit(1)
)
_SHUT = Statement(
    update(Conversation)
    .where(Conversation.id == bindparam("row"))
    .values(state=None, waits_until=LEFT, turn=Conversation.turn + 1)
)
_WAIT_ON = Statement(
    update(Conversation).where(Conversation.id == bindparam("row")).values(waits_until=bindparam("until"))
)


def of_text(tx: Transaction, vault: Vault, index: str, party: Party, sid: str, now: int) -> Position | bytes | None:
    """Where the thread of texts stands; the answer already given to this text, if it came before; None: a stranger."""
    row = tx.one(_BY_TEXT, index=index, service=party.service_number, sid_=sid, now=now, opened_since=now - OPENED_FOR)
    if row is None:
        return None
    answered, number, contact, spoken, id, language, state, turn, pressed_at = row
    if answered is not None:
        return messages.opened(vault, sid, answered)
    party.number_id, party.contact_id = number, contact
    party.language = spoken or language or party.language  # what was chosen on a call holds in a thread that waits
    return Position(id, party, thawed(vault, id, state), turn, pressed_at or 0) if id else fresh(party)


def waited(tx: Transaction, vault: Vault, now: int) -> list[Position]:
    """Threads whose question was not answered in its time."""
    return [_position(vault, *row) for row in tx.all(_WAITED, now=now)]


def of_id(tx: Transaction, vault: Vault, id: str) -> Position | None:
    """This thread, if a question of it still waits."""
    row = tx.one(_ONE, row=id)
    return _position(vault, *row) if row else None


def has_spoken(tx: Transaction, contact: str, since: int) -> bool:
    """Whether this person has written, or pressed a key, since then."""
    return tx.one(_SPOKEN, contact=contact, since=since) is not None


def is_at_hand(tx: Transaction, contact: str | None, now: int) -> bool:
    """Whether they have written, or pressed a key, so lately that the phone is surely in their own hand, and have not
    left quietly since: then somebody else may have it.
    """
    heard, waits_until = (tx.one(_HEARD_LAST, contact=contact) if contact else None) or (0, None)
    return heard > now - AT_HAND and waits_until != LEFT


def wait_on(tx: Transaction, id: str, until: int) -> None:
    """An answer is still taken until then."""
    tx.run(_WAIT_ON, row=id, until=until)


def shut(tx: Transaction, id: str) -> None:
    """Nothing is awaited in this thread any more, and a text that is under way does not bring it back."""
    tx.run(_SHUT, row=id)


def _position(
    vault: Vault,
    id: str,
    service: str,
    language: str,
    number: str | None,
    contact: str | None,
    state: bytes | None,
    turn: int,
    pressed_at: int | None,
) -> Position:
    party = Party("sms", service, language, number, contact)
    return Position(id, party, thawed(vault, id, state), turn, pressed_at or 0)
