"""Asking to be rung by a counselor, changing it, and taking it back: one open request a person.

Where somebody may be in danger a request stands for them too, asked for or not: somebody at the desk is to look after
them. What they asked for themselves they can take back; that somebody looks, they cannot.
"""

import secrets
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Integer, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from ivr.callbacks import places
from ivr.callbacks.places import URGENT_LANE, Known, place
from ivr.callbacks.wishes import Wish, first_span, on_day
from ivr.db import Statement, Transaction
from ivr.models import Alert, Callback, new_id
from ivr.moments import moment_of
from ivr.outreach import schedules
from ivr.people.contacts import Party
from ivr.people.windows import Window, own
from ivr.team import audit
from ivr.vault import Vault

REQUESTED, CLAIMED, ATTEMPTED = "requested", "claimed", "attempted"  # open
REACHED, NOT_REACHED, CANCELLED, EXPIRED = "reached", "not_reached", "cancelled", "expired"  # closed
DAY = 86_400_000  # ms
REF_TRIES = 20


class Cause(NamedTuple):
    """Who asks for a call, and why: the person themself, or the line, after what was agreed with them.

    `is_asked`: false where nobody asked for a call, and somebody at the desk is to look after them all the same.
    """

    who: str
    why: str
    is_urgent: bool = False
    is_asked: bool = True


class Request(NamedTuple):
    """The open request of somebody: its id, its short number, and whether it is new to whoever asked."""

    id: str
    ref: int
    is_new: bool


class Asking(NamedTuple):
    """Who asks, at which number (its id), how they want to be rung, and the zone of those of whom none is known."""

    party: Party
    number_id: str
    wish: Wish
    home: ZoneInfo


class Stands(NamedTuple):
    """An open request, as whoever asked may hear of it: its state, and from when until when they are rung (ms)."""

    state: str
    attempts: int
    from_at: int
    until_at: int | None


ASKED = Cause("person", "asked for a call")
URGENT = Cause("person", "asked for an urgent call", is_urgent=True)

_FOUND = (Callback.id, Callback.ref, Callback.asked)
_FIND = Statement(select(*_FOUND).where(Callback.contact_id == bindparam("contact"), Callback.closed_at.is_(None)))
_FIND_WITHHELD = Statement(
    select(*_FOUND).where(
        Callback.number_id == bindparam("number"), Callback.contact_id.is_(None), Callback.closed_at.is_(None)
    )
)
_CARD = Statement(select(Callback.card).where(Callback.id == bindparam("row")))
_KNOWN = Statement(
    select(
        func.count(),
        func.count().filter(Callback.state == REACHED, Callback.closed_at > bindparam("since")),
    ).where(Callback.contact_id == bindparam("contact"), or_(Callback.state == REACHED, Callback.state == NOT_REACHED))
)
_COUNT = Statement(select(func.count()).select_from(Callback).where(Callback.closed_at.is_(None)))
_ADD = Statement(insert(Callback).on_conflict_do_nothing(index_elements=["ref"], index_where=text("closed_at IS NULL")))
_of = update(Callback).where(Callback.id == bindparam("row"), Callback.closed_at.is_(None))
_AGAIN = Statement(
    _of.values(
        asked=Callback.asked + bindparam("more", type_=Integer),
        language=func.coalesce(func.nullif(bindparam("new_language"), ""), Callback.language),
    )
)
_HURRY = Statement(  # it never goes back
    _of.where(Callback.urgent_at.is_(None)).values(
        urgent_at=bindparam("now"), lane=URGENT_LANE, place_at=bindparam("now"), place_why=places.URGENT
    )
)
_CHANGE = Statement(
    _of.values(
        card=bindparam("new_card"),
        wish=bindparam("new_wish"),
        from_at=bindparam("new_from_at"),
        until_at=bindparam("new_until_at", type_=BigInteger),
    )
)
_RENUMBER = Statement(_of.values(number_id=bindparam("new_number")))
_STANDS = Statement(
    select(
        Callback.state,
        Callback.attempts,
        Callback.from_at,
        Callback.until_at,
        Callback.urgent_at,
        Callback.id,
        Callback.card,
    ).where(Callback.contact_id == bindparam("contact"), Callback.closed_at.is_(None), Callback.asked > 0)
)
_UNASK = Statement(  # of somebody who may be in danger: the call is not wanted, and somebody looks all the same
    _of.where(exists().where(Alert.callback_id == Callback.id)).values(asked=0)
)
_CLOSE = Statement(
    _of.values(state=bindparam("new_state"), closed_at=bindparam("now"), counselor_id=None, leased_until=None)
)


def request(tx: Transaction, vault: Vault, of: Asking, now: int, cause: Cause = ASKED) -> Request:
    """Asks for a call, or raises the counter of the open request. What was said before about how holds unless it is
    said anew: whoever asks in a hurry has not taken back at which hour it is safe to be rung.
    """
    found = _find(tx, of.party, of.number_id)
    if found is None:
        return _begun(tx, vault, of, now, cause)
    tx.run(_AGAIN, row=found.id, more=int(cause.is_asked), new_language=of.party.language)
    if any(of.wish):
        _changed(tx, vault, found.id, of, now)
    if cause.is_urgent:
        tx.run(_HURRY, row=found.id, now=now)
    is_again = cause is ASKED and not found.is_new
    audit.note(tx, found.id, cause.who, "asked", "asked again" if is_again else cause.why, now)
    return found


