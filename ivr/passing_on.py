"""Texts that are not for the line itself: of those on duty about an alert, to the desk, to a counselor who wrote."""

import re

from ivr import conversations
from ivr.callbacks import concerns, correspondence
from ivr.channels.values import plain
from ivr.desk import texts as desk
from ivr.engine.model import Output, Say
from ivr.engine.run import phrase, start
from ivr.hearing.keywords import Heard
from ivr.people import contacts
from ivr.phone import Phone
from ivr.scene import Scene
from ivr.team import counselors, duty

_ACKNOWLEDGED = re.compile(r"ok(?:ay)?(?: ?(?P<code>\d{1,9}))?|(?P<alone>\d{2,9})")


def of_those_who_help(scene: Scene, sender: Phone | None, body: str, heard: Heard) -> tuple[Output, ...]:
    """What somebody on duty or at the desk writes in their work; nothing when it is for the line itself."""
    return _from_duty(scene, sender, heard) or _to_the_desk(scene, sender, body, heard)


def _from_duty(scene: Scene, sender: Phone | None, heard: Heard) -> tuple[Output, ...]:
    """Somebody on duty says that they have an alert: a word, its code, or both. A number alone may be the answer to a
    question of the line's own.
    """
    said = _ACKNOWLEDGED.fullmatch(heard.text)
    if said is None or sender is None or (said["alone"] and scene.position.state is not None):
        return ()
    each = duty.find(scene.tx, scene.vault, scene.config, sender.number)
    if each is None:
        return ()
    who = counselors.at_phone(scene.tx, scene.vault, sender.number)
    code = said["code"] or said["alone"] or ""
    came = concerns.answer(scene.tx, who, scene.party.number_id or "", code, scene.now)
    if came.outcome == "unknown":
        return ()
    if not contacts.has_chosen_language(scene.tx, scene.party):
        scene.party.language = scene.content.known(each.language, scene.party.language)
    scene.answers = {"then": came.code}
    return (phrase(scene.flows, f"alert_{came.outcome}"),)


def dictated(scene: Scene, sender: Phone | None, body: str, heard: Heard) -> tuple[Output, ...]:
    """What a counselor notes of a request, or writes to somebody, unless it says that they are in danger themselves."""
    if not (heard.crisis or heard.wants_no) or sender is None:
        return ()
    if scene.content.keywords.sayings.is_of_oneself(body):
        return ()
    is_dictated = desk.dictates(scene, sender.number, body)
    return _to_the_desk(scene, sender, body, heard._replace(crisis="", key="")) if is_dictated else ()


def _to_the_desk(scene: Scene, sender: Phone | None, body: str, heard: Heard) -> tuple[Output, ...]:
    """A counselor's command. None of its words is kept: they are about somebody else."""
    is_busy = scene.position.state is not None and (bool(heard.key) or conversations.fits(scene, heard.text))
    said = desk.answer(scene, sender.number, body, is_busy) if sender else None
    if said is None:
        return ()
    scene.kept_instead = (Say("", plain(said.kept)),)
    return (Say("", plain(said.text)),)


def to_the_counselor(scene: Scene, text: str) -> tuple[Output, ...]:
    """What no question of the line's own understands, of somebody to whom a counselor wrote within a day."""
    if conversations.understands(scene, text.strip()):
        return ()
    if correspondence.thread(scene.tx, scene.party.contact_id, scene.now) is None:
        return ()
    return conversations.finish_turn(scene, start(scene.flows, correspondence.FLOW, node="answer"))
