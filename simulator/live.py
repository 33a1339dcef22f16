"""The carrier by the wall clock: calls in threads, led by the same interpreter as in virtual time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from simulator.feed import Feed
from simulator.heard import Heard
from simulator.legs import Leg
from simulator.live_legs import LiveLeg
from simulator.network import Network, utc_now
from simulator.settings import Settings
from simulator.texts import Message
from simulator.webhooks import Problem
from simulator.wires import Wire

LANES = 4


class LiveNetwork(Network[LiveLeg]):
    """The running program's carrier. Everything that happens goes to the feed, where phones read it."""

    def __init__(self, settings: Settings, wire: Wire, feed: Feed) -> None:
        super().__init__(settings, wire, utc_now, f"http://127.0.0.1:{settings.port}")
        self.feed = feed
        self._lanes = [ThreadPoolExecutor(1, f"lane-{number}") for number in range(LANES)]
        self._picking_up = threading.Lock()

    def ring(self, phone: str, line: str, withheld: str) -> LiveLeg:
        """A person rings the service."""
        return self._live(self._rung(phone, line, withheld))

    def answer(self, phone: str, machine: bool | str) -> LiveLeg:
        """Picks up what rings there. Raises LookupError when nothing does."""
        with self._picking_up:
            leg = self._taken(phone, machine)
            leg.status = "in-progress"
        return self._live(leg)

    def text(self, phone: str, line: str, body: str, withheld: str) -> None:
        """A person texts the service; answers come by the feed."""
        self.later(lambda: _ignore(self.office.receive(phone, line, body, withheld or phone)), phone)

    def current(self, phone: str) -> LiveLeg | None:
        """The call that this phone is in."""
        legs = [leg for leg in list(self.calls.values()) if leg.phone == phone and not (leg.ended or leg.rings)]
        return next((leg for leg in reversed(legs) if not leg.unheard), None)

    def new_leg(self, *about: Any) -> LiveLeg:
        """A leg with a queue of its own."""
        return LiveLeg(*about)

    def later(self, work: Callable[[], None], sid: str) -> None:
        """In one of a few lanes, so that what belongs together stays in order and a slow service stops few."""
        self._lanes[hash(sid) % LANES].submit(work)

    def hurry(self, sid: str) -> None:
        """Waits until its lane has delivered it, and then until it has told of that."""
        for _ in range(2):
            self._lanes[hash(sid) % LANES].submit(lambda: None).result()

    def tell(self, thing: Leg | Message, heard: Heard | None = None) -> None:
        """To the feed."""
        if isinstance(thing, Leg) and thing.unheard:
            return
        if isinstance(thing, Message):
            self.feed.text(thing)
        elif heard is not None:
            self.feed.heard(thing, heard)
        else:
            self.feed.call(thing)

    def warn(self, problem: Problem) -> None:
        """To the feed of the phone that has the trouble."""
        thing = self.calls.get(problem.sid) or self.office.messages.get(problem.sid)
        self.feed.problem(problem, thing.phone if thing else "")

    def close(self) -> None:
        """Lets go of the threads that deliver."""
        for leg in list(self.calls.values()):
            leg.drop("canceled")
        for lane in self._lanes:
            lane.shutdown()

    def _ring_at(self, leg: Leg) -> None:
        if any(other.phone == leg.phone and not other.ended for other in list(self.calls.values()) if other is not leg):
            self._does_not_ring(leg, "busy")
            return
        super()._ring_at(leg)
        timer = threading.Timer(leg.timeout, lambda: self._gives_up(leg))
        timer.daemon = True
        timer.start()

    def _gives_up(self, leg: Leg) -> None:
        with self._picking_up:
            if leg.rings:
                leg.drop("no-answer")

    def _live(self, leg: LiveLeg) -> LiveLeg:
        self.tell(leg)
        threading.Thread(target=leg.live, name=leg.sid, daemon=True).start()
        return leg


def _ignore(answers: object) -> None:
    """The answers are already in the feed."""
