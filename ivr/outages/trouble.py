"""What is answered when nothing works, made at start so that it needs nothing then: numbers, something to do now."""

from collections.abc import Mapping
from typing import NamedTuple

from ivr.channels import sms
from ivr.channels.voice import Urls, Voice
from ivr.engine import run
from ivr.engine.model import Flows, Output, Put, Say
from ivr.engine.run import phrase
from ivr.hotlines import Directory, Hotlines
from ivr.i18n import Language

FLOW, CRISIS, NUMBERS = "trouble", "crisis", "numbers"
NOWHERE = Urls("", "", "", "")


class Trouble(NamedTuple):
    """For one language and one pair of numbers: a call, a text, and a text in which danger was heard."""

    voice: bytes
    sms: bytes
    crisis: bytes


Troubles = Mapping[str, Mapping[Hotlines, Trouble]]


def troubles(
    directory: Directory, flows: Mapping[str, Flows], voices: Mapping[str, Voice], languages: Mapping[str, Language]
) -> Troubles:
    """All that can be answered to anybody, by language: whatever breaks, it is there."""
    return {
        code: {pair: made(flows[code], voices[code], languages[code], pair) for pair in directory.ever()}
        for code in languages
    }


def made(flows: Flows, voice: Voice, language: Language, numbers: Hotlines) -> Trouble:
    """What is heard and read with these numbers."""
    values = numbers.values
    heard = run.start(flows, FLOW).outputs

    def written(outputs: Put) -> bytes:
        return sms.twiml(sms.render(outputs, values, flows.phrases, language.formatter))

    return Trouble(voice.render(heard, NOWHERE, values), written(heard), written(_first(flows)))


def stopped(flows: Flows, language: Language, service_number: str) -> bytes:
    """The one neutral word after a STOP."""
    said = (phrase(flows, "stopped"),)
    return sms.twiml(sms.render(said, {"service_number": service_number}, flows.phrases, language.formatter))


def has_words(flows: Flows) -> bool:
    """Whether the flows have words for a text in danger."""
    return (CRISIS, NUMBERS) in flows.nodes and bool(_first(flows))


def _first(flows: Flows) -> tuple[Output, ...]:
    """What a text in danger is answered first, which is whole by itself: what follows would ask something."""
    return tuple(step for step in flows.nodes[CRISIS, NUMBERS].steps if isinstance(step, Say) and step.sms)[:1]
