"""The engine against `transitions` (a state machine library), on the same five-node menu.

Ours also keeps the answers and brings the finished words; theirs only moves. Rounds are interleaved, since absolute
times mean nothing on a shared machine.
"""

import json
import time
from collections.abc import Callable

from transitions import Machine

from bench.figures import Figure
from ivr.engine.model import Choice, Flow, Flows, Menu, Node, Question, Reply, Say, State, Target, Wait, Way
from ivr.engine.run import advance, start, thaw

NAMES = ("how", "sleep", "thoughts", "today", "what_next")
KEYS = ("1", "2", "3", "4")
STEPS, ROUNDS = 20_000, 7


def five_nodes() -> Flows:
    """Five menus in a ring, each with four choices and kept answers."""
    nodes = {}
    for index, name in enumerate(NAMES):
        target = Target("bench", NAMES[(index + 1) % len(NAMES)])
        menu = Menu(tuple(Choice(key, f"Choice {key} of {name}") for key in KEYS), Wait(8, 86_400))
        question = Question(
            menu, (), (), {key: Way(key, target) for key in KEYS}, lambda _text: None, target, target, save=name
        )
        nodes["bench", name] = Node("bench", name, (Say(f"The question {name}?", f"{name}?"),), question)
    return Flows("en", {"bench": Flow("bench", NAMES[0], "Bench")}, nodes, {})


def ours_in_memory(flows: Flows) -> None:
    """Steps with the state at hand."""
    state = _begin(flows)
    for step in range(STEPS):
        turn = advance(flows, state, Reply(KEYS[step & 3]))
        assert turn.state
        state = turn.state


def ours_serialised(flows: Flows) -> None:
    """Steps whose state goes through the standard library's JSON, as it does for the database."""
    data = json.dumps(_begin(flows))
    for step in range(STEPS):
        data = json.dumps(advance(flows, thaw(json.loads(data)), Reply(KEYS[step & 3])).state)


def reference() -> Callable[[], None]:
    """The same ring in `transitions`, one machine for the model, four triggers a state."""

    class Caller:
        pass

    moves = [[f"key_{key}", name, NAMES[(index + 1) % len(NAMES)]] for index, name in enumerate(NAMES) for key in KEYS]
    caller = Caller()
    Machine(caller, states=list(NAMES), transitions=moves, initial=NAMES[0], auto_transitions=False)
    triggers = [getattr(caller, f"key_{key}") for key in KEYS]

    def steps() -> None:
        for step in range(STEPS):
            triggers[step & 3]()

    return steps


def compare() -> list[Figure]:
    """Interleaved rounds: ours in memory, ours serialised, theirs."""
    flows, theirs = five_nodes(), reference()
    memory, serialised = [], []
    for _ in range(ROUNDS):
        base = _seconds(theirs)
        memory.append(base / _seconds(lambda: ours_in_memory(flows)))
        serialised.append(base / _seconds(lambda: ours_serialised(flows)))
    return [
        Figure("engine in memory, steps per second", "transitions", memory, at_least=3.0),
        Figure("engine with its state as JSON each step", "transitions", serialised, at_least=0.7),
    ]


def _begin(flows: Flows) -> State:
    state = start(flows, "bench").state
    assert state
    return state


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
