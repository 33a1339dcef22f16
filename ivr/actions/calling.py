"""What a flow can `do` on a counselor's leg of a call: ring the person who asked for it, and say what became of it."""

from collections.abc import Callable

from ivr.actions.human_help import RUNG
from ivr.callbacks import claims, outcomes, talks
from ivr.callbacks.calls import Made, Wanted
from ivr.callbacks.requests import REACHED
from ivr.callbacks.talks import CALL
from ivr.desk import calls
from ivr.engine.model import Dial
from ivr.people import contacts
from ivr.scene import Scene
from ivr.team.counselors import Member

SECONDS = 30  # that a person's phone rings: it may lie in another room
LATER = 60  # minutes for which nobody rings who asked to be rung later


def look_at_card(scene: Scene) -> str:
    """Somebody has taken the counselor's phone: `yours`, or `gone` when the request is theirs no more."""
    call = calls.current(scene)
    return "yours" if call and talks.answered(scene.tx, call, scene.now) else "gone"


def put_through(scene: Scene) -> Dial | str:
    """Rings the person, and is asked again when that is over: `talked`, or why not, as `no_answer`; `gone`."""
    call = calls.current(scene)
    if call and RUNG in scene.answers:
        scene.answers = {name: value for name, value in scene.answers.items() if name != RUNG}
        return (call.outcome or talks.NO_ANSWER).replace(" ", "_").lower()
    wanted = talks.answered(scene.tx, call, scene.now) if call else None
    if call is None or wanted is None or not talks.dial(scene.tx, call, scene.now):
        return "gone"
    return _dialled(scene, call, wanted)


def close_call(scene: Scene) -> str:
    """They were reached, and it is over: `done` or `gone`."""
    return _said(scene, lambda who, id: outcomes.close(scene.tx, who, id, REACHED, scene.now))


def call_later(scene: Scene) -> str:
    """They are to be rung another time, by whoever is there: `done` or `gone`."""
    return _said(scene, lambda who, id: outcomes.put_off(scene.tx, who, id, LATER, scene.now))


def leave_to_others(scene: Scene) -> str:
    """Somebody else should call: `done` or `gone`."""
    return _said(scene, lambda who, id: claims.give_back(scene.tx, who, id, scene.now))


def broke_off(scene: Scene) -> str:
    """The talk broke off, and what was agreed happens: `again` at once; `later` when it was rung again already;
    `closed` when they did not want to be rung again; `gone`.
    """
    call = calls.current(scene)
    if call is None or calls.wanted(scene) is None:
        return "gone"
    if calls.wish(scene).ring_again != "yes":
        return "closed" if close_call(scene) == "done" else "gone"
    if call.id != call.ring_id:
        done = _said(scene, lambda who, id: _tried(scene, who, id))
        return "later" if done == "done" else done
    scene.answers = {**scene.answers, CALL: talks.once_more(scene.tx, call, scene.now)}
    return "again"


def _tried(scene: Scene, who: Member, id: str) -> bool:
    return outcomes.tried(scene.tx, scene.vault, who, id, "broke off", scene.home, scene.now) is not None


def _dialled(scene: Scene, call: Made, wanted: Wanted) -> Dial:
    scene.answers = {**scene.answers, RUNG: call.id, CALL: call.id}
    number = contacts.phone_number(scene.tx, scene.vault, wanted.number_id)
    language = scene.content.known(wanted.language)
    return Dial(number, scene.party.service_number, scene.config.call_url(language, call.id), SECONDS)


def _said(scene: Scene, done: Callable[[Member, str], bool]) -> str:
    """Does it as the counselor whose leg this is."""
    call = calls.current(scene)
    who = calls.counselor(scene, call) if call else None
    return "done" if call and who and done(who, call.callback_id) else "gone"
