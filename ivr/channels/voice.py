"""What is heard: outputs of a turn as TwiML, in one language. Keys interrupt, exercises keep time, silence is short."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ivr.channels import timing, twiml
from ivr.channels.pace import LONGEST_SILENCE
from ivr.channels.phrases import Phrases, about, phrase
from ivr.channels.speech import AUDIO, LanguageSound, Sound
from ivr.channels.timing import Beat
from ivr.channels.values import has_values, told
from ivr.engine.model import Ask, Choice, Dial, End, Menu, Output, Pause, Play, Put, Say
from ivr.engine.tempo import heard_whole, paced

REMEMBERED = 4096  # turns of fixed words whose TwiML is made once
# Where an address belongs (and AUDIO that of the recordings). XML forbids these characters, so no text can hold them.
_REPLY, _SILENCE, _EARLY, _UNHEARD = "\x01", "\x02", "\x03", "\x05"
_PLACES = (_REPLY, _SILENCE, _EARLY, _UNHEARD)  # in the order of Urls
_NO_VALUES: Mapping[str, str] = {}


class Urls(NamedTuple):
    """Where the carrier reports: an answer, silence, a key while something paced was heard, or what is heard whole."""

    reply: str
    silence: str
    early: str
    unheard: str


class Voice:
    """How one language is rendered. `others` say the labels of choices in their own languages."""

    def __init__(
        self,
        language: LanguageSound,
        phrases: Phrases,
        audio_url: str,
        others: Mapping[str, LanguageSound] | None = None,
        *,
        has_pause: bool = True,
    ) -> None:
        """Below `audio_url` each language has its folder. `has_pause` is False where the carrier knows no Pause: then
        silence is a sound, `silence_1` to `silence_4`."""
        self._language = language
        self._phrases = phrases
        self._audio_url = audio_url
        self._others = others or {}
        self._has_pause = has_pause
        self._fixed = lru_cache(REMEMBERED)(self._written_once)

    def render(self, outputs: Put, urls: Urls, values: Mapping[str, str] = _NO_VALUES) -> bytes:
        """The answer to the carrier. `outputs` are what is heard; `values` fill what their texts name."""
        xml = self._fixed(outputs) or self._written(outputs, values)
        for place, url in zip(_PLACES, urls, strict=True):
            xml = xml.replace(place, url.replace("&", "&amp;"))
        return xml.encode()

    def seconds(self, outputs: Put, values: Mapping[str, str] = _NO_VALUES) -> float:
        """How long `outputs` are heard before the wait for an answer begins; the same account that keeps the pace."""
        blocks, rest, _ = self._arranged(outputs, values)
        beats = [beat for _, block in blocks for beat in block] + rest
        return sum(beat.length for beat in beats) + timing.WAIT * len(blocks)

    def _written_once(self, outputs: Put) -> str:
        return "" if any(map(_is_filled_in, outputs)) else self._written(outputs, _NO_VALUES)

    def _written(self, outputs: Put, values: Mapping[str, str]) -> str:
        body = self._body(outputs, values).replace(AUDIO, self._audio_url.replace("&", "&amp;"))
        return twiml.document(body)

    def _body(self, outputs: Put, values: Mapping[str, str]) -> str:
        blocks, rest, last = self._arranged(outputs, values)
        timed = "".join(twiml.gather(self._xml(block), url, timing.WAIT, digits=1) for url, block in blocks)
        if isinstance(last, Menu | Ask):
            return timed + _question(last, self._xml(rest)) + twiml.redirect(_SILENCE)
        if isinstance(last, Dial):
            return self._xml(rest) + twiml.dial(last.number, last.caller, _REPLY, last.screen, last.seconds)
        return self._xml(rest) + (twiml.redirect(_SILENCE) if last is None else twiml.hangup())

    def _arranged(
        self, outputs: Put, values: Mapping[str, str]
    ) -> tuple[list[tuple[str, list[Beat]]], list[Beat], Output | None]:
        """What any key ends, by the minute, each with where it is reported; then what a key answers; then the
        question or the end.
        """
        last = outputs[-1] if outputs and isinstance(outputs[-1], Menu | Ask | End | Dial) else None
        said = outputs if last is None else outputs[:-1]
        if not isinstance(last, Menu | Ask):
            return [], self._beats(said, values), last
        whole = heard_whole(said)
        timed = max(whole, paced(said))
        beats, unheard = self._beats(said[:timed], values), len(self._beats(said[:whole], values))
        blocks = [(_UNHEARD, block) for block in timing.blocks(beats[:unheard])]
        blocks += [(_EARLY, block) for block in timing.blocks(beats[unheard:])]
        rest = self._beats(said[timed:], values) + list(self._options(last))
        if rest and _is_recorded(last):  # no key interrupts a Record, so the words before it have a Gather of their own
            return blocks + [(_EARLY, block) for block in timing.blocks(rest)], [], last
        return blocks, rest, last

    # What is heard -----------------------------------------------------------------------------------------------

    def _beats(self, outputs: Put, values: Mapping[str, str]) -> list[Beat]:
        score = timing.Score(self._language.sound("tick"))
        for output in outputs:
            if isinstance(output, Say) and (text := told(output.voice, values)):
                score.words(self._language.utter((text,), values), output.lasts)
            elif isinstance(output, Play):
                score.words(filter(None, [self._language.sound(output.sound)]))
            elif isinstance(output, Pause):
                score.silence(output.seconds)
        return score.beats

    def _options(self, question: Menu | Ask) -> Iterator[Beat]:
        if isinstance(question, Menu):
            silence = LONGEST_SILENCE if question.slow else 0
            for choice in question.choices:
                *sounds, end = self._option(choice)
                yield from (Beat(*sound) for sound in sounds)
                yield Beat(*end, silence if choice is not question.choices[-1] else 0)
        else:
            yield from (Beat(*sound) for text in self._asks(question) for sound in text)

    def _option(self, choice: Choice) -> list[Sound]:
        press = phrase(self._phrases, "voice", f"press_{choice.key}", choice.key)
        if other := self._others.get(choice.language):
            return other.utter((choice.label, other.translate(self._language.source(press))), _NO_VALUES)
        return self._language.utter((choice.label, press), _NO_VALUES)

    def _asks(self, ask: Ask) -> Iterator[list[Sound]]:
        if ask.kind == "yes or no":
            for key, word in (("1", "yes"), ("2", "no")):
                yield self._option(Choice(key, phrase(self._phrases, "voice", word, word)))
        elif text := phrase(self._phrases, "voice", about(ask.kind)):
            yield self._language.utter((text,), _NO_VALUES)

    # How it is written -------------------------------------------------------------------------------------------

    def _xml(self, beats: list[Beat]) -> str:
        return "".join(beat.xml + self._silence(beat.silence) for beat in beats)

    def _silence(self, seconds: int) -> str:
        played = None if self._has_pause or not seconds else self._language.sound(f"silence_{seconds}")
        if played:
            return played.xml
        return twiml.pause(seconds) if seconds else ""


def _question(question: Menu | Ask, heard: str) -> str:
    if isinstance(question, Menu) or question.kind == "yes or no":
        return twiml.gather(heard, _REPLY, question.wait.voice, digits=1)
    if _is_recorded(question):
        return twiml.record(_REPLY, question.wait.voice)
    # A Gather has one time-out for the first key and for those after it. It is the longer one, of the first key: to
    # wait a little after the last digit is better than to cut off somebody who looks for the next.
    return twiml.gather(heard, _REPLY, question.wait.voice, digits=question.length, finish="#")


def _is_recorded(question: Menu | Ask) -> bool:
    return isinstance(question, Ask) and question.kind == "own words"


def _is_filled_in(output: Output) -> bool:
    if isinstance(output, Menu):
        return any(has_values(choice.label) for choice in output.choices)
    if isinstance(output, Dial):  # one of a kind
        return True
    return isinstance(output, Say) and has_values(output.voice)
