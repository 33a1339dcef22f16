"""What is the same for a carrier in virtual time and one by the wall clock: lines, phones, texts, what is due."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urljoin
from uuid import uuid4

from simulator.faults import Faults
from simulator.heard import Heard
from simulator.legs import Leg
from simulator.post_office import PostOffice
from simulator.recordings import Recordings
from simulator.settings import Settings
from simulator.texts import Message
from simulator.twiml import Document, TwimlError, Verb, read_voice
from simulator.webhooks import Problem, Webhooks, apology
from simulator.wires import Form, Wire

WITHHELD = "+266696687"  # what Twilio shows for an anonymous caller; it looks like a number of Lesotho

SILENT = {"busy": "busy", "unreachable": "failed"}  # what was ordered, and the status of such a call

L = TypeVar("L", bound=Leg)


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Network(Generic[L]):
    """One account's calls and texts. A subclass says how time passes, and when what is due is done."""

    def __init__(self, settings: Settings, wire: Wire, clock: Callable[[], datetime], base_url: str) -> None:
        self.settings = settings
        self.clock = clock
        self.base_url = base_url
        self.webhooks = Webhooks(settings, wire, clock, self.warn)
        self.office = PostOffice(self, clock)
        self.recordings = Recordings(base_url, settings.account_sid, clock)
        self.faults = Faults()
        self.calls: dict[str, L] = {}
        self.ledger: list[dict[str, str | int]] = []

    @property
    def problems(self) -> list[Problem]:
        """All that went wrong between the carrier and the service."""
        return self.webhooks.problems

    def inbox(self, phone: str) -> list[Message]:
        """Every text that this phone got, oldest first."""
        return self.office.inbox(phone)

    def ringing(self, phone: str) -> L | None:
        """The call that rings at this phone, if one does."""
        return next((leg for leg in list(self.calls.values()) if leg.phone == phone and leg.rings), None)

    def send(self, to: str, from_: str, body: str, callback: str = "") -> Message:
        """The service's text through the API. Raises Refusal."""
        message = self.office.send(to, from_, body, callback, "outbound-api")
        self._accepted("message", message.sid, to, from_, body=body, callback=callback)
        return message

    def dial(self, to: str, from_: str, url: str = "", twiml: str = "", **wishes: str) -> L:
        """The service's call through the API. `wishes`: callback, events, machine_detection, timeout."""
        leg = self._leg(to, from_, from_, to, "outbound-api")
        leg.url, leg.twiml = url, twiml
        leg.callback, leg.machine_detection = wishes.get("callback", ""), wishes.get("machine_detection", "")
        leg.events = tuple((wishes.get("events") or "completed").split())
        leg.timeout = float(wishes.get("timeout") or 60)
        self._accepted("call", leg.sid, to, from_, url=url, callback=leg.callback)
        fault = self.faults.for_call(to).kind
        if fault in SILENT:
            self._does_not_ring(leg, SILENT[fault])
            return leg
        self._ring_at(leg)
        if fault == "no-answer":
            self.later(lambda: leg.drop(fault), leg.sid)
        return leg

    def ring_for(self, parent: Leg, base: str, dial: Verb, number: Verb) -> L:
        """Another phone rings because a call's TwiML dialled it."""
        shown = dial.get("callerId") or (parent.line if parent.direction != "inbound" else parent.from_)
        leg = self._leg(number.text, parent.line, shown, number.text, "outbound-dial")
        leg.parent = parent
        leg.timeout = float(dial.number("timeout", 30))
        leg.url = urljoin(base, number.get("url")) if number.get("url") else ""
        leg.callback = urljoin(base, number.get("statusCallback")) if number.get("statusCallback") else ""
        leg.events = tuple(number.get("statusCallbackEvent", "completed").split())
        self._ring_at(leg)
        return leg

    def post_later(self, url: str, form: Form, sid: str, to: str = "", last: bool = False) -> None:
        """A status callback, after what is going on now. `to`: whom the text or call is for."""
        for work in self.faults.for_callback(lambda: self.webhooks.tell(url, form, sid), to, last):
            self.later(work, sid)

    def hurry(self, sid: str) -> None:
        """Does now what is due for this call or text."""
        raise NotImplementedError

    def new_leg(self, *about: Any) -> L:
        """A leg of this network's kind; `about` are its first fields."""
        raise NotImplementedError

    def later(self, work: Callable[[], None], sid: str) -> None:
        """Work that is done soon, in order for each call or text."""
        raise NotImplementedError

    def tell(self, thing: Leg | Message, heard: Heard | None = None) -> None:
        """Something about a call or a text changed."""

    def warn(self, problem: Problem) -> None:
        """Something went wrong between the carrier and the service."""

    def _accepted(self, kind: str, sid: str, to: str, from_: str, **about: str) -> None:
        at = int(self.clock().timestamp() * 1000)
        self.ledger.append({"at": at, "kind": kind, "sid": sid, "to": to, "from": from_, **about})

    def _rung(self, phone: str, line: str, withheld: str) -> L:
        """A person rings the service."""
        leg = self._leg(phone, line or self.settings.numbers[0], withheld or phone, line, "inbound")
        leg.to = leg.line
        leg.callback = self.settings.status_url
        leg.url = self.settings.voice_url
        leg.status = "ringing"
        return leg

    def _taken(self, phone: str, machine: bool | str) -> L:
        """A person picks up, or a machine; or what the carrier takes for an answerer of this name."""
        leg = self._ringing(phone)
        if leg.machine_detection:
            guess = machine if isinstance(machine, str) else ""
            leg.answered_by = guess or (_seems(leg.machine_detection) if machine else "human")
        return leg

    def _ringing(self, phone: str) -> L:
        leg = self.ringing(phone)
        if leg is None:
            raise LookupError(f"nothing rings at {phone}")
        return leg

    def _leg(self, phone: str, line: str, from_: str, to: str, direction: str) -> L:
        leg = self.new_leg(self, "CA" + uuid4().hex, phone, line, from_, to, direction, self.clock())
        self.calls[leg.sid] = leg
        return leg

    def _does_not_ring(self, leg: Leg, status: str) -> None:
        leg.unheard = True
        leg.report("initiated")
        self.later(lambda: leg.drop(status), leg.sid)

    def _ring_at(self, leg: Leg) -> None:
        leg.report("initiated")
        leg.status = "ringing"
        leg.report("ringing")
        self.tell(leg)


def first_document(leg: Leg) -> Document:
    """What an answered call obeys first; a phone that was dialled without an address simply talks."""
    if leg.url:
        return leg.fetch(leg.url, [])
    if not leg.twiml:
        return Document("")
    try:
        return read_voice("", "text/xml", leg.twiml.encode())
    except TwimlError as error:
        leg.carrier.webhooks.note(error.code, error.message, "", leg.sid)
        return apology()


def _seems(machine_detection: str) -> str:
    return "machine_end_beep" if machine_detection == "DetectMessageEnd" else "machine_start"
