"""The engine: from where a person stands and what they did to what they hear next. Pure; a turn is a function."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ivr.engine.model import (
    Ask,
    Await,
    Do,
    Early,
    End,
    Event,
    Flows,
    Keep,
    Node,
    NoInput,
    Outcome,
    Put,
    Question,
    Reply,
    Say,
    State,
    Target,
    Turn,
    Way,
)
from ivr.engine.tempo import paced
from ivr.engine.walk import Lost, begun, carried, choose, entrance, unanswered, walk
from ivr.engine.words import as_key

__all__ = [
    "Lost",
    "advance",
    "awaited",
    "hear_again",
    "leave",
    "phrase",
    "put_again",
    "restart",
    "said",
    "start",
    "thaw",
]

KEYS = frozenset("0123456789*#")
PERSON_KEY = "0"
TRAIL = 4  # questions that one can step back
ENTRANCE = "welcome"
PERSON = "person"
LEFT = "leave_quietly"  # the action: nothing is left of where one stood


def start(flows: Flows, name: str, answers: Mapping[str, str] | None = None, node: str = "") -> Turn:
    """The first turn of the flow `name`, or its turn from `node` on. Raises Lost when there is no such place."""
    first = Target(name, node) if node else entrance(flows, name)
    return walk(flows, first, (name, (), answers or {}, (), ()), begun(flows, name))


def advance(flows: Flows, state: State, event: Event) -> Turn:
    """What `event` leads to from `state`. A place that is gone since a deploy restarts politely. Raises Lost."""
    node = flows.nodes.get((state[0], state[1]))
    takes, waits_for = _EVENTS[type(event)]
    way_out = node.exit if node else None
    if type(way_out) is not waits_for or (state.stack and not _can_return(flows, state)):
        return restart(flows, state)
    return takes(flows, state, way_out, event)


def _can_return(flows: Flows, state: State) -> bool:
    """Whether the flows still have all places to which this one comes back."""
    return all((flow, node) in flows.nodes for flow, node in state.stack)


def put_again(flows: Flows, state: State) -> Turn:
    """The question that waits, with its words, but without doing anything again."""
    node = flows.nodes.get((state.flow, state.node))
    if node and isinstance(node.exit, Await):  # somebody was being rung, and is rung again
        return Turn(state, said(node), node.exit.action, state.answers)
    if node is None or type(node.exit) is not Question:
        return restart(flows, state)
    return Turn(state._replace(misses=0, aside=False), (*said(node), node.exit.first))


def awaited(flows: Flows, state: State) -> str:
    """The action whose outcome this place waits for, while it rings somebody; '' where a question waits."""
    node = flows.nodes.get((state.flow, state.node))
    return node.exit.action if node and isinstance(node.exit, Await) else ""


def hear_again(flows: Flows, state: State) -> Turn:
    """All that was heard in this turn, from its first word: an exercise too, and the numbers before a question."""
    turn = put_again(flows, state)
    nodes = [flows.nodes.get((flow, name)) for flow, name in state.before]
    return replace(turn, outputs=(*(step for node in nodes if node for step in said(node)), *turn.outputs))


def restart(flows: Flows, state: State) -> Turn:
    """From the entrance, with a word about it: the place where one stood is no more."""
    turn = start(flows, ENTRANCE, {name: state.answers[name] for name in state.answers if name == "language"})
    return replace(turn, outputs=(phrase(flows, "restart"), *turn.outputs))


def leave(flows: Flows) -> Turn:
    """Out at once, with a dull word that tells a listener in the room nothing."""
    return Turn(None, (phrase(flows, "goodbye"), Do(LEFT, ""), End()))


def phrase(flows: Flows, name: str) -> Say:
    """A phrase that all flows share, as something to say; `name.voice` and `name.sms` where they differ."""
    whole = flows.phrases.get(name, "")
    return Say(flows.phrases.get(f"{name}.voice", whole), flows.phrases.get(f"{name}.sms", whole))


def said(node: Node) -> Put:
    """The node's words without its deeds: asking again never does again."""
    return tuple(step for step in node.steps if type(step) is not Do)


def thaw(data: list[Any]) -> State:
    """A State from what `json` made of one. Its tuples are lists then, which is all the same to the engine."""
    return State(*data)


