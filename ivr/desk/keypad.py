"""The desk by keypad: who of the desk is on this call, and which request they work at."""

from ivr.callbacks import cards
from ivr.callbacks.cards import Card
from ivr.desk import phones
from ivr.desk.floor import Floor
from ivr.people import contacts
from ivr.scene import Scene
from ivr.team import counselors


def enters(scene: Scene, pin: str) -> bool:
    """Whether this PIN, on a call, is that of the desk for the phone that rang us; then it speaks their language."""
    floor = _floor(scene) if scene.party.channel == "voice" else None
    if floor is None or not phones.has_pin(scene.tx, floor.who):
        return False
    if not phones.unlock(scene.tx, scene.vault, floor.who, pin, scene.now):
        return False
    scene.party.language = scene.content.known(floor.who.language)
    return True


def opened(scene: Scene) -> Floor | None:
    """Where their commands are carried out; None when nobody of the desk is on the call, or their PIN holds no more."""
    floor = _floor(scene)
    return floor if floor and phones.is_open(scene.tx, scene.vault, floor.who, scene.now) else None


def held(floor: Floor) -> Card | None:
    """The first request that they have: an urgent one before others."""
    refs = cards.held_by(floor.tx, floor.who)
    return cards.find(floor.tx, floor.vault, str(refs[0])) if refs else None


def _floor(scene: Scene) -> Floor | None:
    if scene.party.number_id is None:
        return None
    number = contacts.phone_number(scene.tx, scene.vault, scene.party.number_id)
    who = counselors.at_phone(scene.tx, scene.vault, number)
    return Floor(scene.tx, scene.vault, scene.config, scene.content, who, scene.now) if who else None
