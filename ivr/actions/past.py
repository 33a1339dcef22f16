"""What a flow can `do` with what was before: go on where somebody was cut off, note what helped, forget all."""

from ivr.callbacks import alerts
from ivr.care import exercises, silences
from ivr.engine.model import Turn
from ivr.engine.run import hear_again, start
from ivr.memory import positions
from ivr.people import consents
from ivr.privacy import vanishing
from ivr.scene import Scene


def resume_position(scene: Scene) -> Turn | str:
    """Goes on where this person was cut off; `gone` when that no longer waits."""
    state = positions.open_elsewhere(scene.tx, scene.vault, scene.position, scene.now)
    if state and positions.give_up_others(scene.tx, scene.position):
        return hear_again(scene.flows, state)
    return "gone"


def forget_position(scene: Scene) -> None:
    """What was cut off is over."""
    positions.give_up_others(scene.tx, scene.position)


def record_exercise(scene: Scene) -> None:
    """Notes which exercise was done and whether it helped, if answers may be kept."""
    if scene.agreed(consents.KEEP):
        helped = scene.answers.get("helped", "")
        exercises.record(scene.tx, scene.vault, scene.party, scene.flow, helped, scene.now)


def notice_fall(scene: Scene) -> None:
    """After a check-in far from this person's usual, a second word some hours later, if they agreed to that."""
    if scene.agreed(consents.WATCH):
        silences.notice_fall(scene.tx, scene.vault, scene.party, scene.config.silence_hours, scene.now)


def erase_everything(scene: Scene) -> Turn | str:
    """Erases this person, and goes on with the words for nobody in particular; `nothing` when nobody was known."""
    if scene.party.contact_id:
        alerts.take_back(scene.tx, scene.vault, scene.config, scene.party.contact_id, scene.now)
    scene.receipt = vanishing.erase(scene.tx, scene.position, scene.now)
    return start(scene.flows, "erased") if scene.receipt else "nothing"
