"""Swahili's clock, which counts the hours from dawn: 'saa moja asubuhi', hour one of the morning, is 07:00."""

from collections.abc import Sequence

from ivr.engine.replies import Reader, time
from ivr.engine.words import normalise, tokens

_HOUR = "saa"
_PARTS = {  # part of the day -> the hours of our clock that it may mean
    "alfajiri": range(3, 7),
    "asubuhi": range(4, 12),
    "mchana": range(11, 17),
    "jioni": range(15, 20),
    "usiku": (*range(18, 24), *range(4)),
}
_MINUTES = {"nusu": 30, "robo": 15}
_FILLERS = {"na", "ya", "za", "wa", _HOUR}


def time_from_dawn(names: Sequence[str]) -> Reader:
    """Reads both clocks: with 'saa' the hours count from dawn, and without a part of the day they are not clear."""
    hours = {tuple(normalise(name).split()): at for at, name in enumerate(names)}

    def read(text: str) -> str | None:
        words = tokens(text) if len(text) < 80 else []
        return _read(words, hours) if _HOUR in words else time(text)

    return read


def _read(words: list[str], hours: dict[tuple[str, ...], int]) -> str | None:
    parts = [word for word in words if word in _PARTS]
    minutes = [_MINUTES[word] for word in words if word in _MINUTES]
    rest = tuple(word for word in words if word not in _PARTS and word not in _MINUTES and word != _HOUR)
    hour = _hour(rest, hours)
    if len(parts) != 1 or len(minutes) > 1 or hour is None or not 1 <= hour <= 12:
        return None
    fits = [clock for clock in (hour % 12 + 6, (hour + 18) % 24 if hour < 12 else 18) if clock in _PARTS[parts[0]]]
    return f"{fits[0]:02}:{sum(minutes):02}" if len(fits) == 1 else None


def _hour(words: tuple[str, ...], hours: dict[tuple[str, ...], int]) -> int | None:
    """The hour in these words: as they stand, or without the fillers around the number."""
    if len(words) == 1 and words[0].isdecimal():
        return int(words[0])
    while words and words not in hours and words[0] in _FILLERS:
        words = words[1:]
    while words and words not in hours and words[-1] in _FILLERS:
        words = words[:-1]
    if words in hours:
        return hours[words]
    return int(words[0]) if len(words) == 1 and words[0].isdecimal() else None
