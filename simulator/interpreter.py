"""Obeys TwiML: a generator that yields what happens in a call and knows neither clock nor thread.

Tests drive it in virtual time, the running program by the wall clock; both get every rule of TwiML from here.
"""

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from simulator.sounds import spoken_seconds
from simulator.steps import Answer, Ask, Bridge, HungUp, Moved, Sound, Step, Take, Talk
from simulator.twiml import NOTHING_MORE, Document, Verb
from simulator.wires import Form

if TYPE_CHECKING:
    from simulator.legs import Leg

Obeying = Generator[Step, Answer, Document | None]

FOREVER = 1000  # what Twilio makes of loop="0"


def conversation(leg: "Leg", document: Document) -> Generator[Step, Answer, None]:
    """The whole call, from its first document. HungUp and Moved may be thrown in at any step."""
    while document.verbs:
        try:
            document = yield from _obey(leg, document)
        except Moved as moved:
            document = moved.document
    if leg.parent is not None and document is not HANG_UP:
        yield Talk()


HANG_UP = Document("hang up")


def _obey(leg: "Leg", document: Document) -> Generator[Step, Answer, Document]:
    for verb in document.verbs:
        after = yield from VERBS[verb.name](leg, document.url, verb)
        if after is not None:
            return after
    return NOTHING_MORE


def _sound(leg: "Leg", base: str, verb: Verb) -> Obeying:
    yield from _sounds(leg, base, verb)
    return None


def _sounds(leg: "Leg", base: str, verb: Verb) -> Iterator[Sound]:
    if verb.name == "Pause":
        yield Sound("pause", "", float(verb.number("length", 1)))
        return
    sound = _said(verb) if verb.name == "Say" else _played(leg, base, verb)
    for _ in range(verb.number("loop", 1) or FOREVER):
        yield sound


def _said(verb: Verb) -> Sound:
    seconds = spoken_seconds(verb.text) + verb.breaks
    return Sound("say", verb.text, seconds, verb.get("language", "en-US"), verb.get("voice"))


def _played(leg: "Leg", base: str, verb: Verb) -> Sound:
    digits = verb.get("digits")
    return Sound("beep", digits, len(digits) * 0.3) if digits else leg.sound(urljoin(base, verb.text))


def _gather(leg: "Leg", base: str, verb: Verb) -> Obeying:
    heard = tuple(sound for child in verb.children for sound in _sounds(leg, base, child))
    timeout, most = float(verb.number("timeout", 5)), verb.number("numDigits", 1000)
    finish, keys, last = verb.get("finishOnKey", "#"), "", ""
    while len(keys) < most:
        last = (yield Ask(() if keys else heard, timeout)).key
        if not last or last == finish:
            break
        keys += last
    if not keys and verb.get("actionOnEmptyResult") != "true":
        return None
    extra = [("Digits", keys), ("msg", "Gather End"), ("FinishedOnKey", last if last == finish else "")]
    return leg.fetch(_action(base, verb), extra)


def _action(base: str, verb: Verb) -> str:
    return urljoin(base, verb.get("action"))


def _resolved(base: str, url: str) -> str:
    return urljoin(base, url) if url else ""


def _redirect(leg: "Leg", base: str, verb: Verb) -> Obeying:
    yield from ()
    return leg.fetch(urljoin(base, verb.text), [])


def _hangup(leg: "Leg", base: str, verb: Verb) -> Obeying:  # noqa: ARG001
    yield from ()
    return HANG_UP


def _record(leg: "Leg", base: str, verb: Verb) -> Obeying:
    take = Take(
        verb.get("playBeep", "true") == "true",
        float(verb.number("timeout", 5)),
        float(verb.number("maxLength", 3600)),
        verb.get("finishOnKey", "1234567890*#"),
    )
    answer = yield take
    if not answer.seconds:
        return None
    recorded = leg.record(answer.seconds, _resolved(base, verb.get("recordingStatusCallback")))
    document = leg.fetch(_action(base, verb), [*recorded, ("Digits", answer.key)])
    if answer.key == "hangup":
        raise HungUp
    return document


def _dial(leg: "Leg", base: str, verb: Verb) -> Obeying:
    numbers = verb.children or (Verb("Number", {}, verb.text),)
    legs = tuple(leg.ring_out(base, verb, number) for number in numbers)
    answer = yield Bridge(legs, float(verb.number("timeout", 30)))
    if not verb.get("action"):
        return None
    return leg.fetch(urljoin(base, verb.get("action")), _dialled(answer))


def _dialled(answer: Answer) -> Form:
    fields = [("DialCallStatus", answer.status), ("DialCallSid", answer.sid)]
    if answer.status == "completed":
        fields.append(("DialCallDuration", str(round(answer.seconds))))
    return [*fields, ("DialBridged", "true" if answer.status == "completed" else "false")]


VERBS: dict[str, Callable[["Leg", str, Verb], Obeying]] = {
    "Say": _sound,
    "Play": _sound,
    "Pause": _sound,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _hangup,  # whoever has answered can only hang up
    "Record": _record,
    "Dial": _dial,
}
