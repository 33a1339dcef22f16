"""The walk from a way out to the next question: through steps, switches and flows that end."""

from collections.abc import Mapping, Sequence

from ivr.engine.model import (
    Await,
    Begun,
    Cases,
    End,
    Flow,
    Flows,
    Kept,
    Place,
    Put,
    Question,
    State,
    Switch,
    Target,
    Turn,
)

MOST_NODES = range(200)  # without a question in between: more is a loop that the checks did not see
_END = End()


class Lost(Exception):
    """The flows cannot go on: a loop without a question, or a flow that must exist and does not."""


# The flow that one comes from, the stack, the answers, the trail, and where words were said in this turn already.
Carried = tuple[str, Sequence[Place], Mapping[str, str], Sequence[tuple[str, str, Sequence[Place]]], Sequence[Place]]


def carried(state: State) -> Carried:
    return state.flow, state.stack, state.answers, state.trail, state.before


def unanswered(state: State, question: Question) -> Carried:
    """What was answered here an earlier time is no answer now."""
    answers = {name: value for name, value in state.answers.items() if name != question.save}
    return state.flow, state.stack, answers, state.trail, ()


def entrance(flows: Flows, name: str) -> Target:
    flow: Flow | None = flows.flows.get(name)
    if flow is None:
        raise Lost(f"there is no flow named {name!r}")
    return Target(name, flow.first)


def walk(flows: Flows, target: Target | None, carried: Carried, outputs: Put) -> Turn:
    """From `target` on, through steps, switches and ended flows, until somebody must answer."""
    flow, stack, answers, trail, before = carried
    for _ in MOST_NODES:
        if target is None or target.back or target.flow != flow:
            target, stack, outputs = _leave_flow(flows, target, flow, stack, outputs)
            if target is None:
                return Turn(None, (*outputs, _END), "", answers)
        flow, name, _ = target
        node = flows.nodes.get((flow, name))
        if node is None:
            raise Lost(f"there is no node {name!r} in the flow {flow!r}")
        _, _, steps, way_out = node
        outputs += steps
        if isinstance(way_out, Question):
            state = State(flow, name, stack, answers, 0, trail, False, before)
            return Turn(state, (*outputs, way_out.first), "", answers)
        if steps:
            before = (*before, (flow, name))
        if isinstance(way_out, Await):
            state = State(flow, name, stack, answers, 0, trail, False, before)
            return Turn(state, outputs, way_out.action, answers)
        target = _next(way_out, answers)
    raise Lost(f"more than {len(MOST_NODES)} nodes without a question, around {flow}/{name}")


def _leave_flow(
    flows: Flows, target: Target | None, flow: str, stack: Sequence[Place], outputs: Put
) -> tuple[Target | None, Sequence[Place], Put]:
    """Where to go from the end of a flow, or into another one; and the stack there. No target: all is over."""
    if target and target.back:
        return target, (*stack, target.back), (*outputs, *begun(flows, target.flow))
    if keep := _keep(flows, flow):
        outputs = (*outputs, Kept(keep))
    if target:
        return target, stack, (*outputs, *begun(flows, target.flow))
    if not stack:
        return None, stack, outputs
    *rest, place = stack
    return Target(*place), rest, outputs


def begun(flows: Flows, name: str) -> Put:
    """What tells that the flow `name` is entered, where it keeps answers. Coming back to it is no entering."""
    keep = _keep(flows, name)
    return (Begun(keep),) if keep else ()


def _keep(flows: Flows, name: str) -> str:
    return flows.flows[name].keep if name in flows.flows else ""


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
