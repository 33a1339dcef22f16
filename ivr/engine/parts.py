"""Pieces of a file that know where they stand, and the mistakes found in them."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

QUOTES = 'put the whole text in quotes: "…"'


class Mistake(NamedTuple):
    """What an author got wrong, where, and what to write instead."""

    file: str
    line: int
    wrong: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}. {self.instead[:1].upper()}{self.instead[1:]}."


class FlowErrors(Exception):
    """The flows have mistakes; all that were found, in the order of files and lines."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))


class Sheet(NamedTuple):
    """One file while it is read: its name, its lines, and the mistakes found so far in all files."""

    file: str
    lines: tuple[str, ...]
    mistakes: list[Mistake]


class Part:
    """A piece of a file that knows where it stands, to be read as what it should be."""

    __slots__ = ("_begin", "node", "sheet")

    def __init__(self, sheet: Sheet, node: Node, name: Node | None = None) -> None:
        """`name` is what stands before it, whose line is then its own."""
        self.sheet, self.node, self._begin = sheet, node, (name or node).start_mark

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return int(self._begin.line) + 1

    @property
    def is_mapping(self) -> bool:
        """Does it hold names with something behind each?"""
        return isinstance(self.node, MappingNode)

    @property
    def is_list(self) -> bool:
        """Is it a list?"""
        return isinstance(self.node, SequenceNode)

    @property
    def is_empty(self) -> bool:
        """Was nothing written here?"""
        return isinstance(self.node, ScalarNode) and not self.node.value.strip()

    @property
    def is_braced(self) -> bool:
        """Was it written with braces on one line?"""
        return isinstance(self.node, MappingNode) and bool(self.node.flow_style)

    def complain(self, wrong: str, instead: str) -> None:
        """Notes a mistake in this piece."""
        self.sheet.mistakes.append(Mistake(self.sheet.file, self.line, wrong, instead))

    def word(self, what: str) -> str:
        """A name or a number, as text; '' after a complaint."""
        if not isinstance(self.node, ScalarNode):
            self.complain(f"{what} must be a word, not a list and not in braces", f"write {what}: and one word")
            return ""
        if self.is_empty:
            self.complain(f"nothing stands after {what}:", "write something there, or take the line out")
        return str(self.node.value).strip()

    def text(self, what: str) -> str:
        """Words that people hear or read; '' after a complaint."""
        if not isinstance(self.node, ScalarNode):
            self.complain(f"the text of {what} was read as a list or as names in braces", QUOTES)
            return ""
        if self._loses_words():
            self.complain(f"what stands after # is lost: only {self.node.value!r} would be left", QUOTES)
        elif self.is_empty:
            self.complain(f"the text of {what} is empty", "write the words, or take the line out")
        return str(self.node.value).strip()

    def items(self, what: str) -> list["Part"]:
        """The items of a list; [] after a complaint."""
        if not isinstance(self.node, SequenceNode):
            self.complain(f"{what} must be a list", f"write below {what}: one line for each, with '- ' before it")
            return []
        if not self.node.value:
            self.complain(f"the list {what} is empty", "write at least one item, or take it out")
        return [Part(self.sheet, node) for node in self.node.value]

    def entries(self, what: str, known: Iterable[str] = ()) -> dict[str, "Part"]:
        """What stands behind each name; {} after a complaint. With `known`, other names are mistakes."""
        if not isinstance(self.node, MappingNode):
            self.complain(f"{what} has no names in it", f"write below {what} lines like 'name: …'")
            return {}
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            self._enter(found, Part(self.sheet, key), Part(self.sheet, value, key), tuple(known))
        return found

    def _enter(self, found: dict[str, "Part"], key: "Part", value: "Part", known: tuple[str, ...]) -> None:
        name = str(key.node.value).strip() if isinstance(key.node, ScalarNode) else ""
        if not name:
            key.complain("a name is missing before the colon", "write 'name: …'")
        elif name in found:
            key.complain(f"{name!r} stands here twice", "keep one of the two: only one would be used")
        elif known and name not in known:
            key.complain(*_unknown(name, known, lost=value.is_empty and self.is_braced))
        else:
            found[name] = value

    def _loses_words(self) -> bool:
        """Did a '#' turn the rest of this text into a comment?"""
        if getattr(self.node, "style", None) is not None:
            return False
        mark = self.node.end_mark
        line, column = (self.line - 1, self._begin.column) if self.is_empty else (mark.line, mark.column)
        rest = self.sheet.lines[line][column:] if line < len(self.sheet.lines) else ""
        return re.match(r"[\w-]*:?\s*#", rest) is not None


def _unknown(name: str, known: tuple[str, ...], lost: bool) -> tuple[str, str]:
    before, colon, after = name.partition(":")
    if lost and colon and before in known:
        return f"{name!r} has no space after the colon", f"write '{before}: {after}'"
    if lost and colon:
        return "a text cannot begin with a brace", QUOTES
    if lost:
        return f"{name!r} became a name of its own, for a comma ends a text in braces", QUOTES
    return f"{name!r} means nothing here", did_you_mean(name, known)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Advice for a name that does not exist: the nearest ones that do, else all of them."""
    known = sorted(known)
    near = get_close_matches(name, known, n=2, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(map(repr, near)) + "?"
    return f"use one of: {', '.join(known)}" if known else "there is nothing that it could name"
