"""Digits, numbers, times and days as a language writes and says them, in characters that a text carries cheaply."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_time, get_day_names
from babel.numbers import format_decimal

from ivr.channels.speech import Spoken, spoken_value

# What CLDR puts between and around its parts: blanks that do not break, and marks of direction.
_PLAIN = dict.fromkeys(map(ord, "\u200e\u200f\u061c")) | dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " ")


def locale(code: str) -> Locale:
    """Babel's knowledge of a language; of a language that it does not know, what English does."""
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


class Formats(NamedTuple):
    """How one language writes and says values; what cannot be understood stays as it is."""

    locale: Locale
    spoken_phrases: Spoken
    from_dawn: bool  # hours are counted from dawn: a time is written as it is said, with our clock behind it

    def written(self, kind: str, value: str) -> str:
        """For a text. Times have 24 hours."""
        return self._put(_WRITTEN, kind, value)

    def spoken(self, kind: str, value: str) -> str:
        """For a synthetic voice, which reads the language's own way of writing best."""
        return self._put(_SPOKEN, kind, value)

    def _put(self, kinds: "Kinds", kind: str, value: str) -> str:
        try:
            return kinds[kind](self, value).translate(_PLAIN)
        except (KeyError, ValueError, ArithmeticError):
            return value


Kinds = Mapping[str, Callable[[Formats, str], str]]


def _digits(formats: Formats, value: str) -> str:  # noqa: ARG001 - one signature for all kinds
    return value


def _number(formats: Formats, value: str) -> str:
    return format_decimal(value, locale=formats.locale)


def _day(formats: Formats, value: str) -> str:
    return str(get_day_names("wide", "format", formats.locale)[int(value)])


def _written_time(formats: Formats, value: str) -> str:
    clock = f"{time.fromisoformat(value):%H:%M}"
    said = spoken_value(formats.spoken_phrases, "time", value, exact=True) if formats.from_dawn else None
    return f"{' '.join(said)} ({clock})" if said else clock


def _spoken_time(formats: Formats, value: str) -> str:
    return format_time(time.fromisoformat(value), "short", locale=formats.locale)


_WRITTEN: Kinds = {"digits": _digits, "number": _number, "day": _day, "time": _written_time}
_SPOKEN: Kinds = {**_WRITTEN, "time": _spoken_time}