def change(tx: Transaction, vault: Vault, of: Asking, now: int) -> bool:
    """What is said anew of how they want to be rung, and where. False when they have no open request."""
    found = _find(tx, of.party, of.number_id)
    if found is None:
        return False
    _changed(tx, vault, found.id, of, now)
    tx.run(_RENUMBER, row=found.id, new_number=of.number_id)
    audit.note(tx, found.id, ASKED.who, "changed", "", now)
    return True


def stands(tx: Transaction, vault: Vault, party: Party) -> Stands | None:
    """How the open request of this person stands; None without one. Urgent ones have the hours that they named only."""
    row = tx.one(_STANDS, contact=party.contact_id) if party.contact_id else None
    if row is None:
        return None
    *told, urgent_at, id, card = row
    found = Stands(*told)
    if urgent_at and not Wish.opened(vault, id, card).names_hours:
        return found._replace(from_at=0, until_at=None)
    return found


def cancel(tx: Transaction, party: Party, now: int) -> str:
    """Takes the open request back: `cancelled`, or `none` when there was none. Of whoever may be in danger it stays,
    as one that nobody asked for.
    """
    found = _find(tx, party, "")
    if not found or found.is_new:
        return "none"
    if not tx.run(_UNASK, row=found.id) and not tx.run(_CLOSE, row=found.id, new_state=CANCELLED, now=now):
        return "none"
    audit.note(tx, found.id, "person", CANCELLED, "taken back by the person", now)
    return CANCELLED


def decline(tx: Transaction, party: Party, now: int) -> None:
    """They would rather not be rung. The request stays: somebody looks at what they said."""
    found = _find(tx, party, "")
    if found and tx.run(_AGAIN, row=found.id, more=0, new_language=party.language):
        audit.note(tx, found.id, "person", "declined", "would rather not be rung", now)


def _begun(tx: Transaction, vault: Vault, of: Asking, now: int, cause: Cause) -> Request:
    id, party, is_urgent = new_id(), of.party, cause.is_urgent
    stands = place(_known(tx, party, now), is_urgent, now)
    fixed = {"contact_id": party.contact_id, "number_id": of.number_id, "service_number": party.service_number}
    spoken = {"language": party.language, "channel": party.channel, "urgent_at": now if is_urgent else None}
    nobody = {"counselor_id": None, "leased_until": None, "attempts": 0, "attempted_at": None, "closed_at": None}
    nobody["wrote_at"] = None
    row = {"id": id, "state": REQUESTED, "asked": int(cause.is_asked), "created_at": now} | fixed | spoken | nobody
    row |= {"lane": stands.lane, "place_at": stands.at, "place_why": stands.why} | _worded(tx, vault, id, of, now)
    ref = next((ref for ref in _refs(tx) if tx.run(_ADD, ref=ref, **row)), None)
    if ref is None:
        raise LookupError("no short number is free for a request")
    audit.note(tx, id, cause.who, REQUESTED, cause.why, now)
    return Request(id, ref, is_new=True)


def _changed(tx: Transaction, vault: Vault, row: str, of: Asking, now: int) -> None:
    found = tx.one(_CARD, row=row)
    older = Wish.opened(vault, row, found[0]) if found else Wish()
    values = _worded(tx, vault, row, of._replace(wish=of.wish.over(older)), now)
    tx.run(_CHANGE, row=row, **{f"new_{name}": value for name, value in values.items()})


def _worded(tx: Transaction, vault: Vault, row: str, of: Asking, now: int) -> dict[str, object]:
    """How they want to be rung, as columns: their words sealed, the safe hours as moments."""
    zone, hours = hours_of(tx, of.party.contact_id, of.home)
    said = of.wish.settled()
    wish = said._replace(day=on_day(said.day, moment_of(now).astimezone(zone)) or said.day)
    span = first_span(wish, hours, zone, now)
    return {
        "card": wish.sealed(vault, row),
        "wish": wish.counselor or None,
        "from_at": span.from_at,
        "until_at": span.until_at,
    }


def hours_of(tx: Transaction, contact_id: str | None, home: ZoneInfo) -> tuple[ZoneInfo, Window]:
    """In which zone somebody lives, and at which hours they may be disturbed."""
    if contact_id is None:
        return home, own(None)
    person = schedules.person(tx, contact_id, home)
    return person.zone, person.window


def _known(tx: Transaction, party: Party, now: int) -> Known:
    row = tx.one(_KNOWN, contact=party.contact_id, since=now - DAY) if party.contact_id else None
    return Known(*row) if row else Known(0, 0)


def _refs(tx: Transaction) -> list[int]:
    """Short numbers that are probably free: among so many that at most one in five is taken."""
    row = tx.one(_COUNT)
    width = max(2, len(str(5 * (row[0] if row else 0))))
    return [10 ** (width - 1) + secrets.randbelow(9 * 10 ** (width - 1)) for _ in range(REF_TRIES)]


def _find(tx: Transaction, party: Party, number_id: str) -> Request | None:
    """The open one; new to whoever never asked for it."""
    contact = party.contact_id
    row = tx.one(_FIND, contact=contact) if contact else tx.one(_FIND_WITHHELD, number=number_id)
    return Request(row[0], row[1], is_new=row[2] == 0) if row else None
