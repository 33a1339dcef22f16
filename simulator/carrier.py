"""The pretend carrier itself: it rings and texts the service, and carries the service's own calls and texts.

In a test, where no second really passes and no server runs::

    carrier = Carrier(settings, through(app.test_client()))
    call = carrier.ring("+254711000001")              # rings the first of the service's numbers
    assert "press 1" in call.listen()                 # what was said since the person last did something
    call.press("1")                                   # when the prompt is over; press("1", after=2.0) barges in
    call.wait()                                       # says nothing until the question's time is over
    call.hang_up()
    assert max(gap.seconds for gap in call.silences) <= 4
    assert [(h.at, h.kind, h.text) for h in call.heard][0] == (0.0, "say", "Hello")

    assert carrier.text("+254711000001", body="hello") == ["Welcome"]     # what comes back at once
    carrier.settle()                                  # delivers what the service sent through the API
    carrier.inbox("+254711000001")                    # every text this phone ever got
    call = carrier.answer("+254711000001")            # picks up what rings there
    carrier.decline("+254711000001")                  # or does not; or carrier.ring_out("+254711000001")
    carrier.faults.order([Fault("undelivered", code=30003, to="+254711000001")])     # trouble: see faults.py
    carrier.ledger                                    # what the API really accepted
    assert carrier.problems == []                     # what Twilio's debugger would show
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulator.calls import Call
from simulator.network import WITHHELD, Network, first_document, utc_now
from simulator.refusals import Refusal
from simulator.settings import Settings
from simulator.wires import Wire


class Carrier(Network[Call]):
    """A network whose seconds pass at once. `pace` is told how many, so that a test may turn its clock."""

    def __init__(
        self,
        settings: Settings,
        wire: Wire,
        clock: Callable[[], datetime] = utc_now,
        pace: Callable[[float], object] = float,
        base_url: str = "http://127.0.0.1:8010",
    ) -> None:
        super().__init__(settings, wire, clock, base_url)
        self.pace = pace
        self._due: deque[Callable[[], None]] = deque()

    def ring(self, from_: str, to: str = "", withheld: str = "", patience: float | None = None) -> Call:
        """A person rings the service. `withheld`: what is shown instead of the number; `patience` see Call."""
        return self._started(self._rung(from_, to, withheld), patience)

    def text(self, from_: str, to: str = "", body: str = "", withheld: str = "") -> list[str]:
        """A person texts the service; the bodies of what comes back at once."""
        answers = self.office.receive(from_, to or self.settings.numbers[0], body, withheld or from_)
        self.settle()
        return [answer.body for answer in answers]

    def answer(self, phone: str, machine: bool | str = False, patience: float | None = None) -> Call:
        """Picks up what rings there, or lets a machine do so. Raises LookupError when nothing rings.

        `machine` may also be what the carrier takes the answerer for: `unknown`, `fax`, or a machine's `human`.
        """
        return self._started(self._taken(phone, machine), patience)

    def decline(self, phone: str, status: str = "busy") -> Call:
        """Does not take the call; `status` may be no-answer or failed too."""
        call = self._ringing(phone)
        call.drop(status)
        self.settle()
        return call

    def ring_out(self, phone: str) -> Call:
        """Lets it ring until the caller gives up, as long as the call's Timeout says."""
        self.pace(self._ringing(phone).timeout)
        return self.decline(phone, "no-answer")

    def new_leg(self, *about: Any) -> Call:
        """A call that turns this carrier's clock."""
        call = Call(*about)
        call.pace, call.settle = self.pace, self.settle
        return call

    def later(self, work: Callable[[], None], sid: str) -> None:  # noqa: ARG002
        """Work for the next `settle`."""
        self._due.append(work)

    def hurry(self, sid: str) -> None:  # noqa: ARG002
        """Everything that is due, for that is soon done."""
        self.settle()

    def settle(self) -> None:
        """Delivers texts and status callbacks that are due."""
        while self._due:
            self._due.popleft()()

    def _started(self, call: Call, patience: float | None) -> Call:
        call.patience = patience
        call.start(lambda: first_document(call))
        self.settle()
        return call


__all__ = ["WITHHELD", "Call", "Carrier", "Refusal"]
