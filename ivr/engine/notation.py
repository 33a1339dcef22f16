"""Reading a file of the notation: every scalar is text and has its line, and YAML's silent traps are mistakes."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node, ScalarNode

from ivr.engine.parts import QUOTES, Mistake, Part, Sheet

_PLAIN_TAGS = "tag:yaml.org,2002:"


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
        return None, (_explain(error, text.splitlines()),)
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
    "but found another document": ("a line of --- divides the file", "make a file of each conversation"),
    "unknown escape": ("a backslash stands in a text in double quotes", "take it out, or use single quotes"),
    "unexpected end of stream": ("quotes are opened and never closed", 'write a second " at the end of the text'),
    "<stream end>": ("a bracket is opened and never closed", "write the closing ] or }"),
    "could not find expected ':'": ("a line has no colon", "write 'name: …', or begin with '- ' in a list"),
    "found '<block mapping start>'": ("the line is not in one column with its neighbours", "give both the same indent"),
    "found '?'": ("names stand in the column of a list", "give the names another indent than the list"),
}


def _explain(error: MarkedYAMLError, lines: list[str]) -> tuple[int, str, str]:
    problem = str(error.problem)
    mark = error.context_mark if "end of stream" in problem and error.context_mark else error.problem_mark
    line = min(mark.line + 1, len(lines)) if mark else 1
    if "mapping values" in problem and re.fullmatch(r"[\s-]*[\w-]+", lines[line - 1][: mark.column]):
        return line - 1, "this line has no colon", "write 'name: …'"  # so the next one seemed to go on with it
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
