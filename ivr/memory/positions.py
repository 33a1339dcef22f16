"""Where each conversation stands: its row is read, and written once a turn by whoever still holds the turn's number."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, case, insert, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql

from ivr.db import Statement, Transaction
from ivr.engine.model import State
from ivr.engine.run import ENTRANCE, thaw
from ivr.memory import replays
from ivr.models import Conversation, new_id
from ivr.people.contacts import Party
from ivr.vault import Unreadable, Vault

log = logging.getLogger(__name__)

STATE = "conversations.state"
SURELY_OVER = 900_000  # ms: a call that was quiet for so long has ended, even if the carrier never said so
WRITTEN = "desk_text"  # the flow of what a counselor wrote
CALL_KEPT = 3_600_000  # ms: a dropped call can be gone on with for an hour
LEFT = 0  # in place of until when it waits: somebody may have come into the room, and have the phone by now


@dataclass(slots=True)
class Position:
    """A conversation as its row has it."""

    id: str
    party: Party
    state: State | None
    turn: int = 0
    pressed_at: int = 0  # when the last key, or text, came, in ms
    is_new: bool = False  # the row does not exist yet
    call_sid: str | None = None
    is_left: bool = False  # quietly, in this very turn


_COLUMNS = (
    Conversation.id,
    Conversation.number_id,
    Conversation.contact_id,
    Conversation.service_number,
    Conversation.language,
    Conversation.state,
    Conversation.turn,
    Conversation.pressed_at,
)
_BY_CALL = Statement(select(*_COLUMNS).where(Conversation.call_sid == bindparam("call_sid_")))
_ADD = Statement(insert(Conversation))
_MOVE = Statement(
    update(Conversation)
    .where(Conversation.id == bindparam("row"), Conversation.turn == bindparam("old_turn"))
    .values(
        language=bindparam("new_language"),
        state=bindparam("new_state"),
        turn=bindparam("new_turn"),
        replies=Conversation.replies + bindparam("new_reply"),
        waits_until=bindparam("new_waits_until"),
        pressed_at=bindparam("new_pressed_at"),
        updated_at=bindparam("now"),
    )
)
_begin = postgresql.insert(Conversation)  # its ON CONFLICT is SQLite's as well
_BEGIN = Statement(
    _begin.on_conflict_do_update(
        index_elements=["id"],
        set_={
            **{
                name: _begin.excluded[name] for name in ("contact_id", "language", "state", "waits_until", "updated_at")
            },
            "turn": Conversation.turn + 1,
        },
    )
)
_END_CALL = Statement(
    update(Conversation).where(Conversation.call_sid == bindparam("call_sid_")).values(ended_at=bindparam("now"))
)
_nobody_is_on_it = or_(
    Conversation.channel == "sms",
    Conversation.ended_at.is_not(None),
    Conversation.updated_at <= bindparam("quiet_since"),
)
_OPEN = Statement(
    select(Conversation.id, Conversation.state)
    .where(
        Conversation.contact_id == bindparam("contact"),
        Conversation.id != bindparam("own"),
        Conversation.state.is_not(None),
        Conversation.waits_until > bindparam("now"),
        _nobody_is_on_it,
    )
    .order_by(Conversation.updated_at.desc())
)
_give_up = (
    update(Conversation)
    .where(
        Conversation.contact_id == bindparam("contact"),
        Conversation.id != bindparam("own"),
        Conversation.state.is_not(None),
    )
    # A text that is under way must not bring the thread back; a call's turns are numbered by their addresses.
    .values(state=None, waits_until=None, turn=Conversation.turn + case((Conversation.channel == "sms", 1), else_=0))
)
_GIVE_UP = Statement(_give_up)
_DISPLACE = Statement(_give_up.where(_nobody_is_on_it))
_EXPIRE = Statement(
    update(Conversation)
    .where(
        Conversation.waits_until < bindparam("before"),
        Conversation.state.is_not(None),
        Conversation.channel == literal_column("'voice'"),
    )
    .values(state=None, waits_until=None)
)


def of_call(tx: Transaction, vault: Vault, call_sid: str) -> Position | None:
    """Where the call stands; None when it is not known yet."""
    row = tx.one(_BY_CALL, call_sid_=call_sid)
    if row is None:
        return None
    id, number, contact, service, language, state, turn, pressed = row
    party = Party("voice", service, language, number, contact)
    return Position(id, party, thawed(vault, id, state), turn, pressed or 0, call_sid=call_sid)


def fresh(party: Party, call_sid: str | None = None, id: str | None = None) -> Position:
    """A conversation that begins now. `id`: of the row of the outbox that opens it."""
    return Position(id or new_id(), party, None, is_new=True, call_sid=call_sid)


def store(tx: Transaction, vault: Vault, position: Position, reply: bytes, seconds: int | None, now: int) -> bool:
    """Writes where the conversation now stands and what was said (of an answer to a text: b"", the text keeps it).

    `seconds` is how long the question waits by text. False when another request took this turn first.
    """
    row = _row(vault, position, reply, seconds, now)
    return _add(tx, position, row, now) if position.is_new else _move(tx, position, row, now)


class _Row(NamedTuple):
    """What a turn changes in a conversation's row."""

    language: str
    state: bytes | None
    turn: int
    reply: str
    waits_until: int | None
    pressed_at: int


