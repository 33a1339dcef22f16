"""The check of what goes out unasked: up to the first answer, no word tells others what the line is for."""

from collections.abc import Collection, Iterator, Mapping

from ivr.engine.graph import Facts, Walk, walks
from ivr.engine.model import Flows, Menu, Node, Place, Put, Question, Say, Target
from ivr.engine.tongue import Desk, Tongue
from ivr.engine.words import find, matcher

_COVERT: Facts = {"openness": "covert"}


def check(tongue: Tongue, desk: Desk, outgoing: Mapping[str, Collection[str]]) -> None:
    """Notes each sensitive word of the flows that the line opens by itself, and of what is sent after silence."""
    sensitive, flows = matcher(tongue.sensitive), tongue.flows
    for place, text in sorted(set(_unasked(flows, outgoing))):
        for word in sorted(find(sensitive, text)):
            wrong = f"{word!r} goes out unasked, and others may use the phone: {text!r}"
            desk.note(place, wrong, "Say it after an answer, or only where openness is open", flows.language)


def _unasked(flows: Flows, outgoing: Mapping[str, Collection[str]]) -> Iterator[tuple[Place, str]]:
    for name in outgoing.keys() & flows.flows.keys():
        for channel in outgoing[name]:
            facts = {**_COVERT, "channel": channel}
            for walk in walks(flows, (name, flows.flows[name].first), (), facts):
                yield from _texts(walk, channel)
                yield from _after_silence(flows, walk[-1], channel, facts)
    for node in flows.nodes.values():
        if isinstance(node.exit, Question) and node.exit.speaks_up:
            yield from _led_to(flows, node.exit.silence, "sms", {**_COVERT, "channel": "sms"})


def _after_silence(flows: Flows, node: Node, channel: str, facts: Facts) -> Iterator[tuple[Place, str]]:
    """Nobody has pressed a key yet. Where the silence leads into another flow, that one is for whoever called us."""
    question = node.exit
    if isinstance(question, Question):
        for put in question.after_silence:
            yield from _words((node.flow, node.name), put, channel)
        if question.silence and question.silence.flow == node.flow:
            yield from _led_to(flows, question.silence, channel, facts)


def _led_to(flows: Flows, target: Target | None, channel: str, facts: Facts) -> Iterator[tuple[Place, str]]:
    if target:
        for walk in walks(flows, (target.flow, target.node), (), facts):
            yield from _texts(walk, channel)


def _texts(walk: Walk, channel: str) -> Iterator[tuple[Place, str]]:
    for node in walk:
        first = (node.exit.first,) if isinstance(node.exit, Question) else ()
        yield from _words((node.flow, node.name), (*node.steps, *first), channel)


def _words(place: Place, put: Put, channel: str) -> Iterator[tuple[Place, str]]:
    for output in put:
        if isinstance(output, Say):
            yield place, getattr(output, channel)
        elif isinstance(output, Menu):
            yield from ((place, choice.label) for choice in output.choices)
