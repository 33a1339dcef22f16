"""What shall go out, as rows: added once for each key, and taken back while nobody has asked the carrier."""

from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is SQLite's as well

from ivr.db import Statement, Transaction
from ivr.models import Outgoing, new_id
from ivr.outbox.claims import LEASED, in_state
from ivr.outbox.kinds import KINDS

RECORD = {
    "state": "pending",
    "why": "",
    "attempt": 0,
    "claim": None,
    "leased_until": None,
    "submitted_at": None,
    "looks": 0,
    "said": None,
    "sid": None,
    "rank": 0,
    "error": "",
    "raised_at": None,
}


class Sending(NamedTuple):
    """One text, or one ring. Times in ms; `key` says what it is, so that it goes out once."""

    key: str
    kind: str
    channel: str
    sender: str
    number_id: str
    contact_id: str | None
    flow: str
    due_at: int
    expires_at: int
    then: str = ""
    about: str = ""
    tries: int = 1


_ADD = Statement(insert(Outgoing).on_conflict_do_nothing(index_elements=["key"]))
_IS_THERE = Statement(select(Outgoing.id).where(Outgoing.key == bindparam("key_")))
_IS_OPEN = Statement(select(Outgoing.id).where(Outgoing.key == bindparam("key_"), in_state("pending", *LEASED)))
_LATELY = Statement(
    select(Outgoing.id)
    .where(
        Outgoing.contact_id == bindparam("contact"),
        Outgoing.flow == bindparam("flow_"),
        Outgoing.created_at > bindparam("since"),
    )
    .limit(1)
)
_LAST = Statement(
    select(Outgoing.created_at, Outgoing.state)
    .where(Outgoing.contact_id == bindparam("contact"), Outgoing.flow == bindparam("flow_"))
    .order_by(Outgoing.created_at.desc())
    .limit(1)
)
_cancel = (
    update(Outgoing)
    .where(in_state("pending", "claimed"))
    .values(state="cancelled", why=bindparam("reason"), claim=None, leased_until=None)
)
_CANCEL = Statement(_cancel.where(Outgoing.about == bindparam("about_")))
_CANCEL_OF = Statement(
    _cancel.where(Outgoing.contact_id == bindparam("contact"), Outgoing.key.like(bindparam("of_it")))
)


def add(tx: Transaction, sending: Sending, now: int) -> bool:
    """Puts it into the outbox. False when its key was there already: then nothing happens."""
    return add_all(tx, [sending], now) == 1


def add_all(tx: Transaction, sendings: list[Sending], now: int) -> int:
    """Puts them into the outbox; how many were not there yet."""
    rows = [
        {**RECORD, **each._asdict(), "id": new_id(), "lane": KINDS[each.kind].lane, "created_at": now}
        for each in sendings
    ]
    return tx.many(_ADD, rows)


def stem(key: str) -> str:
    """What a row and those that send it again have in common."""
    return key.partition("#")[0]


def answer_to(sid: str) -> str:
    """The key of what answers a text whose webhook was lost."""
    return f"answer|{sid}"


def is_there(tx: Transaction, key: str) -> bool:
    """Whether this was put into the outbox, whatever became of it."""
    return tx.one(_IS_THERE, key_=key) is not None


def is_open(tx: Transaction, key: str) -> bool:
    """Whether this has still to go out, or nobody knows whether it has."""
    return tx.one(_IS_OPEN, key_=key) is not None


def lately(tx: Transaction, contact: str, flow: str, since: int) -> bool:
    """Whether this flow was sent to this person, or shall be, since then."""
    return tx.one(_LATELY, contact=contact, flow_=flow, since=since) is not None


def last(tx: Transaction, contact: str, flow: str) -> tuple[int, str] | None:
    """When this flow was last put into the outbox for this person (ms, UTC), and what has become of it."""
    row = tx.one(_LAST, contact=contact, flow_=flow)
    return (row[0], row[1]) if row else None


def cancel_of(tx: Transaction, contact: str, conversation: str, why: str) -> int:
    """Takes back what came of a conversation and is not on its way yet; how many. Keys name it: `written|id.turn`."""
    return tx.run(_CANCEL_OF, contact=contact, of_it=f"%|{conversation}.%", reason=why)


def cancel_named(tx: Transaction, contact: str, name: str, why: str) -> int:
    """Takes back what is called so and is not on its way yet; how many. Keys begin with it: `nudge|id`."""
    return tx.run(_CANCEL_OF, contact=contact, of_it=f"{name}|%", reason=why)


def cancel(tx: Transaction, about: str, why: str) -> int:
    """Takes back what is about `about` and is not on its way yet; how many."""
    return tx.run(_CANCEL, about_=about, reason=why)
