"""What a flow can `do` on a phone that others use too: PINs, how openly one is reached, and leaving without a trace."""

from ivr.care import silences
from ivr.desk import keypad
from ivr.engine.model import Turn
from ivr.engine.run import ENTRANCE, start
from ivr.memory import handovers, pins, positions, threads
from ivr.models import new_id
from ivr.outbox import rows
from ivr.people import asking, contacts, openness
from ivr.privacy import forgotten
from ivr.scene import Scene

DESK, OWN_PIN = "desk", "own_pin"
DOOR = "door"  # the node of the entrance behind its greeting
KEEPING = "consent"  # and the one that asks whether answers may be kept
LEFT = "left quietly"


def step_aside(scene: Scene) -> None:
    """A PIN is asked for in the midst of a thread of texts: that one stays with whoever wrote in it, and goes on when
    somebody writes without a PIN again. What was opened by a PIN is shut, and so is what tells that one was looked for.
    """
    position, state = scene.position, scene.position.state
    if position.party.channel != "sms" or position.is_new or state is None or "whose" in scene.answers:
        return
    if state.flow != pins.FLOW:
        if state.flow == OWN_PIN or pins.has_pin(scene.tx, position.party.contact_id):
            threads.shut(scene.tx, position.id)
        position.id, position.turn, position.is_new = new_id(), 0, True


def open_profile(scene: Scene) -> Turn | str:
    """From here on the conversation is that of whose PIN was answered: `opened`; `wrong` in all other cases. A
    counselor's own, given on a call from their phone, leads to the desk: nobody else learns that there is one.
    """
    answers, party = dict(scene.answers), scene.party
    pin = answers.pop("pin", "")
    found = pins.opens(scene.tx, scene.vault, party.number_id, pin, scene.now)
    scene.answers = answers
    if found is None:
        return start(scene.flows, DESK) if keypad.enters(scene, pin) else "wrong"
    forgotten.keep(scene.tx, found)
    # What was answered before is somebody else's. What the line called for goes on for that person only.
    is_for_them = pins.stands_for(scene.tx, found, answers.get("whose", ""))
    kept = {"then": answers["then"]} if is_for_them and "then" in answers else {}
    scene.answers = kept
    handovers.hand_over(scene.tx, scene.vault, scene.position, found, scene.now)
    party.language = contacts.language(scene.tx, found) or party.language
    return "opened"


def go_inside(scene: Scene) -> Turn:
    """Past the greeting, which was heard; whoever has never chosen a language does so now."""
    node = DOOR if contacts.has_chosen_language(scene.tx, scene.party) else ""
    return start(scene.flows, ENTRANCE, scene.answers, node)


def go_on_without(scene: Scene) -> Turn:
    """Nobody gave the PIN: what the line called or wrote for stays shut."""
    scene.answers = {name: value for name, value in scene.answers.items() if name not in ("whose", "then", "pin")}
    return go_inside(scene)


def hide_pin(scene: Scene) -> None:
    """Until the digits come a second time, only a slow hash of them waits."""
    hidden = scene.vault.stretched(scene.answers.get("new_pin", ""), scene.party.number_id or "")
    scene.answers = {**scene.answers, "new_pin": hidden}


def choose_pin(scene: Scene) -> str:
    """The digits that were answered twice are this person's PIN: `set`, `differ`, or `cannot`, now or with these."""
    pin = _answered_twice(scene)
    if pin is None:
        return "differ"
    return "set" if pins.choose(scene.tx, scene.vault, scene.party, pin, scene.now) else "cannot"


def choose_second_pin(scene: Scene) -> str:
    """The same for a PIN that opens an empty profile; `first` for whoever has no PIN yet."""
    pin = _answered_twice(scene)
    words = asking.words(scene.flows.nodes.get((ENTRANCE, KEEPING)), scene.party.channel)
    if not pins.has_pin(scene.tx, scene.party.contact_id):
        return "first"
    if pin is None:
        return "differ"
    return "set" if pins.choose_second(scene.tx, scene.vault, scene.party, pin, words, scene.now) else "cannot"


def remove_pin(scene: Scene) -> str:
    """No PIN any more: `removed`; `shared` while somebody else uses the number without one; `none` without any."""
    return pins.remove(scene.tx, scene.party)


def choose_openness(scene: Scene) -> None:
    """From now on the line reaches this person as they answered."""
    if scene.party.contact_id and (level := scene.answers.get("openness")):
        openness.choose(scene.tx, scene.party.contact_id, level)


def note_offer(scene: Scene) -> None:
    """They were told once that they can choose; until they do, nothing that goes out says anything."""
    if scene.party.contact_id and openness.level(scene.tx, scene.party.contact_id) is None:
        openness.choose(scene.tx, scene.party.contact_id, openness.COVERT)


def leave_quietly(scene: Scene) -> None:
    """Somebody came into the room: nothing offers to go on from here, on any channel, and nothing follows from it."""
    scene.position.is_left = True
    positions.give_up_others(scene.tx, scene.position)
    if scene.party.contact_id:
        rows.cancel_of(scene.tx, scene.party.contact_id, scene.position.id, LEFT)
        silences.take_back(scene.tx, scene.party.contact_id, LEFT)


def leave_alone(scene: Scene) -> None:
    """Whoever answered is not whom we look for: nothing more to this number by this channel, until they come back."""
    party = scene.party
    contacts.stop(scene.tx, party.number_id, party.channel, contacts.WRONG_PERSON, scene.now)


def _answered_twice(scene: Scene) -> str | None:
    """The digits, which are forgotten at once; None where the two answers differ."""
    hidden, pin = (scene.answers.get(name, "") for name in ("new_pin", "again"))
    scene.answers = {name: value for name, value in scene.answers.items() if name not in ("new_pin", "again")}
    return pin if scene.vault.stretched(pin, scene.party.number_id or "") == hidden else None
