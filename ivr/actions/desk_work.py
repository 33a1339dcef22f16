"""What a counselor can `do` at the desk by keypad. Each looks anew whether the desk is still open to this phone."""

from collections.abc import Callable

from ivr.callbacks import calls, claims, outcomes
from ivr.callbacks.cards import Card
from ivr.callbacks.requests import REACHED
from ivr.desk import keypad
from ivr.desk.deeds import USUAL_MINUTES
from ivr.desk.duties import HOUR, USUAL_HOURS
from ivr.desk.floor import Floor
from ivr.engine.model import Turn
from ivr.engine.run import start
from ivr.scene import Scene
from ivr.team import shifts

CARD = "asked"  # the node of the call's flow at which the card begins


def take_the_next(scene: Scene) -> str:
    """The first that they can help with is theirs: `taken` or `none`."""
    floor = keypad.opened(scene)
    return "taken" if floor and claims.take_next(floor.tx, floor.who, floor.now) else "none"


def look_at_mine(scene: Scene) -> str:
    """Whether they have any: `some` or `none`."""
    floor = keypad.opened(scene)
    return "some" if floor and keypad.held(floor) else "none"


def call_them(scene: Scene) -> Turn | str:
    """The card is spoken, and from this very call the person is rung; `gone` when it is theirs no more."""
    floor = keypad.opened(scene)
    card = keypad.held(floor) if floor else None
    if floor is None or card is None:
        return "gone"
    phone, leg = scene.party.number_id or "", scene.position.id
    call = calls.begin_here(floor.tx, floor.vault, floor.who, card.id, phone, leg, floor.now)
    return start(scene.flows, calls.FLOW, {"then": call}, CARD)


def close_mine(scene: Scene) -> str:
    """They talked: `done` or `gone`."""
    return _did(scene, lambda floor, card: outcomes.close(floor.tx, floor.who, card.id, REACHED, floor.now))


def put_off_mine(scene: Scene) -> str:
    """Nobody rings for half an hour: `done` or `gone`."""
    return _did(scene, lambda floor, card: outcomes.put_off(floor.tx, floor.who, card.id, USUAL_MINUTES, floor.now))


def give_back_mine(scene: Scene) -> str:
    """Others may take it: `done` or `gone`."""
    return _did(scene, lambda floor, card: claims.give_back(floor.tx, floor.who, card.id, floor.now))


def go_on_duty(scene: Scene) -> None:
    """From now on, for as long as is usual."""
    if floor := keypad.opened(scene):
        shifts.begin(floor.tx, floor.who, floor.now, USUAL_HOURS * HOUR)


def go_off_duty(scene: Scene) -> None:
    """Not any more."""
    if floor := keypad.opened(scene):
        shifts.end(floor.tx, floor.who, floor.now)


def _did(scene: Scene, deed: Callable[[Floor, Card], bool]) -> str:
    floor = keypad.opened(scene)
    card = keypad.held(floor) if floor else None
    return "done" if floor and card and deed(floor, card) else "gone"
