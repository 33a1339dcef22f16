"""What follows from an end that was no success: another ring, one more try, a number that is left alone."""

import logging
from typing import NamedTuple

from ivr.carriers import answers
from ivr.db import Transaction
from ivr.outbox import questions, rows, senders
from ivr.outbox.kinds import AGAIN, KINDS, TRIES
from ivr.outbox.rows import Sending
from ivr.outbox.statuses import Ended
from ivr.people import contacts

log = logging.getLogger(__name__)

SOURCES = {answers.STOPPED: "carrier", answers.UNREACHABLE: contacts.UNREACHABLE}  # of a STOP, by what a code means


class Rings(NamedTuple):
    """How often a call is tried that nobody takes, and how many ms after the last ring."""

    most: int
    again: int


def follow_up(tx: Transaction, ended: Ended, rings: Rings, now: int) -> None:
    """Goes by how this row ended. `now` is when the carrier told it: the clock runs from the ring."""
    if ended.state != "delivered":
        questions.not_arrived(tx, ended.id)
    meaning = answers.meaning(ended.error) if ended.error and ended.error != "0" else ""
    if meaning in SOURCES or meaning == answers.BARRED:
        leave_alone(tx, ended.number_id, ended.channel, meaning, now)
    elif meaning in answers.HOLD_UP:  # of all that goes out by this number, and it is none of this text's doing
        senders.pause(tx, ended.sender, ended.channel, f"{meaning} {ended.error}", now, chance=0.5)
        _again(tx, ended, now + AGAIN, now)
    elif ended.channel == "voice" and ended.state == "undelivered" and _rings_again(ended, rings):
        _again(tx, ended, now + rings.again, now)
    elif ended.channel == "sms" and meaning == answers.PASSING and ended.tries < TRIES:
        _again(tx, ended, now + AGAIN, now)


def leave_alone(tx: Transaction, number_id: str, channel: str, meaning: str, now: int) -> None:
    """Nothing goes out any more to a number that said STOP to the carrier, or that it can never reach so.

    What our account may not reach is somebody's whom the operator can still help: said in the log.
    """
    if meaning == answers.BARRED:
        log.error("our account may not reach the country or number of somebody by %s: see flask outbox", channel)
    if source := SOURCES.get(meaning):
        contacts.stop(tx, number_id, channel, source, now)


def _again(tx: Transaction, ended: Ended, due_at: int, now: int) -> None:
    """The same once more, as a row of its own."""
    key = f"{rows.stem(ended.key)}#{ended.tries + 1}"
    who = (ended.sender, ended.number_id, ended.contact_id)
    more = (ended.then, ended.about, ended.tries + 1)
    rows.add(tx, Sending(key, ended.kind, ended.channel, *who, ended.flow, due_at, ended.expires_at, *more), now)


def _rings_again(ended: Ended, rings: Rings) -> bool:
    return KINDS[ended.kind].rings_again and ended.tries < rings.most
