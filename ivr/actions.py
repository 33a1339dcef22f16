"""What a flow can `do`: one function each, whose name is its name in YAML. None commits; none reaches the network."""

from datetime import date, time, timedelta

from ivr import (
    asking,
    consents,
    contacts,
    exercises,
    missed_calls,
    openness,
    positions,
    reminders,
    ring_backs,
    schedules,
    silences,
    vanishing,
)
from ivr.engine.model import Flows, Turn
from ivr.engine.run import hear_again, start
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.recurrence import Rule
from ivr.scene import Scene
from ivr.schedules import Person, Wish

KEEP, REMIND, WATCH = "keep", "reminders", "watch"  # purposes of consents
WRITTEN = 900_000  # ms: who asked for a text on a call looks for it now
WEEK = 604_800_000  # ms
DAY, MIDNIGHT = timedelta(days=1), time(0)


def choose_language(scene: Scene) -> str:
    """From this very turn on, speaks the language whose code was answered."""
    chosen = scene.answers.get("language", "")
    if chosen in scene.content.languages:
        contacts.speak(scene.tx, scene.party, chosen)
    return scene.party.language


def record_consent(scene: Scene) -> None:
    """Notes whether answers may be kept, with the hash of the words that asked."""
    if answer := scene.answers.get("consent"):
        consents.agree(scene.tx, scene.party, KEEP, answer == "yes", _heard(scene), scene.now)


def resume_position(scene: Scene) -> Turn | str:
    """Goes on where this person was cut off; `gone` when that no longer waits."""
    state = positions.open_elsewhere(scene.tx, scene.vault, scene.position, scene.now)
    if state and positions.give_up_others(scene.tx, scene.position):
        return hear_again(_flows(scene), state)
    return "gone"


def forget_position(scene: Scene) -> None:
    """What was cut off is over."""
    positions.give_up_others(scene.tx, scene.position)


def record_exercise(scene: Scene) -> None:
    """Notes which exercise was done and whether it helped, if answers may be kept."""
    if consents.agreed(scene.tx, scene.party, KEEP):
        helped = scene.answers.get("helped", "")
        exercises.record(scene.tx, scene.vault, scene.party, scene.flow, helped, scene.now)


def stop_texts(scene: Scene) -> None:
    """Nothing goes out by text to this number any more that it did not ask for."""
    contacts.stop(scene.tx, scene.party.number_id, "sms", "person", scene.now)


def start_texts(scene: Scene) -> None:
    """Texts may go out again."""
    contacts.come_back(scene.tx, scene.party.number_id, scene.now)
    contacts.start_again(scene.tx, scene.party.number_id, "sms", scene.now)


def send_a_text(scene: Scene) -> str:
    """A text comes, which can be answered in writing: `sent`, or `cannot` where none may."""
    party = scene.party
    contacts.come_back(scene.tx, party.number_id, scene.now)
    if party.number_id is None or contacts.has_stopped(scene.tx, party.number_id, "sms"):
        return "cannot"
    whom = (party.service_number, party.number_id, party.contact_id)
    wish = Sending(f"written|{_once(scene)}", "confirmation", "sms", *whom, "written", scene.now, scene.now + WRITTEN)
    rows.add(scene.tx, wish, scene.now)
    return "sent"


def begin_what_was_set(scene: Scene) -> Turn | str:
    """Opens what this reminder is for; `gone` when there is no such flow any more; `locked` until a PIN is given."""
    if scene.answers.get("whose"):
        return "locked"
    name = scene.answers.get("then", "")
    return start(_flows(scene), name) if name in _flows(scene).flows else "gone"


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
        consents.agree(scene.tx, scene.party, REMIND, False, _heard(scene), scene.now)


def record_watch(scene: Scene) -> None:
    """Notes whether somebody may look after this person when a check-in is not answered."""
    if answer := scene.answers.get("watch"):
        consents.agree(scene.tx, scene.party, WATCH, answer == "yes", _heard(scene), scene.now)


def record_voicemail(scene: Scene) -> None:
    """Notes whether a machine that picks up may be left a few neutral words."""
    if answer := scene.answers.get("voicemail"):
        consents.agree(scene.tx, scene.party, consents.VOICEMAIL, answer == "yes", _heard(scene), scene.now)


def notice_fall(scene: Scene) -> None:
    """After a check-in far from this person's usual, a second word some hours later, if they agreed to that."""
    silences.notice_fall(scene.tx, scene.vault, scene.party, scene.config.silence_hours, scene.now)


def erase_everything(scene: Scene) -> Turn | str:
    """Erases this person, and goes on with the words for nobody in particular; `nothing` when nobody was known."""
    scene.receipt = vanishing.erase(scene.tx, scene.position, scene.now)
    return start(_flows(scene), "erased") if scene.receipt else "nothing"


def ring_back_now(scene: Scene) -> str:
    """The line rings this person: `rings`, `already` when it has just done so, `capped`, or `cannot`."""
    return ring_backs.request(scene.tx, scene.party, scene.bounds, _once(scene), scene.now)


def ring_back_in_the_morning(scene: Scene) -> str:
    """The same when their hours open again."""
    return missed_calls.in_the_morning(scene, _once(scene)) if scene.party.contact_id else "cannot"


def _once(scene: Scene) -> str:
    """A name for what was asked in this turn."""
    return f"{scene.position.id}.{scene.position.turn}"


def _planned(scene: Scene, who: Person, channel: str, flow: str, rule: Rule, left: int | None) -> str:
    """By `rule`, at the time that was answered; what comes only once, and not today any more, comes tomorrow."""
    contacts.come_back(scene.tx, who.number_id, scene.now)
    if contacts.has_stopped(scene.tx, who.number_id, channel):
        return "stopped"
    if openness.level(scene.tx, who.contact_id) == openness.REPLY_ONLY:
        return "reply_only"
    at = _within(scene.answers.get("at", ""), who)
    law, sender = scene.content.quiet_hours, scene.party.service_number
    for first in (rule.first, _today(scene, who) + DAY)[: 2 if rule.every == "once" else 1]:
        wish = Wish(sender, channel, flow, rule._replace(at=at, first=first), left)
        if schedules.plan(scene.tx, who, law, wish, scene.now):
            consents.agree(scene.tx, scene.party, REMIND, True, _heard(scene), scene.now)
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


def _heard(scene: Scene) -> str:
    """The hash of the words of the question that was answered last."""
    asked = scene.position.state  # the turn is not written yet: this is where it began
    node = _flows(scene).nodes.get((asked.flow, asked.node)) if asked else None
    return asking.words(node, scene.party.channel)


def _flows(scene: Scene) -> Flows:
    return scene.content.flows[scene.party.language]
