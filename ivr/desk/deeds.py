"""What each command does: a function by the command's name, which answers with a block of the template and values."""

from ivr.callbacks import calls, cards, claims, correspondence, outcomes, queue, timelines
from ivr.callbacks.cards import Card
from ivr.callbacks.claims import Claim
from ivr.callbacks.requests import CANCELLED, NOT_REACHED, REACHED
from ivr.desk import phones
from ivr.desk.commands import Command
from ivr.desk.duties import DUTIES
from ivr.desk.floor import Floor, Reply
from ivr.team.counselors import Refused

USUAL_MINUTES, MOST_MINUTES = 30, 1440
SHOWN, TOLD = 3, 5
ENDS = {"done": REACHED, "refused": CANCELLED, "close": NOT_REACHED}  # how a request is over, by command


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
    **DUTIES,
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
