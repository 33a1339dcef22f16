"""The call that a counselor makes to somebody who asked for one: their own phone is rung first, by a row of the outbox.

`ring` is all that a page, a text or a key need: it writes and asks nobody, so that it fits into any transaction. The
worker then rings the counselor; a key there rings the person, and a key of theirs puts both through.
"""

import logging
from typing import NamedTuple

from sqlalchemy import bindparam, insert, or_, select

from ivr.callbacks import claims, outcomes
from ivr.callbacks.places import URGENT_LANE
from ivr.callbacks.wishes import Span, Wish
from ivr.config import ANSWERS, Config
from ivr.db import Statement, Transaction
from ivr.models import Call, Callback, new_id
from ivr.outbox import bridges, rows
from ivr.outbox.rows import Sending
from ivr.people import contacts
from ivr.team import audit, duty
from ivr.team.counselors import Member
from ivr.vault import Unreadable, Vault

log = logging.getLogger(__name__)

KIND = FLOW = "desk_call"
USEFUL = 180_000  # ms after which a counselor who pressed "call" does not stand at their phone any more
RINGING, NO_PHONE, NOT_YOURS, TOO_EARLY, STOPPED, NOT_ASKED, BUSY = (
    *("ringing", "no_phone", "not_yours", "too_early", "stopped", "not_asked", "busy"),
)
# Why the book says that they were rung all the same; the counselor's own words are a note, which goes with the person.
ALL_THE_SAME = {
    TOO_EARLY: "outside the safe hours",
    STOPPED: "though they stopped calls",
    NOT_ASKED: "though they had not asked",
}


class Made(NamedTuple):
    """A call, and how far it came. Times in ms, UTC; `outcome` and `ended_at` are none while it lasts."""

    id: str
    ring_id: str
    callback_id: str
    counselor_id: str
    phone_id: str
    rung_at: int
    answered_at: int | None
    dialled_at: int | None
    heard_at: int | None
    taken_at: int | None
    pins: int
    told: str
    outcome: str | None
    seconds: int | None
    ended_at: int | None


class Wanted(NamedTuple):
    """Who is to be rung, and how: an open request that this counselor has."""

    contact_id: str | None
    number_id: str
    service_number: str
    language: str
    asked: int
    lane: int
    from_at: int
    until_at: int | None
    attempts: int
    sealed: bytes | None

    def wish(self, vault: Vault, id: str) -> Wish:
        """What they said about how; `id` is that of the request. Of what no key opens, the careful answers count."""
        try:
            return Wish.opened(vault, id, self.sealed)
        except Unreadable as error:
            log.warning("how somebody wants to be rung is lost: %s", error)
            return Wish()

    def is_safe(self, wish: Wish, now: int) -> bool:
        """Whether they may be rung at this hour. Danger does not wait for hours that nobody named."""
        if self.lane == URGENT_LANE and not wish.names_hours:
            return True
        return Span(self.from_at, self.until_at).holds(now)


COLUMNS = tuple(getattr(Call, name) for name in Made._fields)
_ADD = Statement(insert(Call))
_ONE = Statement(select(*COLUMNS).where(Call.id == bindparam("row")))
_LAST = Statement(
    select(*COLUMNS).where(Call.callback_id == bindparam("callback")).order_by(Call.rung_at.desc()).limit(1)
)
_BUSY = Statement(
    select(Call.id)
    .where(
        Call.phone_id == bindparam("phone"),
        Call.ended_at.is_(None),
        or_(Call.rung_at > bindparam("rung_since"), Call.answered_at > bindparam("talks_since")),
    )
    .limit(1)
)
_WANTED = Statement(
    select(
        Callback.contact_id,
        Callback.number_id,
        Callback.service_number,
        Callback.language,
        Callback.asked,
        Callback.lane,
        Callback.from_at,
        Callback.until_at,
        Callback.attempts,
        Callback.card,
    ).where(*claims.MINE)
)


