"""Calls: from the carrier's webhook to TwiML, one transaction a turn."""

import logging
from typing import NamedTuple

from ivr import conversations, erasures, missed_calls, phone
from ivr.callbacks import talks, transfers
from ivr.carriers.twilio import Form
from ivr.config import MISSED_CALL
from ivr.conversations import Values
from ivr.db import Transaction
from ivr.engine.model import Early, Event, NoInput, Output, Reply
from ivr.memory import positions, replays
from ivr.memory.positions import Position
from ivr.models import new_id
from ivr.outbox import bridges
from ivr.people import arrivals, contacts
from ivr.people.contacts import Party
from ivr.runtime import Runtime
from ivr.scene import Scene
from ivr.transactions import Overtaken, in_transaction
from ivr.web import out
from ivr.web.webhooks import Webhook, verified

log = logging.getLogger(__name__)

REJECT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>'
UNTOUCHED = "untouched"  # silence, on a call of ours on which nobody has pressed a key
NOT_THEIRS = "not-theirs-"  # a key on such a call; behind it those that say that it is not for them
ECHO = 700  # ms: a key pressed that soon after the last one is the same long press, read twice on real lines


class Call(NamedTuple):
    """One request of a call: which call, from whom to which number of ours, and what happened on it."""

    sid: str
    person: str  # the number at the other end, as the carrier writes it
    service_number: str
    language: str  # of the number that was rung, or of the turn whose address was asked for
    turn: int  # 0: the call comes in, or one of ours is taken
    event: Event | None
    out: str = ""  # the row of the outbox that this call of ours is for
    untouched: bool = False  # it is one of ours, and nobody has pressed a key on it yet: anybody may be listening
    answered_by: str = ""
    dialled: str = ""  # how it went with a counselor's phone that was rung


def answer(runtime: Runtime, webhook: Webhook, language: str = "", turn: int = 0, outgoing: str = "") -> bytes:
    """The TwiML for this webhook. Raises Forged, and nothing else: whatever breaks, the caller is helped on."""
    form = verified(runtime, webhook)
    is_from_us = bool(outgoing) or (turn > 0 and runtime.is_ours(form.get("From")))
    service = runtime.service(form.get("From" if is_from_us else "To"))
    call = _call(form, service.number, runtime.content.known(language, service.language), turn, webhook.query)
    call = call._replace(out=outgoing[:32], answered_by=form.get("AnsweredBy"))
    if is_from_us:
        call = call._replace(person=form.get("To"))
    if outgoing or webhook.query == UNTOUCHED or _is_not_theirs(form.get("Digits"), webhook.query):
        call = call._replace(untouched=True)
    if service.role == MISSED_CALL and not (outgoing or turn):
        return _rejected(runtime, call)
    try:
        return in_transaction(runtime, lambda tx: _turn(runtime, tx, call))
    except Exception:  # the one place for calls: the last thing heard is never silence or a carrier's error
        log.exception("a turn of a call failed")
        return _trouble(runtime, call)


def _is_not_theirs(keys: str, query: str) -> bool:
    """Whether the first key on a call of ours said that it is not for whoever has taken it."""
    return query.startswith(NOT_THEIRS) and keys[-1:] in list(query[len(NOT_THEIRS) :])


def _trouble(runtime: Runtime, call: Call) -> bytes:
    if call.untouched:
        return out.trouble(runtime, call.language, call.answered_by)
    return runtime.trouble(call.language, phone.country_of(call.person, runtime.config.country)).voice


def _rejected(runtime: Runtime, call: Call) -> bytes:
    """Nobody pays: it is rejected before anything else, whatever becomes of the call back."""
    try:
        in_transaction(runtime, lambda tx: _missed(runtime, tx, call))
    except Exception:  # the one place for missed calls
        log.exception("a missed call was not noted")
    return REJECT


def _missed(runtime: Runtime, tx: Transaction, call: Call) -> bytes:
    now, line = runtime.now(), runtime.line
    party = Party("voice", line.number, runtime.content.known(call.language, line.language))
    _recognise(runtime, tx, call, party, now)
    missed_calls.open_door(runtime.scene(tx, positions.fresh(party), now), call.sid)
    return REJECT


def _call(form: Form, service: str, language: str, turn: int, query: str) -> Call:
    sid = form.get("CallSid")[:64] or "unknown-" + new_id()
    event = _event(form, query) if turn else None
    return Call(sid, form.get("From"), service, language, turn, event, dialled=_dialled(form))


def _dialled(form: Form) -> str:
    """How it went with another phone; one that was picked up and never put through was not reached."""
    return "no-answer" if form.get("DialBridged") == "false" and _is_over(form) else form.get("DialCallStatus")


