"""The flows as a graph: what leads where, with and without an answer."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from ivr.engine.model import Await, Cases, Flows, Node, Place, Question, Say, Switch, Target
from ivr.engine.replies import Entry
from ivr.engine.walk import choose

MOST_WALKS = 400  # ways from one answer to the next question that are looked at
_HELP = ("emergency_number", "hotline_number")

Stack = tuple[Place, ...]
Facts = Mapping[str, str]  # facts that are taken as given, as channel: voice


class Leads(NamedTuple):
    """What may follow a node: after answers, after silence, after answers that do not fit, or by itself."""

    answers: tuple[Target | None, ...] = ()
    silence: tuple[Target | None, ...] = ()
    unclear: tuple[Target | None, ...] = ()
    itself: tuple[Target | None, ...] = ()

    @property
    def all(self) -> tuple[Target | None, ...]:
        """Everything that may follow."""
        return (*self.answers, *self.silence, *self.unclear, *self.itself)


def leads(node: Node, facts: Facts) -> Leads:
    """What may follow this node."""
    way_out = node.exit
    if isinstance(way_out, Question):
        answers = [way.target for way in way_out.ways.values()]
        if isinstance(way_out.otherwise, Entry):
            answers += _targets(way_out.otherwise.cases)
        return Leads(tuple(dict.fromkeys(answers)), (way_out.silence,), (way_out.unclear,))
    if isinstance(way_out, Await) and way_out.action in facts:
        return Leads(itself=(choose(way_out.cases, facts[way_out.action]),))
    if isinstance(way_out, Switch | Await):
        return Leads(itself=tuple(dict.fromkeys(_targets(way_out.cases))))
    return Leads(itself=(way_out,))


def _targets(cases: Cases) -> list[Target | None]:
    return [*cases.exact.values(), *(goal for _, _, goal in cases.ranges), cases.default]


def places(targets: Iterable[Target | None]) -> Iterator[Place]:
    """The places of targets, and those that they come back to."""
    for target in targets:
        if target:
            yield (target.flow, target.node)
            if target.back:
                yield target.back


def entrances(flows: Flows, names: Collection[str]) -> list[Place]:
    """The first places of these flows, where they exist."""
    return [(name, flows.flows[name].first) for name in names if name in flows.flows]


def reached(flows: Flows, roots: Iterable[Place], facts: Facts) -> set[Place]:
    """Every place that somebody can come to from `roots`."""
    found: set[Place] = set()
    waiting = list(roots)
    while waiting:
        place = waiting.pop()
        if place not in found and place in flows.nodes:
            found.add(place)
            waiting += places(leads(flows.nodes[place], facts).all)
    return found


Walk = tuple[Node, ...]  # nodes gone through without an answer, on to a question or to the end


def walks(flows: Flows, place: Place, stack: Stack, facts: Facts) -> Iterator[Walk]:
    """All ways on from `place` without an answer, as long as they do not go round."""
    waiting: list[tuple[Place, Stack, Walk]] = [(place, stack, ())]
    for _ in range(MOST_WALKS):
        if not waiting:
            return
        here, stack, gone = waiting.pop()
        node = flows.nodes.get(here)
        if node is None or node in gone:
            continue
        gone = (*gone, node)
        ahead = [_step(target, stack) for target in leads(node, facts).itself]
        if not ahead or None in ahead:
            yield gone
        waiting += [(*step, gone) for step in ahead if step]


def _step(target: Target | None, stack: Stack) -> tuple[Place, Stack] | None:
    if target is None:
        return (stack[-1], stack[:-1]) if stack else None
    return (target.flow, target.node), (*stack, target.back) if target.back else stack


def turns(flows: Flows, roots: Iterable[Place], facts: Facts) -> Iterator[Walk]:
    """From each place that an answer, a silence or a call begins at: the ways to the next question."""
    starts: dict[tuple[Place, Stack], None] = {(root, ()): None for root in roots}
    for place in reached(flows, roots, facts):
        found = leads(flows.nodes[place], facts)
        for target in (*found.answers, *found.silence, *found.unclear):
            if target:
                starts[(target.flow, target.node), (target.back,) if target.back else ()] = None
    for start in starts:
        yield from walks(flows, *start, facts)


def loops(flows: Flows, roots: Iterable[Place], facts: Facts, silent: bool = False) -> set[Place]:
    """Places where one goes round for ever without being asked; with `silent`, without ever answering."""
    edges = {place: _following(flows, flows.nodes[place], facts, silent) for place in reached(flows, roots, facts)}
    return {place for place in edges if place in _beyond(edges, edges[place])}


def _beyond(edges: Mapping[Place, list[Place]], starts: Iterable[Place]) -> set[Place]:
    found: set[Place] = set()
    waiting = list(starts)
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += edges.get(place, ())
    return found


def _following(flows: Flows, node: Node, facts: Facts, silent: bool) -> list[Place]:
    found: list[Place] = []
    for target in _unasked(node, facts, silent):
        if target:
            found.append((target.flow, target.node))
            if target.back and _passes(flows, target, facts, silent):
                found.append(target.back)
    return found


def _unasked(node: Node, facts: Facts, silent: bool) -> tuple[Target | None, ...]:
    found = leads(node, facts)
    return found.itself or (found.silence if silent else ())


def _passes(flows: Flows, target: Target, facts: Facts, silent: bool) -> bool:
    """Can this flow be gone through to its end without an answer?"""
    seen: set[Place] = set()
    waiting: list[Place] = [(target.flow, target.node)]
    while waiting:
        place = waiting.pop()
        if place in seen or place not in flows.nodes:
            continue
        seen.add(place)
        following = _unasked(flows.nodes[place], facts, silent)
        if None in following:
            return True
        waiting += [goal.back or (goal.flow, goal.node) for goal in following if goal]
    return False


def ends_alone(flows: Flows, roots: Iterable[str]) -> set[str]:
    """The flows whose end may be the end of the conversation, for nothing waits to be come back to."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            goals = [goal for node in flows.nodes.values() if node.flow == name for goal in leads(node, {}).all if goal]
            waiting += [goal.back[0] if goal.back else goal.flow for goal in goals]
    return found


def tells_where_help_is(node: Node) -> bool:
    """Does this node say a number to call now?"""
    texts = [text for step in node.steps if isinstance(step, Say) for text in (step.voice, step.sms)]
    return any(f"{{{name}:digits}}" in text for name in _HELP for text in texts)
