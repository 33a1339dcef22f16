"""What falls due: a row in the outbox for each local date of a schedule, once."""

import json
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, literal_column, select, update

from ivr.apart import apart
from ivr.db import Statement, Transaction
from ivr.models import Contact, Number, Outgoing, Schedule
from ivr.moments import moment_of, ms_of
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.outreach.recurrence import next_after, thawed
from ivr.outreach.schedules import Person
from ivr.people import zones
from ivr.people.windows import Law, is_quiet

KIND, KNOCK = "reminder", "reminder"  # in the outbox; and the flow that comes before the one that was asked for
USEFUL = 7_200_000  # ms: a reminder that is later than two hours is missed
AT_ONCE = 500
RAN_OUT = 0  # left of what has come to its own end, whose last row still goes out
HOUR, DAY = 3_600_000, 86_400_000  # ms

_DUE = Statement(
    select(
        Schedule.id,
        Schedule.contact_id,
        Schedule.number_id,
        Schedule.sender,
        Schedule.channel,
        Schedule.flow,
        Schedule.rule,
        Schedule.left,
        Schedule.next_at,
        Schedule.next_on,
        Number.country,
        Contact.zone,
        Contact.hours,
    )
    .join(Contact, Contact.id == Schedule.contact_id)
    .join(Number, Number.id == Schedule.number_id)
    .where(Schedule.next_at <= bindparam("now"))
    .order_by(Schedule.next_at)
    .limit(AT_ONCE)
    .with_for_update(of=Schedule, skip_locked=True)
)
_LAST = Statement(
    select(Outgoing.id, Outgoing.sender, Outgoing.channel, Outgoing.then, Outgoing.about)
    .where(
        Outgoing.contact_id == bindparam("contact"),
        Outgoing.submitted_at > bindparam("since"),
        Outgoing.kind == literal_column(f"'{KIND}'"),
    )
    .order_by(Outgoing.submitted_at.desc())
    .limit(1)
)
_FELL_DUE = Statement(
    update(Schedule)
    .where(Schedule.id == bindparam("row"), Schedule.next_at == bindparam("old_at"))
    .values(
        last=bindparam("new_last"),
        left=bindparam("new_left"),
        next_at=bindparam("new_at"),
        next_on=bindparam("new_on"),
        ended_at=bindparam("new_end"),
        paused_until=None,
    )
)


class _Row(NamedTuple):
    id: str
    contact_id: str
    number_id: str
    sender: str
    channel: str
    flow: str
    rule: str
    left: int | None
    next_at: int
    next_on: str
    country: str
    zone: str | None
    hours: str | None


def come_due(tx: Transaction, law: Law, home: ZoneInfo, now: int) -> int:
    """Puts into the outbox what is due, once for each local date, and works out the next time; how many, at most 500.

    What an outage made late gets its one row, which will be missed; what it skipped gets none.
    """
    found = [_Row(*row) for row in tx.all(_DUE, now=now)]
    rows.add_all(tx, [_sending(row) for row in found], now)
    tx.many(_FELL_DUE, [_moved(row, law, home, now) for row in found])
    return len(found)


def _moved(row: _Row, law: Law, home: ZoneInfo, now: int) -> dict[str, object]:
    """Where no next time can be worked out, for its rule or zone cannot be read: looked at again in an hour."""
    with apart(f"working out when the schedule {row.id} falls due again"):
        return _next(row, law, home, now)
    held = {"new_last": row.next_on, "new_left": row.left, "new_on": row.next_on, "new_end": None}
    return {"row": row.id, "old_at": row.next_at, "new_at": now + HOUR, **held}


def _sending(row: _Row) -> Sending:
    key = f"{KIND}|{row.id}|{row.next_on}"
    who = (row.sender, row.number_id, row.contact_id)
    return Sending(key, KIND, row.channel, *who, KNOCK, row.next_at, row.next_at + USEFUL, row.flow, row.id)


def _next(row: _Row, law: Law, home: ZoneInfo, now: int) -> dict[str, object]:
    left = None if row.left is None else row.left - 1
    due = None
    if left != 0:
        who = Person(row.contact_id, row.number_id, row.country, zones.read(row.zone, home), row.hours)
        last = date.fromisoformat(row.next_on)
        due = next_after(thawed(json.loads(row.rule)), who.zone, who.windows(law), moment_of(now), last)
    return {
        "row": row.id,
        "old_at": row.next_at,
        "new_last": row.next_on,
        "new_left": left if due else RAN_OUT,
        "new_at": ms_of(due.at) if due else None,
        "new_on": due.date.isoformat() if due else None,
        "new_end": None if due else now,
    }


def postpone(tx: Transaction, who: Person, law: Law, now: int) -> str:
    """The last reminder once more in an hour: `later`; `night` when that is too late in the day; `none` without one."""
    row = tx.one(_LAST, contact=who.contact_id, since=now - DAY)
    if row is None:
        return "none"
    due = now + HOUR
    if is_quiet(moment_of(due), [who.zone], who.windows(law)):
        return "night"
    id, sender, channel, then, about = row
    whom = (sender, who.number_id, who.contact_id)
    rows.add(tx, Sending(f"later|{id}", KIND, channel, *whom, KNOCK, due, due + USEFUL, then, about), now)
    return "later"
