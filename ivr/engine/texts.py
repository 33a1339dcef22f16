"""Every text of the flows that people hear or read, with its file, its line, and where in a conversation it stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ivr.engine.drafts import files
from ivr.engine.notation import read
from ivr.engine.parts import FlowErrors, Mistake

PHRASES = "phrases.yaml"
_KEYS = {"title", "keywords", "label", "words", "say", "again"}
_CHANNELS = {"voice", "sms"}
_ANSWERS = {"yes", "no", "unclear"}  # of one question, below its `words`


class Text(NamedTuple):
    """A text as it is written; `path` are the names that lead to it, the last one being what it is."""

    file: str
    line: int
    text: str
    path: tuple[str, ...]

    @property
    def is_spoken(self) -> bool:
        """Is it heard?"""
        return not {"sms", "keywords", "words"} & set(self.path[-2:])

    @property
    def is_written(self) -> bool:
        """Is it sent?"""
        return not {"voice", "keywords", "words"} & set(self.path[-2:])


def texts(folder: Path) -> Iterator[Text]:
    """All texts below `folder`, in the order of files and lines. Raises FlowErrors where a file cannot be read."""
    mistakes: list[Mistake] = []
    phrases = [path for path in (folder / PHRASES,) if path.exists()]
    for path in [*files(folder), *phrases]:
        if part := read(path, folder, mistakes):
            yield from below(part.node, part.sheet.file, every=path in phrases)
    if mistakes:
        raise FlowErrors(mistakes)


def below(node: Node, file: str, path: tuple[str, ...] = (), *, every: bool) -> Iterator[Text]:
    """The texts below `node`; with `every`, as in phrases, all that stands behind a name is one."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            name = str(key.value)
            if name != "cases":
                yield from _behind(value, file, (*path, name), every=every or name in _KEYS)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from below(item, file, path, every=every)


def _behind(value: Node, file: str, path: tuple[str, ...], *, every: bool) -> Iterator[Text]:
    if isinstance(value, ScalarNode):
        if every and value.value.strip():
            yield Text(file, value.start_mark.line + 1, value.value.strip(), path)
    else:
        names = {str(key.value) for key, _ in value.value} if isinstance(value, MappingNode) else {""}
        yield from below(value, file, path, every=every and (names <= _CHANNELS or names <= _ANSWERS))
