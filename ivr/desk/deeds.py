"""What each command does: a function by the command's name, which answers with a block of the template and values."""

from collections import Counter
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ivr import audit, correspondence, shifts
from ivr.callbacks import calls, cards, claims, outcomes, queue, timelines
from ivr.callbacks.cards import Card
from ivr.callbacks.claims import Claim
from ivr.callbacks.requests import ATTEMPTED, CANCELLED, CLAIMED, DAY, NOT_REACHED, REACHED
from ivr.config import Config
from ivr.content import Content
from ivr.counselors import Member, Refused
from ivr.db import Transaction
from ivr.desk import phones
from ivr.desk.commands import Command
from ivr.desk.plans import planned
from ivr.desk.vocabulary import words_for
from ivr.engine.words import normalise
from ivr.moments import moment_of
from ivr.vault import Vault

HOUR = 3_600_000  # ms
USUAL_MINUTES, MOST_MINUTES, USUAL_HOURS = 30, 1440, 8
SHOWN, TOLD, COUNTED = 3, 5, 1000
ENDS = {"done": REACHED, "refused": CANCELLED, "close": NOT_REACHED}  # how a request is over, by command


class Floor(NamedTuple):
    """Where a command is carried out: the transaction, who commands, and the moment (ms, UTC)."""

    tx: Transaction
    vault: Vault
    config: Config
    content: Content
    who: Member
    now: int


class Reply(NamedTuple):
    """A block of the template with its values. `is_about_somebody`: what it says of a person is not kept."""

    name: str
    values: dict[str, Any]
    is_about_somebody: bool = False


def do(floor: Floor, command: Command) -> list[Reply]:
    """Carries a command out; what is answered."""
    if command.name not in ABOUT_ONE:
        return DEEDS[command.name](floor, command)
    found = _mine(floor, command)
    return ABOUT_ONE[command.name](floor, found, command) if isinstance(found, Card) else [found]


