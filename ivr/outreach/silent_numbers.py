"""Numbers at which nobody was heard of for 45 days: they may be somebody else's by now, so one neutral question comes
before anything else. Who answers it gets what they wished for again; who does not is left alone after a week.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, select

from ivr.db import Statement, Transaction
from ivr.models import Number, Outgoing
from ivr.outbox import rows
from ivr.outbox.claims import Held
from ivr.outbox.kinds import KINDS
from ivr.outbox.rows import Sending
from ivr.people import contacts

KIND, FLOW = "still_here", "still_here"
DAY = 86_400_000  # ms
SILENT = 45 * DAY  # for so long at least a number that was given up is nobody's
ANSWER = 7 * DAY
USEFUL = DAY // 2
MOST = 200

_LAST = Statement(select(contacts.last_heard(Number.id)).where(Number.id == bindparam("number")))


class Asked(NamedTuple):
    """A question that has gone out: to which number, and when."""

    number_id: str
    submitted_at: int


_ASKED = Statement(
    select(Outgoing.number_id, Outgoing.submitted_at)
    .where(
        Outgoing.kind == literal_column(f"'{KIND}'"),
        Outgoing.created_at > bindparam("since"),
        Outgoing.submitted_at < bindparam("until"),
    )
    .order_by(Outgoing.submitted_at)
    .limit(MOST)
)


def is_silent(row: Held, now: int) -> bool:
    """Whether this must wait for an answer: it comes unasked, and nobody at its number was heard of for so long."""
    heard = max(_heard(row), row.known_since)
    return KINDS[row.kind].unasked and row.kind != KIND and now - heard > SILENT


def ask(tx: Transaction, row: Held, now: int) -> None:
    """Asks, by the channel of what was to go out: once in each such silence."""
    whom = (row.sender, row.number_id, row.contact_id)
    key = f"{KIND}|{row.number_id}|{_heard(row)}"
    rows.add(tx, Sending(key, KIND, row.channel, *whom, FLOW, now, now + USEFUL), now)


def leave_alone(tx: Transaction, now: int) -> int:
    """Numbers that did not answer within a week get nothing more until somebody comes by themselves; how many."""
    given_up = 0
    for number, asked in (Asked(*row) for row in tx.all(_ASKED, since=now - 2 * ANSWER, until=now - ANSWER)):
        heard = tx.one(_LAST, number=number)
        if heard is None or (heard[0] or 0) < asked:
            for channel in ("sms", "voice"):
                contacts.stop(tx, number, channel, contacts.SILENT, asked + ANSWER)  # the same row at each look
            given_up += 1
    return given_up


def _heard(row: Held) -> int:
    return max(row.heard or 0, row.heard_before or 0)
