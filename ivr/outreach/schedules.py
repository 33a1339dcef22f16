"""What people asked to be reminded of, and when: set, moved, paused and ended by their own hand."""

import json
from datetime import date, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, update

from ivr.db import Statement, Transaction
from ivr.models import Contact, Number, Schedule, new_id
from ivr.moments import moment_of, ms_of
from ivr.outbox import rows
from ivr.outreach.recurrence import Due, Rule, frozen, next_after, next_due, thawed
from ivr.people import contacts, zones
from ivr.people.windows import MIDNIGHT, Law, Window, Windows, allowed, own
from ivr.phone import time_zones
from ivr.vault import Vault


class Person(NamedTuple):
    """Whose schedules these are, and at which hours they may be disturbed."""

    contact_id: str
    number_id: str
    country: str
    zones: tuple[ZoneInfo, ...]  # they read the clock by the first; who knows where they are, may be in any
    hours: str | None

    @property
    def zone(self) -> ZoneInfo:
        """By which they read the clock."""
        return self.zones[0]

    @property
    def window(self) -> Window:
        """Their own hours, or the usual ones."""
        return own(self.hours)

    def windows(self, law: Law) -> Windows:
        """When they may be disturbed, wherever they are."""
        return zones.everywhere(self.zones, allowed(self.window, law, self.country))


class Wish(NamedTuple):
    """What somebody wants: by which of our numbers, by which channel, of which flow, when, and how often in all."""

    sender: str
    channel: str
    flow: str
    rule: Rule
    left: int | None = None


class Scheduled(NamedTuple):
    """A schedule that holds."""

    id: str
    flow: str
    channel: str
    rule: Rule
    left: int | None
    last: date | None
    next_at: int | None
    paused_until: int | None


_PERSON = Statement(
    select(Contact.id, Contact.number_id, Number.country, Contact.zone, Contact.hours)
    .join(Number, Number.id == Contact.number_id)
    .where(Contact.id == bindparam("contact"))
)
_WIDEN = Statement(update(Contact).where(Contact.id == bindparam("row")).values(hours=bindparam("new_hours")))
_OF = Statement(
    select(
        Schedule.id,
        Schedule.flow,
        Schedule.channel,
        Schedule.rule,
        Schedule.left,
        Schedule.last,
        Schedule.next_at,
        Schedule.paused_until,
    )
    .where(Schedule.contact_id == bindparam("contact"), Schedule.ended_at.is_(None))
    .order_by(Schedule.created_at, Schedule.id)
)
_ADD = Statement(insert(Schedule))
_MOVE = Statement(
    update(Schedule)
    .where(Schedule.id == bindparam("row"))
    .values(next_at=bindparam("new_at"), next_on=bindparam("new_on"), paused_until=bindparam("new_pause"))
)
_END = Statement(
    update(Schedule)
    .where(Schedule.id == bindparam("row"), Schedule.ended_at.is_(None))
    .values(ended_at=bindparam("now"), next_at=None, next_on=None)
)


def person(tx: Transaction, contact: str, home: ZoneInfo) -> Person:
    """Who this is. `home` where they have no zone of their own. Raises LookupError for nobody."""
    row = tx.one(_PERSON, contact=contact)
    if row is None:
        raise LookupError("there is no such contact")
    return Person(row[0], row[1], row[2], zones.read(row[3], home), row[4])


def settled(tx: Transaction, vault: Vault, contact: str, number_id: str, home: ZoneInfo) -> Person:
    """Who this is; from now on they live where their number is from, or at `home`, unless that was settled before."""
    names = time_zones(contacts.phone_number(tx, vault, number_id))
    contacts.settle_zone(tx, contact, zones.written(zones.spread(names, home)))
    return person(tx, contact, home)


def widen(tx: Transaction, who: Person, at: time) -> Person:
    """From now on this person may be disturbed at that time too, and for two hours after it, as they wished."""
    window = who.window
    end = (at.hour + 2) * 60 + at.minute
    later = time(*divmod(end, 60)) if end < 24 * 60 else MIDNIGHT
    hours = str(Window(min(window.opens, at), window.closes if at < window.opens else later))
    tx.run(_WIDEN, row=who.contact_id, new_hours=hours)
    return who._replace(hours=hours)


def of(tx: Transaction, contact: str) -> list[Scheduled]:
    """What this person is reminded of, the oldest wish first."""
    found = []
    for id, flow, channel, rule, left, last, next_at, paused in tx.all(_OF, contact=contact):
        day = date.fromisoformat(last) if last else None
        found.append(Scheduled(id, flow, channel, thawed(json.loads(rule)), left, day, next_at, paused))
    return found


def next_of(tx: Transaction, contact: str) -> Scheduled | None:
    """What this person is reminded of next; None when they are not reminded of anything."""
    found = [each for each in of(tx, contact) if each.next_at]
    return min(found, key=lambda each: each.next_at or 0, default=None)


def next_at(tx: Transaction, contact: str) -> int | None:
    """When that is, in ms."""
    found = next_of(tx, contact)
    return found.next_at if found else None


def plan(tx: Transaction, who: Person, law: Law, wish: Wish, now: int) -> Due | None:
    """From now on reminds as wished, in place of what reminded of the same before; when it first falls due.

    None when it never would: then nothing has changed.
    """
    rule, once = wish.rule, wish.rule.every == "once"
    due = _first(rule, who, law, None, now + 1)
    if due is None:
        return None
    for old in of(tx, who.contact_id):
        if old.flow == wish.flow and (old.rule.every == "once") == once:
            end(tx, old.id, now)
    tx.run(
        _ADD,
        id=new_id(),
        contact_id=who.contact_id,
        number_id=who.number_id,
        sender=wish.sender,
        channel=wish.channel,
        flow=wish.flow,
        rule=json.dumps(frozen(rule)),
        left=wish.left,
        last=None,
        next_at=ms_of(due.at),
        next_on=due.date.isoformat(),
        paused_until=None,
        created_at=now,
        ended_at=None,
    )
    return due


def end(tx: Transaction, schedule: str, now: int) -> None:
    """No more of it; what it has in the outbox and is not on its way is taken back."""
    tx.run(_END, row=schedule, now=now)
    rows.cancel(tx, schedule, "schedule ended")


def end_all(tx: Transaction, contact: str, now: int) -> int:
    """No more reminders for this person; how many there were."""
    found = of(tx, contact)
    for each in found:
        end(tx, each.id, now)
    return len(found)


def pause(tx: Transaction, who: Person, law: Law, until: int, now: int) -> None:
    """Nothing before `until`; what is in the outbox already and not on its way is taken back."""
    for each in of(tx, who.contact_id):
        due = _first(each.rule, who, law, each.last, until)
        if due:
            tx.run(_MOVE, row=each.id, new_pause=until, new_at=ms_of(due.at), new_on=due.date.isoformat())
            rows.cancel(tx, each.id, "paused")  # after that: what falls due meanwhile waits for this, or is seen here
        else:
            end(tx, each.id, now)


def _first(rule: Rule, who: Person, law: Law, last: date | None, moment: int) -> Due | None:
    """The first occurrence at or after that moment."""
    due = next_after(rule, who.zone, who.windows(law), moment_of(moment), last)
    while due and ms_of(due.at) < moment:
        due = next_due(rule, who.zone, who.windows(law), due.date)
    return due
