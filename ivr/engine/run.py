"""The engine: from where a person stands and what they did to what they hear next. Pure; a turn is a function."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
    Switch,
    Target,
    Turn,
    Way,
)

MOST_NODES = 200  # without a question in between: more is a loop that the checks did not see
TRAIL = 4  # questions that one can step back
_END = End()
ENTRANCE = "welcome"
PERSON = "person"


class Lost(Exception):
    """The flows cannot go on: a loop without a question, or a flow that must exist and does not."""


def start(flows: Flows, name: str, answers: Mapping[str, str] | None = None) -> Turn:
    """The first turn of the flow `name`. Raises Lost when there is no such flow."""
    return _walk(flows, _entrance(flows, name), (name, (), answers or {}, ()), [])


def advance(flows: Flows, state: State, event: Event) -> Turn:
    """What `event` leads to from `state`. A place that is gone since a deploy restarts politely. Raises Lost."""
    node = flows.nodes.get((state[0], state[1]))
    takes, waits_for = _EVENTS[type(event)]
    if node is None or type(node.exit) is not waits_for:
        return restart(flows, state)
    return takes(flows, state, node.exit, event)


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
    """A State from what `json` made of one. Its tuples are lists then, which is all the same to the engine."""
    return State(*data)


# Events -------------------------------------------------------------------------------------------------------------


def _reply(flows: Flows, state: State, question: Question, event: Reply) -> Turn:
    way = question.ways.get(event.text)
    if way is not None and not state.aside:
        return _take(flows, state, question, way)
    return _other_reply(flows, state, question, event.text.strip())


def _other_reply(flows: Flows, state: State, question: Question, text: str) -> Turn:
    if question.entry and "*" in text:
        return _step_out(flows, state, text.rpartition("*")[2])
    if text in _FIXED and (state.aside or not question.entry):
        return _FIXED[text](flows, state)
    way = question.otherwise(text)
    return _take(flows, state, question, way) if way else _miss(flows, state, question, silent=False)


def _early(flows: Flows, state: State, _question: Question, event: Early) -> Turn:
    return _FIXED.get(event.text, put_again)(flows, state)


def _no_input(flows: Flows, state: State, question: Question, event: NoInput) -> Turn:
    if event.final:
        return _walk(flows, question.silence, _unanswered(state, question), [])
    return _miss(flows, state, question, silent=True)


def _outcome(flows: Flows, state: State, way_out: Await, event: Outcome) -> Turn:
    return _walk(flows, choose(way_out.cases, event.value), _carried(state), [])


_EVENTS: dict[type, tuple[Callable[..., Turn], type]] = {
    Reply: (_reply, Question),
    Early: (_early, Question),
    NoInput: (_no_input, Question),
    Outcome: (_outcome, Await),
}


def _take(flows: Flows, state: State, question: Question, way: Way) -> Turn:
    flow, name, stack, answers, _, trail, _ = state
    outputs: list[Output] = []
    if question.save:
        answers = {**answers, question.save: way.value}
        if keep := flows.flows[flow].keep:
            outputs.append(Keep(keep, question.save, way.value))
    return _walk(flows, way.target, (flow, stack, answers, [*trail[1 - TRAIL :], (flow, name, stack)]), outputs)


def _miss(flows: Flows, state: State, question: Question, *, silent: bool) -> Turn:
    ladder = question.after_silence if silent else question.after_unclear
    if state.misses < len(ladder):
        return Turn(state._replace(misses=state.misses + 1, aside=False), ladder[state.misses])
    return _walk(flows, question.silence if silent else question.unclear, _unanswered(state, question), [])


# Fixed keys ---------------------------------------------------------------------------------------------------------


def _person(flows: Flows, state: State) -> Turn:
    trail = (*state.trail[1 - TRAIL :], (state.flow, state.node, state.stack))
    return _walk(flows, _entrance(flows, PERSON), (PERSON, (), state.answers, trail), [])


def _leave(flows: Flows, _state: State) -> Turn:
    return leave(flows)


def _back(flows: Flows, state: State) -> Turn:
    if not state.trail:
        return put_again(flows, state)
    *trail, (flow, name, stack) = state.trail
    return put_again(flows, State(flow, name, stack, state.answers, 0, trail))


_FIXED: dict[str, Callable[[Flows, State], Turn]] = {
    "0": _person,
    "7": _back,
    "8": _leave,
    "9": put_again,
    "*": put_again,
    "#": put_again,
}


def _step_out(flows: Flows, state: State, key: str) -> Turn:
    if key in _FIXED:
        return _FIXED[key](flows, state)
    aside = state._replace(aside=True)
    return Turn(aside, (phrase(flows, "fixed_keys"), put_again(flows, aside).outputs[-1]))


# The walk from an exit to the next question -------------------------------------------------------------------------


# The flow that one comes from, the stack, the answers, the trail.
Carried = tuple[str, Sequence[Place], Mapping[str, str], Sequence[tuple[str, str, Sequence[Place]]]]


def _carried(state: State) -> Carried:
    return state.flow, state.stack, state.answers, state.trail


def _unanswered(state: State, question: Question) -> Carried:
    """What was answered here an earlier time is no answer now."""
    answers = {name: value for name, value in state.answers.items() if name != question.save}
    return state.flow, state.stack, answers, state.trail


def _entrance(flows: Flows, name: str) -> Target:
    flow: Flow | None = flows.flows.get(name)
    if flow is None:
        raise Lost(f"there is no flow named {name!r}")
    return Target(name, flow.first)


def _walk(flows: Flows, target: Target | None, carried: Carried, outputs: list[Output]) -> Turn:
    """From `target` on, through steps, switches and ended flows, until somebody must answer."""
    flow, stack, answers, trail = carried
    for _ in range(MOST_NODES):
        if target is None or target.back or target.flow != flow:
            target, stack = _leave_flow(flows, target, flow, stack, outputs)
            if target is None:
                return Turn(None, (*outputs, _END), "", answers)
        flow, name, _ = target
        node = flows.nodes.get((flow, name))
        if node is None:
            raise Lost(f"there is no node {name!r} in the flow {flow!r}")
        _, _, steps, way_out = node
        if steps:
            outputs += steps
        if isinstance(way_out, Question):
            outputs.append(way_out[0])
            return Turn(State(flow, name, stack, answers, 0, trail), tuple(outputs), "", answers)
        if isinstance(way_out, Await):
            return Turn(State(flow, name, stack, answers, 0, trail), tuple(outputs), way_out.action, answers)
        target = _next(way_out, answers)
    raise Lost(f"more than {MOST_NODES} nodes without a question, around {flow}/{name}")


def _leave_flow(
    flows: Flows, target: Target | None, flow: str, stack: Sequence[Place], outputs: list[Output]
) -> tuple[Target | None, Sequence[Place]]:
    """Where to go from the end of a flow, or into another one; and the stack there. No target: all is over."""
    if target and target.back:
        return target, (*stack, target.back)
    if flow in flows.flows and flows.flows[flow].keep:
        outputs.append(Kept(flows.flows[flow].keep))
    if target or not stack:
        return target, stack
    *rest, place = stack
    return Target(*place), rest


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
