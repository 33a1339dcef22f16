"""Checks of what a conversation is like in one language: how long it is heard, how long its texts are."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from ivr.engine.graph import Walk, entrances, leads, turns, walks
from ivr.engine.model import Do, Flows, Menu, Node, Output, Pause, Place, Put, Question, Say
from ivr.engine.tongue import Desk, Tongue
from ivr.engine.words import normalise

LONGEST_SILENCE = 4
LONGEST_PROMPT = 25  # seconds
MOST_QUESTIONS = 5
LONGEST_FLOW = 600  # seconds
MOST_SEGMENTS = 3
_MOST_STEPS = 20_000  # of a search for the longest way
_VOICE = {"channel": "voice"}
_SMS = {"channel": "sms"}
_QUESTION_MARKS = "?؟፧？"


def check(tongue: Tongue, desk: Desk) -> None:
    """Notes what is too long, too silent or too dear in this language."""
    flows = tongue.flows
    roots = entrances(flows, [*flows.flows])
    for place, node in flows.nodes.items():
        _check_silence(tongue, desk, place, node)
        _check_prompt(tongue, desk, place, node)
    for gone in turns(flows, roots, _SMS):
        _check_texts(tongue, desk, gone)
    for name in flows.flows:
        _check_length(tongue, desk, name)
    if "welcome" in flows.flows:
        _check_door(tongue, desk)


def heard(gone: Walk) -> Put:
    """What is heard or read on such a way, with the question at its end."""
    outputs: list[Output] = [step for node in gone for step in node.steps if not isinstance(step, Do)]
    last = gone[-1].exit
    return (*outputs, last.first) if isinstance(last, Question) else tuple(outputs)


def _check_silence(tongue: Tongue, desk: Desk, place: Place, node: Node) -> None:
    silence = 0.0
    for step in node.steps:
        if isinstance(step, Pause):
            silence += step.seconds
        elif isinstance(step, Say) and step.voice:
            silence = step.lasts - tongue.seconds((step._replace(lasts=0),)) if step.lasts else 0.0
        if silence > LONGEST_SILENCE + 0.5:
            wrong = f"{silence:.0f} seconds of silence sound like a dead line"
            desk.note(place, wrong, f"Say or play something every {LONGEST_SILENCE} seconds", tongue.flows.language)
            return


def _check_prompt(tongue: Tongue, desk: Desk, place: Place, node: Node) -> None:
    paced = any(isinstance(step, Pause) or (isinstance(step, Say) and step.lasts) for step in node.steps)
    if isinstance(node.exit, Question) and not paced and node.exit.save != "consent":
        long = tongue.seconds(heard((node,)))
        if long > LONGEST_PROMPT:
            wrong = f"this question takes {long:.0f} seconds to hear, more than {LONGEST_PROMPT}"
            desk.note(place, wrong, "Use fewer words or choices", tongue.flows.language, "warning")


def _check_texts(tongue: Tongue, desk: Desk, gone: Walk) -> None:
    place, language = (gone[-1].flow, gone[-1].name), tongue.flows.language
    outputs = heard(gone)
    texts = tongue.texts(outputs)
    if len(texts) > _messages(outputs) or any(tongue.segments(text) > MOST_SEGMENTS for text in texts):
        wrong = f"what is sent here has more than {MOST_SEGMENTS} parts: {texts[0][:60]!r} …"
        desk.note(place, wrong, "Shorten it, give the voice its own words, or write 'alone: yes'", language)
    for text in texts:
        if sum(map(text.count, _QUESTION_MARKS)) > 1:
            wrong = f"one text asks more than one question: {text[:60]!r} …"
            desk.note(place, wrong, "Ask one thing at a time", language)


def _messages(outputs: Put) -> int:
    """How many texts these are as long as none has to be divided: those that are `alone`, and what stands between."""
    alone = [isinstance(output, Say) and output.alone and bool(output.sms) for output in outputs]
    return sum(len(list(group)) if is_alone else 1 for is_alone, group in groupby(alone))


def _check_door(tongue: Tongue, desk: Desk) -> None:
    flows, language = tongue.flows, tongue.flows.language
    first = ("welcome", flows.flows["welcome"].first)
    for gone in walks(flows, first, (), _VOICE):
        long = tongue.seconds(_to_first_choice(heard(gone)))
        place = (gone[-1].flow, gone[-1].name)
        if long > tongue.first_choice:
            wrong = f"the first choice is heard after {long:.0f} seconds, more than {tongue.first_choice:.0f}"
            desk.note(place, wrong, "Use fewer words before it", language)
        if not _says_key_0(flows, gone):
            desk.note(place, "the first words do not say key 0", _key_0(flows), language)
    if not any(word in text for word in map(normalise, tongue.stop) for text in _first_texts(tongue, first)):
        wrong = "no first text says how to end texts"
        desk.note(first, wrong, f"Write {' or '.join(tongue.stop) or 'STOP'} into one", language)


def _to_first_choice(outputs: Put) -> Put:
    *said, last = outputs
    return (*said, last._replace(choices=last.choices[:1])) if isinstance(last, Menu) else outputs


def _says_key_0(flows: Flows, gone: Walk) -> bool:
    said = normalise(" ".join(step.voice for node in gone for step in node.steps if isinstance(step, Say)))
    return normalise(flows.phrases.get("press_0", "")) in said


def _key_0(flows: Flows) -> str:
    return f"Say first how to reach a person: … {flows.phrases.get('press_0', '')!r}"


def _first_texts(tongue: Tongue, first: Place) -> Iterator[str]:
    for gone in walks(tongue.flows, first, (), _SMS):
        yield from map(normalise, tongue.texts(heard(gone)))


# The longest way through a flow --------------------------------------------------------------------------------------


class Length(NamedTuple):
    """How much there is on a way."""

    questions: int = 0
    seconds: float = 0.0


def _check_length(tongue: Tongue, desk: Desk, name: str) -> None:
    flows, language = tongue.flows, tongue.flows.language
    place = (name, flows.flows[name].first)
    costs = {place: _cost(tongue, node) for place, node in flows.nodes.items() if node.flow == name}
    longest = _longest(flows, place, costs)
    if flows.flows[name].keep and longest.questions > MOST_QUESTIONS:
        wrong = f"this flow asks up to {longest.questions} questions, more than {MOST_QUESTIONS}"
        desk.note(place, wrong, "Ask fewer", language)
    if longest.seconds > LONGEST_FLOW:
        wrong = f"this flow takes up to {longest.seconds / 60:.0f} minutes, more than {LONGEST_FLOW // 60}"
        desk.note(place, wrong, "Shorten it, or let another flow go on", language)


def _cost(tongue: Tongue, node: Node) -> Length:
    question = node.exit if isinstance(node.exit, Question) else None
    wait = question.first.wait.voice if question else 0
    return Length(int(bool(question and question.save)), tongue.seconds(heard((node,))) + wait)


def _longest(flows: Flows, first: Place, costs: Mapping[Place, Length]) -> Length:
    """Over the ways that pass no place twice."""
    best = Length()
    waiting: list[tuple[Place, frozenset[Place], Length]] = [(first, frozenset(), Length())]
    for _ in range(_MOST_STEPS):
        if not waiting:
            break
        place, gone, so_far = waiting.pop()
        if place not in costs or place in gone:
            continue
        here = Length(so_far.questions + costs[place].questions, so_far.seconds + costs[place].seconds)
        best = Length(max(best.questions, here.questions), max(best.seconds, here.seconds))
        goals = leads(flows.nodes[place], _VOICE).all
        ahead = {goal.back or (goal.flow, goal.node) for goal in goals if goal}
        waiting += [(goal, gone | {place}, here) for goal in ahead]
    return best
