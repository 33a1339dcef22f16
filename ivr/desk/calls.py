"""What a counselor's own leg of a call knows: which call it is, whom it is to reach, and how they want to be rung."""

from ivr.callbacks import calls
from ivr.callbacks.calls import Made, Wanted
from ivr.callbacks.talks import CALL
from ivr.callbacks.wishes import Wish
from ivr.scene import Scene
from ivr.team import counselors
from ivr.team.counselors import Member


def current(scene: Scene) -> Made | None:
    """The call that was dialled last on this leg, else the one for which the leg was rung."""
    id = scene.answers.get(CALL) or scene.answers.get("then", "")
    return calls.find(scene.tx, id)


def counselor(scene: Scene, call: Made) -> Member | None:
    """Whose leg it is."""
    return counselors.find(scene.tx, call.counselor_id)


def wanted(scene: Scene) -> Wanted | None:
    """Who is to be rung, while the request is this counselor's."""
    call = current(scene)
    return calls.find_wanted(scene.tx, call.counselor_id, call.callback_id) if call else None


def wish(scene: Scene) -> Wish:
    """How they want to be rung; what was not said is empty, and then the careful answer counts."""
    call, who = current(scene), wanted(scene)
    return who.wish(scene.vault, call.callback_id) if call and who else Wish()


def tries(scene: Scene) -> str:
    """How often they were rung in vain."""
    who = wanted(scene)
    return str(who.attempts) if who else "0"
