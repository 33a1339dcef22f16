"""Readers of answers: from what somebody typed or wrote to the value it means, or None when that is not clear."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ivr.engine.denials import Rule
from ivr.engine.model import Cases, Way
from ivr.engine.walk import choose
from ivr.engine.words import (
    SHORT,
    Matcher,
    as_key,
    clauses,
    find,
    find_answers,
    find_slips,
    found_at,
    matcher,
    near,
    normalise,
    numbered,
    tokens,
)

Reader = Callable[[str], str | None]
Answers = tuple[Mapping[str, Way], Callable[[str], Way | None]]

_BELOW_ZERO = re.compile(r"(?:^|\s)[-−]\s*\d")
_FRACTION = re.compile(r"\d[.,]\d")
_CLOCK = re.compile(r"(\d{1,2})(?: ?h)?(?: ?(\d{2}))? ?(am|pm|a m|p m)?")
_NO_TIME = ("0", "00", "000")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DRAWN_OUT = re.compile(r"([^\W\d])\1+")
_FEW = 3  # words: "press 1" holds a key, "I have 2 children" does not


def answers(
    numbers: Sequence[str], keys: Mapping[str, Way], meanings: Mapping[str, Way], rule: Rule | None = None
) -> Answers:
    """What is an answer as it stands, by key, by its number in words (`numbers`: those for 0, 1, 2 …), or by a phrase
    that is all of the text; and what reads any other text.
    """
    spoken = {normalise(name): keys[str(at)] for at, name in enumerate(numbers) if str(at) in keys}
    sure = {name: way for name, way in spoken.items() if meanings.get(name, way) is way}
    ways = {**{name: way for name, way in meanings.items() if spoken.get(name, way) is way}, **sure, **keys}
    return ways, choices(ways, meanings, rule)


def choices(
    ways: Mapping[str, Way], meanings: Mapping[str, Way], rule: Rule | None = None
) -> Callable[[str], Way | None]:
    """Reads a choice: `ways` by key and by whole text, `meanings` by a phrase anywhere. Two choices hit are None.

    What a "not" takes back, by `rule`, is not hit.
    """
    phrases = matcher(meanings)
    drawn_out = _drawn_out(meanings)

    def read(text: str) -> Way | None:
        if whole := ways.get(normalise(text)) or drawn_out.get(_calm(normalise(text))):
            return whole
        if key := as_key(text):
            return ways.get(key)
        denied = rule.denied(phrases, text) if rule else set()
        hits = [ways.get(key) for key in _keys(text)] + [meanings[phrase] for phrase in _whole(meant(text) - denied)]
        near = [meanings[phrase] for phrase in _whole(find(phrases, text) - denied)]
        return hits[0] if hits and all(hit is hits[0] for hit in hits + near) else None

    def meant(text: str) -> set[str]:
        if found := find_answers(phrases, text):
            return found
        slips = find_slips(phrases, text)
        if rule is None or not rule.denials.within(text):
            return slips
        return {phrase for phrase in slips if rule.denials.within(phrase)}

    return read


def sure(said: Collection[str], others: Iterable[str]) -> Callable[[str], bool]:
    """Whether one clause of a text is made of these phrases alone, and nothing of the others stands beside them.

    "No, never" says no; "I cannot say never", "never as much as now", "no, but sometimes" do not.
    """
    phrases, beside = matcher(said), matcher(others)
    drawn_out = set(map(_calm, said))

    def says(text: str) -> bool:
        parts, plain = [tokens(clause) for clause in clauses(text)], normalise(text)
        spans = [_spans(phrases, each) for each in parts]
        if any(map(partial(_stands_beside, beside), parts, spans)):
            return False
        if any(map(_is_made_of, parts, spans)) or _calm(plain) in drawn_out:
            return True
        return any(near(plain, phrase) for phrase in said)

    return says


def _spans(phrases: Matcher, parts: list[str]) -> list[range]:
    """The places of the words of each phrase that stands among these."""
    return [range(at, at + len(tokens(hit))) for at, hit in found_at(phrases, parts)]


def _is_made_of(parts: list[str], spans: list[range]) -> bool:
    return bool(parts) and len({at for span in spans for at in span}) == len(parts)


def _stands_beside(others: Matcher, parts: list[str], spans: list[range]) -> bool:
    """Whether one of the others stands there, and not only as a part of what these spans hold."""
    found = [
        (at, at + len(tokens(hit)) - 1)
        for at, hit in found_at(others, parts)
        if len(hit) > SHORT or len(parts) == 1  # a short word is another one elsewhere
    ]
    return any(not any(first in span and last in span for span in spans) for first, last in found)


def _calm(plain: str) -> str:
    """Each letter once where it is drawn out: "yesss" is "yes"."""
    return _DRAWN_OUT.sub(r"\1", plain)


def _drawn_out(meanings: Mapping[str, Way]) -> Mapping[str, Way | None]:
    """The ways by calm phrase; None where two of them would be the same."""
    found: dict[str, Way | None] = {}
    for phrase, way in meanings.items():
        calm = _calm(phrase)
        found[calm] = way if found.get(calm, way) is way else None
    return found


def _whole(found: set[str]) -> set[str]:
    """Without what is only a part of another one: "i have" says nothing where "i have not" was found."""
    return {phrase for phrase in found if not any(f" {phrase} " in f" {other} " for other in found - {phrase})}


@dataclass(frozen=True, slots=True)
class Entry:
    """Reads an entry: `read` finds the value, `cases` where it leads."""

    read: Reader
    cases: Cases

    def __call__(self, text: str) -> Way | None:
        value = self.read(text)
        return None if value is None else self.way(value)

    def way(self, value: str) -> Way:
        """Where this value leads."""
        return Way(value, choose(self.cases, value))


def _keys(text: str) -> set[str]:
    """The single digits that stand for keys: leading as an item, or within a few words."""
    if key := numbered(text):
        return {key}
    parts = tokens(text) if len(text) < 80 else []
    return {part for part in parts if part.isdecimal()} if len(parts) <= _FEW else set()


def number(lowest: int, highest: int, names: Sequence[str]) -> Reader:
    """One whole number within the bounds, in digits or as one of the language's words for 0, 1, 2 …"""
    spoken = {normalise(name): at for at, name in enumerate(names)}

    def read(text: str) -> str | None:
        if _BELOW_ZERO.search(text) or _FRACTION.search(text):
            return None
        value = spoken.get(normalise(text), _only_number(text))
        return str(value) if value is not None and lowest <= value <= highest else None

    return read


