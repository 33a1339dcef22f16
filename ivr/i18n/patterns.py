"""patterns.yaml of a language, if it has one: what people say in many ways, of danger and of wanting no more texts."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ivr.engine.notation import read as read_yaml
from ivr.engine.parts import Mistake, Part

FILE = "patterns.yaml"
LISTS = ("danger", "stop", "stop_calls", "another", "own", "denied", "harmless", "lookalikes")
_COMMAS = re.compile("[,،、]")
_GROUP = re.compile(r"\{([^}]*)\}")


class Patterned(NamedTuple):
    """Groups of words by name, and lists of patterns and words: see LISTS."""

    groups: Mapping[str, tuple[str, ...]] = {}
    lists: Mapping[str, tuple[str, ...]] = {}


def read(folder: Path, root: Path, mistakes: list[Mistake]) -> Patterned:
    """The patterns of one language; what is wrong is noted with file and line."""
    path = folder / FILE
    part = read_yaml(path, root, mistakes) if path.exists() else None
    if part is None:
        return Patterned()
    entries = part.entries("patterns", ("groups", *LISTS))
    named = entries.pop("groups").entries("groups") if "groups" in entries else {}
    groups = {name: _words(entry, name) for name, entry in named.items()}
    lists = {name: _commas(entry.text(name)) for name, entry in entries.items()}
    for name, patterns in lists.items():
        for pattern in patterns:
            _check(entries[name], pattern, groups)
    return Patterned(groups, lists)


def _words(part: Part, name: str) -> tuple[str, ...]:
    words = _commas(part.text(name))
    for word in words:
        if " " in word:
            part.complain(f"{word!r} in the group {name} is more than one word", "write it as a pattern of its own")
    return words


def _check(part: Part, pattern: str, groups: Mapping[str, tuple[str, ...]]) -> None:
    for name in _GROUP.findall(pattern):
        if name not in groups:
            part.complain(
                f"{pattern!r} names a group that there is not: {name}", "write it below groups, or mend the name"
            )


def _commas(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in _COMMAS.split(text) if word.strip())
