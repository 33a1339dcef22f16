"""Facts that a flow may `switch` on: one function each, whose name is its name in YAML."""

from ivr.callbacks import requests
from ivr.care.visits import are_many
from ivr.desk import calls, keypad
from ivr.memory import positions, threads
from ivr.outreach import schedules
from ivr.people import consents, contacts
from ivr.people import openness as levels
from ivr.scene import Scene
from ivr.team import duty, shifts


def hours(scene: Scene) -> str:
    """Is the desk open now? `open`, `closed` or `holiday`."""
    return scene.content.hours.at(scene.moment)


def on_duty(scene: Scene) -> str:
    """Is a counselor there to be rung now? `yes` or `no`."""
    return "yes" if duty.on_duty(scene.tx, scene.vault, scene.config, scene.now) else "no"


def manner(scene: Scene) -> str:
    """Of whom danger was said in a text: `own`, `another`, or `denied`; `perhaps` where it may mean something else."""
    return scene.answers.get("manner") or "own"


def wish(scene: Scene) -> str:
    """Whether danger was said together with a wish for no more texts: `no_texts` or `none`."""
    return scene.answers.get("wish") or "none"


def language(scene: Scene) -> str:
    """The code of the language that now holds."""
    return scene.party.language


def channel(scene: Scene) -> str:
    """`voice` or `sms`."""
    return scene.party.channel


def caller(scene: Scene) -> str:
    """`withheld`, `new` (has never chosen a language) or `known`."""
    if scene.party.contact_id is None:
        return "withheld"
    return "known" if contacts.has_chosen_language(scene.tx, scene.party) else "new"


def profile(scene: Scene) -> str:
    """`locked` while what the line called or wrote for needs a PIN that nobody has given, else `open`."""
    return "locked" if scene.answers.get("whose") else "open"


def openness(scene: Scene) -> str:
    """How may the line reach this person? `covert`, `reply_only`, `open` or `not_asked`. With a PIN always covert."""
    if scene.answers.get("whose"):
        return levels.COVERT
    return levels.level(scene.tx, scene.party.contact_id) or "not_asked"


def at_hand(scene: Scene) -> str:
    """Has this person written or pressed a key within ten minutes, so that the phone is in their hand? `yes`, `no`."""
    if scene.answers.get("whose"):
        return "no"
    just_now = scene.position.pressed_at > scene.now - threads.AT_HAND
    return "yes" if just_now or threads.is_at_hand(scene.tx, scene.party.contact_id, scene.now) else "no"


def begun_by(scene: Scene) -> str:
    """Who began this call or thread? `line`, when it goes by what was to go out, or `person`."""
    return "line" if "then" in scene.answers else "person"


def keeping(scene: Scene) -> str:
    """May answers be kept? `asked_yes`, `asked_no` or `not_asked`."""
    given = scene.agreed(consents.KEEP)
    return {True: "asked_yes", False: "asked_no", None: "not_asked"}[given]


def visits(scene: Scene) -> str:
    """Has this person come often today? `many` at each sixth time, else `usual`."""
    return "many" if are_many(scene.tx, scene.position, scene.now) else "usual"


def consent_words(scene: Scene) -> str:
    """Which question was answered in other words than it has now: `keep`, `watch`, `voicemail`; or `same`."""
    return consents.outdated(scene.tx, scene.party, scene.content.asked) or "same"


def position(scene: Scene) -> str:
    """`open` when something was cut off and still waits, else `none`."""
    elsewhere = positions.open_elsewhere(scene.tx, scene.vault, scene.position, scene.now)
    return "open" if elsewhere else "none"


def reminders(scene: Scene) -> str:
    """Is this person reminded of anything? `set`, `paused` or `none`."""
    found = schedules.of(scene.tx, scene.party.contact_id) if scene.party.contact_id else []
    if not found:
        return "none"
    return "paused" if all((each.paused_until or 0) > scene.now for each in found) else "set"


def call_wanted(scene: Scene) -> str:
    """How stands a request for a call of theirs? `none`, `waiting`, `held` (somebody has it) or `tried` (in vain)."""
    stands = requests.stands(scene.tx, scene.vault, scene.party)
    if stands is None:
        return "none"
    return {requests.CLAIMED: "held", requests.ATTEMPTED: "tried"}.get(stands.state, "waiting")


def ring_hours(scene: Scene) -> str:
    """May they be rung at this hour, as they said? `open`, `ahead`, or `any` where there is no end to it."""
    stands = requests.stands(scene.tx, scene.vault, scene.party)
    if stands is None or stands.until_at is None:
        return "any"
    return "open" if stands.from_at <= scene.now else "ahead"


def my_duty(scene: Scene) -> str:
    """Is the counselor on this call on duty? `on` or `off`."""
    floor = keypad.opened(scene)
    return "on" if floor and shifts.until(floor.tx, floor.who, floor.now) else "off"


def card_language(scene: Scene) -> str:
    """In which language a counselor is to speak to somebody who asked for a call: its code."""
    wanted = calls.wanted(scene)
    return wanted.language if wanted else ""


def card_asked(scene: Scene) -> str:
    """`yes` when they asked for a call; `no` when they may be in danger, and did not."""
    wanted = calls.wanted(scene)
    return "yes" if wanted is None or wanted.asked else "no"


def card_name(scene: Scene) -> str:
    """Did they say which name to ask for? `written` or `none`: their own words stand on the card."""
    return "written" if calls.wish(scene).name else "none"


def card_alone(scene: Scene) -> str:
    """`yes` when nobody else picks up their phone, else `no`."""
    return "yes" if calls.wish(scene).alone == "yes" else "no"


def card_voicemail(scene: Scene) -> str:
    """`yes` when a machine may be told a few neutral words, else `no`."""
    return "yes" if calls.wish(scene).voicemail == "yes" else "no"


def card_wish(scene: Scene) -> str:
    """With whom they would rather talk: `woman`, `man` or `anybody`."""
    return calls.wish(scene).counselor or "anybody"


def card_tries(scene: Scene) -> str:
    """Were they rung in vain before? `some` or `none`."""
    return "none" if calls.tries(scene) == "0" else "some"
