"""What can be proved of flows and languages before anybody calls: see the craft of words, and DESIGN's rules."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from ivr.engine import neutral, pacing, structure, wording
from ivr.engine.model import Menu, Node, Place, Question
from ivr.engine.texts import Text
from ivr.engine.tongue import Desk, Problem, Tongue
from ivr.engine.wording import CARRIER_WORDS

__all__ = ["CARRIER_WORDS", "Problem", "Tongue", "check"]


def check(
    tongues: Mapping[str, Tongue],
    where: Mapping[Place, tuple[str, int]],
    texts: Iterable[Text],
    source: str = "en",
    also: Collection[str] = (),
    carrier_words: Collection[str] = CARRIER_WORDS,
    outgoing: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Problem]:
    """Every problem of the flows in these languages, by file and line.

    `where` is `load.sources(folder)`, `texts` is `texts.texts(folder)`, `also` names flows that are begun from outside,
    `outgoing` those that the line itself begins, with the channels on which it does.
    """
    desk = Desk(where, set())
    for code, tongue in tongues.items():
        if code == source or source not in tongues:
            structure.check(tongue.flows, desk, also)
        _check_agreement(tongues.get(source, tongue), tongue, desk)
        pacing.check(tongue, desk)
        neutral.check(tongue, desk, outgoing)
        wording.check_taught(tongue.flows, desk, carrier_words)
    wording.check(tongues, list(texts), desk, source)
    return sorted(desk.found)


def _check_agreement(source: Tongue, tongue: Tongue, desk: Desk) -> None:
    """Languages have the same nodes and keys, so that people who know one can help each other in another."""
    for place, node in source.flows.nodes.items():
        other = tongue.flows.nodes.get(place)
        if other is None or _shape(node) != _shape(other):
            desk.note(
                place, "this node differs between languages", "Load all from the same files", tongue.flows.language
            )


def _shape(node: Node) -> tuple[object, ...]:
    question = node.exit if isinstance(node.exit, Question) else None
    keys = [choice.key for choice in question.first.choices] if question and isinstance(question.first, Menu) else []
    return type(node.exit), keys, [type(step) for step in node.steps]
