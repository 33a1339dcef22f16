"""How long words take to say, estimated where no recording tells; and silence that is never long."""

import re
from collections.abc import Callable

LONGEST_SILENCE = 4  # seconds: beyond it, a caller thinks that the line is dead
STOP, COMMA = 0.6, 0.3  # seconds that a full stop and a comma inside a text take

_STOPS = re.compile(r"[.!?;:…](?=\s+\S)")
_COMMAS = re.compile(r"[,،](?=\s*\S)")
_WORDS = re.compile(r"[^\W\d_]+")


def seconds(text: str, language: str, pace: float) -> float:
    """The length of `text` said calmly, at `pace` syllables a second."""
    pauses = STOP * len(_STOPS.findall(text)) + COMMA * len(_COMMAS.findall(text))
    return syllables(text, language) / pace + pauses


def syllables(text: str, language: str) -> float:
    """Roughly; a digit counts as one and a half."""
    count = _COUNTERS.get(language.partition("-")[0], _vowel_groups)
    return sum(count(word) for word in _WORDS.findall(text.lower())) + 1.5 * sum(map(str.isdigit, text))


def _swahili(word: str) -> float:
    return len(re.findall("[aeiou]|^m(?=[bcdfghjklnpqrstvz])", word))


def _spanish(word: str) -> float:
    return len(re.findall("[iuü]?[aeoáéó][iuy]?(?![íú])|[iuíúü]+|y$", word)) or 1


def _english(word: str) -> float:
    return len(re.findall("[aeiouy]+", re.sub("(?<=[aeiouy])([^aeiouyl])e$", r"\1", word))) or 1


def _vowel_groups(word: str) -> float:
    return len(re.findall(r"[aeiouyàáâãäåèéêëìíîïòóôõöùúûü]+", word)) or len(word) / 2


def _ethiopic(word: str) -> float:
    return len(word)


def _indic(word: str) -> float:
    return 0.85 * len(re.findall(r"[\u0905-\u0939\u0985-\u09b9](?![\u094d\u09cd])", word))


_COUNTERS: dict[str, Callable[[str], float]] = {
    "sw": _swahili,
    "es": _spanish,
    "pt": _spanish,
    "en": _english,
    "am": _ethiopic,
    "hi": _indic,
    "bn": _indic,
}
