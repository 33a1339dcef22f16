"""What there is to translate in the flows: for pybabel, see `locales/babel.cfg`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode

from ivr.engine.texts import PHRASES, below

Found = tuple[int, None, str, list[str]]


def extract_flows(
    fileobj: IO[bytes],
    keywords: Any,  # noqa: ARG001 - these three are Babel's, for code
    comment_tags: Any,  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Found]:
    """Babel's extractor: line, no function, the text, and where in the conversation it stands, for the translator."""
    tree = YAML(typ="base", pure=True).compose(fileobj.read().decode("utf-8-sig"))
    name = getattr(fileobj, "name", "")
    if isinstance(tree, MappingNode):
        for text in below(tree, name, every=Path(name).name == PHRASES):
            yield text.line, None, text.text, [" / ".join(text.path)]
