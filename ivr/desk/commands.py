"""A text of a counselor as a command: a word, perhaps a request's short number, and what stands behind. Pure.

Only a text that is a command as a whole counts as one: whoever works here may also need the line, in whatever words.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import NamedTuple

from ivr.engine.words import normalise

# What may stand behind each word. Without a number it is about the one request that they have.
_NOTHING, _REQUEST = r"", r"(?P<ref>\d{1,9})?"
_WITH_NOTE = r"(?:(?P<ref>\d{1,9})(?:\s+(?P<rest>.+))?)?"
_SHAPES = {
    "next": _NOTHING,
    "list": _NOTHING,
    "who": _NOTHING,
    "off": _NOTHING,
    "day": _NOTHING,
    "words": _NOTHING,
    "plan": r"(?P<rest>\d.*)?",
    "on": r"(?P<number>\d{1,2})?",
    "take": r"(?P<ref>\d{1,9})",
    "card": _REQUEST,
    "call": r"(?:(?P<ref>\d{1,9})(?:\s+(?P<rest>\D.+))?)?",
    "back": _REQUEST,
    "tried": _REQUEST,
    "later": r"(?:(?P<ref>\d{1,9})(?:\s+(?P<number>\d{1,4}))?)?",
    "done": _WITH_NOTE,
    "refused": _WITH_NOTE,
    "close": _WITH_NOTE,
    "read": _REQUEST,
    "text": r"(?P<ref>\d{1,9})\s+(?P<rest>.+)",
    "note": r"(?P<ref>\d{1,9})\s+(?P<rest>.+)",
    "pin": r"(?P<old>\d{4,6})\s+(?P<new>\d{4,6})",
}
NAMES = tuple(_SHAPES)
_COMPILED = {name: re.compile(shape, re.DOTALL) for name, shape in _SHAPES.items()}
_PIN = re.compile(r"(?P<pin>\d{4,6})(?:\s+(?P<rest>\D.*))?", re.DOTALL)
LIKELY, SHORTEST = 0.7, 3  # likeness from which a word may have been meant, and letters that it needs for that
TOLD = 2


class Command(NamedTuple):
    """What is to be done: to which request, with which number (hours, minutes) or words; or a PIN, old and new."""

    name: str
    ref: int | None = None
    number: int | None = None
    rest: str = ""
    old: str = ""
    new: str = ""


class Typed(NamedTuple):
    """A text, with the PIN that stood before it, if one did."""

    pin: str
    text: str


Words = Mapping[str, str]  # a normalised word -> the command that it names


def typed(text: str) -> Typed:
    """Takes a PIN off the front: `2580 next`, or `2580` alone."""
    found = _PIN.fullmatch(text.strip())
    return Typed(found["pin"], (found["rest"] or "").strip()) if found else Typed("", text.strip())


def parse(words: Words, text: str) -> Command | None:
    """The command that this text is, as a whole; None when it is none."""
    first, behind = _cut(text)
    name = words.get(first, "")
    found = _COMPILED[name].fullmatch(behind) if name else None
    if found is None:
        return None
    said = {key: value for key, value in found.groupdict().items() if value}
    numbers = {key: int(said.pop(key)) for key in ("ref", "number") if key in said}
    return Command(name, **numbers, **{key: value.strip() for key, value in said.items()})  # type: ignore[arg-type]


def likely(words: Words, text: str) -> list[str]:
    """The two commands that were probably meant, as they would be written; none when it does not look like one."""
    first, behind = _cut(text)
    ref = re.match(r"\d{1,9}(?!\d)", behind)
    if len(first) < SHORTEST or (behind and not ref):
        return []
    known = words.get(first)  # the word was right, and what stands behind it was not
    near = [first] if known else get_close_matches(first, words, TOLD, LIKELY)
    return list(dict.fromkeys(_written(word, words[word], ref[0] if ref else "") for word in near))


def _written(word: str, name: str, ref: str) -> str:
    """As it is to be texted; dots stand for what is missing."""
    if _COMPILED[name].fullmatch(ref):
        return f"{word} {ref}".rstrip()
    return f"{word} {ref or '12'} …" if name in ("note", "text", "done") else word if not ref else f"{word} {ref}"


def _cut(text: str) -> tuple[str, str]:
    first, *behind = text.split(None, 1) or [""]
    return normalise(first), behind[0].strip() if behind else ""