def _row(vault: Vault, at: Position, reply: bytes, seconds: int | None, now: int) -> _Row:
    sealed = vault.seal(STATE, at.id, json.dumps(at.state).encode()) if at.state else None
    line = replays.line(vault, at.id, at.turn, reply) if reply else ""
    return _Row(at.party.language, sealed, at.turn + 1, line, _waits_until(at, seconds, now), at.pressed_at)


def _waits_until(position: Position, seconds: int | None, now: int) -> int | None:
    if position.state is None:
        return LEFT if position.is_left else None
    return now + (CALL_KEPT if position.party.channel == "voice" else (seconds or 0) * 1000)


def _move(tx: Transaction, at: Position, row: _Row, now: int) -> bool:
    new = {f"new_{name}": value for name, value in row._asdict().items()}
    return tx.run(_MOVE, row=at.id, old_turn=at.turn, now=now, **new) == 1


def _add(tx: Transaction, at: Position, row: _Row, now: int) -> bool:
    return tx.run(_ADD, **_new(at, row, now)) == 1


def _new(at: Position, row: _Row, now: int) -> dict[str, object]:
    party = at.party
    return {
        "id": at.id,
        "service_number": party.service_number,
        "number_id": party.number_id,
        "contact_id": party.contact_id,
        "channel": party.channel,
        "call_sid": at.call_sid,
        "language": row.language,
        "state": row.state,
        "turn": row.turn,
        "replies": row.reply,
        "waits_until": row.waits_until,
        "pressed_at": row.pressed_at,
        "created_at": now,
        "updated_at": now,
        "ended_at": None,
    }


class Begun(NamedTuple):
    """A new conversation, and how many seconds its question waits by text."""

    position: Position
    seconds: int | None


def begin(tx: Transaction, vault: Vault, begun: Sequence[Begun], now: int) -> None:
    """Writes new conversations, each of another person, whose others are over; one that is there begins anew."""
    rows = [_new(at, _row(vault, at, b"", seconds, now), now) for at, seconds in begun]
    over = now - SURELY_OVER  # whoever is on the line stays where they are
    tx.many(_DISPLACE, [{"contact": row["contact_id"], "own": row["id"], "quiet_since": over} for row in rows])
    tx.many(_BEGIN, rows)


def end_call(tx: Transaction, call_sid: str, now: int) -> None:
    """The carrier says that the call is over: from now on a text may go on where it stood."""
    tx.run(_END_CALL, call_sid_=call_sid, now=now)


def open_elsewhere(tx: Transaction, vault: Vault, position: Position, now: int) -> State | None:
    """Where this person was cut off on another call or thread, if that still waits.

    No such places: the door, for whoever is cut off there again has not gone on; what was written and awaits a text.
    """
    if position.party.contact_id is None:
        return None
    # Whoever rings again has hung up before. Whoever texts may still be on the line.
    quiet_since = now if position.party.channel == "voice" else now - SURELY_OVER
    rows = tx.all(_OPEN, contact=position.party.contact_id, own=position.id, now=now, quiet_since=quiet_since)
    states = (thawed(vault, id, sealed) for id, sealed in rows)
    return next((state for state in states if state and state.flow not in (ENTRANCE, WRITTEN)), None)


def give_up_others(tx: Transaction, position: Position) -> bool:
    """There is one open position per contact: all but this one are over. True when there was another."""
    contact = position.party.contact_id
    return bool(contact) and tx.run(_GIVE_UP, contact=contact, own=position.id) > 0


def expire(tx: Transaction, before: int) -> int:
    """Forgets where calls stood that could be gone on with until before that moment; how many."""
    return tx.run(_EXPIRE, before=before)


def thawed(vault: Vault, id: str, sealed: bytes | None) -> State | None:
    """None also when it cannot be read any more: a person is then helped from the start, and not told of trouble."""
    try:
        return thaw(json.loads(vault.open(STATE, id, sealed))) if sealed else None
    except (Unreadable, TypeError) as error:  # the key is gone, or another version of the engine wrote it
        log.warning("where a conversation stood is lost: %s", error)
        return None
