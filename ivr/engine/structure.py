"""Checks of the graph, which is the same in all languages: everything is reached, leads on, and help is near."""

from collections.abc import Collection

from ivr.engine.graph import ends_alone, entrances, leads, loops, reached, tells_where_help_is, walks
from ivr.engine.model import Flows, Menu, Node, Place, Question, Say
from ivr.engine.tongue import Desk

FIXED_KEYS = frozenset("0789")
MOST_KEYS = 6
MOST_SPOKEN = 4
SHORTEST_WAIT = 8  # seconds: a phone has to come down from the ear
_CHANNELS = ("voice", "sms")


def check(flows: Flows, desk: Desk, also: Collection[str]) -> None:
    """Notes what is wrong with the shape of the flows. `also` names flows that are begun from outside."""
    names = [
        *dict.fromkeys(["welcome", "person", "crisis", *(f.name for f in flows.flows.values() if f.keywords), *also])
    ]
    roots = entrances(flows, names)
    _check_reach(flows, desk, roots)
    _check_ends(flows, desk, names)
    _check_loops(flows, desk, roots)
    _check_help(flows, desk)
    for node in flows.nodes.values():
        if isinstance(node.exit, Question):
            _check_question(node, node.exit, desk)


def _check_reach(flows: Flows, desk: Desk, roots: list[Place]) -> None:
    for place in flows.nodes.keys() - reached(flows, roots, {}):
        desk.note(place, f"nobody ever comes to the node {place[1]!r}", "Lead to it from somewhere, or take it out")


def _check_ends(flows: Flows, desk: Desk, names: list[str]) -> None:
    """A conversation does not end without a word: nobody knows then whether the line is dead."""
    alone = ends_alone(flows, names)
    for place, node in flows.nodes.items():
        found = leads(node, {})
        says = any(isinstance(step, Say) for step in node.steps)
        if node.flow not in alone or None not in found.all:
            continue
        if isinstance(node.exit, Question):
            desk.note(place, "after some answer the conversation ends without a word", "Give that answer a goto")
        elif not says:
            desk.note(place, "the conversation ends here without a word", "Say something, or lead on by goto")


def _check_loops(flows: Flows, desk: Desk, roots: list[Place]) -> None:
    round_and_round = {place for channel in _CHANNELS for place in loops(flows, roots, {"channel": channel})}
    silent = loops(flows, roots, {"channel": "voice"}, silent=True)
    for place in round_and_round:
        desk.note(place, "from here one goes round for ever without being asked", "Let one of these nodes lead out")
    for place in silent - round_and_round:
        desk.note(place, "who never presses a key goes round for ever here", "Let the silence lead to an end")


def _check_help(flows: Flows, desk: Desk) -> None:
    for name in ("person", "crisis"):
        if name not in flows.flows:
            desk.note((name, ""), f"there is no flow {name!r}", f"Write {name}.yaml: help must be near everywhere")
        elif not _help_within(flows, (name, flows.flows[name].first), keys=int(name == "person")):
            wrong = f"no number to call is heard soon enough in {name}"
            desk.note(
                (name, flows.flows[name].first), wrong, "Say {emergency_number:digits} or {hotline_number:digits}"
            )


def _help_within(flows: Flows, place: Place, keys: int) -> bool:
    """Is a number heard from this place on, after so many keys at most?"""
    for gone in walks(flows, place, (), {}):
        if any(map(tells_where_help_is, gone)):
            return True
        answers = leads(gone[-1], {}).answers if keys else ()
        if any(_help_within(flows, (goal.flow, goal.node), keys - 1) for goal in answers if goal):
            return True
    return False


def _check_question(node: Node, question: Question, desk: Desk) -> None:
    place = (node.flow, node.name)
    puts = [question.first, *(put[-1] for put in (*question.after_silence, *question.after_unclear))]
    if any(getattr(put, "wait", question.first.wait).voice < SHORTEST_WAIT for put in puts):
        desk.note(place, f"the wait is shorter than {SHORTEST_WAIT} seconds", f"Write 'wait: {SHORTEST_WAIT} seconds'")
    if not question.entry and FIXED_KEYS & question.ways.keys():
        desk.note(place, "a choice takes one of the keys 0, 7, 8, 9", "Leave them: they mean the same everywhere")
    if isinstance(question.first, Menu):
        _check_menu(place, question.first, desk)


def _check_menu(place: Place, menu: Menu, desk: Desk) -> None:
    if len(menu.choices) > MOST_KEYS:
        desk.note(place, f"the menu has more than {MOST_KEYS} keys", "Ask in two steps")
    elif len(menu.choices) > MOST_SPOKEN:
        wrong = f"the menu speaks {len(menu.choices)} choices, and nobody remembers more than {MOST_SPOKEN}"
        desk.note(place, wrong, "Take some out, or ask for a number")
