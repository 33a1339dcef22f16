"""Silence by text. It ends a conversation without a word, unless its question says how long it waits and what then.

What is said after silence goes out by the outbox, which takes the turn when it sends: nobody is written to at night,
after STOP, or when their answer came in the meantime.
"""

import logging

from ivr import conversations
from ivr.db import Transaction
from ivr.engine.model import NoInput, Output
from ivr.engine.walk import Lost
from ivr.memory import positions, replays, threads
from ivr.memory.positions import Position
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.scene import Scene
from ivr.vault import Vault

log = logging.getLogger(__name__)

KIND = "silence"
USEFUL = 7_200_000  # ms: what is said about silence two hours late only puzzles
LATER = 60_000  # ms until the next look at a thread whose last words the carrier did not take yet
SILENCE = NoInput(final=True)


def end_wait(scene: Scene) -> None:
    """The time of this thread's question is over."""
    position = scene.position
    if rows.is_open(scene.tx, key(position, before=1)):  # what led here was not said yet
        threads.wait_on(scene.tx, position.id, scene.now + LATER)
        return
    if conversations.speaks_up(scene) and _added(scene, position):
        threads.wait_on(scene.tx, position.id, scene.now + USEFUL)
        return
    try:
        conversations.take_turn(scene, SILENCE)  # for its deeds; its words are for nobody
    except Lost:
        log.exception("a conversation could not be ended")
    position.state = None
    positions.store(scene.tx, scene.vault, position, b"", None, scene.now)


def said(scene: Scene) -> tuple[Output, ...]:
    """What the flow says after silence."""
    return conversations.take_turn(scene, SILENCE)


def key(position: Position, before: int = 0) -> str:
    """What names the silence at this question in the outbox, or so many turns before."""
    return f"{KIND}|{position.id}.{position.turn - before}"


def said_before(tx: Transaction, vault: Vault, key: str) -> str:
    """What was said after the silence of that key, and is still unanswered; '' when nothing was."""
    conversation, _, turn = key.removeprefix(f"{KIND}|").partition(".")
    return (replays.unanswered(tx, vault, conversation, int(turn)) or b"").decode()


def _added(scene: Scene, position: Position) -> bool:
    """False when it was in the outbox before, and has not gone out."""
    party, now = position.party, scene.now
    if party.number_id is None:
        return False
    whom = (party.service_number, party.number_id, party.contact_id)
    wish = Sending(key(position), KIND, "sms", *whom, "", now, now + USEFUL, about=position.id)
    return rows.add(scene.tx, wish, now)
