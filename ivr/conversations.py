"""A turn: the engine says what, actions say how, until somebody must answer. All in the caller's transaction."""

from collections.abc import Iterator, Mapping

from ivr import actions, facts, values
from ivr.actions import human_help
from ivr.care import checkins
from ivr.content import Names
from ivr.engine import run
from ivr.engine.model import Ask, Begun, Dial, Do, Event, Keep, Kept, Outcome, Output, Question, Reply, State, Turn
from ivr.people import consents
from ivr.scene import Scene, functions

MOST_OUTCOMES = 16  # actions and facts that one turn may wait for: a way in asks for nine
ENTRANCE = run.ENTRANCE
# Flows that nobody comes to by a choice: the outbox opens them, or an answer names them.
OUTSIDE = (
    *("reminder", "nudge", "missed_call", "alert", "alert_over", "desk_news", "desk_call", "written", "still_here"),
    *("checkin", "exercises", "hello", "trouble", "erased", "call_closed", "desk", "desk_text", "desk_answer"),
    "no_more",
)
NAMED = ("person", "crisis")  # words and keys lead here, whatever is being talked about
# Flows with which the line itself texts or rings somebody: neutral until an answer.
_BOTH = ("sms", "voice")
OUTGOING = {"reminder": _BOTH, "nudge": _BOTH, "still_here": _BOTH, "hello": _BOTH} | {
    "missed_call": ("sms",),
    "written": ("sms",),
    "call_closed": ("sms",),
    "desk_news": ("sms",),
    "desk_text": ("sms",),
    "desk_answer": ("sms",),
    "desk_call": ("voice",),
    ENTRANCE: ("voice",),  # by text it only answers
}

_DEEDS = functions(*actions.ROOMS)
_FACTS = functions(facts)
_VALUES = functions(values)


def take_turn(scene: Scene, event: Event | None) -> tuple[Output, ...]:
    """What the person hears after `event` (None: they have just come in). Leaves the new state in the position."""
    state = scene.position.state
    if state is None or event is None:
        return finish_turn(scene, run.start(scene.flows, ENTRANCE))
    if human_help.RUNG in state.answers and (name := run.awaited(scene.flows, state)):
        return finish_turn(scene, Turn(state, (), name, state.answers))  # the action knows how the ringing went
    return finish_turn(scene, run.advance(scene.flows, state, event))


def put_again(scene: Scene) -> tuple[Output, ...]:
    """The same question once more; nothing else happens."""
    state = scene.position.state
    return finish_turn(scene, run.put_again(scene.flows, state) if state else run.start(scene.flows, ENTRANCE))


def open_flow(scene: Scene, name: str, answers: Mapping[str, str] | None = None) -> tuple[Output, ...]:
    """The flow `name`, whatever was being talked about, with what is known already."""
    return finish_turn(scene, run.start(scene.flows, name, answers))


def finish_turn(scene: Scene, turn: Turn) -> tuple[Output, ...]:
    """Carries out what the engine asks for and goes on with what came of it, until a question or the end."""
    outputs: list[Output] = []
    for _ in range(MOST_OUTCOMES):
        scene.answers = turn.answers
        outputs += _carried_out(scene, turn.outputs)
        state = turn.state
        if state and scene.answers is not turn.answers:  # the row of a check-in was noted, or is left behind
            state = state._replace(answers=scene.answers)
        if not turn.awaits or state is None:
            scene.position.state = state
            return tuple(outputs)
        came = _go_on(scene, state, turn.awaits)
        if isinstance(came, Dial):
            scene.position.state = state._replace(answers=scene.answers)
            return (*outputs, came)
        turn = came
    raise run.Lost(f"more than {MOST_OUTCOMES} actions in one turn, the last one {turn.awaits!r}")


def speaks_up(scene: Scene) -> bool:
    """Whether silence, by text, leads to something that is sent."""
    question = _question(scene)
    return question is not None and question.speaks_up


def waits(scene: Scene) -> int:
    """Seconds for which the question that waits does so by text; 0 without one."""
    question = _question(scene)
    return question.first.wait.sms if question else 0


def press(scene: Scene, key: str) -> tuple[Output, ...]:
    """A fixed key. Where digits belong to an entry, it steps out of it."""
    question = _question(scene)
    return take_turn(scene, Reply("*" + key if question and question.entry else key))


