"""Reading a file of the notation: every scalar is text and has its line, and YAML's silent traps are mistakes."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

NOT_FLOWS = frozenset({"phrases.yaml", "hours.yaml", "hotlines.yaml"})
QUOTES = 'put the whole text in quotes: "…"'
_PLAIN_TAGS = "tag:yaml.org,2002:"


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

    __slots__ = ("node", "sheet")

    def __init__(self, sheet: Sheet, node: Node) -> None:
        self.sheet, self.node = sheet, node

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return int(self.node.start_mark.line) + 1

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
        return bool(self.node.flow_style)

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
            self.complain(f"the text of {what} was read as a list or as braces", QUOTES)
            return ""
        if self._loses_words():
            self.complain(f"what stands after # is lost: only {self.node.value!r} would be left", QUOTES)
        elif self.is_empty:
            self.complain(f"the text of {what} is empty", "write the words, or take the line out")
        return str(self.node.value).strip()

    def items(self, what: str) -> list["Part"]:
        """The items of a list; [] after a complaint."""
        if not isinstance(self.node, SequenceNode):
            self.complain(f"{what} must be a list", f"write {what}: and below it one line for each, beginning with '- '")
            return []
        if not self.node.value:
            self.complain(f"the list {what} is empty", "write at least one item, or take it out")
        return [Part(self.sheet, node) for node in self.node.value]

    def entries(self, what: str, known: Iterable[str] = ()) -> dict[str, "Part"]:
        """What stands behind each name; {} after a complaint. Names outside of `known` are mistakes, if there is one."""
        if not isinstance(self.node, MappingNode):
            self.complain(f"{what} must have names with something behind them", f"write below {what} lines like 'name: …'")
            return {}
        found: dict[str, Part] = {}
        for key, value in self.node.value:
            self._enter(found, Part(self.sheet, key), Part(self.sheet, value), tuple(known))
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
        if self.node.style is not None:
            return False
        mark = self.node.end_mark
        rest = self.sheet.lines[mark.line][mark.column :] if mark.line < len(self.sheet.lines) else ""
        return rest.lstrip().startswith("#")


def _unknown(name: str, known: tuple[str, ...], lost: bool) -> tuple[str, str]:
    before, colon, after = name.partition(":")
    if lost and colon and before in known:
        return f"{name!r} has no space after the colon", f"write '{before}: {after}'"
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


def read(path: Path, folder: Path, mistakes: list[Mistake]) -> Part | None:
    """A file's content, or None after a complaint."""
    file = str(Path(folder.name) / path.relative_to(folder))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        mistakes.append(Mistake(file, 1, "the file is not written in UTF-8", "save it again with the encoding UTF-8"))
        return None
    node, found = _compose(text)
    mistakes += [Mistake(file, *what) for what in found]
    return Part(Sheet(file, tuple(text.splitlines()), mistakes), node) if node is not None else None


@lru_cache(maxsize=512)  # each language loads the same files
def _compose(text: str) -> tuple[Node | None, tuple[tuple[int, str, str], ...]]:
    if tabs := [at for at, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\t", line)]:
        return None, tuple((at, "a tab stands before the text", "indent with spaces") for at in tabs)
    try:
        node = YAML(typ="base", pure=True).compose(text)
    except MarkedYAMLError as error:
        return None, (_explain(error),)
    except YAMLError as error:
        return None, ((1, f"a character cannot be read ({str(error).splitlines()[0]})", "type that line again"),)
    if node is None:
        return None, ((1, "the file is empty", "write a title and nodes, or remove the file"),)
    return node, tuple(_marks(node, set()))


_REASONS: Mapping[str, tuple[str, str]] = {
    "mapping values are not allowed": ("there is a colon and a space within a text", QUOTES),
    "found undefined alias": ("a text begins with *", QUOTES),
    "cannot start any token": ("a text begins with a character that means something else to the machine", QUOTES),
    "but found '<scalar>'": ("words follow after a text or braces have ended", QUOTES),
    "sequence entries are not allowed": ("a list begins behind a colon", "begin the list on the next line"),
    "but found another document": ("a line of --- divides the file in two", "make two files, one for each conversation"),
    "unknown escape": ("a backslash stands in a text in double quotes", "take it out, or use single quotes"),
    "unexpected end of stream": ("quotes are opened and never closed", 'write a second " at the end of the text'),
    "<stream end>": ("a bracket is opened and never closed", "write the closing ] or }"),
    "could not find expected ':'": ("a line has no colon", "write 'name: …', or begin with '- ' in a list"),
    "found '<block mapping start>'": ("the line is not in one column with its neighbours", "give both the same indent"),
    "found '?'": ("names stand in the column of a list", "give the names another indent than the list"),
}


def _explain(error: MarkedYAMLError) -> tuple[int, str, str]:
    problem = str(error.problem)
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    wrong, instead = next((said for sign, said in _REASONS.items() if sign in problem), (problem, "write it otherwise"))
    return line, wrong, instead


def _marks(node: Node, seen: set[int]) -> Iterable[tuple[int, str, str]]:
    """Anchors, aliases and tags: a text that begins with & or ! would lose its first word."""
    line = node.start_mark.line + 1
    if node.anchor or id(node) in seen:
        yield line, "a text begins with & or *", QUOTES
    elif not str(node.tag).startswith(_PLAIN_TAGS) and str(node.tag) != "!":
        yield line, "a text begins with !", QUOTES
    if id(node) not in seen and not isinstance(node, ScalarNode):
        seen.add(id(node))
        for child in node.value:
            for inner in child if isinstance(child, tuple) else (child,):
                yield from _marks(inner, seen)