def _only_number(text: str) -> int | None:
    parts = tokens(text) if len(text) < 200 else []
    found = [part for part in parts if part.isdecimal() and len(part) < 10]
    if len(found) == 1 and not any(part != found[0] and re.search(r"\d", part) for part in parts):
        return int(found[0])
    key = as_key(text)
    return int(key) if key.isdecimal() else None


def digits(length: int, most: int = 0) -> Reader:
    """Digits, with spaces or dashes between them or not; `length` of them, or up to `most`; 0: however many."""

    def read(text: str) -> str | None:
        found = "".join(tokens(text))
        fits = length <= len(found) <= max(length, most) if length else 0 < len(found) <= 40
        return found if fits and found.isdecimal() else None

    return read


def date(text: str) -> str | None:
    """'12/3', '12.3.', '12 03', '1203' -> '03-12' (the day comes first unless it cannot); with a year 'YYYY-MM-DD'."""
    parts = tokens(text) if len(text) < 80 else []
    if not all(part.isdecimal() for part in parts):
        return None
    if len(parts) == 1 and len(parts[0]) in (4, 8):
        parts = [part for part in (parts[0][:2], parts[0][2:4], parts[0][4:]) if part]
    if len(parts) == 3 and len(parts[0]) == 4:
        parts = [parts[2], parts[1], parts[0]]
        return _day(parts[0], parts[1], parts[2])
    if len(parts) not in (2, 3) or (len(parts) == 3 and len(parts[2]) != 4):
        return None
    day, month, year = (*parts, "")[:3]
    return _day(day, month, year) or _day(month, day, year)


def _day(day: str, month: str, year: str) -> str | None:
    if len(day) > 2 or len(month) > 2 or not 1 <= int(month) <= 12 or not 1 <= int(day) <= _DAYS[int(month) - 1]:
        return None
    if year and (int(year) == 0 or ((int(month), int(day)) == (2, 29) and not _leaps(int(year)))):
        return None
    return f"{year}-{int(month):02}-{int(day):02}" if year else f"{int(month):02}-{int(day):02}"


def _leaps(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def time(text: str) -> str | None:
    """'7', '7:30', '19.30', '7 pm', '0730', '19h30' -> 'HH:MM' of 24 hours.

    Midnight is '00:00', '0h' or '0000': whoever writes 0 wants a person, and whoever writes it twice still does.
    """
    plain = normalise(text) if len(text) < 80 else ""
    found = _CLOCK.fullmatch(plain)
    if not found or plain in _NO_TIME:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def phone(parse: Reader) -> Reader:
    """A phone number as E.164, by way of `parse`."""
    return lambda text: parse(text) if len(text) < 80 else None


def own_words(text: str) -> str | None:
    """Anything that is not empty, without what no database keeps."""
    clean = text.encode(errors="ignore").decode().replace("\0", "").strip()
    return clean or None
