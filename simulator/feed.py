"""What phones are told, as it happens: a list of events that a reader follows from where it stopped."""

import threading
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from simulator.heard import Heard
from simulator.legs import Leg
from simulator.texts import Message
from simulator.webhooks import Problem

Event = dict[str, Any]
KEPT = 20_000


class Feed:
    """Events have rising numbers; each belongs to one phone. A program that starts anew begins with a higher one."""

    def __init__(self, first: int = 1) -> None:
        self._events: list[Event] = []
        self._first = first
        self._changed = threading.Condition()

    def call(self, leg: Leg) -> None:
        """How a call stands."""
        shown = {"sid": leg.sid, "status": leg.status, "direction": leg.direction, "other": other_side(leg)}
        self._add(leg.phone, "call", {**shown, "line": leg.line})

    def heard(self, leg: Leg, heard: Heard) -> None:
        """A moment of a call."""
        self._add(leg.phone, "heard", {"sid": leg.sid, **asdict(heard)})
        if heard.kind == "over":
            self.call(leg)

    def text(self, text: Message) -> None:
        """A text, or a new status of one."""
        shown = {"sid": text.sid, "body": text.body, "mine": text.direction == "inbound", "status": text.status}
        about = {"segments": text.segments, "line": text.line, "by_carrier": text.by_carrier}
        about |= {"error": text.error_code}
        self._add(text.phone, "text", {**shown, **about, "at": text.created.isoformat()})

    def problem(self, problem: Problem, phone: str) -> None:
        """What the carrier would show in its debugger."""
        shown = {"sid": problem.sid, "code": problem.code, "message": problem.message, "url": problem.url}
        self._add(phone, "problem", shown)

    def after(self, number: int, phones: Collection[str], seconds: float) -> list[Event]:
        """These phones' events after that number; waits so long for the first."""
        with self._changed:
            self._changed.wait_for(lambda: self._new(number, phones), seconds)
            return self._new(number, phones)

    def _new(self, number: int, phones: Collection[str]) -> list[Event]:
        start = max(0, number + 1 - self._first)
        return [event for event in self._events[start:] if event["phone"] in phones]

    def _add(self, phone: str, kind: str, about: Event) -> None:
        with self._changed:
            self._events.append({"id": self._first + len(self._events), "phone": phone, "type": kind, **about})
            if len(self._events) > KEPT:
                del self._events[: KEPT // 2]
                self._first += KEPT // 2
            self._changed.notify_all()


def other_side(leg: Leg) -> str:
    """The number that this phone shows."""
    return leg.to if leg.direction == "inbound" else leg.from_
