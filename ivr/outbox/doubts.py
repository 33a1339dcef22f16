"""Rows whose worker died, or whose answer was lost: looked for in the carrier's lists, and never sent blindly again."""

from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from ivr.db import Statement, Transaction
from ivr.models import Number, Outgoing
from ivr.outbox import questions
from ivr.outbox.claims import SUBMIT_LEASE, held_in, in_state
from ivr.outbox.kinds import KINDS
from ivr.outbox.outcomes import ACCEPT

# Two looks, a minute apart: how soon a list shows what was accepted is documented nowhere. No look begins before the
# lease has ended, twelve times the deadline of a request.
LOOKS, BETWEEN = 2, 60_000
AT_ONCE = 50


class Doubt(NamedTuple):
    """A row that may have gone out."""

    id: str
    attempt: int
    kind: str
    channel: str
    sender: str
    number_id: str
    number: bytes  # sealed
    submitted_at: int
    said: str | None
    looks: int


_DOUBTS = Statement(
    select(
        Outgoing.id,
        Outgoing.attempt,
        Outgoing.kind,
        Outgoing.channel,
        Outgoing.sender,
        Outgoing.number_id,
        Number.sealed,
        Outgoing.submitted_at,
        Outgoing.said,
        Outgoing.looks,
    )
    .join(Number, Number.id == Outgoing.number_id)
    .where(in_state("submitting"), Outgoing.leased_until < bindparam("now"))
    .order_by(Outgoing.lane, Outgoing.leased_until)
    .limit(AT_ONCE)
)
_TAKE = Statement(
    update(Outgoing)
    .where(*held_in("submitting"), Outgoing.leased_until < bindparam("now"))
    .values(attempt=Outgoing.attempt + 1, leased_until=bindparam("until"))
)
_WAIT_ON = update(Outgoing).where(*held_in("submitting")).values(leased_until=bindparam("until"))
_NOT_LOOKED = Statement(_WAIT_ON)
_WAIT = Statement(_WAIT_ON.values(looks=Outgoing.looks + 1))
_END = Statement(
    update(Outgoing)
    .where(*held_in("submitting"))
    .values(
        state=bindparam("new_state"),
        why=bindparam("reason"),
        submitted_at=bindparam("new_submitted"),
        claim=None,
        leased_until=None,
    )
)
_TAKEN = Statement(select(Outgoing.id).where(Outgoing.sid == bindparam("other_sid")))


def take(tx: Transaction, now: int) -> list[Doubt]:
    """Rows to be looked for now, held against their old worker and against other lookers."""
    rows = [Doubt(*row) for row in tx.all(_DOUBTS, now=now)]
    until = now + SUBMIT_LEASE
    return [
        row._replace(attempt=row.attempt + 1)
        for row in rows
        if tx.run(_TAKE, row=row.id, held_attempt=row.attempt, now=now, until=until)
    ]


def found(tx: Transaction, doubt: Doubt, sid: str) -> bool:
    """It had gone out, under this id. False when another row has that id: then it was another text."""
    if tx.one(_TAKEN, other_sid=sid):
        return False
    return tx.run(ACCEPT, row=doubt.id, held_attempt=doubt.attempt, new_sid=sid) == 1


def not_found(tx: Transaction, doubt: Doubt, now: int) -> None:
    """Not in the list: looked for once more in a minute; then missed, or sent again if it must not be missed."""
    mine = {"row": doubt.id, "held_attempt": doubt.attempt}
    if doubt.looks + 1 < LOOKS:
        tx.run(_WAIT, **mine, until=now + BETWEEN)
        return
    tx.run(questions.NEVER, **mine)
    if KINDS[doubt.kind].again:
        tx.run(_END, **mine, new_state="pending", reason="not found", new_submitted=None)
    else:
        tx.run(_END, **mine, new_state="missed", reason="unknown", new_submitted=doubt.submitted_at)


def not_looked(tx: Transaction, doubt: Doubt, now: int) -> None:
    """The carrier's list could not be read: that was no look."""
    tx.run(_NOT_LOOKED, row=doubt.id, held_attempt=doubt.attempt, until=now + BETWEEN)