def fits(scene: Scene, text: str) -> bool:
    """Whether the question that waits takes exactly this (normalised) text as an answer."""
    question = _question(scene)
    return question is not None and (text in question.ways or question.entry)


def understands(scene: Scene, text: str) -> bool:
    """Whether there is a question that waits, and it can make something of this text as it was typed."""
    question = _question(scene)
    return question is not None and (text in question.ways or question.otherwise(text) is not None)


def is_about(scene: Scene, flow: str) -> bool:
    """Whether the question that waits is one of this flow."""
    return scene.position.state is not None and scene.position.state.flow == flow


def keys_to(scene: Scene, action: str) -> list[str]:
    """The keys that answer the question that waits and lead to this action."""
    question = _question(scene)
    ways = question.ways.items() if question else ()
    led = [(key, scene.flows.nodes.get(way.target[:2])) for key, way in ways if key in run.KEYS and way.target]
    return [key for key, node in led if node and Do(action, node.flow) in node.steps]


def asks_digits(scene: Scene) -> bool:
    """Whether the question that waits is for digits: a PIN, which nobody but the action that takes it may see."""
    question = _question(scene)
    return question is not None and isinstance(question.first, Ask) and question.first.kind == "digits"


def takes(scene: Scene, flow: str, node: str, text: str) -> bool:
    """Whether that question would take this text as an answer."""
    place = scene.flows.nodes.get((flow, node))
    question = place.exit if place else None
    return isinstance(question, Question) and (text in question.ways or question.otherwise(text) is not None)


def names() -> Names:
    """What flows may name. A value's kind is the name of the type that its function returns."""
    kinds = {name: value.__annotations__["return"].__name__.lower() for name, value in _VALUES.items()}
    return Names(frozenset(_DEEDS), frozenset(_FACTS), kinds, (ENTRANCE, *NAMED, *OUTSIDE))


class Values(Mapping[str, str]):
    """The values that a text names, each looked up only when it is spoken; `asked`: whether any was."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._found: dict[str, str] = {}
        self.asked = False

    def __getitem__(self, name: str) -> str:
        self.asked = True
        if name not in self._found:
            self._found[name] = _VALUES[name](self._scene)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_VALUES)

    def __len__(self) -> int:
        return len(_VALUES)


def _question(scene: Scene) -> Question | None:
    """The question that waits for this person."""
    state = scene.position.state
    node = scene.flows.nodes.get((state.flow, state.node)) if state else None
    return node.exit if node and isinstance(node.exit, Question) else None


def _go_on(scene: Scene, state: State, name: str) -> Turn | Dial:
    """What comes of the action; it may have noted something among the answers."""
    scene.flow = state.flow
    outcome = (_FACTS.get(name) or _DEEDS[name])(scene)
    if isinstance(outcome, Turn | Dial):
        return outcome
    if scene.answers is not state.answers:
        state = state._replace(answers=scene.answers)
    return run.advance(scene.flows, state, Outcome(outcome or ""))


def _carried_out(scene: Scene, outputs: tuple[Output, ...]) -> list[Output]:
    """The outputs that are heard or read; the others are done."""
    return [output for output in outputs if not _done(scene, output)]


def _done(scene: Scene, output: Output) -> bool:
    if isinstance(output, Do):
        scene.flow = output.flow
        _DEEDS[output.action](scene)
    elif isinstance(output, Begun):
        scene.answers = {name: value for name, value in scene.answers.items() if name != _row(output)}
    elif isinstance(output, Keep):
        _keep(scene, output)
    elif isinstance(output, Kept):
        checkins.finish(scene.tx, scene.answers.get(_row(output)), scene.now)
    else:
        return False
    return True


def _keep(scene: Scene, kept: Keep) -> None:
    if scene.agreed(consents.KEEP):
        row, id = scene.answers.get(_row(kept)), scene.position.id
        row = checkins.keep(scene.tx, scene.vault, scene.party, id, row, kept, scene.now)
        scene.answers = {**scene.answers, _row(kept): row}


def _row(of: Begun | Keep | Kept) -> str:
    """Under which name a conversation notes the row of what it is going through: it goes along to another call."""
    return f"#{of.name}"
