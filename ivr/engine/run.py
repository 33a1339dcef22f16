"""The engine: from where a person stands and what they did to what they hear next. Pure; a turn is a function."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from ivr.engine.model import (
    Await,
    Cases,
    Do,
    Early,
    End,
    Event,
    Flow,
    Flows,
    Keep,
    Kept,
    Node,
    NoInput,
    Outcome,
    Output,
    Place,
    Put,
    Question,
    Reply,
    Say,
    State,
    Step,
    Switch,
    Target,
    Turn,
    Way,
)

MOST_NODES = 200  # without a question in between: more is a loop that the checks did not see
TRAIL = 8  # questions that one can step back
ENTRANCE = "welcome"
PERSON = "person"


class Lost(Exception):
    """The flows cannot go on: a loop without a question, or a flow that must exist and does not."""


def start(flows: Flows, name: str, answers: Mapping[str, str] | None = None) -> Turn:
    """The first turn of the flow `name`. Raises Lost when there is no such flow."""
    return _walk(flows, _entrance(flows, name), State(name, "", answers=answers or {}), [])


def advance(flows: Flows, state: State, event: Event) -> Turn:
    """What `event` leads to from `state`. A place that is gone since a deploy restarts politely. Raises Lost."""
    node = flows.nodes.get((state.flow, state.node))
    if node is None or type(node.exit) not in _WAITS_FOR[type(event)]:
        return restart(flows, state)
    return _EVENTS[type(event)](flows, state, node, event)


def put_again(flows: Flows, state: State) -> Turn:
    """The question that waits, with its words, but without doing anything again."""
    node = flows.nodes.get((state.flow, state.node))
    if node is None or type(node.exit) is not Question:
        return restart(flows, state)
    return Turn(state._replace(misses=0, aside=False), (*said(node), node.exit.first))


def restart(flows: Flows, state: State) -> Turn:
    """From the entrance, with a word about it: the place where one stood is no more."""
    turn = start(flows, ENTRANCE, {name: state.answers[name] for name in state.answers if name == "language"})
    return turn._replace(outputs=(phrase(flows, "restart"), *turn.outputs))


def leave(flows: Flows) -> Turn:
    """Out at once, with a dull word that tells a listener in the room nothing."""
    return Turn(None, (phrase(flows, "goodbye"), End()))


def phrase(flows: Flows, name: str) -> Say:
    """A phrase that all flows share, as something to say; `name.voice` and `name.sms` where they differ."""
    whole = flows.phrases.get(name, "")
    return Say(flows.phrases.get(f"{name}.voice", whole), flows.phrases.get(f"{name}.sms", whole))


def said(node: Node) -> Put:
    """The node's words without its deeds: asking again never does again."""
    return tuple(step for step in node.steps if type(step) is not Do)


def thaw(data: list[Any]) -> State:
    """A State from what `json` made of one: JSON has no tuples, and places are keys."""
    flow, node, stack, answers, misses, trail, aside = data
    return State(
        flow,
        node,
        tuple(map(tuple, stack)),
        answers,
        misses,
        tuple((f, n, tuple(map(tuple, s))) for f, n, s in trail),
        aside,
    )


# Events -------------------------------------------------------------------------------------------------------------


def _reply(flows: Flows, state: State, node: Node, event: Reply) -> Turn:
    question = cast("Question", node.exit)
    way = question.ways.get(event.text)
    if way is not None and not state.aside:
        return _take(flows, state, node, question, way)
    return _other_reply(flows, state, node, question, event.text.strip())


def _other_reply(flows: Flows, state: State, node: Node, question: Question, text: str) -> Turn:
    if question.entry and "*" in text:
        return _step_out(flows, state, node, text.rpartition("*")[2])
    if text in _FIXED and (state.aside or not question.entry):
        return _FIXED[text](flows, state, node)
    way = question.otherwise(text)
    return _take(flows, state, node, question, way) if way else _miss(flows, state, question, silent=False)


def _early(flows: Flows, state: State, node: Node, event: Early) -> Turn:
    return _FIXED.get(event.text, _again)(flows, state, node)


def _no_input(flows: Flows, state: State, node: Node, event: NoInput) -> Turn:
    question = cast("Question", node.exit)
    if event.final:
        return _walk(flows, question.silence, state, [])
    return _miss(flows, state, question, silent=True)


def _outcome(flows: Flows, state: State, node: Node, event: Outcome) -> Turn:
    return _walk(flows, choose(cast("Await", node.exit).cases, event.value), state, [])


_WAITS_FOR: dict[type, tuple[type, ...]] = {
    Reply: (Question,),
    Early: (Question,),
    NoInput: (Question,),
    Outcome: (Await,),
}
_EVENTS: dict[type, Callable[..., Turn]] = {Reply: _reply, Early: _early, NoInput: _no_input, Outcome: _outcome}


def _take(flows: Flows, state: State, node: Node, question: Question, way: Way) -> Turn:
    outputs: list[Output] = []
    answers = state.answers
    if question.save:
        answers = {**answers, question.save: way.value}
        if keep := flows.flows[node.flow].keep:
            outputs.append(Keep(keep, question.save, way.value))
    trail = (*state.trail[1 - TRAIL :], (node.flow, node.name, state.stack))
    return _walk(flows, way.target, State(node.flow, node.name, state.stack, answers, 0, trail), outputs)


