"""Texts: from the carrier's webhook to TwiML with what we answer, one transaction a text."""

import logging

from ivr import conversations, erasures, phone, texts, unkept
from ivr.carriers import twilio
from ivr.channels import sms
from ivr.conversations import Values
from ivr.db import Transaction
from ivr.engine.model import Output
from ivr.memory import messages, positions, threads
from ivr.memory.positions import Position
from ivr.models import new_id
from ivr.outbox import rows
from ivr.people import arrivals, contacts
from ivr.people.contacts import Party
from ivr.privacy import vanishing
from ivr.runtime import Runtime
from ivr.scene import Scene
from ivr.texts import Text
from ivr.transactions import Overtaken, in_transaction
from ivr.web import late
from ivr.web.webhooks import NOTHING, Webhook, verified

log = logging.getLogger(__name__)

LONGEST = 1600  # characters of a text at Twilio; what is longer is cut


def answer(runtime: Runtime, webhook: Webhook) -> bytes:
    """The TwiML for this webhook. Raises Forged, and nothing else: whatever breaks, the texter is helped on."""
    form = verified(runtime, webhook)
    text = _text(runtime, form)
    try:
        reply = in_transaction(
            runtime, lambda tx: turn(runtime, tx, text, text.at), lambda: late.sounds_dangerous(runtime, text)
        )
    except Exception:  # the one place for texts
        log.exception("a text could not be answered, and is kept")
        return late.answer(runtime, text)
    runtime.spool.forget(text.sid)
    return reply


def _text(runtime: Runtime, form: twilio.Form) -> Text:
    service = runtime.service(form.get("To"))
    return Text(
        form.get("MessageSid")[:64] or "unknown-" + new_id(),
        phone.caller(form.get("From"), runtime.config.country),
        service.number,
        service.language,
        form.get("Body")[:LONGEST],
        form.get("OptOutType").upper(),
        form.get("NumMedia", "0") not in ("", "0"),
        runtime.now(),
    )


def turn(runtime: Runtime, tx: Transaction, text: Text, now: int) -> bytes:
    """The TwiML for this text; the one that it was given before, when it comes again. It may be heard of late."""
    found = _position(runtime, tx, text, now)
    if isinstance(found, bytes):  # or it was answered by a text of its own, when its webhook had been lost
        return NOTHING if rows.is_there(tx, rows.answer_to(text.sid)) else found
    contacts.heard_from(tx, found.party.number_id, text.at)
    found.pressed_at = max(found.pressed_at, text.at)
    if found.is_new:
        arrivals.came(tx, found.party.contact_id, text.at)
    scene = runtime.scene(tx, found, now)
    body = unkept.kept(scene, text.body)
    outputs = texts.answer(scene, text)
    if outputs is None:
        messages.store(tx, runtime.vault, None, text.sid, body, NOTHING, now)
        return NOTHING
    reply = _written(scene, outputs)
    _store(
        scene,
        text._replace(body=body),
        outputs,
        reply if scene.kept_instead is None else _written(scene, scene.kept_instead),
    )
    return reply


def heed(runtime: Runtime, tx: Transaction, text: Text, now: int) -> None:
    """Of a text that was answered before a restore only what it stops or starts counts; nobody else is noted."""
    heard = runtime.content.keywords.listen(text.body, text.language)
    if heard.stop or heard.start or heard.wants_no or heard.text in twilio.STOPS:
        party = contacts.recognise(
            tx, runtime.vault, text.sender, Party("sms", text.service_number, text.language), now
        )
        texts.heed(runtime.scene(tx, positions.fresh(party), now), text, heard)
    messages.store(tx, runtime.vault, None, text.sid, "", NOTHING, now)


def _position(runtime: Runtime, tx: Transaction, text: Text, now: int) -> Position | bytes:
    """Where this person's thread stands, or the answer that this very text was given before."""
    party = Party("sms", text.service_number, text.language)
    if text.sender is None:
        return messages.answer_given(tx, runtime.vault, text.sid) or positions.fresh(party)
    index = runtime.vault.index(text.sender.number)
    found = threads.of_text(tx, runtime.vault, index, party, text.sid, now)
    if isinstance(found, Position) and found.is_new:  # two texts sent at once shall not begin two conversations
        contacts.hold(tx, party)
        found = threads.of_text(tx, runtime.vault, index, party, text.sid, now)
    if found is None:  # a stranger; or somebody who was erased, and a text of theirs that comes again
        found = messages.answer_given(tx, runtime.vault, text.sid) or _of_erased(runtime, tx, text, index, now)
    return found or positions.fresh(contacts.recognise(tx, runtime.vault, text.sender, party, now))


def _of_erased(runtime: Runtime, tx: Transaction, text: Text, index: str, now: int) -> bytes | None:
    """A text that is heard of late, of somebody who has erased everything since: it goes too, but for what it stops."""
    if text.at == now or not vanishing.went_after(tx, index, text.at):
        return None
    heard = runtime.content.keywords.listen(text.body, text.language)
    vanishing.stop(tx, index, {*heard.wants_no, *(["sms"] if texts.is_stop(text, heard) else [])})
    erasures.add(tx, erasures.TEXT, [text.sid], now, now + vanishing.SOON)
    return NOTHING


def _written(scene: Scene, outputs: tuple[Output, ...]) -> bytes:
    language, content = scene.party.language, scene.content
    formatter = content.languages[language].formatter
    return sms.twiml(sms.render(outputs, Values(scene), content.flows[language].phrases, formatter))


def _store(scene: Scene, text: Text, outputs: tuple[Output, ...], reply: bytes) -> None:
    position, is_the_desks = scene.position, scene.kept_instead is not None
    waits = conversations.waits(scene) or None if is_the_desks else texts.waits(outputs)
    if position.party.contact_id and not positions.store(scene.tx, scene.vault, position, b"", waits, scene.now):
        raise Overtaken
    conversation = position.id if position.party.contact_id else None
    # Of nobody no words are kept, nor of the desk's; the answer is, for when it comes again.
    body = text.body if conversation and not is_the_desks else ""
    messages.store(scene.tx, scene.vault, conversation, text.sid, body, reply, scene.now)
    if scene.receipt:
        erasures.add(scene.tx, erasures.TEXT, [text.sid], scene.now, scene.now + vanishing.LATER)
