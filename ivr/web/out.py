"""Calls of ours that somebody, or something, has taken: from the carrier's first webhook to TwiML."""

from ivr import conversations
from ivr.db import Transaction
from ivr.engine.model import End, Output
from ivr.engine.run import phrase
from ivr.memory import pins, positions
from ivr.outages.trouble import NOWHERE
from ivr.outbox import rings
from ivr.outbox.rings import Ring
from ivr.outbox.statuses import Told
from ivr.people import consents
from ivr.people.contacts import Party
from ivr.runtime import Runtime
from ivr.scene import Scene
from ivr.web import status

HANG_UP = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
# Twilio's AnsweredBy. `unknown` may be a person; what they hear before a key says nothing about anybody.
MACHINES = ("machine_", "fax")
AFTER_TONE = "machine_end_"  # asked for only where a mailbox may be spoken to


def taken(runtime: Runtime, tx: Transaction, row: str, call_sid: str, answered_by: str, now: int) -> Ring | None:
    """The call that was taken; None when there is nothing to say: a machine took it, or we never asked for it."""
    ring = rings.find(tx, row, call_sid)
    if ring is None:
        return None
    if answered_by.startswith(MACHINES) and not _may_speak(runtime, tx, ring, answered_by):  # as if nobody had taken it
        status.tell(runtime, tx, Told(row, call_sid, "no-answer"), now)
        return None
    status.tell(runtime, tx, Told(row, call_sid, "in-progress"), now)
    return ring


def trouble(runtime: Runtime, language: str, answered_by: str = "") -> bytes:
    """When nothing can be looked up, and nobody has said who listens: nothing to a machine, a dull word to a person."""
    if answered_by.startswith(MACHINES):
        return HANG_UP
    dull = phrase(runtime.content.flows[language], "expected_call_fails")
    return runtime.content.voices[language].render((dull, End()), NOWHERE)


def opened(
    runtime: Runtime, tx: Transaction, ring: Ring, call_sid: str, answered_by: str, now: int
) -> tuple[Scene, tuple[Output, ...]]:
    """The first words of the flow that the call is for; to a machine, a few that say nothing."""
    language = runtime.tongue(ring.language, ring.sender)
    contact, known = pins.addressed(tx, ring.number_id, ring.contact_id, ring.has_pin)
    party = Party("voice", ring.sender, language, ring.number_id, contact)
    scene = runtime.scene(tx, positions.fresh(party, call_sid), now)
    if answered_by.startswith(MACHINES):
        return scene, (phrase(runtime.content.flows[party.language], "voicemail"), End())
    return scene, conversations.open_flow(scene, ring.flow, {"then": ring.then, **known})


def _may_speak(runtime: Runtime, tx: Transaction, ring: Ring, answered_by: str) -> bool:
    """Whether this is a mailbox after its tone, of somebody who agreed that it may be spoken to."""
    whose = Party("voice", ring.sender, "", ring.number_id, ring.contact_id)
    agreed = consents.agreed(tx, whose, consents.VOICEMAIL, runtime.content.asked)
    return answered_by.startswith(AFTER_TONE) and agreed is True