def _miss(flows: Flows, state: State, question: Question, *, silent: bool) -> Turn:
    ladder = question.after_silence if silent else question.after_unclear
    if state.misses < len(ladder):
        return Turn(state._replace(misses=state.misses + 1, aside=False), ladder[state.misses])
    return _walk(flows, question.silence if silent else question.unclear, state, [])


# Fixed keys ---------------------------------------------------------------------------------------------------------


def _person(flows: Flows, state: State, node: Node) -> Turn:
    trail = (*state.trail[1 - TRAIL :], (node.flow, node.name, state.stack))
    return _walk(flows, _entrance(flows, PERSON), State(state.flow, state.node, (), state.answers, 0, trail), [])


def _leave(flows: Flows, state: State, node: Node) -> Turn:  # noqa: ARG001 - one signature for all fixed keys
    return leave(flows)


def _again(flows: Flows, state: State, node: Node) -> Turn:  # noqa: ARG001
    return put_again(flows, state)


def _back(flows: Flows, state: State, node: Node) -> Turn:  # noqa: ARG001
    if not state.trail:
        return put_again(flows, state)
    *trail, (flow, name, stack) = state.trail
    return put_again(flows, State(flow, name, stack, state.answers, 0, tuple(trail)))


_FIXED: dict[str, Callable[[Flows, State, Node], Turn]] = {
    "0": _person,
    "7": _back,
    "8": _leave,
    "9": _again,
    "*": _again,
    "#": _again,
}


def _step_out(flows: Flows, state: State, node: Node, key: str) -> Turn:
    if key in _FIXED:
        return _FIXED[key](flows, state, node)
    aside = state._replace(aside=True)
    return Turn(aside, (phrase(flows, "fixed_keys"), put_again(flows, aside).outputs[-1]))


# The walk from an exit to the next question -------------------------------------------------------------------------


def _entrance(flows: Flows, name: str) -> Target:
    flow: Flow | None = flows.flows.get(name)
    if flow is None:
        raise Lost(f"there is no flow named {name!r}")
    return Target(name, flow.first)


def _walk(flows: Flows, target: Target | None, state: State, outputs: list[Output]) -> Turn:
    """From `target` on, through steps, switches and ended flows, until somebody must answer."""
    here, stack = (state.flow, state.node), state.stack
    for _ in range(MOST_NODES):
        here, stack, target = _move(flows, target, here, stack, outputs)
        if target is None:
            outputs.append(End())
            return Turn(None, tuple(outputs))
        node = flows.nodes.get(here)
        if node is None:
            raise Lost(f"there is no node {here[1]!r} in the flow {here[0]!r}")
        outputs += _bind(node, state.answers) if node.steps else ()
        way_out = node.exit
        if isinstance(way_out, Question):
            outputs.append(way_out.first)
            return Turn(State(*here, stack, state.answers, 0, state.trail), tuple(outputs))
        if isinstance(way_out, Await):
            return Turn(State(*here, stack, state.answers, 0, state.trail), tuple(outputs), way_out.action)
        target = _next(way_out, state.answers)
    raise Lost(f"more than {MOST_NODES} nodes without a question, around {here[0]}/{here[1]}")


def _move(
    flows: Flows, target: Target | None, here: Place, stack: tuple[Place, ...], outputs: list[Output]
) -> tuple[Place, tuple[Place, ...], Target | None]:
    """The place to be next, the stack there, and the target reached (None when everything has ended)."""
    keep = flows.flows[here[0]].keep if here[0] in flows.flows else ""
    if keep and (target is None or (target.flow != here[0] and target.back is None)) and here[1]:
        outputs.append(Kept(keep))
    if target is None and stack:
        *rest, place = stack
        return place, tuple(rest), Target(*place)
    if target is None:
        return here, stack, None
    return (target.flow, target.node), (*stack, target.back) if target.back else stack, target


def _bind(node: Node, answers: Mapping[str, str]) -> tuple[Output, ...]:
    return tuple(_with_answers(step, answers) for step in node.steps)


def _with_answers(step: Step, answers: Mapping[str, str]) -> Step:
    return step._replace(answers=answers) if type(step) is Do else step


def _next(way_out: Switch | Target | None, answers: Mapping[str, str]) -> Target | None:
    return choose(way_out.cases, _sum(way_out.answers, answers)) if isinstance(way_out, Switch) else way_out


def _sum(names: tuple[str, ...], answers: Mapping[str, str]) -> str | None:
    """The one answer, or the sum of several; None as soon as one is missing or no number."""
    values = [answers.get(name) for name in names]
    if len(values) == 1:
        return values[0]
    if any(value is None or not value.isdecimal() for value in values):
        return None
    return str(sum(int(value) for value in values if value))


def choose(cases: Cases, value: str | None) -> Target | None:
    """The way out for this value: exact, then by range, then the default."""
    if value is None:
        return cases.default
    if value in cases.exact:
        return cases.exact[value]
    if value.isdecimal():
        for low, high, target in cases.ranges:
            if low <= int(value) <= high:
                return target
    return cases.default
