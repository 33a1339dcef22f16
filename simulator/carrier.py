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
    assert carrier.problems == []                     # what Twilio's debugger would show
"""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urljoin
from uuid import uuid4

from simulator.calls import Call
from simulator.legs import Leg
from simulator.post_office import PostOffice
from simulator.recordings import Recordings
from simulator.refusals import Refusal
from simulator.settings import Settings
from simulator.texts import Message
from simulator.twiml import Document, TwimlError, Verb, read_voice
from simulator.webhooks import Problem, Webhooks, apology
from simulator.wires import Form, Wire

WITHHELD = "+266696687"  # what Twilio shows for an anonymous caller; it looks like a number of Lesotho
RINGS = 4.0


class Carrier:
    """One account's network. `pace` is told how many seconds pass, so that a test may turn its clock."""

    def __init__(
        self,
        settings: Settings,
        wire: Wire,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Callable[[float], object] = float,
        base_url: str = "http://127.0.0.1:8010",
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.pace = pace
        self.base_url = base_url
        self.webhooks = Webhooks(settings, wire, clock)
        self.office = PostOffice(self, clock)
        self.recordings = Recordings(base_url, settings.account_sid, clock)
        self.calls: dict[str, Call] = {}
        self.ledger: list[dict[str, str]] = []
        self._due: deque[Callable[[], None]] = deque()

    @property
    def problems(self) -> list[Problem]:
        """All that went wrong between the carrier and the service."""
        return self.webhooks.problems

    def ring(self, from_: str, to: str = "", withheld: str = "", patience: float | None = None) -> Call:
        """A person rings the service. `withheld`: what is shown instead of the number; `patience` see Call."""
        line = to or self.settings.numbers[0]
        call = self._call(from_, line, withheld or from_, line, "inbound")
        call.patience = patience
        call.callback = self.settings.status_url
        call.status = "ringing"
        self._start(call, self.settings.voice_url, "")
        return call

    def text(self, from_: str, to: str = "", body: str = "", withheld: str = "") -> list[str]:
        """A person texts the service; the bodies of what comes back at once."""
        answers = self.office.receive(from_, to or self.settings.numbers[0], body, withheld or from_)
        self.settle()
        return [answer.body for answer in answers]

    def inbox(self, phone: str) -> list[Message]:
        """Every text that this phone got, oldest first."""
        return self.office.inbox(phone)

    def ringing(self, phone: str) -> Call | None:
        """The call that rings at this phone, if one does."""
        return next((call for call in self.calls.values() if call.phone == phone and call.status == "ringing"), None)

    def answer(self, phone: str, machine: bool = False, patience: float | None = None) -> Call:
        """Picks up what rings there, or lets a machine do so. Raises LookupError when nothing rings."""
        call = self._ringing(phone)
        call.patience = patience
        if call.machine_detection:
            call.answered_by = _seems(call.machine_detection) if machine else "human"
        self._start(call, call.url, call.twiml)
        return call

    def decline(self, phone: str, status: str = "busy") -> Call:
        """Does not take the call; `status` may be no-answer or failed too."""
        call = self._ringing(phone)
        call.drop(status)
        self.settle()
        return call

    def send(self, to: str, from_: str, body: str, callback: str = "") -> Message:
        """The service's text through the API. Raises Refusal."""
        message = self.office.send(to, from_, body, callback, "outbound-api")
        self.ledger.append({"kind": "message", "sid": message.sid, "from": from_, "to": to, "body": body})
        return message

    def dial(self, to: str, from_: str, url: str = "", twiml: str = "", **wishes: str) -> Call:
        """The service's call through the API. `wishes`: callback, events, machine_detection, timeout."""
        call = self._call(to, from_, from_, to, "outbound-api")
        call.url, call.twiml = url, twiml
        call.callback, call.machine_detection = wishes.get("callback", ""), wishes.get("machine_detection", "")
        call.events = tuple((wishes.get("events") or "completed").split())
        call.timeout = float(wishes.get("timeout") or 60)
        self.ledger.append({"kind": "call", "sid": call.sid, "from": from_, "to": to, "url": url})
        self._ring_at(call)
        return call

    def ring_for(self, parent: Leg, base: str, dial: Verb, number: Verb) -> Call:
        """Another phone rings because a call's TwiML dialled it."""
        shown = dial.get("callerId") or (parent.line if parent.direction != "inbound" else parent.from_)
        call = self._call(number.text, parent.line, shown, number.text, "outbound-dial")
        call.parent = parent
        call.url = urljoin(base, number.get("url")) if number.get("url") else ""
        call.callback = urljoin(base, number.get("statusCallback")) if number.get("statusCallback") else ""
        call.events = tuple(number.get("statusCallbackEvent", "completed").split())
        self._ring_at(call)
        return call

    def post_later(self, url: str, form: Form, sid: str) -> None:
        """A status callback, after what is going on now."""
        self.later(lambda: self.webhooks.tell(url, form, sid))

    def later(self, work: Callable[[], None]) -> None:
        """Work for the next `settle`."""
        self._due.append(work)

    def settle(self) -> None:
        """Delivers texts and status callbacks that are due."""
        while self._due:
            self._due.popleft()()

    def tell(self, thing: Leg | Message) -> None:
        """Something about a call or a text changed; the running program shows it."""

    def _call(self, phone: str, line: str, from_: str, to: str, direction: str) -> Call:
        call = Call(self, "CA" + uuid4().hex, phone, line, from_, to, direction, self.clock())
        self.calls[call.sid] = call
        return call

    def _ring_at(self, call: Call) -> None:
        call.report("initiated")
        call.status = "ringing"
        call.report("ringing")
        self.tell(call)

    def _ringing(self, phone: str) -> Call:
        call = self.ringing(phone)
        if call is None:
            raise LookupError(f"nothing rings at {phone}")
        return call

    def _start(self, call: Call, url: str, twiml: str) -> None:
        call.start(lambda: first_document(call, url, twiml))
        self.settle()


def first_document(call: Leg, url: str, twiml: str) -> Document:
    """What an answered call obeys first; a phone that was dialled without an address simply talks."""
    if url:
        return call.fetch(url, [])
    if not twiml:
        return Document("")
    try:
        return read_voice("", "text/xml", twiml.encode())
    except TwimlError as error:
        call.carrier.webhooks.note(error.code, error.message, "", call.sid)
        return apology()


def _seems(machine_detection: str) -> str:
    return "machine_end_beep" if machine_detection == "DetectMessageEnd" else "machine_start"


__all__ = ["WITHHELD", "Call", "Carrier", "Refusal"]