def take_next(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """The first that they can help with."""
    claim = claims.take_next(floor.tx, floor.who, floor.now)
    return _got(floor, claim) if claim else [Reply("none", {})]


def take(floor: Floor, command: Command) -> list[Reply]:
    """This one; who has it, when it is taken."""
    ref = command.ref or 0
    came = claims.take(floor.tx, floor.who, ref, floor.now)
    if isinstance(came, Claim):
        return _got(floor, came)
    if came and came.counselor_id == floor.who.id:
        return do(floor, command._replace(name="card"))
    return [Reply("held", {"ref": ref, "name": came.login}) if came else Reply("gone", {"ref": ref})]


def card(floor: Floor, found: Card, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """How somebody can be rung safely."""
    return [_card(floor, found)]


def call(floor: Floor, found: Card, command: Command) -> list[Reply]:
    """Rings their own phone, and from there the person; a reason behind the number overrules the hours."""
    came = calls.ring(floor.tx, floor.vault, floor.config, floor.who, found.id, floor.now, command.rest)
    return [Reply(came, {"ref": found.ref, "since": found.from_at})]


def close(floor: Floor, found: Card, command: Command) -> list[Reply]:
    """It is over, in the way that the command says, and the note kept."""
    if command.rest:
        outcomes.write(floor.tx, floor.vault, floor.who, found.id, command.rest, floor.now)
    outcomes.close(floor.tx, floor.who, found.id, ENDS[command.name], floor.now)
    return [Reply("closed", {"ref": found.ref, "has_note": bool(command.rest)})]


def note(floor: Floor, found: Card, command: Command) -> list[Reply]:
    """What is to be known of it is kept."""
    outcomes.write(floor.tx, floor.vault, floor.who, found.id, command.rest, floor.now)
    claims.extend(floor.tx, floor.who, found.id, floor.now)
    return [Reply("noted", {"ref": found.ref})]


def read(floor: Floor, found: Card, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """What is known of them, the newest first: what they wrote, notes, check-ins, exercises."""
    correspondence.read(floor.tx, found.id)
    moments = timelines.of(floor.tx, floor.vault, found.contact_id, found.id)[:TOLD]
    return [Reply("read", {"ref": found.ref, "moments": moments}, is_about_somebody=True)]


def text(floor: Floor, found: Card, command: Command) -> list[Reply]:
    """They are written to."""
    tx, vault, sensitive = floor.tx, floor.vault, floor.content.sensitive
    came = correspondence.write(tx, vault, sensitive, floor.who, found, command.rest, floor.now)
    return [Reply(f"text_{came.outcome}", {"ref": found.ref, "words": came.words})]


def tried(floor: Floor, found: Card, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Nobody was reached."""
    home = floor.content.hours.zone
    left = outcomes.tried(floor.tx, floor.vault, floor.who, found.id, outcomes.IN_VAIN[0], home, floor.now)
    return [Reply("tried", {"ref": found.ref, "next_at": left.next_at if left else None})]


def later(floor: Floor, found: Card, command: Command) -> list[Reply]:
    """Nobody is to ring for so many minutes."""
    minutes = min(max(command.number or USUAL_MINUTES, 1), MOST_MINUTES)
    outcomes.put_off(floor.tx, floor.who, found.id, minutes, floor.now)
    return [Reply("later", {"ref": found.ref, "count": minutes})]


def back(floor: Floor, found: Card, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Others may take it."""
    claims.give_back(floor.tx, floor.who, found.id, floor.now)
    return [Reply("back", {"ref": found.ref})]


def on(floor: Floor, command: Command) -> list[Reply]:
    """On duty from now on, for so many hours."""
    hours = min(max(command.number or USUAL_HOURS, 1), 24)
    shifts.begin(floor.tx, floor.who, floor.now, hours * HOUR)
    return [Reply("on", {"until": shifts.until(floor.tx, floor.who, floor.now)})]


def off(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Not on duty any more."""
    shifts.end(floor.tx, floor.who, floor.now)
    return [Reply("off", {})]


def who(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Who is on duty."""
    return [Reply("who", {"there": [each.login for each in shifts.on_duty(floor.tx, floor.now)]})]


def day(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """What they did since yesterday, in counts."""
    done = Counter(line.what for line in audit.of(floor.tx, floor.who.id, floor.now - DAY, COUNTED))
    return [Reply("day", {"taken": done[CLAIMED], "reached": done[REACHED], "tried": done[ATTEMPTED]})]


def plan(floor: Floor, command: Command) -> list[Reply]:
    """The shifts that are planned; or one of their own more, or those of a day off."""
    if not command.rest:
        return [Reply("planned", {"rows": shifts.planned(floor.tx, floor.now)[:SHOWN]})]
    zone = floor.content.hours.zone
    wanted = planned(command.rest, moment_of(floor.now).astimezone(zone).date())
    if wanted and wanted.rest and normalise(wanted.rest) in words_for(floor.content, floor.who.language, "off"):
        return _dropped(floor, wanted.day, zone)
    if wanted is None or wanted.begins is None or wanted.ends is None:
        return [Reply("plan_unclear", {})]
    span = shifts.span(wanted.day, wanted.begins, wanted.ends, zone)
    if span[1] <= floor.now:
        return [Reply("plan_unclear", {})]
    shifts.plan(floor.tx, floor.who.id, *span, floor.who.id, floor.now)
    return [Reply("plan_kept", {"since": span[0], "until": span[1]})]


def list_(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """How many wait, and the first of them, with nothing about anybody."""
    counts, mine = queue.counts(floor.tx, floor.now), cards.held_by(floor.tx, floor.who)
    return [Reply("list", {"counts": counts, "mine": mine, "rows": queue.first(floor.tx, SHOWN)})]


def words(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Which words there are."""
    return [Reply("words", {})]


def pin(floor: Floor, command: Command) -> list[Reply]:
    """A new PIN, by the old one."""
    if not phones.unlock(floor.tx, floor.vault, floor.who, command.old, floor.now):
        return [Reply("wrong_pin", {})]
    try:
        phones.set_pin(floor.tx, floor.vault, floor.who, command.new, floor.who.id, floor.now)
    except Refused:
        return [Reply("pin_weak", {})]
    return [Reply("pin_set", {})]


DEEDS = {
    "next": take_next,
    "take": take,
    "on": on,
    "off": off,
    "who": who,
    "plan": plan,
    "day": day,
    "list": list_,
    "words": words,
    "pin": pin,
}
# About one request that they have: the one that is named, or the only one.
ABOUT_ONE = {
    "card": card,
    "call": call,
    **dict.fromkeys(ENDS, close),
    "read": read,
    "text": text,
    "note": note,
    "tried": tried,
    "later": later,
    "back": back,
}


def _dropped(floor: Floor, day: date, zone: ZoneInfo) -> list[Reply]:
    """Their own shifts that begin on that day are off."""
    tx, who, now = floor.tx, floor.who, floor.now
    mine = [each for each in shifts.planned(tx, now) if each.counselor_id == who.id]
    theirs = [each for each in mine if moment_of(each.starts_at).astimezone(zone).date() == day]
    return [Reply("plan_off", {"count": sum(shifts.drop(tx, each.id, who.id, who.id, now) for each in theirs)})]


def _got(floor: Floor, claim: Claim) -> list[Reply]:
    found = cards.find(floor.tx, floor.vault, claim.id)
    taken = Reply("taken", {"ref": claim.ref, "until": claim.leased_until})
    return [taken, _card(floor, found)] if found else [taken]


def _card(floor: Floor, found: Card) -> Reply:
    return Reply("card", {"card": found, "is_safe": found.is_safe(floor.now)}, is_about_somebody=True)


def _mine(floor: Floor, command: Command) -> Card | Reply:
    """What they have by that number, or the only one that they have."""
    held = cards.held_by(floor.tx, floor.who)
    if command.ref is None and len(held) != 1:
        return Reply("which", {"refs": held})
    ref = held[0] if command.ref is None else command.ref
    found = cards.find(floor.tx, floor.vault, str(ref)) if ref in held else None
    return found or Reply("not_yours", {"ref": ref})