def ring(tx: Transaction, vault: Vault, config: Config, who: Member, id: str, now: int, reason: str = "") -> str:
    """Rings the counselor's own phone, to call the person of the request `id`, which they have claimed.

    Answers `ringing`: their phone rings within seconds, and the claim lasts anew. Else nothing happens, because:
    `not_yours`: somebody else has the request now, or it is closed; `no_phone`: they have none to be rung;
    `too_early`: it is outside of the hours that the person called safe; `stopped`: the person wanted no more calls
    from the line; `not_asked`: they may be in danger, and did not ask for a call; `busy`: their phone is rung, or
    talks, already (so a button that is pressed twice rings once).
    A `reason`, in the counselor's own words, overrules `too_early`, `stopped` and `not_asked`: ask for one, then call
    this again with it. It is kept as a note on the request; the book, which outlives the person, says only what was
    overruled.
    Needs no network and no web; whoever calls it commits.
    """
    if not claims.extend(tx, who, id, now):  # and so holds the request: of two at once the second finds the first
        return NOT_YOURS
    wanted = find_wanted(tx, who.id, id)
    if wanted is None or not who.phone:
        return NO_PHONE if wanted else NOT_YOURS
    if (against := _against(tx, vault, wanted, id, now)) and not reason.strip():
        return against
    party = duty.party(tx, vault, duty.phone(vault, who), "voice", _ours(config, wanted), now)
    if not contacts.hold_number(tx, party.number_id) or is_busy(tx, party.number_id or "", now):
        return BUSY
    call = add(tx, Made(made := new_id(), made, id, who.id, party.number_id or "", now, *_NEW), now)
    whom = (party.service_number, party.number_id or "", party.contact_id)
    rows.add(tx, Sending(f"{KIND}|{call}", KIND, "voice", *whom, FLOW, now, now + USEFUL, call, call), now)
    audit.note(tx, id, who.id, "rings", ALL_THE_SAME.get(against, ""), now)
    if reason.strip():
        outcomes.write(tx, vault, who, id, reason.strip(), now)
    return RINGING


_NEW = (None, None, None, None, 0, "", None, None, None)


def begin_here(tx: Transaction, vault: Vault, who: Member, id: str, phone: str, leg: str, now: int) -> str:
    """A call for the request `id` from a leg that is there already: the counselor rang us, from the number with the id
    `phone`, in the conversation `leg`. Its id. They hear the card, and their key after it is their reason.
    """
    wanted = find_wanted(tx, who.id, id)
    against = _against(tx, vault, wanted, id, now) if wanted else ""
    audit.note(tx, id, who.id, "rings", ALL_THE_SAME.get(against, ""), now)
    return add(tx, Made(new_id(), leg, id, who.id, phone, now, now, *_NEW[1:]), now)


def add(tx: Transaction, call: Made, now: int) -> str:
    """Writes a call that begins now; its id."""
    tx.run(_ADD, **call._replace(rung_at=now)._asdict())
    return call.id


def find(tx: Transaction, id: str) -> Made | None:
    """How it stands; None when there never was such a call, or whoever was rung was erased."""
    row = tx.one(_ONE, row=id)
    return Made(*row) if row else None


def last(tx: Transaction, callback: str) -> Made | None:
    """The newest call for this request, as it is shown: `talked`, while somebody has it, wants a last word."""
    row = tx.one(_LAST, callback=callback)
    return Made(*row) if row else None


def find_wanted(tx: Transaction, counselor: str, callback: str) -> Wanted | None:
    """The request, while this counselor has it."""
    row = tx.one(_WANTED, row=callback, who=counselor)
    return Wanted(*row) if row else None


def is_busy(tx: Transaction, phone: str, now: int) -> bool:
    """Whether the phone of this number is rung, or talks, for a request or for somebody on the line."""
    since = {"rung_since": now - USEFUL, "talks_since": now - bridges.LONGEST}
    return tx.one(_BUSY, phone=phone, **since) is not None or bridges.is_busy(tx, phone, "", now)


def _against(tx: Transaction, vault: Vault, wanted: Wanted, id: str, now: int) -> str:
    if contacts.has_stopped(tx, wanted.number_id, "voice"):
        return STOPPED
    if not wanted.asked:
        return NOT_ASKED
    return "" if wanted.is_safe(wanted.wish(vault, id), now) else TOO_EARLY


def _ours(config: Config, wanted: Wanted) -> str:
    """The number by which they reached us; where we have it no more, another one of ours."""
    numbers = [each.number for each in config.service_number]
    lines = [each.number for each in config.service_number if each.role == ANSWERS]
    return wanted.service_number if wanted.service_number in numbers else (lines or numbers)[0]