def _is_over(form: Form) -> bool:
    return form.get("DialCallStatus") in talks.PUT_THROUGH


def _event(form: Form, query: str) -> Event:
    keys, recording = form.get("Digits"), form.get("RecordingSid")
    if recording:  # the key that ended it is no answer, but 0 is a person everywhere
        return Reply("*0" if keys == "0" else recording[:64])
    if not keys or query == "silence":
        return NoInput()
    return Early(keys[-1], query == "unheard") if query in ("early", "unheard") else Reply(keys[:64])


def _turn(runtime: Runtime, tx: Transaction, call: Call) -> bytes:
    now = runtime.now()
    position = positions.of_call(tx, runtime.vault, call.sid)
    if position is None:
        return _taken(runtime, tx, call, now) if call.out else _first(runtime, tx, call, now)
    if call.turn < position.turn:
        return _replayed(runtime, tx, call)
    if isinstance(call.event, Reply | Early):
        since, position.pressed_at = now - position.pressed_at, now
        if 0 <= since < ECHO:
            return _echo(runtime, tx, call, position, now)
    if call.dialled:
        _ended(runtime, tx, position, call.dialled, now)
    scene = runtime.scene(tx, position, now)
    return _heard(runtime, scene, conversations.take_turn(scene, call.event))


def _ended(runtime: Runtime, tx: Transaction, position: Position, status: str, now: int) -> None:
    """The phone that was rung on this call has come to its end: a counselor's, or for one that of whoever asked."""
    transfers.over(tx, runtime.vault, bridges.end(tx, position.id, status, now), now)
    if position.state and (call := position.state.answers.get(talks.CALL)):
        talks.dialled(tx, runtime.vault, runtime.content.hours.zone, call, status, now)


def _first(runtime: Runtime, tx: Transaction, call: Call, now: int) -> bytes:
    party = Party("voice", call.service_number, call.language)
    if not erasures.is_gone(tx, call.sid):  # else whoever is on the line was erased meanwhile, and is nobody now
        _recognise(runtime, tx, call, party, now)
    scene = runtime.scene(tx, positions.fresh(party, call.sid), now)
    return _heard(runtime, scene, conversations.take_turn(scene, None))


def _recognise(runtime: Runtime, tx: Transaction, call: Call, party: Party, now: int) -> None:
    contacts.recognise(tx, runtime.vault, phone.caller(call.person, runtime.config.country), party, now)
    contacts.heard_from(tx, party.number_id, now)
    arrivals.came(tx, party.contact_id, now)


def _taken(runtime: Runtime, tx: Transaction, call: Call, now: int) -> bytes:
    ring = out.taken(runtime, tx, call.out, call.sid, call.answered_by, now)
    return _heard(runtime, *out.opened(runtime, tx, ring, call.sid, call.answered_by, now)) if ring else out.HANG_UP


def _heard(runtime: Runtime, scene: Scene, outputs: tuple[Output, ...]) -> bytes:
    """Renders what is said, and keeps it with the place where the call now waits."""
    position = scene.position
    language = position.party.language
    urls = runtime.voice_urls(language, position.turn + 1)
    if _is_untouched(position):
        keys = "".join(conversations.keys_to(scene, "leave_alone"))
        urls = urls._replace(reply=f"{urls.reply}?{NOT_THEIRS}{keys}", silence=f"{urls.reply}?{UNTOUCHED}")
    twiml = runtime.content.voices[language].render(outputs, urls, Values(scene))
    _store(scene, twiml)
    return twiml


def _is_untouched(position: Position) -> bool:
    return position.state is not None and "then" in position.state.answers and not position.pressed_at


def _echo(runtime: Runtime, tx: Transaction, call: Call, position: Position, now: int) -> bytes:
    """What was being said once more, from its beginning: the key answered nothing."""
    last = replays.reply_given(tx, runtime.vault, call.sid, position.turn - 1) or b""
    language = position.party.language
    old, new = (runtime.voice_urls(language, turn).reply.encode() for turn in (position.turn, position.turn + 1))
    twiml = last.replace(old, new)
    _store(runtime.scene(tx, position, now), twiml)
    return twiml


def _store(scene: Scene, twiml: bytes) -> None:
    if not positions.store(scene.tx, scene.vault, scene.position, twiml, None, scene.now):
        raise Overtaken


def _replayed(runtime: Runtime, tx: Transaction, call: Call) -> bytes:
    reply = replays.reply_given(tx, runtime.vault, call.sid, call.turn)
    return reply if reply is not None else _trouble(runtime, call)
