"""Values that texts may name, as {opens_at:time}: one function each; what it returns says how it is spoken."""

from datetime import datetime
from typing import NewType

from ivr.callbacks import correspondence, queue, requests
from ivr.desk import calls, keypad
from ivr.hotlines import Hotlines
from ivr.moments import moment_of
from ivr.outreach import schedules
from ivr.people import contacts
from ivr.privacy import holdings
from ivr.privacy.holdings import Holdings
from ivr.scene import Scene
from ivr.team import shifts

Digits = NewType("Digits", str)  # spoken one by one
Time = NewType("Time", str)  # HH:MM
Day = NewType("Day", str)  # 0 is Monday
Number = NewType("Number", str)


def emergency_number(scene: Scene) -> Digits:
    """What to dial in an emergency where the caller is."""
    return Digits(_hotlines(scene).emergency)


def hotline_number(scene: Scene) -> Digits:
    """The crisis line where the caller is; '' where none is open, and the sentence that names it is not said."""
    return Digits(_hotlines(scene).line)


def service_number(scene: Scene) -> Digits:
    """Our own number, to ring or text."""
    return Digits(scene.party.service_number)


def opens_at(scene: Scene) -> Time:
    """When the desk opens next."""
    opening = scene.content.hours.next_opening(scene.moment)
    return Time(opening.strftime("%H:%M") if opening else "")


def opens_on(scene: Scene) -> Day:
    """On which day the desk opens next."""
    opening = scene.content.hours.next_opening(scene.moment)
    return Day(str(opening.weekday()) if opening else "")


def alert_code(scene: Scene) -> Digits:
    """By what those on duty name the alert that they are told of."""
    return Digits(scene.answers.get("then", ""))


def requests_new(scene: Scene) -> Number:
    """How many requests those on duty are told of."""
    return Number(scene.answers.get("then", ""))


def request_answered(scene: Scene) -> Digits:
    """The short number of the request about which somebody has written back."""
    return Digits(scene.answers.get("then", ""))


def desk_words(scene: Scene) -> str:
    """What a counselor wrote to this person, as it is."""
    ids = scene.answers.get(correspondence.IDS, "").split()
    return correspondence.told(scene.tx, scene.vault, scene.party.contact_id or "", ids)


def calls_tried(scene: Scene) -> Digits:
    """How often somebody who asked for a call was rung in vain."""
    return Digits(calls.tries(scene))


def requests_ready(scene: Scene) -> Number:
    """How many requests may be rung now."""
    return Number(str(queue.counts(scene.tx, scene.now).ready))


def my_request(scene: Scene) -> Digits:
    """The short number of the request at which the counselor on this call works."""
    floor = keypad.opened(scene)
    card = keypad.held(floor) if floor else None
    return Digits(str(card.ref) if card else "")


def duty_until(scene: Scene) -> Time:
    """Until when they are on duty, in the desk's zone."""
    floor = keypad.opened(scene)
    until = shifts.until(floor.tx, floor.who, floor.now) if floor else None
    return Time(moment_of(until).astimezone(scene.home).strftime("%H:%M") if until else "")


def ring_on(scene: Scene) -> Day:
    """On which day somebody may be rung who asked for it, in their own zone."""
    begins, _ = _rung(scene)
    return Day(str(begins.weekday()) if begins else "")


def ring_from(scene: Scene) -> Time:
    """From when."""
    begins, _ = _rung(scene)
    return Time(begins.strftime("%H:%M") if begins else "")


def ring_until(scene: Scene) -> Time:
    """Until when."""
    _, ends = _rung(scene)
    return Time(ends.strftime("%H:%M") if ends else "")


def _rung(scene: Scene) -> tuple[datetime | None, datetime | None]:
    stands = requests.stands(scene.tx, scene.vault, scene.party)
    if stands is None or stands.until_at is None:
        return None, None
    zone, _ = requests.hours_of(scene.tx, scene.party.contact_id, scene.home)
    begins, ends = (moment_of(at).astimezone(zone) for at in (max(stands.from_at, scene.now), stands.until_at))
    return begins, ends


def reminder_at(scene: Scene) -> Time:
    """At what time the next reminder comes."""
    due = _next_reminder(scene)
    return Time(due.strftime("%H:%M") if due else "")


def reminder_on(scene: Scene) -> Day:
    """On which day the next reminder comes."""
    due = _next_reminder(scene)
    return Day(str(due.weekday()) if due else "")


def checkins_kept(scene: Scene) -> Digits:
    """How many of this person's check-ins are kept."""
    return Digits(str(_kept(scene).checkins))


def exercises_kept(scene: Scene) -> Digits:
    """How many exercises."""
    return Digits(str(_kept(scene).exercises))


def texts_kept(scene: Scene) -> Digits:
    """How many texts of theirs, each with its answer."""
    return Digits(str(_kept(scene).texts))


def reminders_kept(scene: Scene) -> Digits:
    """Of how many things they are reminded."""
    return Digits(str(_kept(scene).reminders))


def calls_wanted(scene: Scene) -> Digits:
    """How many requests for a call are open."""
    return Digits(str(_kept(scene).calls_wanted))


def days_kept(scene: Scene) -> Digits:
    """Since how many days anything is."""
    return Digits(str(_kept(scene).days(scene.now)))


def receipt(scene: Scene) -> Digits:
    """What proves that everything was erased in this turn."""
    return Digits(scene.receipt)


def _kept(scene: Scene) -> Holdings:
    return holdings.of(scene.tx, scene.party.contact_id) or Holdings(0, 0, 0, 0, 0, scene.now)


def _next_reminder(scene: Scene) -> datetime | None:
    """By the clock on the person's wall."""
    if scene.party.contact_id is None:
        return None
    due = schedules.next_at(scene.tx, scene.party.contact_id)
    who = schedules.person(scene.tx, scene.party.contact_id, scene.content.hours.zone)
    return moment_of(due).astimezone(who.zone) if due else None


def _hotlines(scene: Scene) -> Hotlines:
    country = contacts.country(scene.tx, scene.party.number_id) or scene.config.country
    return scene.content.hotlines.of(country, scene.party.language, scene.moment)
