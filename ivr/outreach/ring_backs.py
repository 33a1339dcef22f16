"""The line itself rings somebody who let it ring once, or wrote "call me": the call costs them nothing."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, literal_column, select

from ivr.db import Statement, Transaction
from ivr.models import OptOut, Outgoing
from ivr.outbox import rows
from ivr.outbox.claims import in_state
from ivr.outbox.rows import Sending
from ivr.people import contacts
from ivr.people.contacts import Party

KIND, FLOW = "ring_back", "welcome"
AFTER = 3_000  # ms: until the phone that rang is down again
APART = 900_000  # ms: one call back a quarter of an hour, however often somebody rings
USEFUL = 900_000  # ms after which nobody waits for it any more
MORNING_USEFUL = 7_200_000
DAY = 86_400_000


class Bounds(NamedTuple):
    """Whom the line calls back: numbers of these countries (ISO 3166), so often a day."""

    countries: frozenset[str]
    a_day: int


_LATELY = Statement(
    select(func.max(Outgoing.due_at), func.count()).where(
        Outgoing.contact_id == bindparam("contact"),
        Outgoing.kind == literal_column(f"'{KIND}'"),
        Outgoing.created_at > bindparam("since"),
        ~in_state("cancelled", "suppressed"),
    )
)


_NOT_THEIRS = Statement(
    select(OptOut.id).where(
        *contacts.standing_stop(bindparam("number"), literal_column("'voice'")),
        OptOut.source == literal_column(f"'{contacts.WRONG_PERSON}'"),
    )
)


def is_not_theirs(tx: Transaction, number_id: str) -> bool:
    """Whether whoever was rung there last said that it was not for them."""
    return tx.one(_NOT_THEIRS, number=number_id) is not None


def request(tx: Transaction, party: Party, bounds: Bounds, key: str, now: int, at: int | None = None) -> str:
    """Rings this person soon, or at that moment: `rings`; `already` when it has just done so; `capped`; `cannot`.

    `key` names what asked for it, so that it rings once for it.
    """
    if party.contact_id is None or party.number_id is None:
        return "cannot"
    contacts.hold(tx, party)
    if contacts.country(tx, party.number_id) not in bounds.countries or contacts.has_stopped(
        tx, party.number_id, "voice"
    ):
        return "cannot"
    last, count = tx.one(_LATELY, contact=party.contact_id, since=now - DAY) or (None, 0)
    if last is not None and abs((at or now) - last) < APART:
        return "already"
    if count >= bounds.a_day:
        return "capped"
    rows.cancel(tx, party.contact_id, "rung back")  # a question about an older missed call, which waits for the morning
    due, useful = (at, MORNING_USEFUL) if at else (now + AFTER, USEFUL)
    whom = (party.service_number, party.number_id, party.contact_id)
    rows.add(tx, Sending(f"{KIND}|{key}", KIND, "voice", *whom, FLOW, due, due + useful), now)
    return "rings"
