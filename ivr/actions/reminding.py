"""What a flow can `do` with reminders: set, move, put off, pause and end them, and open what they are for."""

from datetime import date, time, timedelta

from ivr.engine.model import Turn
from ivr.engine.run import start
from ivr.outreach import reminders, schedules
from ivr.outreach.recurrence import Rule
from ivr.outreach.schedules import Person, Wish
from ivr.people import consents, contacts, openness, resting
from ivr.scene import Scene

WEEK = 604_800_000  # ms
DAY, MIDNIGHT = timedelta(days=1), time(0)


def begin_what_was_set(scene: Scene) -> Turn | str:
    """Opens what this reminder is for; `gone` when there is no such flow any more; `locked` until a PIN is given."""
    if scene.answers.get("whose"):
        return "locked"
    name = scene.answers.get("then", "")
    return start(scene.flows, name) if name in scene.flows.flows else "gone"


def set_reminder(scene: Scene) -> str:
    """Reminds as was answered; a time alone moves what comes next. `set`; `outside` of the hours at which this person
    is usually disturbed, until they say that they want it all the same; `never` where no hour is allowed.
    """
    who, days = scene.person, scene.answers.get("days", "")
    at = _within(scene.answers.get("at", ""), who)
    if not who.window.holds(at):
        if scene.answers.get("all_the_same") != "yes":
            return "outside"
        who = schedules.widen(scene.tx, who, at)
    old = schedules.next_of(scene.tx, who.contact_id)
    if old and not days:
        return _planned(scene, who, old.channel, old.flow, old.rule, old.left)
    every, left = {"seven": ("daily", 7)}.get(days, (days or "daily", None))
    channel, flow = scene.answers.get("how") or scene.party.channel, scene.answers.get("what") or "hello"
    return _planned(scene, who, channel, flow, Rule(every, MIDNIGHT, _today(scene, who)), left)


def remind_tomorrow(scene: Scene) -> str:
    """Once, tomorrow at the time that was answered, of what this person is reminded of anyway: `set` or `never`."""
    who = scene.person
    old = schedules.next_of(scene.tx, who.contact_id)
    flow, channel = (old.flow, old.channel) if old else ("hello", scene.party.channel)
    return _planned(scene, who, channel, flow, Rule("once", MIDNIGHT, _today(scene, who) + DAY), None)


def postpone_reminder(scene: Scene) -> str:
    """The last one once more in an hour: `later`; `night` when that is too late in the day; `none` without any."""
    if scene.party.contact_id is None:
        return "none"
    whose = scene.answers.get("whose")  # whoever has a PIN can put off without it
    who = schedules.person(scene.tx, whose, scene.home) if whose else scene.person
    return reminders.postpone(scene.tx, who, scene.content.quiet_hours, scene.now)


def pause_reminders(scene: Scene) -> str:
    """None for a week: `paused`, or `none` when there are none."""
    if scene.party.contact_id is None or not schedules.of(scene.tx, scene.party.contact_id):
        return "none"
    schedules.pause(scene.tx, scene.person, scene.content.quiet_hours, scene.now + WEEK, scene.now)
    return "paused"


def end_reminders(scene: Scene) -> None:
    """No more of them, and none without being asked again."""
    if scene.party.contact_id:
        schedules.end_all(scene.tx, scene.party.contact_id, scene.now)
        consents.agree(scene.tx, scene.party, consents.REMIND, False, scene.heard, scene.now)


def _planned(scene: Scene, who: Person, channel: str, flow: str, rule: Rule, left: int | None) -> str:
    """By `rule`, at the time that was answered; what comes only once, and not today any more, comes tomorrow."""
    contacts.come_back(scene.tx, who.number_id, scene.now)
    resting.wake(scene.tx, who.number_id, scene.now)
    if contacts.has_stopped(scene.tx, who.number_id, channel):
        return "stopped"
    if openness.level(scene.tx, who.contact_id) == openness.REPLY_ONLY:
        return "reply_only"
    at = _within(scene.answers.get("at", ""), who)
    law, sender = scene.content.quiet_hours, scene.party.service_number
    for first in (rule.first, _today(scene, who) + DAY)[: 2 if rule.every == "once" else 1]:
        wish = Wish(sender, channel, flow, rule._replace(at=at, first=first), left)
        if schedules.plan(scene.tx, who, law, wish, scene.now):
            consents.agree(scene.tx, scene.party, consents.REMIND, True, scene.heard, scene.now)
            return "set"
    return "never"


def _today(scene: Scene, who: Person) -> date:
    """The date on the person's wall."""
    return scene.moment.astimezone(who.zone).date()


def _within(text: str, who: Person) -> time:
    """The time that was meant: "7" is the evening's where the morning's is too early to be disturbed."""
    at = time.fromisoformat(text or "09:00")
    window, evening = who.window, at.replace(hour=(at.hour + 12) % 24)
    return evening if at.hour < 12 and not at.minute and not window.holds(at) and window.holds(evening) else at
