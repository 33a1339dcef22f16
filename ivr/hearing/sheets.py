"""What each language brings to be heard: lists of patterns, and groups of words, which share them by name."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ivr.engine.words import tokens

Groups = Mapping[str, tuple[str, ...]]
TAKEN_OUT = "00"  # stands for what is not to be heard, so that its neighbours do not meet: a word of no pattern


class Sheet(NamedTuple):
    """What one language brings: groups of words, and lists of patterns and words by name."""

    groups: Groups
    lists: Mapping[str, tuple[str, ...]]
    sounds: tuple[tuple[str, str], ...]  # letters that are written in several ways
    firm: bool  # one letter for another makes another word
    crisis: tuple[str, ...]  # phrases of danger without groups
    fillers: tuple[str, ...] = ()  # words that change nothing round a STOP


def shared(sheets: Mapping[str, Sheet]) -> Groups:
    """The groups of all languages: those of one name lend each other their words."""
    groups: dict[str, tuple[str, ...]] = {}
    for sheet in sheets.values():
        for name, words in sheet.groups.items():
            groups[name] = (*groups.get(name, ()), *words)
    return groups


def all_of(sheets: Mapping[str, Sheet], name: str) -> list[str]:
    """What all languages have below this name."""
    return [item for sheet in sheets.values() for item in sheet.lists.get(name, ())]


def vocabulary(sheet: Sheet) -> frozenset[str]:
    """All words of this language in which danger is said."""
    return frozenset(_said(sheet))


def _said(sheet: Sheet) -> Iterator[str]:
    for items in (*sheet.groups.values(), sheet.lists.get("danger", ()), sheet.crisis):
        for item in items:
            yield from tokens(item)
