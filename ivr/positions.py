"""Where each conversation stands: its row is read, and written once a turn by whoever still holds the turn's number."""

import base64
import json
import logging
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from ivr import messages
from ivr.contacts import Party
from ivr.db import Statement, Transaction
from ivr.engine.model import State
from ivr.engine.run import ENTRANCE, thaw
from ivr.models import Contact, Conversation, Message, Number, new_id
from ivr.vault import Unreadable, Vault

log = logging.getLogger(__name__)

STATE, REPLIES = "conversations.state", "conversations.replies"
CALL_KEPT = 3_600_000  # ms: a dropped call can be gone on with for an hour


@dataclass(slots=True)
class Position:
    """A conversation as its row has it."""

    id: str
    party: Party
    state: State | None
    turn: int = 0
    updated_at: int = 0
    is_new: bool = False  # the row does not exist yet
    call_sid: str | None = None


_COLUMNS = (
    Conversation.id,
    Conversation.number_id,
    Conversation.contact_id,
    Conversation.service_number,
    Conversation.language,
    Conversation.state,
    Conversation.turn,
    Conversation.updated_at,
)
_BY_CALL = Statement(select(*_COLUMNS).where(Conversation.call_sid == bindparam("call_sid_")))
_REPLIES = Statement(
    select(Conversation.id, Conversation.replies).where(Conversation.call_sid == bindparam("call_sid_"))
)
_ADD = Statement(insert(Conversation))
_MOVE = Statement(
    update(Conversation)
    .where(Conversation.id == bindparam("row"), Conversation.turn == bindparam("old_turn"))
    .values(
        language=bindparam("new_language"),
        state=bindparam("new_state"),
        turn=bindparam("new_turn"),
        replies=Conversation.replies + bindparam("new_reply"),
        waits_until=bindparam("new_wait"),
        updated_at=bindparam("now"),
    )
)
_OPEN = Statement(
    select(Conversation.id, Conversation.state)
    .where(
        Conversation.contact_id == bindparam("contact"),
        Conversation.id != bindparam("own"),
        Conversation.state.is_not(None),
        Conversation.waits_until > bindparam("now"),
    )
    .order_by(Conversation.updated_at.desc())
)
_GIVE_UP = Statement(
    update(Conversation)
    .where(
        Conversation.contact_id == bindparam("contact"),
        Conversation.id != bindparam("own"),
        Conversation.state.is_not(None),
    )
    .values(state=None, waits_until=None)
)
_EXPIRE = Statement(
    update(Conversation)
    .where(Conversation.waits_until < bindparam("before"), Conversation.state.is_not(None))
    .values(state=None, waits_until=None)
)
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
        Conversation.updated_at,
    )
    .join(Contact, Contact.number_id == Number.id)
    .outerjoin(
        Conversation,
        (Conversation.contact_id == Contact.id)
        & (Conversation.channel == "sms")
        & (Conversation.service_number == bindparam("service"))
        & (Conversation.waits_until > bindparam("now")),
    )
    .where(Number.found_by == bindparam("index"), Contact.pin.is_(None))
    .order_by(Conversation.updated_at.desc())
    .limit(1)
)


def of_call(tx: Transaction, vault: Vault, call_sid: str) -> Position | None:
    """Where the call stands; None when it is not known yet."""
    row = tx.one(_BY_CALL, call_sid_=call_sid)
    if row is None:
        return None
    id, number, contact, service, language, state, turn, updated = row
    party = Party("voice", service, language, number, contact)
    return Position(id, party, _thaw(vault, id, state), turn, updated, call_sid=call_sid)


def of_text(tx: Transaction, vault: Vault, index: str, party: Party, sid: str, now: int) -> Position | bytes | None:
    """Where the thread of texts stands; the answer already given to this text, if it came before; None: a stranger."""
    row = tx.one(_BY_TEXT, index=index, service=party.service_number, sid_=sid, now=now)
    if row is None:
        return None
    answered, number, contact, spoken, id, language, state, turn, updated = row
    if answered is not None:
        return messages.opened(vault, sid, answered)
    party.number_id, party.contact_id = number, contact
    party.language = spoken or language or party.language  # what was chosen on a call holds in a thread that waits
    return Position(id, party, _thaw(vault, id, state), turn, updated) if id else fresh(party)


