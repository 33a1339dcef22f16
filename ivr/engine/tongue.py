"""What the checks know of a language, and what they find."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from ivr.engine.model import Flows, Place, Put


class Tongue(NamedTuple):
    """A language as the checks see it: its flows, how they sound, what they send, and its bounds."""

    flows: Flows
    translated: Callable[[str], str | None]  # a text of the flows in this language; None where nobody translated it
    seconds: Callable[[Put], float]  # how long outputs are heard before the wait for an answer begins
    texts: Callable[[Put], Sequence[str]]  # the texts that go out for outputs, the longest values filled in
    segments: Callable[[str], int]
    first_choice: float = 13  # seconds within which a caller hears the first choice
    stop: Collection[str] = ()  # its words for STOP, which may stand in capitals
    unsafe: Collection[str] = ()  # words that harm; none may be said
    gendered: Collection[str] = ()  # words that guess who is listening
    sensitive: Collection[str] = ()  # words that tell others what the line is for; none goes out unasked


class Problem(NamedTuple):
    """What a check found, where, and what to do."""

    file: str
    line: int
    severity: str  # error or warning
    language: str  # '' where it is the same in all
    wrong: str
    instead: str

    def __str__(self) -> str:
        language = f"[{self.language}] " if self.language else ""
        return f"{self.file}:{self.line}: {self.severity}: {language}{self.wrong}. {self.instead}."


class Desk(NamedTuple):
    """Where problems are noted: it knows on which line each node is written."""

    where: Mapping[Place, tuple[str, int]]
    found: set[Problem]

    def note(self, place: Place, wrong: str, instead: str, language: str = "", severity: str = "error") -> None:
        """A problem of a node; a page of a menu and the like stand where their node is written."""
        flow, node = place
        file, line = self.where.get((flow, node.partition("~")[0])) or self.where.get((flow, ""), (f"{flow}.yaml", 1))
        self.found.add(Problem(file, line, severity, language, wrong, instead))
