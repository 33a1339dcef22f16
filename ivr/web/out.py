"""Calls of ours that somebody, or something, has taken: from the carrier's first webhook to TwiML."""

from ivr import conversations, pins, positions
from ivr.contacts import Party
from ivr.db import Transaction
from ivr.engine.model import Output
from ivr.outbox import rings
from ivr.outbox.rings import Ring
from ivr.outbox.statuses import Told
from ivr.runtime import Runtime
from ivr.scene import Scene
from ivr.web import status

HANG_UP = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
# Twilio's AnsweredBy. `unknown` may be a person; what they hear before a key says nothing about anybody.
MACHINES = ("machine_", "fax")


def taken(runtime: Runtime, tx: Transaction, row: str, call_sid: str, answered_by: str, now: int) -> Ring | None:
    """The call that was taken; None when there is nothing to say: a machine took it, or we never asked for it."""
    ring = rings.find(tx, row, call_sid)
    if ring is None:
        return None
    if answered_by.startswith(MACHINES):  # as if nobody had taken it: it may ring again
        status.tell(runtime, tx, Told(row, call_sid, "no-answer"), now)
        return None
    status.tell(runtime, tx, Told(row, call_sid, "in-progress"), now)
    return ring


def opened(runtime: Runtime, tx: Transaction, ring: Ring, call_sid: str, now: int) -> tuple[Scene, tuple[Output, ...]]:
    """The first words of the flow that the call is for."""
    language = runtime.tongue(ring.language, ring.sender)
    contact, known = pins.addressed(tx, ring.number_id, ring.contact_id, ring.has_pin)
    party = Party("voice", ring.sender, language, ring.number_id, contact)
    scene = runtime.scene(tx, positions.fresh(party, call_sid), now)
    return scene, conversations.open_flow(scene, ring.flow, {"then": ring.then, **known})
