"""What a call may be doing, as the interpreter yields it, and what it is told in return."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.twiml import Document

if TYPE_CHECKING:
    from simulator.legs import Leg


@dataclass(frozen=True)
class Sound:
    """Something heard: `kind` is say, play, pause or beep. `transcript`: the text is what a recording says."""

    kind: str
    text: str
    seconds: float
    language: str = ""
    voice: str = ""
    url: str = ""
    transcript: bool = False


@dataclass(frozen=True)
class Ask:
    """Sounds during which a key may be pressed, then so many seconds of waiting for one."""

    sounds: tuple[Sound, ...]
    timeout: float


@dataclass(frozen=True)
class Take:
    """A recording: it ends by a key of `finish`, after `timeout` seconds of silence, or when it is `most` long."""

    beep: bool
    timeout: float
    most: float
    finish: str


@dataclass(frozen=True)
class Bridge:
    """Other phones ring; the first that answers talks."""

    legs: tuple["Leg", ...]
    timeout: float


@dataclass(frozen=True)
class Talk:
    """Two people talk, until one hangs up."""


Step = Sound | Ask | Take | Bridge | Talk


@dataclass(frozen=True)
class Answer:
    """What came of a step: a key, seconds recorded or talked, how the other phone fared."""

    key: str = ""
    seconds: float = 0.0
    status: str = ""
    sid: str = ""


NOTHING = Answer()


class HungUp(Exception):
    """The person, or the service through the API, ended the call."""


class Moved(Exception):
    """The service sent the call elsewhere through the API."""

    def __init__(self, document: Document) -> None:
        super().__init__(document.url)
        self.document = document
