"""The missed-call door: a number of ours that is rung and never answers, and calls back."""

from datetime import datetime

from ivr.memory import threads
from ivr.moments import ms_of
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.outreach import ring_backs
from ivr.outreach.schedules import Person
from ivr.people import contacts
from ivr.people.windows import is_quiet, next_open
from ivr.scene import Scene

ASK = "missed_call"  # the flow that asks by text: now, or in the morning?
USEFUL = 900_000  # ms: who rang a quarter of an hour ago may sleep by now
FORGOTTEN = 43_200_000  # ms: who rang half a day ago does not think of it any more
ASK_USEFUL = 7_200_000


def open_door(scene: Scene, call_sid: str) -> None:
    """Somebody has rung it. By day it calls back; in the night it asks by text, or waits for the morning.

    After "not for me" it only asks: a missed call is no word of the one who said so, for somebody else may use the
    phone, and numbers of callers can be made up.
    """
    party = scene.party
    if party.contact_id is None or party.number_id is None:
        return
    contacts.rang(scene.tx, party.number_id, scene.now)
    who = scene.person
    is_night = is_quiet(scene.moment, [who.zone], who.windows(scene.content.quiet_hours))
    may_ask = not contacts.has_stopped(scene.tx, party.number_id, "sms")
    if may_ask and (is_night or ring_backs.is_not_theirs(scene.tx, party.number_id)):
        _ask(scene, call_sid, scene.now)
    elif is_night:
        in_the_morning(scene, call_sid)
    else:
        ring_backs.request(scene.tx, party, scene.bounds, call_sid, scene.now)


def found_late(scene: Scene, call_sid: str, at: int) -> None:
    """Somebody has rung it at that moment, and nobody knew: a call from a while ago is asked about, by day, not rung.

    Nothing happens where they were seen to since, or have come through by themselves.
    """
    party, age = scene.party, scene.now - at
    if party.contact_id is None or age > FORGOTTEN or _is_seen_to(scene, party.contact_id, at):
        return
    if age <= USEFUL:
        open_door(scene, call_sid)
    elif not contacts.has_stopped(scene.tx, party.number_id or "", "sms"):
        who = scene.person
        opens = next_open(scene.moment, [who.zone], who.windows(scene.content.quiet_hours))
        _ask(scene, call_sid, ms_of(opens) if opens else None)


def _is_seen_to(scene: Scene, contact: str, at: int) -> bool:
    contacts.hold(scene.tx, scene.party)
    lately = (rows.lately(scene.tx, contact, flow, at - ring_backs.APART) for flow in (ring_backs.FLOW, ASK))
    return threads.has_spoken(scene.tx, contact, at) or any(lately)


def in_the_morning(scene: Scene, key: str) -> str:
    """Rings when nobody is disturbed any more: as `ring_backs.request` says, or `cannot` without such an hour."""
    opens = morning(scene, scene.person)
    if opens is None:
        return "cannot"
    return ring_backs.request(scene.tx, scene.party, scene.bounds, key, scene.now, ms_of(opens))


def morning(scene: Scene, who: Person) -> datetime | None:
    """The next time that their hours open: tomorrow's where they are open now."""
    windows = who.windows(scene.content.quiet_hours)
    moment = scene.moment
    if not is_quiet(moment, [who.zone], windows):
        local = moment.astimezone(who.zone)
        moment = local.replace(hour=23, minute=59, second=59, microsecond=0).astimezone(moment.tzinfo)
    opens = next_open(moment, [who.zone], windows)
    return opens if opens and opens > scene.moment else None


def _ask(scene: Scene, call_sid: str, at: int | None) -> None:
    party = scene.party
    contacts.hold(scene.tx, party)
    if at is None or rows.lately(scene.tx, party.contact_id or "", ASK, scene.now - ring_backs.APART):
        return
    whom = (party.service_number, party.number_id or "", party.contact_id)
    due = at + ring_backs.AFTER
    useful = USEFUL if at == scene.now else ASK_USEFUL
    asked = Sending(
        f"{ASK}|{call_sid}", "confirmation", "sms", *whom, ASK, due, due + useful, about=party.contact_id or ""
    )
    rows.add(scene.tx, asked, scene.now)
