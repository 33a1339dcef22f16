"""Made-up languages for tests: one with the carrier's voice, one that must be recorded and falls back on it."""

from collections.abc import Mapping

from ivr.channels.phrases import Phrases
from ivr.channels.speech import LanguageSound, Recording, Spoken, Synthetic
from ivr.channels.voice import Urls, Voice
from ivr.engine.model import Wait

URLS = Urls(
    "https://line.example.org/r?a=1&b=2",
    "https://line.example.org/r?silence",
    "https://line.example.org/e",
    "https://line.example.org/u",
)
AUDIO = "https://line.example.org/audio"
WAIT = Wait(8, 86400)
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PHRASES: Phrases = {
    **{f"press_{at}": f"press {digit}" for at, digit in enumerate(DIGITS)},
    "yes.voice": "Yes",
    "yes.sms": "yes",
    "no.voice": "No",
    "no.sms": "no",
    "ask_digits.voice": "Press the digits one by one.",
    "ask_own_words.voice": "Speak after the tone.",
    "sms_choice": "{key} = {label}",
}
SWAHILI = {
    "Hello": "Habari",
    "A person": "Mtu",
    "Breathe in.": "Vuta.",
    "Our people are back at {opens_at:time}.": "Watu wetu watarudi {opens_at:time}.",
    "Call {line:digits} now.": "Piga {line:digits} sasa.",
    **{f"press {digit}": f"bonyeza {at}" for at, digit in enumerate(DIGITS)},
}


class Plain:
    """A formatter that shows what it was asked."""

    def written(self, kind: str, value: str) -> str:
        return f"<{kind}:{value}>"

    def spoken(self, kind: str, value: str) -> str:
        return f"{kind} {value}"


def english(**recordings: float) -> LanguageSound:
    """English, with these sounds, given with their lengths."""
    return LanguageSound(
        "en",
        3.5,
        Synthetic("en-US", "Polly.Joanna-Neural"),
        {f"sound:{name}": Recording(f"{name}.mp3", seconds) for name, seconds in recordings.items()},
        Spoken(),
        Plain(),
        str,
        str,
    )


def swahili(recorded: Mapping[str, float], fallback: LanguageSound | None = None) -> LanguageSound:
    """Swahili without a voice of the carrier's, with these texts recorded, given with their lengths."""
    files = {text: Recording(f"{at}.mp3", seconds) for at, (text, seconds) in enumerate(recorded.items())}
    spoken = Spoken(
        digits=tuple(f"tarakimu {digit}" for digit in range(10)),
        hours=tuple(f"saa {hour}" for hour in range(24)),
        minutes={15: "na robo", 30: "na nusu"},
        days=("Jumatatu", "Jumanne"),
        numbers=("sifuri", "moja"),
    )
    back = {theirs: ours for ours, theirs in SWAHILI.items()}
    return LanguageSound(
        "sw",
        4.4,
        None,
        files,
        spoken,
        Plain(),
        lambda text: SWAHILI.get(text, text),
        lambda text: back.get(text, text),
        (fallback or english(),),
    )


def voice(language: LanguageSound | None = None, *, has_pause: bool = True) -> Voice:
    """How a language is rendered, with the phrases in it, beside the other one."""
    sound = language or english(tick=0.2)
    phrases = {name: sound.translate(text) for name, text in PHRASES.items()}
    return Voice(sound, phrases, AUDIO, {"en": english(), "sw": swahili({})}, has_pause=has_pause)
