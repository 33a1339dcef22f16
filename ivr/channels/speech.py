"""How a language sounds: recordings win, then its synthetic voice, then the next language that is understood."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ivr.channels import pace, twiml
from ivr.channels.values import Formatter, digit_groups, fill, pieces

AUDIO = "\x04"  # stands for the address below which the languages' audio folders are; XML forbids it, so no text has it
SOUND = "sound:"  # before the name of a recording that is no text
GAP = "gap"  # a sound: the breath between two groups of digits


class Recording(NamedTuple):
    """A file of a language's audio folder and its length in seconds."""

    file: str
    seconds: float


class Synthetic(NamedTuple):
    """A voice of the carrier."""

    language: str
    name: str


class Spoken(NamedTuple):
    """The phrases from which values are put together: each is one recording."""

    digits: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    minutes: Mapping[int, str] = {}
    days: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


class Sound(NamedTuple):
    """One element of TwiML and how many seconds it is heard."""

    xml: str
    seconds: float


@dataclass(frozen=True)
class LanguageSound:
    """What is known of a language's sound, and the languages to fall back on, nearest first."""

    code: str
    pace: float
    voice: Synthetic | None
    recordings: Mapping[str, Recording]  # by exact text; a sound that is no text by `sound:name`
    spoken: Spoken
    formatter: Formatter
    translate: Callable[[str], str]  # from the language of the flows
    source: Callable[[str], str]  # back to it
    fallbacks: tuple["LanguageSound", ...] = ()

    def utter(self, texts: tuple[str, ...], values: Mapping[str, str]) -> list[Sound]:
        """These texts as one utterance, all of it in one voice: never half a recording and half another language."""
        for language in (self, *self.fallbacks):
            local = texts if language is self else tuple(language.translate(self.source(text)) for text in texts)
            found = language._recorded(local, values) or language._synthetic(local, values)
            if found:
                return found
        return [Sound(twiml.say(text := _sentence(texts)), pace.seconds(text, self.code, self.pace))]

    def sound(self, name: str) -> Sound | None:
        """A sound that is no word, from the nearest language that has it."""
        for language in (self, *self.fallbacks):
            if recording := language.recordings.get(SOUND + name):
                return language._play(recording)
        return None

    def _play(self, recording: Recording) -> Sound:
        return Sound(twiml.play(f"{AUDIO}/{self.code}/{recording.file}"), recording.seconds)

    def _recorded(self, texts: tuple[str, ...], values: Mapping[str, str]) -> list[Sound] | None:
        if not self.recordings:
            return None
        found: list[Sound | None] = [sound for text in texts for sound in self._recorded_pieces(text, values)]
        return None if None in found else [sound for sound in found if sound]

    def _recorded_pieces(self, text: str, values: Mapping[str, str]) -> Iterator[Sound | None]:
        """The recordings that make up `text`, None where one is missing."""
        if text in self.recordings:
            yield self._play(self.recordings[text])
            return
        for part in parts(text, self.spoken, values):
            if part is GAP:
                yield from filter(None, [self.sound(GAP)])
            else:
                recording = self.recordings.get(part or "")
                yield self._play(recording) if recording else None

    def _synthetic(self, texts: tuple[str, ...], values: Mapping[str, str]) -> list[Sound] | None:
        if self.voice is None:
            return None
        text = twiml.one_line(_sentence(tuple(fill(text, values, self._say) for text in texts)))
        return [Sound(twiml.say(text, *self.voice), pace.seconds(text, self.code, self.pace))]

    def _say(self, kind: str, value: str) -> str:
        if kind == "digits":
            return "; ".join(", ".join(group) for group in digit_groups(value)) or value
        exact = spoken_value(self.spoken, kind, value, exact=True)
        return " ".join(exact) if exact else self.formatter.spoken(kind, value)


def parts(text: str, spoken: Spoken, values: Mapping[str, str]) -> Iterator[str | None]:
    """The recordings that `text` is put together from: its words between the values, and the values. None: no way."""
    for piece in pieces(text):
        if isinstance(piece, str):
            if any(map(str.isalnum, piece)):
                yield piece.strip()
        else:
            yield from spoken_value(spoken, piece.kind, values.get(piece.name, "")) or (None,)


def spoken_value(spoken: Spoken, kind: str, value: str, *, exact: bool = False) -> list[str] | None:
    """A value in recorded phrases, or None where the language has not all of them. `exact`: minutes are not rounded."""
    try:
        return _KINDS[kind](spoken, value, exact)
    except (KeyError, IndexError, ValueError):
        return None


def _sentence(texts: tuple[str, ...]) -> str:
    """One text as it is; a label and what to press as one sentence, with the small breath of a comma between them."""
    if len(texts) == 1:
        return texts[0]
    *first, last = (text.strip().rstrip(".,;:") for text in texts)
    return " ".join(text if text.endswith(("?", "!")) else f"{text}," for text in first) + f" {last}."


def _digits(spoken: Spoken, value: str, exact: bool) -> list[str]:  # noqa: ARG001 - one signature for all kinds
    groups = [[spoken.digits[int(digit)] for digit in group] for group in digit_groups(value)]
    if not groups:
        raise ValueError(value)
    return [phrase for group in groups for phrase in (GAP, *group)][1:]


def _time(spoken: Spoken, value: str, exact: bool) -> list[str]:
    hour, _, minute = value.partition(":")
    known = max(known for known in (0, *spoken.minutes) if known <= _place(minute))
    if exact and known != int(minute):
        raise ValueError(value)
    return [spoken.hours[_place(hour)]] + ([spoken.minutes[known]] if known else [])


def _day(spoken: Spoken, value: str, exact: bool) -> list[str]:  # noqa: ARG001
    return [spoken.days[_place(value)]]


def _number(spoken: Spoken, value: str, exact: bool) -> list[str]:  # noqa: ARG001
    return [spoken.numbers[_place(value)]]


def _place(value: str) -> int:
    """A number as the place in a list; a negative one would count from its end."""
    if not value.isdecimal():
        raise ValueError(value)
    return int(value)


_KINDS: dict[str, Callable[[Spoken, str, bool], list[str]]] = {
    "digits": _digits,
    "time": _time,
    "day": _day,
    "number": _number,
}
