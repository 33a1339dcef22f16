"""Silence by text. It ends a conversation without a word, unless its question says how long it waits and what then.

What is said after silence goes out by the outbox, which takes the turn when it sends: nobody is written to at night,
after STOP, or when their answer came in the meantime.
"""

import logging

from ivr import conversations, positions, threads
from ivr.engine.model import NoInput, Output
from ivr.engine.walk import Lost
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.positions import Position
from ivr.scene import Scene

log = logging.getLogger(__name__)

KIND = "silence"
USEFUL = 7_200_000  # ms: what is said about silence two hours late only puzzles
SILENCE = NoInput(final=True)


def end_wait(scene: Scene) -> None:
    """The time of this thread's question is over."""
    position = scene.position
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


def key(position: Position) -> str:
    """What names the silence at this question in the outbox."""
    return f"{KIND}|{position.id}.{position.turn}"


def _added(scene: Scene, position: Position) -> bool:
    """False when it was in the outbox before, and has not gone out."""
    party, now = position.party, scene.now
    if party.number_id is None:
        return False
    whom = (party.service_number, party.number_id, party.contact_id)
    wish = Sending(key(position), KIND, "sms", *whom, "", now, now + USEFUL, about=position.id)
    return rows.add(scene.tx, wish, now)
