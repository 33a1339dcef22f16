"""Who sends what: claims with a lease, counted, so that of two workers one can write nothing."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, select, update
from sqlalchemy.orm import aliased

from ivr.db import Statement, Transaction
from ivr.models import Contact, Number, OptOut, Outgoing, Schedule, new_id
from ivr.outbox.kinds import KINDS
from ivr.people import consents, contacts, resting

# ms. A claim is soon followed by the intent; the carrier is asked for at most ten seconds, and its lists may lag.
CLAIM_LEASE, SUBMIT_LEASE = 30_000, 120_000
DAY = 86_400_000

LEASED = ("claimed", "submitting")


def in_state(*names: str) -> ColumnElement[bool]:
    """In the very words of the partial indexes, and as literals: for anything else SQLite reads the whole table."""
    if len(names) > 1:
        return Outgoing.state.in_([literal_column(f"'{name}'") for name in names])
    exactly = Outgoing.state == literal_column(f"'{names[0]}'")
    return exactly & in_state(*LEASED) if names[0] in LEASED else exactly


DUE_BY = (  # what is due for one of our numbers; bound by `sender_`, `channel_` and `now`
    in_state("pending"),
    Outgoing.sender == bindparam("sender_"),
    Outgoing.channel == bindparam("channel_"),
    Outgoing.due_at <= bindparam("now"),
)
_DUE = (
    select(Outgoing.id)
    .where(*DUE_BY, Outgoing.lane <= bindparam("most"))
    .order_by(Outgoing.lane, Outgoing.due_at)
    .limit(bindparam("many"))
    .with_for_update(skip_locked=True)
)
_CLAIM = Statement(
    update(Outgoing)
    .where(Outgoing.id.in_(_DUE))
    .values(state="claimed", claim=bindparam("batch"), attempt=Outgoing.attempt + 1, leased_until=bindparam("until"))
)
_GIVE_BACK = Statement(
    update(Outgoing)
    .where(Outgoing.claim == bindparam("batch"), in_state("claimed"))
    .values(state="pending", claim=None, leased_until=None)
)
_OVERDUE = Statement(
    update(Outgoing)
    .where(in_state("claimed"), Outgoing.leased_until < bindparam("now"))
    .values(state="pending", claim=None, leased_until=None)
)
_PURPOSE = case({name: kind.purpose for name, kind in KINDS.items()}, value=Outgoing.kind)
_earlier = aliased(Outgoing)
_HELD = Statement(
    select(
        Outgoing.id,
        Outgoing.key,
        Outgoing.attempt,
        Outgoing.kind,
        Outgoing.lane,
        Outgoing.channel,
        Outgoing.sender,
        Outgoing.number_id,
        Outgoing.contact_id,
        Outgoing.flow,
        Outgoing.then,
        Outgoing.about,
        Outgoing.expires_at,
        Number.sealed.label("number"),
        Number.country,
        Number.created_at.label("known_since"),
        contacts.last_heard(Outgoing.number_id).label("heard"),
        Number.heard_at.label("heard_before"),
        Contact.language,
        Contact.zone,
        Contact.hours,
        Contact.openness,
        Contact.pin.is_not(None).label("has_pin"),
        select(OptOut.id)
        .where(*contacts.standing_stop(Outgoing.number_id, Outgoing.channel))
        .limit(1)
        .scalar_subquery()
        .label("stopped"),
        resting.rests(Outgoing.number_id).label("rests"),
        consents.words_of_yes(Outgoing.contact_id, _PURPOSE).label("agreed"),
        consents.words_of_yes(Outgoing.contact_id, literal_column(f"'{consents.VOICEMAIL}'")).label("voicemail"),
        select(func.count())
        .select_from(_earlier)
        .where(
            _earlier.contact_id == Outgoing.contact_id,
            _earlier.submitted_at > bindparam("a_day_ago"),
            _earlier.lane == Outgoing.lane,
            _earlier.state != literal_column("'failed'"),  # what the carrier refused never reached anybody
        )
        .scalar_subquery()
        .label("lately"),
        case((Schedule.left == 0, None), else_=Schedule.ended_at).label("schedule_ended"),  # 0: its last one is this
        Schedule.paused_until,
    )
    .join(Number, Number.id == Outgoing.number_id)
    .outerjoin(Contact, Contact.id == Outgoing.contact_id)
    .outerjoin(Schedule, Schedule.id == Outgoing.about)
    .where(Outgoing.claim == bindparam("batch"), in_state("claimed"))
    .order_by(Outgoing.lane, Outgoing.due_at)
)
# STOP holds the number as well: one of the two is first. A statement of its own, for one that had to wait for STOP
# would still read what was there before.
_HOLD_NUMBERS = Statement(
    select(Number.id)
    .where(Number.id.in_(select(Outgoing.number_id).where(Outgoing.claim == bindparam("batch"), in_state("claimed"))))
    .with_for_update(read=True)
)


def held_in(state: str) -> tuple[ColumnElement[bool], ...]:
    """The fence: the row, in that state, for whoever made its last attempt. Bound by `row` and `held_attempt`."""
    return Outgoing.id == bindparam("row"), Outgoing.attempt == bindparam("held_attempt"), in_state(state)


_SUBMIT = Statement(
    update(Outgoing)
    .where(*held_in("claimed"))
    .values(
        state="submitting",
        submitted_at=bindparam("now"),
        leased_until=bindparam("until"),
        looks=0,
        said=bindparam("new_said"),
        error="",  # of the last time: what is delivered now must not be taken for failed
    )
)
ANEW = {"submitted_at": None, "looks": 0, "said": None, "claim": None, "leased_until": None}
ASK_AGAIN = Statement(  # the carrier surely has it not
    update(Outgoing).where(*held_in("submitting")).values(state="pending", why=bindparam("reason"), **ANEW)
)
_DROP = Statement(
    update(Outgoing)
    .where(*held_in("claimed"))
    .values(state=bindparam("new_state"), why=bindparam("reason"), claim=None, leased_until=None)
)
_DEFER = Statement(
    update(Outgoing)
    .where(*held_in("claimed"))
    .values(state="pending", due_at=bindparam("new_due"), claim=None, leased_until=None)
)


class Held(NamedTuple):
    """A claimed row, with all that says whether it may go out now, and to whom."""

    id: str
    key: str
    attempt: int
    kind: str
    lane: int
    channel: str
    sender: str
    number_id: str
    contact_id: str | None
    flow: str
    then: str
    about: str
    expires_at: int
    number: bytes  # sealed
    country: str
    known_since: int
    heard: int | None  # when somebody at this number last pressed a key or wrote
    heard_before: int | None  # the same, in what is kept no more
    language: str | None
    zone: str | None
    hours: str | None
    openness: str | None
    has_pin: bool
    stopped: str | None  # set: STOP holds for this number and channel
    rests: str | None  # set: what the line starts by itself rests for this number
    agreed: str | None  # the words of the yes to what this kind needs; None: there is none
    voicemail: str | None  # those of the yes to leaving a machine a few neutral words
    lately: int  # how many of this lane went out to this person within a day
    schedule_ended: int | None
    paused_until: int | None


def claim(tx: Transaction, sender: str, channel: str, most_lane: int, many: int, now: int) -> str | None:
    """Holds up to `many` rows that are due, the most urgent first; the name of the batch, None when nothing is due."""
    batch = new_id()
    values = {"sender_": sender, "channel_": channel, "most": most_lane, "many": many}
    return batch if tx.run(_CLAIM, batch=batch, now=now, until=now + CLAIM_LEASE, **values) else None


def held(tx: Transaction, batch: str, now: int) -> list[Held]:
    """The rows of the batch that are still its own. Until this transaction ends, no STOP of theirs can be written."""
    tx.all(_HOLD_NUMBERS, batch=batch)
    return [Held(*row) for row in tx.all(_HELD, batch=batch, a_day_ago=now - DAY)]


class Fenced(Exception):
    """Somebody else has a row of this batch, or its status is known already: nothing of the batch may go out."""


def submit(tx: Transaction, said: dict[Held, str | None], now: int) -> None:
    """The intent: from now on nobody knows whether these went out, until the carrier says so. `said`: hashed texts.

    Raises Fenced.
    """
    rows = [_mine(row) | {"now": now, "until": now + SUBMIT_LEASE, "new_said": text} for row, text in said.items()]
    if tx.many(_SUBMIT, rows) < len(rows):
        raise Fenced


def drop(tx: Transaction, rows: dict[Held, tuple[str, str]]) -> None:
    """These do not go out: each with its state (`missed`, `suppressed`, `cancelled`) and why."""
    tx.many(_DROP, [_mine(row) | {"new_state": state, "reason": why} for row, (state, why) in rows.items()])


def defer(tx: Transaction, rows: dict[Held, int]) -> None:
    """These go out later: each with its new moment."""
    tx.many(_DEFER, [_mine(row) | {"new_due": due} for row, due in rows.items()])


def give_back(tx: Transaction, batch: str) -> int:
    """What the batch holds and has not submitted is anybody's again; how many."""
    return tx.run(_GIVE_BACK, batch=batch)


def free_overdue(tx: Transaction, now: int) -> int:
    """Claims whose worker is gone are anybody's again: nothing was sent. How many."""
    return tx.run(_OVERDUE, now=now)


def _mine(row: Held) -> dict[str, Any]:
    return {"row": row.id, "held_attempt": row.attempt}
