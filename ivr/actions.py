"""What a flow can `do`: one function each, whose name is its name in YAML. None commits; none reaches the network."""

import hashlib

from ivr import callbacks, contacts, exercises, positions
from ivr.engine.model import Say, State
from ivr.engine.run import said
from ivr.phone import parse
from ivr.scene import Scene

KEEP = "keep"  # the purpose of a consent: keeping answers


def choose_language(scene: Scene) -> str:
    """From this very turn on, speaks the language whose code was answered."""
    chosen = scene.answers.get("language", "")
    if chosen in scene.content.languages:
        contacts.speak(scene.tx, scene.party, chosen)
    return scene.party.language


def record_consent(scene: Scene) -> None:
    """Notes whether answers may be kept, with the hash of the words that asked."""
    if answer := scene.answers.get("consent"):
        contacts.agree(scene.tx, scene.party, KEEP, answer == "yes", _heard(scene), scene.now)


def resume_position(scene: Scene) -> State | str:
    """Goes on where this person was cut off; `gone` when that no longer waits."""
    state = positions.open_elsewhere(scene.tx, scene.vault, scene.position, scene.now)
    return state if state and positions.give_up_others(scene.tx, scene.position) else "gone"


def forget_position(scene: Scene) -> None:
    """What was cut off is over."""
    positions.give_up_others(scene.tx, scene.position)


def request_callback(scene: Scene) -> str:
    """Asks for a counselor's call: `new`, `already`, or `withheld` when there is no number to ring."""
    number_id = _number_to_ring(scene)
    if number_id is None:
        return "withheld"
    wanted = scene.answers.get("when", "")
    return callbacks.request(scene.tx, scene.vault, scene.party, number_id, wanted, scene.now)


def cancel_callback(scene: Scene) -> str:
    """Takes the open request back: `cancelled` or `none`."""
    return callbacks.cancel(scene.tx, scene.party, scene.now) if scene.party.contact_id else "none"


def record_exercise(scene: Scene) -> None:
    """Notes which exercise was done and whether it helped, if answers may be kept."""
    if contacts.agreed(scene.tx, scene.party, KEEP):
        helped = scene.answers.get("helped", "")
        exercises.record(scene.tx, scene.vault, scene.party, scene.flow, helped, scene.now)


def ring_somebody(scene: Scene) -> str:  # noqa: ARG001 - the roster will ask the scene
    """Rings a counselor: `answered`, or `nobody`, as always until there is a roster."""
    return "nobody"


def stop_texts(scene: Scene) -> None:
    """Nothing goes out by text to this number any more that it did not ask for."""
    contacts.stop(scene.tx, scene.party.number_id, "sms", "person", scene.now)


def start_texts(scene: Scene) -> None:
    """Texts may go out again."""
    contacts.start_again(scene.tx, scene.party.number_id, "sms", scene.now)


def _number_to_ring(scene: Scene) -> str | None:
    typed = parse(scene.answers.get("number", ""), scene.config.country)
    if typed:
        return contacts.number(scene.tx, scene.vault, typed, scene.now)
    return scene.party.number_id


def _heard(scene: Scene) -> str:
    """The hash of the words of the question that was answered last."""
    asked = scene.position.state  # the turn is not written yet: this is where it began
    node = scene.content.flows[scene.party.language].nodes.get((asked.flow, asked.node)) if asked else None
    words = "\n".join(getattr(say, scene.party.channel) for say in said(node) if isinstance(say, Say)) if node else ""
    return hashlib.sha256(words.encode()).hexdigest()
