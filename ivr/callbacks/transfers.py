"""Somebody who pressed `0` talks with a counselor: what they asked to be rung for is answered, nobody rings again."""

from sqlalchemy import bindparam, select

from ivr.callbacks import claims, outcomes
from ivr.callbacks.claims import Claim
from ivr.callbacks.requests import REACHED
from ivr.db import Statement, Transaction
from ivr.models import Callback
from ivr.outbox import bridges
from ivr.outbox.bridges import Between
from ivr.people import contacts
from ivr.team import audit, counselors
from ivr.team.counselors import Member
from ivr.vault import Vault

SHORTEST = 30_000  # ms of a talk: after a shorter one somebody calls all the same

# Asked for in the talk itself, it is another wish.
_OPEN = Statement(
    select(Callback.id, Callback.ref, Callback.counselor_id).where(
        Callback.contact_id == bindparam("contact"),
        Callback.closed_at.is_(None),
        Callback.created_at <= bindparam("before"),
    )
)


def begun(tx: Transaction, vault: Vault, between: Between, now: int) -> None:
    """They are put through: the person's request is theirs while they talk, unless somebody else has it."""
    who, found = _counselor(tx, vault, between), _request(tx, between, now)
    if who is None or found is None:
        return
    id, ref, holder = found
    if holder != who.id and not isinstance(claims.take(tx, who, ref, now), Claim):
        return
    if claims.hold(tx, who, id, now + bridges.LONGEST):
        audit.note(tx, id, who.id, "put through", "they pressed 0", now)


def over(tx: Transaction, vault: Vault, ended: list[Between], now: int) -> None:
    """The talk is over, and with it the request; after a very short one it waits for the counselor's word."""
    for between in ended:
        who = _counselor(tx, vault, between) if between.taken_at else None
        found = _request(tx, between, between.taken_at or 0)
        if who is None or found is None:
            continue
        if now - (between.taken_at or now) >= SHORTEST:
            outcomes.close(tx, who, found[0], REACHED, now)
        else:
            claims.extend(tx, who, found[0], now)


def _counselor(tx: Transaction, vault: Vault, between: Between) -> Member | None:
    """Whose phone it is; none for one that stands in the settings only."""
    try:
        number = contacts.phone_number(tx, vault, between.counselor)
    except LookupError:  # they had their own number erased meanwhile
        return None
    return counselors.at_phone(tx, vault, number)


def _request(tx: Transaction, between: Between, before: int) -> tuple[str, int, str | None] | None:
    """What this person asked for until then."""
    row = tx.one(_OPEN, contact=between.contact, before=before) if between.contact else None
    return (row[0], row[1], row[2]) if row else None
