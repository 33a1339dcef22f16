"""The words in which something was asked, by their hash: an answer belongs to the words that were heard."""

import hashlib
from collections.abc import Iterable

from ivr.engine.model import Flows, Node, Question, Say
from ivr.engine.run import said

CHANNELS = ("voice", "sms")


def words(node: Node | None, channel: str) -> str:
    """SHA-256 of what a question says by that channel."""
    texts = (getattr(say, channel) for say in said(node) if isinstance(say, Say)) if node else ()
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def asked(all_flows: Iterable[Flows]) -> frozenset[str]:
    """The hashes of all questions as they are put now, in these languages, by all channels."""
    nodes = (node for flows in all_flows for node in flows.nodes.values() if isinstance(node.exit, Question))
    return frozenset(words(node, channel) for node in nodes for channel in CHANNELS)
