"""What a flow can `do` with what a counselor and a person write to each other: tell it, and pass an answer on."""

from ivr.callbacks import correspondence
from ivr.desk import news
from ivr.scene import Scene
from ivr.team import counselors


def read_desk_texts(scene: Scene) -> str:
    """What was written to this person is told now: `some` or `none`."""
    contact, answers = scene.party.contact_id, dict(scene.answers)
    row = answers.pop(correspondence.ROW, "")
    ids = correspondence.give(scene.tx, contact, row, scene.now) if contact else []
    scene.answers = answers | {correspondence.IDS: " ".join(ids)}
    return "some" if ids else "none"


def pass_on(scene: Scene) -> str:
    """Whoever wrote to them is told that they have answered: `passed_on`; `over` when that is closed, or long ago."""
    about = correspondence.thread(scene.tx, scene.party.contact_id, scene.now)
    if about is None:
        return "over"
    correspondence.answered(scene.tx, about, scene.now)
    who = counselors.find(scene.tx, about.counselor_id)
    if who:
        news.tell_of_answer(scene.tx, scene.vault, who, about, scene.now)
    return "over" if about.closed_at else "passed_on"