# Events -------------------------------------------------------------------------------------------------------------


def _reply(flows: Flows, state: State, question: Question, event: Reply) -> Turn:
    way = question.ways.get(event.text)
    if way is not None and not state.aside:
        return _take(flows, state, question, way)
    text = event.text.strip()
    return _other_reply(flows, state, question, text if KEYS.issuperset(text) else as_key(text) or text)


def _other_reply(flows: Flows, state: State, question: Question, text: str) -> Turn:
    if question.entry and "*" in text and KEYS.issuperset(text):
        return _step_out(flows, state, text.rpartition("*")[2])
    if text in _FIXED and (state.aside or not _takes(question, text)):
        return _FIXED[text](flows, state)
    way = question.ways.get(text) or question.otherwise(text)
    return _take(flows, state, question, way) if way else _miss(flows, state, question, silent=False)


def _takes(question: Question, key: str) -> bool:
    """Whether this single 7, 8 or 9 is an answer here. Who presses it where more digits are asked for wants out.

    0 alone is none anywhere: it is the way to a person, which nobody may lose to a question.
    """
    if key == PERSON_KEY:
        return False
    entered = question.entry and isinstance(question.first, Ask) and question.first.kind != "own words"
    return entered and question.otherwise(key) is not None


def _early(flows: Flows, state: State, question: Question, event: Early) -> Turn:
    if event.text in _FIXED:
        return _FIXED[event.text](flows, state)
    if event.unheard:
        return hear_again(flows, state)
    words = said(flows.nodes[state.flow, state.node])
    return Turn(state._replace(misses=0, aside=False), (*words[paced(words) :], question.first))


def _no_input(flows: Flows, state: State, question: Question, event: NoInput) -> Turn:
    if event.final:
        return walk(flows, question.silence, unanswered(state, question), ())
    return _miss(flows, state, question, silent=True)


def _outcome(flows: Flows, state: State, way_out: Await, event: Outcome) -> Turn:
    return walk(flows, choose(way_out.cases, event.value), carried(state), ())


_EVENTS: dict[type, tuple[Callable[..., Turn], type]] = {
    Reply: (_reply, Question),
    Early: (_early, Question),
    NoInput: (_no_input, Question),
    Outcome: (_outcome, Await),
}


def _take(flows: Flows, state: State, question: Question, way: Way) -> Turn:
    flow, name, stack, answers, _, trail, _, _ = state
    value, target = way
    outputs: Put = ()
    if value and (save := question.save):  # the way to a list's next page is no answer
        answers = {**answers, save: value}
        if keep := flows.flows[flow].keep:
            outputs = (Keep(keep, save, value),)
    return walk(flows, target, (flow, stack, answers, [*trail[1 - TRAIL :], (flow, name, stack)], ()), outputs)


def _miss(flows: Flows, state: State, question: Question, *, silent: bool) -> Turn:
    ladder = question.after_silence if silent else question.after_unclear
    if state.misses < len(ladder):
        return Turn(state._replace(misses=state.misses + 1, aside=False), ladder[state.misses])
    return walk(flows, question.silence if silent else question.unclear, unanswered(state, question), ())


# Fixed keys ---------------------------------------------------------------------------------------------------------


def _person(flows: Flows, state: State) -> Turn:
    trail = (*state.trail[1 - TRAIL :], (state.flow, state.node, state.stack))
    return walk(flows, entrance(flows, PERSON), (PERSON, (), state.answers, trail, ()), ())


def _leave(flows: Flows, _state: State) -> Turn:
    return leave(flows)


def _back(flows: Flows, state: State) -> Turn:
    if not state.trail:
        return put_again(flows, state)
    *trail, (flow, name, stack) = state.trail
    return put_again(flows, State(flow, name, stack, state.answers, 0, trail))


_FIXED: dict[str, Callable[[Flows, State], Turn]] = {
    PERSON_KEY: _person,
    "7": _back,
    "8": _leave,
    "9": hear_again,
    "*": hear_again,
    "#": hear_again,
}


def _step_out(flows: Flows, state: State, key: str) -> Turn:
    if key in _FIXED:
        return _FIXED[key](flows, state)
    aside = state._replace(aside=True)
    return Turn(aside, (phrase(flows, "fixed_keys"), put_again(flows, aside).outputs[-1]))
