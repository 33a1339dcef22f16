"""Check-ins that were not answered, of people who agreed to be looked after: a second word, then a counselor is told.

Any sign of life ends it: a text, a key pressed on a call. It only ever adds help, and nobody is judged by it.
"""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, exists, literal_column, select, update
from sqlalchemy.orm import aliased

from ivr.callbacks.requests import Asking, Cause, request
from ivr.callbacks.wishes import Wish
from ivr.care import checkins
from ivr.db import Statement, Transaction
from ivr.models import Contact, Conversation, Outgoing
from ivr.outbox import rows
from ivr.outbox.claims import in_state
from ivr.outbox.rows import Sending
from ivr.people import consents
from ivr.people.contacts import Party
from ivr.vault import Vault

NUDGE, FLOW, CHECKIN = "nudge", "nudge", "checkin"
HOUR = 3_600_000
FORGOTTEN = 7 * 24 * HOUR  # ms: what is older is of last week, and left alone after an outage
USEFUL = 12 * HOUR  # ms: a second word may wait for the morning
NO_ANSWER = Cause("line", "did not answer a check-in")
FELL = Cause("line", "a check-in far from their usual")

_agreed = consents.words_of_yes(Outgoing.contact_id, consents.WATCH).is_not(None)  # in whatever words: see consents
_ALIVE = exists().where(
    Conversation.contact_id == Outgoing.contact_id,
    Conversation.pressed_at > Outgoing.submitted_at,
)
_second = aliased(Outgoing)
_NUDGED = exists().where(  # one second word; more of them, day by day, would only press
    _second.contact_id == Outgoing.contact_id,
    _second.kind == literal_column(f"'{NUDGE}'"),
    _second.created_at > bindparam("since"),
)
_went_out: ColumnElement[bool] = Outgoing.submitted_at.between(bindparam("since"), bindparam("until")) & in_state(
    "accepted",
    "sent",
    "delivered",  # what never reached them is no question that they left unanswered
)
_ASKED = (  # what was asked of those who agreed, and has no answer
    select(
        Outgoing.id,
        Outgoing.channel,
        Outgoing.sender,
        Outgoing.number_id,
        Outgoing.contact_id,
        Outgoing.then,
        Outgoing.about,
        Contact.language,
    )
    .join(Contact, Contact.id == Outgoing.contact_id)
    .where(_went_out, _agreed, ~_ALIVE)
)
# In the very words of the partial indexes, and as literals.
_CHECKIN = (Outgoing.kind == literal_column("'reminder'")) & (Outgoing.then == literal_column(f"'{CHECKIN}'"))
_NOT_TOLD = (Outgoing.kind == literal_column(f"'{NUDGE}'")) & Outgoing.raised_at.is_(None)
_UNANSWERED = Statement(_ASKED.where(_CHECKIN, ~_NUDGED).order_by(Outgoing.submitted_at))
_NOT_RAISED = Statement(_ASKED.where(_NOT_TOLD))
_RAISE = Statement(
    update(Outgoing)
    .where(Outgoing.id == bindparam("row"), Outgoing.raised_at.is_(None))
    .values(raised_at=bindparam("now"))
)


class Silence(NamedTuple):
    """A text that was asked, and has no answer."""

    id: str
    channel: str
    sender: str
    number_id: str
    contact_id: str
    then: str
    about: str
    language: str | None


def nudge(tx: Transaction, hours: int, now: int) -> int:
    """Puts a second word into the outbox for whoever did not answer a check-in for so many hours; how many."""
    values = {"since": now - FORGOTTEN, "until": now - hours * HOUR}
    wishes = {
        contact: Sending(f"{NUDGE}|{id}", NUDGE, channel, sender, number, contact, FLOW, now, now + USEFUL, then, id)
        for id, channel, sender, number, contact, then, _, _ in tx.all(_UNANSWERED, **values)
    }
    return rows.add_all(tx, list(wishes.values()), now) if wishes else 0


def silent(tx: Transaction, hours: int, now: int) -> list[Silence]:
    """Who did not answer the second word either, and no counselor was told of yet."""
    found = tx.all(_NOT_RAISED, since=now - FORGOTTEN, until=now - hours * HOUR)
    return [Silence(*row) for row in found]


def tell(tx: Transaction, vault: Vault, of: Silence, home: ZoneInfo, now: int) -> None:
    """Asks for a counselor's call to them, once."""
    if tx.run(_RAISE, row=of.id, now=now):
        party = Party(of.channel, of.sender, of.language or "", of.number_id, of.contact_id)
        asking = Asking(party, of.number_id, Wish(), home)
        request(tx, vault, asking, now, FELL if of.about == FELL.why else NO_ANSWER)


def take_back(tx: Transaction, contact: str, why: str) -> None:
    """No second word to this person that is not on its way yet."""
    rows.cancel_named(tx, contact, NUDGE, why)


def notice_fall(tx: Transaction, vault: Vault, party: Party, hours: int, now: int) -> None:
    """After a check-in far from this person's usual, a second word some hours later. Who calls this knows that they
    agreed to it.
    """
    checkin = checkins.fell(tx, vault, party, CHECKIN)
    if checkin and party.contact_id and party.number_id:
        due = now + hours * HOUR
        whom = (party.service_number, party.number_id, party.contact_id)
        wish = Sending(f"{NUDGE}|{checkin}", NUDGE, party.channel, *whom, FLOW, due, due + USEFUL, CHECKIN, FELL.why)
        rows.add(tx, wish, now)
