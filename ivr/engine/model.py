"""The vocabulary of a conversation: what goes in, what comes out, where a person stands, what a flow is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# What goes in. Events and turns are made anew each time: with slots that takes half as long as a NamedTuple does. -----


@dataclass(slots=True)
class Reply:
    """Keys pressed, or a text written, as an answer to the question that waits."""

    text: str


@dataclass(slots=True)
class Early:
    """A key pressed while an exercise still ran: it ends the exercise and answers nothing."""

    text: str
    unheard: bool = False  # what is heard whole was not over yet


@dataclass(slots=True)
class NoInput:
    """Silence. `final` where it is never asked again, as by text."""

    final: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of the action or fact that the engine stopped for."""

    value: str


Event = Reply | Early | NoInput | Outcome

# What comes out -----------------------------------------------------------------------------------------------------


class Say(NamedTuple):
    """Words for each channel, empty where it has none; placeholders are still in them as {name} or {name:kind}."""

    voice: str
    sms: str
    lasts: int = 0  # seconds that the words and the silence after them take together; 0: as long as the words
    alone: bool = False  # by text: a message of its own
    whole: bool = False  # by voice: no choice cuts it short, for what was not heard would not be heard at all


class Play(NamedTuple):
    """A sound of the language's audio folder, by name."""

    sound: str


class Pause(NamedTuple):
    """Silence, in seconds; nothing by text."""

    seconds: int


class Wait(NamedTuple):
    """How long counts as silence, in seconds: after the prompt ends by voice, after the text went out by SMS."""

    voice: int
    sms: int


class Choice(NamedTuple):
    """One line of a menu; `language` where the label is spoken in another language than the call's."""

    key: str
    label: str
    language: str = ""


class Menu(NamedTuple):
    """A choice by one key; `slow` puts the options one by one, with time to find the key."""

    choices: tuple[Choice, ...]
    wait: Wait
    slow: bool = False


class Ask(NamedTuple):
    """An open question: `yes or no`, `number`, `digits`, `date`, `time`, `phone` or `own words`."""

    kind: str
    wait: Wait
    length: int = 0  # the number of digits where it is fixed, else 0: then `#` ends the entry


class Do(NamedTuple):
    """An action that the flow asks for; nothing comes back. It goes by the answers of its turn."""

    action: str
    flow: str


class Begun(NamedTuple):
    """The flow that keeps under this name is gone through anew: what follows belongs to no earlier time."""

    name: str


class Keep(NamedTuple):
    """An answer to store as it is given, under the name that its flow keeps."""

    name: str
    question: str
    answer: str


class Kept(NamedTuple):
    """The flow that keeps under this name was gone through to its end."""

    name: str


class End(NamedTuple):
    """The conversation is over."""


class Dial(NamedTuple):
    """Another phone is rung for this call; the action that brings it is then asked how that went."""

    number: str
    caller: str  # the number that it sees: ours
    screen: str  # the address at which whoever takes it is asked first
    seconds: int = 20  # for which it rings: the caller hears it, and another one may be there to be rung


Output = Say | Play | Pause | Menu | Ask | Do | Begun | Keep | Kept | End | Dial
Step = Say | Play | Pause | Do
Put = tuple[Output, ...]
Place = tuple[str, str]  # flow, node


class State(NamedTuple):
    """Where a conversation waits, as plain data that fits a JSON column (see `run.thaw`)."""

    flow: str
    node: str
    stack: Sequence[Place] = ()  # where to go on when the flow that runs has ended
    answers: Mapping[str, str] = {}
    misses: int = 0  # silences and unfit answers to this question so far
    trail: Sequence[tuple[str, str, Sequence[Place]]] = ()  # questions gone through, for one step back
    aside: bool = False  # stepped out of an entry by `*`: the next key is a fixed one
    before: Sequence[Place] = ()  # nodes whose words were said in this turn, before those of the question


@dataclass(slots=True)
class Turn:
    """What one event led to. `state` is None when the conversation is over.

    Where it `awaits` an action or a fact: carry the outputs' actions out, then that one, and go on with its Outcome.
    """

    state: State | None
    outputs: tuple[Output, ...]
    awaits: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # all that was answered up to this turn


# What a flow is made of, compiled for one language --------------------------------------------------------------------


class Target(NamedTuple):
    """Where to go; with `back`, go there and come back to that place when its flow has ended."""

    flow: str
    node: str
    back: Place | None = None


class Way(NamedTuple):
    """What an answer means: the value to keep, and where it leads (None: the flow ends)."""

    value: str
    target: Target | None


class Cases(NamedTuple):
    """Ways out by value: exact ones first, then inclusive ranges of numbers, then `default`."""

    exact: Mapping[str, Target | None]
    ranges: tuple[tuple[float, float, Target | None], ...] = ()
    default: Target | None = None


class Question(NamedTuple):
    """An exit that waits for a person."""

    first: Menu | Ask
    after_silence: tuple[Put, ...]  # what is put after the 1st, 2nd … silence; beyond them `silence` leads on
    after_unclear: tuple[Put, ...]  # the same for answers that do not fit; beyond them `unclear` leads on
    ways: Mapping[str, Way]  # finished answers: keys, and whole texts in normalised form
    otherwise: Callable[[str], Way | None]  # reads whatever `ways` does not hold
    silence: Target | None
    unclear: Target | None
    save: str = ""
    entry: bool = False  # several digits: all of them belong to the answer, `*` steps out
    speaks_up: bool = False  # by text, what silence leads to is sent; else it ends without a word


class Switch(NamedTuple):
    """An exit that goes by the sum of answers, or by the one answer."""

    answers: tuple[str, ...]
    cases: Cases


class Await(NamedTuple):
    """An exit that goes by what comes of an action, or by a fact."""

    action: str
    cases: Cases


class Node(NamedTuple):
    """Steps, then one exit: a question, a switch, an action, another place, or (None) the end of the flow."""

    flow: str
    name: str
    steps: tuple[Step, ...]
    exit: Question | Switch | Await | Target | None


class Flow(NamedTuple):
    """A flow's own facts; its nodes stand in `Flows.nodes`."""

    name: str
    first: str
    title: str
    keywords: tuple[str, ...] = ()
    keep: str = ""


class Flows(NamedTuple):
    """All conversations, finished for one language."""

    language: str
    flows: Mapping[str, Flow]
    nodes: Mapping[Place, Node]
    phrases: Mapping[str, str]  # the words that all flows share, by name: see flows/phrases.yaml