def fresh(party: Party, call_sid: str | None = None) -> Position:
    """A conversation that begins now."""
    return Position(new_id(), party, None, is_new=True, call_sid=call_sid)


def store(tx: Transaction, vault: Vault, position: Position, reply: bytes, seconds: int | None, now: int) -> bool:
    """Writes where the conversation now stands and what was answered, and counts the turn.

    `seconds` is how long the question waits by text. False when another request took this turn first.
    """
    state = position.state
    sealed = vault.seal(STATE, position.id, json.dumps(state).encode()) if state else None
    line = _line(vault, position, reply) if position.party.channel == "voice" else ""
    values = (sealed, position.turn + 1, line, _waits_until(position, seconds, now))
    return _add(tx, position, values, now) if position.is_new else _move(tx, position, values, now)


def _waits_until(position: Position, seconds: int | None, now: int) -> int | None:
    if position.state is None:
        return None
    return now + (CALL_KEPT if position.party.channel == "voice" else (seconds or 0) * 1000)


def _move(tx: Transaction, at: Position, values: tuple[bytes | None, int, str, int | None], now: int) -> bool:
    state, turn, line, wait = values
    written = tx.run(
        _MOVE,
        row=at.id,
        old_turn=at.turn,
        new_language=at.party.language,
        new_state=state,
        new_turn=turn,
        new_reply=line,
        new_wait=wait,
        now=now,
    )
    return written == 1


def _add(tx: Transaction, at: Position, values: tuple[bytes | None, int, str, int | None], now: int) -> bool:
    state, turn, line, wait = values
    tx.run(
        _ADD,
        id=at.id,
        service_number=at.party.service_number,
        number_id=at.party.number_id,
        contact_id=at.party.contact_id,
        channel=at.party.channel,
        call_sid=at.call_sid,
        language=at.party.language,
        state=state,
        turn=turn,
        replies=line,
        waits_until=wait,
        created_at=now,
        updated_at=now,
    )
    return True


def reply_given(tx: Transaction, vault: Vault, call_sid: str, turn: int) -> bytes | None:
    """What turn `turn` of this call was answered, None when it was not yet."""
    row = tx.one(_REPLIES, call_sid_=call_sid)
    for line in row[1].splitlines() if row else ():
        number, _, sealed = line.partition(" ")
        if row and int(number) == turn:
            return vault.open(REPLIES, f"{row[0]}.{turn}", base64.b64decode(sealed))
    return None


def open_elsewhere(tx: Transaction, vault: Vault, position: Position, now: int) -> State | None:
    """Where this person was cut off on another call or thread, if that still waits.

    The door is no such place: whoever is cut off again while being asked whether to go on has not gone on.
    """
    if position.party.contact_id is None:
        return None
    rows = tx.all(_OPEN, contact=position.party.contact_id, own=position.id, now=now)
    states = (_thaw(vault, id, sealed) for id, sealed in rows)
    return next((state for state in states if state and state.flow != ENTRANCE), None)


def give_up_others(tx: Transaction, position: Position) -> bool:
    """There is one open position per contact: all but this one are over. True when there was another."""
    contact = position.party.contact_id
    return bool(contact) and tx.run(_GIVE_UP, contact=contact, own=position.id) > 0


def expire(tx: Transaction, before: int) -> int:
    """Forgets where conversations stood that waited until before that moment; how many."""
    return tx.run(_EXPIRE, before=before)


def _thaw(vault: Vault, id: str, sealed: bytes | None) -> State | None:
    """None also when it cannot be read any more: a person is then helped from the start, and not told of trouble."""
    try:
        return thaw(json.loads(vault.open(STATE, id, sealed))) if sealed else None
    except (Unreadable, TypeError) as error:  # the key is gone, or another version of the engine wrote it
        log.warning("where a conversation stood is lost: %s", error)
        return None


def _line(vault: Vault, at: Position, reply: bytes) -> str:
    sealed = vault.seal(REPLIES, f"{at.id}.{at.turn}", reply)
    return f"{at.turn} {base64.b64encode(sealed).decode()}\n"
