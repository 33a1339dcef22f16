"""A text that comes from a counselor's phone: to the desk, when it is a command; else from a person as any other."""

from typing import NamedTuple

from ivr.desk import phones
from ivr.desk.commands import Command, Typed, likely, parse, typed
from ivr.desk.deeds import do
from ivr.desk.floor import Floor, Reply
from ivr.desk.vocabulary import vocabulary
from ivr.desk.words import written
from ivr.scene import Scene
from ivr.team import counselors


class Said(NamedTuple):
    """What is answered; and what is kept of that, without what it says of anybody."""

    text: str
    kept: str


def answer(scene: Scene, number: str, text: str, is_busy: bool) -> Said | None:
    """What the desk says to this text; None when it is not for the desk.

    `is_busy`: it answers a question of the line's own, which goes first.
    """
    who = counselors.at_phone(scene.tx, scene.vault, number)
    if who is None or is_busy:
        return None
    floor = Floor(scene.tx, scene.vault, scene.config, scene.content, who, scene.now)
    found = _replies(floor, typed(text), is_waited_for=scene.position.state is not None)
    return _said(floor, found) if found else None


def dictates(scene: Scene, number: str, text: str) -> bool:
    """Whether this is a counselor's command that holds words of theirs about a request, by its short number."""
    who = counselors.at_phone(scene.tx, scene.vault, number)
    if who is None:
        return False
    command = parse(vocabulary(scene.content, scene.content.known(who.language)), typed(text).text)
    return command is not None and command.ref is not None and bool(command.rest)


def _replies(floor: Floor, given: Typed, *, is_waited_for: bool) -> list[Reply]:
    words = vocabulary(floor.content, _language(floor))
    command = parse(words, given.text)
    if command is None and is_waited_for:
        return []
    if command is None and not given.text:
        return _unlocked(floor, given.pin)
    if command is None:
        near = likely(words, given.text)
        return [Reply("likely", {"words": near})] if near else []
    return _locked(floor, given, command) or do(floor, command)


def _unlocked(floor: Floor, pin: str) -> list[Reply]:
    """A PIN alone, where one is awaited; else digits are for whoever else may expect them."""
    tx, vault, who, now = floor.tx, floor.vault, floor.who, floor.now
    if not phones.has_pin(tx, who) or phones.is_open(tx, vault, who, now):
        return []
    return [Reply("words" if phones.unlock(tx, vault, who, pin, now) else "wrong_pin", {})]


def _locked(floor: Floor, given: Typed, command: Command) -> list[Reply]:
    """Why nothing is done; nothing when the phone is open."""
    tx, vault, who, now = floor.tx, floor.vault, floor.who, floor.now
    if not phones.has_pin(tx, who):
        return [Reply("no_pin", {})]
    if command.name == "pin" or (not given.pin and phones.is_open(tx, vault, who, now)):
        return []
    if not given.pin:
        return [Reply("ask_pin", {"text": command.name if command.rest else given.text})]
    return [] if phones.unlock(tx, vault, who, given.pin, now) else [Reply("wrong_pin", {})]


def _said(floor: Floor, replies: list[Reply]) -> Said:
    told = [(reply, written(floor.content, _language(floor), reply.name, floor.now, reply.values)) for reply in replies]
    kept = " ".join(text for reply, text in told if not reply.is_about_somebody)
    return Said(" ".join(text for _, text in told), kept)


def _language(floor: Floor) -> str:
    return floor.content.known(floor.who.language)
