"""Every step of every flow in every language, with somebody who stands there, on a call or by text."""

from typing import NamedTuple
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from faults import people
from ivr.db import Transaction
from ivr.engine.model import Question, State
from ivr.memory import positions
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import Phone
from ivr.runtime import Runtime
from ivr.web import sms, voice
from ivr.web.webhooks import Webhook

# A number of ours for each language: for a text it is all that tells the language while nothing can be looked up.
NUMBERS = {"en": "+254700000100", "es": "+254700000200", "sw": "+254700000300"}
SETTINGS = people.SETTINGS | {
    "SERVICE_NUMBER": ",".join(f"{number}:line:{code}" for code, number in NUMBERS.items()),
}
WAIT = 3600  # seconds that a question by text waits for its answer


class Step(NamedTuple):
    """Where somebody stands: `person` is another one at each step."""

    person: int
    channel: str
    language: str
    flow: str
    node: str

    @property
    def number(self) -> str:
        """Theirs."""
        return people.number(self.person)


def every(runtime: Runtime) -> list[Step]:
    """All steps at which anybody can wait, on both channels."""
    places = [
        (channel, code, *place)
        for channel in ("voice", "sms")
        for code in NUMBERS
        for place, node in runtime.content.flows[code].nodes.items()
        if isinstance(node.exit, Question)
    ]
    return [Step(person, *place) for person, place in enumerate(places)]


def stand(runtime: Runtime, steps: list[Step]) -> None:
    """Puts somebody on each."""
    with runtime.database.transaction() as tx:
        for step in steps:
            _stand(runtime, tx, step)


def _stand(runtime: Runtime, tx: Transaction, step: Step) -> None:
    now = runtime.now() - 60_000
    party = Party(step.channel, NUMBERS[step.language], step.language)
    party = contacts.recognise(tx, runtime.vault, Phone(step.number, "KE"), party, now)
    sid = _sid("CA", step) if step.channel == "voice" else None
    position = positions.fresh(party, sid)
    position.state = State(step.flow, step.node)
    assert positions.store(tx, runtime.vault, position, b"", WAIT, now)


def act(runtime: Runtime, step: Step, said: str = "1") -> bytes:
    """The answer when they press, or write, that."""
    between = {"From": step.number, "To": NUMBERS[step.language]}
    if step.channel == "sms":
        return sms.answer(runtime, _signed("/twilio/sms", {"MessageSid": _sid("SM", step), "Body": said} | between))
    path = f"/twilio/voice/{step.language}/1"
    webhook = _signed(path, {"CallSid": _sid("CA", step), "Digits": said} | between)
    return voice.answer(runtime, webhook, step.language, 1)


def rung(step: Step) -> Webhook:
    """The webhook of a call that comes in."""
    return _signed("/twilio/voice", {"CallSid": _sid("CA", step), "From": step.number, "To": NUMBERS[step.language]})


def _sid(kind: str, step: Step) -> str:
    return f"{kind}{step.person:032x}"


def _signed(path: str, form: dict[str, str]) -> Webhook:
    validator = RequestValidator(SETTINGS["TWILIO_AUTH_TOKEN"])
    signature = validator.compute_signature(SETTINGS["PUBLIC_BASE_URL"] + path, form)
    return Webhook(path, "", urlencode(form).encode(), signature)
