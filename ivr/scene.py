"""What an action sees of the turn that asks for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from inspect import isfunction
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from ivr.config import Config
from ivr.content import Content
from ivr.db import Transaction
from ivr.engine.model import Flows, Output
from ivr.memory.positions import Position
from ivr.moments import moment_of
from ivr.outreach import schedules
from ivr.outreach.ring_backs import Bounds
from ivr.outreach.schedules import Person
from ivr.people import asking, consents
from ivr.people.contacts import Party
from ivr.vault import Vault


@dataclass(slots=True)
class Scene:
    """A turn under way: its transaction, its moment, its person, and what was answered so far."""

    tx: Transaction
    vault: Vault
    config: Config
    content: Content
    position: Position
    now: int  # UTC, milliseconds
    flow: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    receipt: str = ""  # of what was erased in this very turn: then nobody is known here any more
    # What is kept of the answer to a text whose words are not: a counselor's, about somebody else, or with a PIN.
    kept_instead: tuple[Output, ...] | None = None

    @property
    def party(self) -> Party:
        """The person."""
        return self.position.party

    @property
    def flows(self) -> Flows:
        """The flows in the language that now holds."""
        return self.content.flows[self.party.language]

    @property
    def home(self) -> ZoneInfo:
        """The desk's zone, for those of whom no other is known."""
        return self.content.hours.zone

    @property
    def person(self) -> Person:
        """Who this is, and when they may be disturbed. Raises LookupError for a withheld number."""
        if self.party.contact_id is None or self.party.number_id is None:
            raise LookupError("a withheld number has nobody behind it whom one could reach")
        return schedules.settled(self.tx, self.vault, self.party.contact_id, self.party.number_id, self.home)

    @property
    def bounds(self) -> Bounds:
        """Whom the line rings by itself, and how often."""
        countries = self.config.ring_back_countries or (self.config.country,)
        return Bounds(frozenset(countries), self.config.ring_backs_a_day)

    @property
    def once(self) -> str:
        """A name for what is asked in this turn, and in no other."""
        return f"{self.position.id}.{self.position.turn}"

    @property
    def heard(self) -> str:
        """The hash of the words of the question that was answered last."""
        asked = self.position.state  # the turn is not written yet: this is where it began
        node = self.flows.nodes.get((asked.flow, asked.node)) if asked else None
        return asking.words(node, self.party.channel)

    def agreed(self, purpose: str) -> bool | None:
        """What this person said about a purpose; None when never asked, or in words that no longer hold."""
        return consents.agreed(self.tx, self.party, purpose, self.content.asked)

    @property
    def moment(self) -> datetime:
        """The moment of the turn."""
        return moment_of(self.now)


def functions(*modules: ModuleType) -> dict[str, Callable[[Scene], Any]]:
    """What modules offer to flows: their public functions, by the name under which a flow asks."""
    return {
        name: function
        for module in modules
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }
