"""What a person hears or reads in an answer, and whether it holds what it must hold when nothing works."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from xml.etree import ElementTree

from faults.steps import Step
from ivr.channels.speech import SOUND
from ivr.content import Content
from ivr.hotlines import Hotlines

SORRY, BREATH = "Something here is not working. It is not because of you.", "Breathe in."
BREATHS = "1 2 3 4 5 6"  # by text


def words(content: Content, answer: bytes) -> str:
    """What is said, and what the recordings that are played say."""
    return " ".join(_words(content, answer))


def is_helped(content: Content, step: Step, answer: bytes, numbers: Hotlines) -> bool:
    """Whether both numbers and something to do now are there, in their language."""
    language, said = content.languages[step.language], words(content, answer)
    breath = BREATHS if step.channel == "sms" else language.gettext(BREATH)
    sorry = step.channel == "sms" or language.gettext(SORRY) in said
    return sorry and breath in said and says_numbers(content, step.language, answer, numbers)


def says_numbers(content: Content, code: str, answer: bytes, numbers: Hotlines) -> bool:
    """Whether both are there, digit by digit."""
    digits = _digits(words(content, answer), content.languages[code].sound.spoken.digits)
    return all(_digits(number) in digits for number in numbers)


def _words(content: Content, answer: bytes) -> Iterator[str]:
    for element in ElementTree.fromstring(answer).iter():
        if element.tag == "Play":
            said = _transcript(content, str(element.text))
            yield "" if said.startswith(SOUND) else said
        elif element.text:
            yield element.text


def _transcript(content: Content, url: str) -> str:
    path = PurePosixPath(url)
    recordings = content.languages[path.parent.name].sound.recordings
    return next(text for text, recording in recordings.items() if recording.file == path.name)


def _digits(text: str, spoken: tuple[str, ...] = ()) -> str:
    """The digits in it, one after another, however they are spoken; a letter breaks them."""
    known: Mapping[str, str] = {word: str(digit) for digit, word in enumerate(spoken)}
    tokens = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return "".join(known.get(token) or (token if token.isdigit() else "") or "x" for token in tokens)
