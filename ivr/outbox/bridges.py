"""Counselors' phones, rung for somebody on the line, and whether they were taken: by a key, never by a machine."""

from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update

from ivr.db import Statement, Transaction
from ivr.models import Bridge, Conversation, new_id
from ivr.people.contacts import Party

LONGEST = 10_800_000  # ms after which a talk is over, though nobody said so

_ADD = Statement(insert(Bridge))
_BUSY = Statement(
    select(Bridge.id)
    .where(
        Bridge.counselor_id == bindparam("counselor"),
        Bridge.ended_at.is_(None),
        Bridge.rung_at > bindparam("since"),
        Bridge.conversation_id != bindparam("conversation"),
    )
    .limit(1)
)
_COLUMNS = (
    Bridge.id,
    Bridge.conversation_id,
    Bridge.counselor_id,
    Bridge.number_id,
    Bridge.contact_id,
    Bridge.language,
    Bridge.taken_at,
    Bridge.ended_at,
)
_ONE = Statement(select(*_COLUMNS).where(Bridge.id == bindparam("row")))
_HEAR = Statement(update(Bridge).where(Bridge.id == bindparam("row")).values(heard_at=bindparam("now")))
_TAKE = Statement(
    update(Bridge).where(Bridge.id == bindparam("row"), Bridge.ended_at.is_(None)).values(taken_at=bindparam("now"))
)
_open_of = update(Bridge).where(Bridge.ended_at.is_(None))
# A carrier that does not ask whoever picks up has put them through when it says so.
_PUT_THROUGH = Statement(
    _open_of.where(Bridge.conversation_id == bindparam("conversation"), Bridge.heard_at.is_(None)).values(
        taken_at=bindparam("now")
    )
)
_end = _open_of.values(ended_at=bindparam("now")).returning(*_COLUMNS)
_END = Statement(_end.where(Bridge.conversation_id == bindparam("conversation")))
_END_OF_CALL = Statement(
    _end.where(
        Bridge.conversation_id.in_(select(Conversation.id).where(Conversation.call_sid == bindparam("call_sid_")))
    )
)


class Between(NamedTuple):
    """A counselor's phone and whoever is on the line: ids of their numbers, and how it stands."""

    id: str
    conversation: str
    counselor: str
    number: str | None
    contact: str | None
    language: str
    taken_at: int | None
    ended_at: int | None


def begin(tx: Transaction, conversation: str, caller: Party, counselor: Party, now: int) -> str:
    """This counselor's phone is rung for whoever is on that call; the id of it."""
    id = new_id()
    who = {"number_id": caller.number_id, "contact_id": caller.contact_id}
    whom = {"counselor_id": counselor.number_id, "language": counselor.language}
    new = {"rung_at": now, "heard_at": None, "taken_at": None, "ended_at": None}
    tx.run(_ADD, id=id, conversation_id=conversation, **who, **whom, **new)
    return id


def is_busy(tx: Transaction, counselor: str, conversation: str, now: int) -> bool:
    """Whether the phone of this number is rung for, or talks on, another call."""
    since = now - LONGEST
    return tx.one(_BUSY, counselor=counselor, conversation=conversation, since=since) is not None


def find(tx: Transaction, bridge: str) -> Between | None:
    """How it stands; None when there never was such a call."""
    row = tx.one(_ONE, row=bridge)
    return Between(*row) if row else None


def rung(tx: Transaction, ids: str, conversation: str) -> list[Between]:
    """Those of these (separated by blanks) that were rung on this very call: whoever rings again is helped anew."""
    found = [find(tx, id) for id in ids.split()]
    return [each for each in found if each and each.conversation == conversation]


def heard(tx: Transaction, bridge: str, now: int) -> None:
    """Somebody, or something, has picked up and hears what is asked."""
    tx.run(_HEAR, row=bridge, now=now)


def take(tx: Transaction, bridge: str, now: int) -> bool:
    """A key was pressed: they are put through, unless whoever rang has hung up meanwhile."""
    return tx.run(_TAKE, row=bridge, now=now) == 1


def end(tx: Transaction, conversation: str, status: str, now: int) -> list[Between]:
    """The carrier says how it went, in Twilio's DialCallStatus; those that are over now and were not before."""
    if status in ("completed", "answered"):
        tx.run(_PUT_THROUGH, conversation=conversation, now=now)
    return [Between(*row) for row in tx.all(_END, conversation=conversation, now=now)]


def end_of_call(tx: Transaction, call_sid: str, now: int) -> list[Between]:
    """Whoever rang has hung up; those that are over now and were not before."""
    return [Between(*row) for row in tx.all(_END_OF_CALL, call_sid_=call_sid, now=now)]
