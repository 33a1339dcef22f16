"""The missed-call door: a number of ours that is rung and never answers, and calls back."""

from datetime import datetime

from ivr import contacts, ring_backs
from ivr.moments import ms_of
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.scene import Scene
from ivr.schedules import Person
from ivr.windows import is_quiet, next_open

ASK = "missed_call"  # the flow that asks by text: now, or in the morning?
USEFUL = 900_000  # ms: who rang a quarter of an hour ago may sleep by now


def open_door(scene: Scene, call_sid: str) -> None:
    """Somebody has rung it. By day it calls back; in the night it asks by text, or waits for the morning."""
    party = scene.party
    if party.contact_id is None or party.number_id is None:
        return
    who = scene.person
    if not is_quiet(scene.moment, [who.zone], who.windows(scene.content.quiet_hours)):
        ring_backs.request(scene.tx, party, scene.bounds, call_sid, scene.now)
    elif contacts.has_stopped(scene.tx, party.number_id, "sms"):
        in_the_morning(scene, call_sid)
    else:
        _ask(scene, call_sid)


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


def _ask(scene: Scene, call_sid: str) -> None:
    party = scene.party
    contacts.hold(scene.tx, party)
    if rows.lately(scene.tx, party.contact_id or "", ASK, scene.now - ring_backs.APART):
        return
    whom = (party.service_number, party.number_id or "", party.contact_id)
    due = scene.now + ring_backs.AFTER
    asked = Sending(f"{ASK}|{call_sid}", "confirmation", "sms", *whom, ASK, due, due + USEFUL)
    rows.add(scene.tx, asked, scene.now)
