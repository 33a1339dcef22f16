"""patterns.yaml of a language: what people say in many ways, of danger and of wanting no more texts.

A word may be built of pieces: "<they><tense>nipiga" stands for each of them with each, so that a verb is written once.
"""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple

from ivr.engine.notation import read as read_yaml
from ivr.engine.parts import Mistake, Part

FILE = "patterns.yaml"
STOPS = ("stop", "stop_calls", "stop_limits", "stop_harmless", "watched")
PATTERNS = ("danger", *STOPS, "harmless")
WORDS = ("another", "own", "denied", "lookalikes", "stop_short")
NOTHING = "-"  # a piece that may be missing
SWAPPED = "swapped letters only"
_COMMAS = re.compile("[,،、]")
_GROUP = re.compile(r"\{([^}]*)\}")
_PIECE = re.compile(r"<([^>]*)>")

Words = Mapping[str, tuple[str, ...]]


class Patterned(NamedTuple):
    """Groups of words and phrases by name, lists of patterns and words by name, and how the language is mistyped."""

    groups: Mapping[str, tuple[str, ...]] = {}
    lists: Mapping[str, tuple[str, ...]] = {}
    sounds: tuple[tuple[str, str], ...] = ()  # what sounds alike
    firm: bool = False  # one letter for another makes another word


def read(folder: Path, root: Path, mistakes: list[Mistake]) -> Patterned:
    """The patterns of one language; what is wrong is noted with file and line."""
    path = folder / FILE
    if not path.is_file():
        wrong = "there is no such file, and danger in this language would hardly be heard"
        instead = "write it, with 'danger: …' in it, or put it back"
        mistakes.append(Mistake(f"{root.name}/{folder.name}/{FILE}", 1, wrong, instead))
        return Patterned()
    part = read_yaml(path, root, mistakes)
    if part is None:
        return Patterned()
    entries = part.entries("patterns", ("pieces", "sounds", "slips", "groups", *PATTERNS, *WORDS))
    pieces = {name: _commas(entry.text(name)) for name, entry in _named(entries, "pieces").items()}
    groups = {name: _words(entry, name, pieces) for name, entry in _named(entries, "groups").items()}
    lists = {name: _words(entries[name], name, pieces) for name in WORDS if name in entries}
    for name in (each for each in PATTERNS if each in entries):
        topics = entries[name].entries(name) if entries[name].is_mapping else {name: entries[name]}
        lists[name] = tuple(pattern for topic, part in topics.items() for pattern in _patterns(part, topic, groups))
    sounds = _sounds(entries["sounds"]) if "sounds" in entries else ()
    return Patterned(groups, lists, sounds, "slips" in entries and _is_firm(entries["slips"]))


def _named(entries: dict[str, Part], name: str) -> dict[str, Part]:
    return entries[name].entries(name) if name in entries else {}


def _words(part: Part, name: str, pieces: Words) -> tuple[str, ...]:
    return tuple(word for given in _commas(part.text(name)) for word in _built(part, given, pieces))


def _built(part: Part, given: str, pieces: Words) -> list[str]:
    """The word, or all that its pieces make."""
    plain, *rest = _PIECE.split(given)
    names, ends = rest[::2], rest[1::2]
    if unknown := [name for name in names if name not in pieces]:
        part.complain(f"{given!r} has a piece that there is not: {unknown[0]}", "write it below pieces, or mend it")
        return []
    ways = product(*(pieces[name] for name in names))
    return [plain + "".join(way.strip(NOTHING) + end for way, end in zip(each, ends, strict=True)) for each in ways]


def _is_firm(part: Part) -> bool:
    if part.text("slips") != SWAPPED:
        part.complain("slips says which slips of the finger are forgiven", f"write {SWAPPED}, or take the line out")
    return True


def _sounds(part: Part) -> tuple[tuple[str, str], ...]:
    """Pairs such as "qu = k": how it is written, and what stands for it."""
    pairs = []
    for given in _commas(part.text("sounds")):
        written, equals, kept = given.rpartition("=")
        if equals and _compiles(written.strip()):
            pairs.append((written.strip(), kept.strip()))
        else:
            part.complain(f"{given!r} is not two ways to write a sound", 'write it as in "qu = k"')
    return tuple(pairs)


def _compiles(expression: str) -> bool:
    try:
        re.compile(expression)
    except re.error:
        return False
    return True


def _patterns(part: Part, topic: str, groups: Words) -> tuple[str, ...]:
    patterns = _commas(part.text(topic))
    for pattern, name in ((each, name) for each in patterns for name in _GROUP.findall(each) if name not in groups):
        part.complain(f"{pattern!r} names a group that there is not: {name}", "write it below groups, or mend the name")
    return patterns


def _commas(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in _COMMAS.split(text) if word.strip())
