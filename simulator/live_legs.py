"""One leg of a call by the wall clock, in a thread of its own."""

import queue
import time
from dataclasses import dataclass, field

from simulator.legs import Leg
from simulator.network import first_document
from simulator.steps import Answer, Ask, Bridge, HungUp, Moved, Step, Take
from simulator.twiml import Document

Event = str | HungUp | Moved | Leg
LONGEST_RECORDING = 60.0
A_DAY = 86_400.0


@dataclass(eq=False, repr=False)
class LiveLeg(Leg):
    """What a person does comes in through `happen`, from any thread."""

    _events: "queue.Queue[Event]" = field(default_factory=queue.Queue)
    _began: float = 0.0

    def happen(self, event: Event) -> None:
        """A key, the phone put down, another address, or news of a phone that this leg dialled."""
        self._events.put(event)

    def live(self) -> None:
        """The whole call, in a thread of its own."""
        self._began = time.monotonic()
        try:
            self.start(lambda: first_document(self))
            while not self.ended:
                self._act(self.step)
        finally:
            self.end("failed")

    def drop(self, status: str) -> None:
        """Takes the line away, whichever thread asks."""
        if self.started is None:
            self.end(status)
        else:
            self.happen(HungUp())

    def redirect(self, document: Document) -> None:
        """Sends the call elsewhere, whichever thread asks."""
        self.happen(Moved(document))

    def other_ended(self, other: Leg) -> None:
        """News for this leg's own thread."""
        self.happen(other)

    def other_answered(self, other: Leg) -> None:
        """Wakes this leg's thread up."""
        super().other_answered(other)
        self.happen(other)

    def let_pass(self, seconds: float) -> None:
        """Waits; keys pressed meanwhile mean nothing, as at a real carrier."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            key = self._next(left)
            if isinstance(key, str):
                self.note("press", key)

    def _next(self, seconds: float) -> str | Leg | None:
        """What happens within so many seconds. Raises HungUp and Moved."""
        try:
            event = self._events.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            return None
        finally:
            self.now = time.monotonic() - self._began
        if isinstance(event, HungUp | Moved):
            raise event
        return event

    def _act(self, step: Step | None) -> None:
        try:
            answer = self._happened(step)
        except (HungUp, Moved) as event:
            self.interrupt(event)
        else:
            self.resume(answer)

    def _happened(self, step: Step | None) -> Answer:
        if isinstance(step, Ask):
            return Answer(key=self._asked(step))
        if isinstance(step, Take):
            return self._recorded(step)
        if isinstance(step, Bridge):
            return self._rung(step)
        self.note("talk")
        while True:
            self._next(A_DAY)

    def _asked(self, ask: Ask) -> str:
        for sound in ask.sounds:
            self.note_sound(sound, self.now)
            if key := self._key(sound.seconds):
                return key
        return self._key(ask.timeout)

    def _key(self, seconds: float) -> str:
        key = self._next(seconds)
        if not isinstance(key, str):
            return ""
        self.cut(self.now)
        self.note("press", key)
        return key

    def _recorded(self, take: Take) -> Answer:
        """There is no microphone here: a recording lasts until a key, the phone put down, or its longest."""
        self.note("beep")
        self.note("record")
        began, most = time.monotonic(), min(take.most, LONGEST_RECORDING)
        try:
            key = self._until_key(take.finish, began + most)
        except HungUp:
            key = "hangup"
        seconds = time.monotonic() - began
        self.note("speak", key, seconds)
        return Answer(key=key, seconds=seconds)

    def _until_key(self, wanted: str, until: float) -> str:
        while (left := until - time.monotonic()) > 0:
            key = self._next(left)
            if isinstance(key, str) and key in wanted:
                self.note("press", key)
                return key
        return ""

    def _rung(self, bridge: Bridge) -> Answer:
        self.note("ring", ", ".join(leg.phone for leg in bridge.legs))
        until = time.monotonic() + bridge.timeout
        while not (talked := _talked(bridge)) and not _all_ended(bridge):
            if time.monotonic() >= until:
                return _nobody(bridge)
            self._next(0.5)
        if talked:
            self.note("talk", talked[0].phone)
        while not _all_ended(bridge):
            self._next(A_DAY)
        return (talked or bridge.legs)[0].dialled()


def _talked(bridge: Bridge) -> tuple[Leg, ...]:
    return tuple(leg for leg in bridge.legs if leg.bridged_at is not None)


def _all_ended(bridge: Bridge) -> bool:
    return all(leg.ended for leg in bridge.legs)


def _nobody(bridge: Bridge) -> Answer:
    for leg in bridge.legs:
        leg.drop("no-answer")
    return Answer(status="no-answer", sid=bridge.legs[0].sid)
