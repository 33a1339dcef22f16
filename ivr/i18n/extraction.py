"""What there is to translate in the flows: for pybabel, see `locales/babel.cfg`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ivr.engine.load import PHRASES

TEXTS = {"title", "keywords", "label", "words", "say", "again"}  # names with a text behind them
CHANNELS = {"voice", "sms"}  # or with one for each of these

Found = tuple[int, None, str, list[str]]


def extract_flows(
    fileobj: IO[bytes],
    keywords: Any,  # noqa: ARG001 - these three are Babel's, for code
    comment_tags: Any,  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Found]:
    """Babel's extractor: line, no function, the text, and where in the conversation it stands, for the translator."""
    tree = YAML(typ="base", pure=True).compose(fileobj.read().decode("utf-8-sig"))
    if isinstance(tree, MappingNode):
        in_phrases = Path(getattr(fileobj, "name", "")).name == PHRASES
        yield from _texts(tree, (), every=in_phrases)


def _texts(node: Node, path: tuple[str, ...], *, every: bool) -> Iterator[Found]:
    """The texts below `node`; with `every`, all that stands behind a name is one."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _behind(str(key.value), value, path, every=every)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _texts(item, path, every=every)


def _behind(name: str, value: Node, path: tuple[str, ...], *, every: bool) -> Iterator[Found]:
    path = (*path, name)
    is_text = every or name in TEXTS
    if isinstance(value, ScalarNode):
        if is_text and value.value.strip():
            yield value.start_mark.line + 1, None, value.value.strip(), [" / ".join(path)]
    elif is_text and isinstance(value, MappingNode) and {str(key.value) for key, _ in value.value} <= CHANNELS:
        yield from _texts(value, path, every=True)
    else:
        yield from _texts(value, path, every=every)
