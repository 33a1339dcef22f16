"""Finding what people say in many ways: patterns of words, whatever the spelling, the keyboard or the words between.

A pattern is words and {groups} of words in their order: "{want} {die}". Between its parts a few other words may stand,
but not in one without a group: "kill myself" is found as it is. A word ending in * is the beginning of any word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ivr.engine.words import near, tokens

GAP = 2  # other words between two parts of a pattern
SLIPPERY = 6  # letters from which on one slip of the finger is forgiven; in shorter words it makes another word
GLUED = 6  # letters from which on an unknown word may be several without a space
SHORT = 2  # letters of a word that may stand once among them
SPELT = 4  # single letters in a row that are a word spelt out
LONGEST = 30  # letters of a word: what is longer is none
REMEMBERED = 20_000  # words whose readings are known already
_GROUP = re.compile(r"\{(\w+)\}")
_THRICE = re.compile(r"(.)\1{2,}")
# Digits and signs for letters, as in "k1ll my5elf". 1 is i or l.
_LEET = tuple(str.maketrans("034579@$!|1", "oeastgasil" + one) for one in "il")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_IS_LEET = re.compile(r"[^\W\d_][013457@$!|]|[013457@$!|][^\W\d_]")

Groups = Mapping[str, tuple[str, ...]]


class BadPattern(Exception):
    """A pattern names a group that there is not."""


class Found(NamedTuple):
    """Where a pattern stands in the words of a text, and its own words as they were given."""

    begin: int
    end: int  # after its last word
    pattern: str


class _Pattern(NamedTuple):
    before: tuple[frozenset[str], ...]  # parts before the anchor, whose words are the rarest; the nearest first
    after: tuple[frozenset[str], ...]
    next_rare: frozenset[str]  # the part that is looked for before all others
    gap: int
    given: str


class Patterns:
    """Many patterns, ready to be found. Only those are looked at whose rarest word stands in the text."""

    def __init__(self, given: Iterable[str], groups: Groups, lookalikes: Iterable[str] = ()) -> None:
        """`lookalikes` are real words that are never a slip for a word of a pattern. Raises BadPattern."""
        parted = {pattern: _parts(pattern, groups) for pattern in given}
        counts = Counter(word for parts in parted.values() for part in parts for word in part)
        self._at: dict[str, list[_Pattern]] = {}
        for pattern, parts in parted.items():
            if parts:
                self._add(pattern, parts, counts)
        self._words = frozenset(word for word in counts if not word.endswith("*"))
        self._stems = tuple(sorted(word[:-1] for word in counts if word.endswith("*")))
        self._slips = _slips(self._words)
        self._others = frozenset(word for each in lookalikes for word in tokens(each))
        self._read = lru_cache(REMEMBERED)(self._readings)
        self._parted = lru_cache(REMEMBERED)(self._in_parts)

    def _add(self, given: str, parts: tuple[frozenset[str], ...], counts: Counter[str]) -> None:
        rarest, *others = sorted(range(len(parts)), key=lambda at: max(counts[word] for word in parts[at]))
        next_rare = parts[others[0]] if others else parts[rarest]
        gap = GAP if "{" in given else 0
        pattern = _Pattern(parts[:rarest][::-1], parts[rarest + 1 :], next_rare, gap, given)
        for word in parts[rarest]:
            self._at.setdefault(word, []).append(pattern)

    def find(self, text: str) -> tuple[list[Found], list[str]]:
        """Where patterns stand in this text, and its words, as they were read."""
        found, words = self._find(tokens(text))
        if not found and _IS_LEET.search(seen := _INVISIBLE.sub("", text)):
            for table in _LEET:
                found, words = self._find(tokens(seen.casefold().translate(table)))
                if found:
                    break
        return found, words

    def _find(self, plain: list[str]) -> tuple[list[Found], list[str]]:
        words = list(self._split(_joined(plain)))
        read = [self._read(word) for word in words]
        present = frozenset().union(*read)
        return [each for at, readings in enumerate(read) for each in self._at_one(read, at, readings, present)], words

    def _at_one(
        self, read: list[frozenset[str]], at: int, readings: frozenset[str], present: frozenset[str]
    ) -> Iterator[Found]:
        """The patterns whose rarest word stands here."""
        for word in readings:
            for pattern in self._at.get(word, ()):
                if not pattern.next_rare.isdisjoint(present):
                    yield from _standing(read, at, pattern)

    # How a word may be meant ------------------------------------------------------------------------------------------

    def _split(self, words: list[str]) -> Iterator[str]:
        """Words in which several were written without a space, as those."""
        for word in words:
            yield from (len(word) >= GLUED and not self._read(word) and self._parted(word)) or (word,)

    def _in_parts(self, word: str) -> tuple[str, ...]:
        """As known words, no more than one of them of two letters; none where it is not."""
        return next(filter(None, map(self._known_in, sorted(_spellings(word), key=len, reverse=True))), ())

    def _known_in(self, word: str) -> tuple[str, ...]:
        ways: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(2, len(word) + 1 if len(word) <= LONGEST else 0):
            for begin in sorted(ways):
                way = (*ways[begin], word[begin:end])
                if way[-1] in self._words and len(way[-1]) > 1 and sum(len(part) == SHORT for part in way) <= 1:
                    ways[end] = way
                    break
        return ways.get(len(word), ())

    def _readings(self, word: str) -> frozenset[str]:
        """The words of patterns that this one may be."""
        spellings = _spellings(word)
        exact = {each for each in spellings if each in self._words}
        stems = {stem + "*" for stem in self._stems if word.startswith(stem)}
        if exact or stems or word in self._others or not SLIPPERY - 1 <= len(word) <= LONGEST:
            return frozenset(exact | stems)
        return frozenset(self._slipped(spellings))

    def _slipped(self, spellings: set[str]) -> Iterator[str]:
        for word in spellings:
            for less in (word, *_without_one(word)):
                yield from (meant for meant in self._slips.get(less, ()) if near(word, meant))


def _parts(pattern: str, groups: Groups) -> tuple[frozenset[str], ...]:
    return tuple(part for piece in pattern.split() for part in _part(piece, pattern, groups))


def _part(piece: str, pattern: str, groups: Groups) -> Iterator[frozenset[str]]:
    name = _GROUP.fullmatch(piece)
    if name is None:
        yield from (frozenset([word]) for word in _plain(piece))
    elif name[1] in groups:
        yield frozenset(word for each in groups[name[1]] for word in _plain(each))
    else:
        raise BadPattern(f"{pattern!r}: there is no group {name[1]!r}")


def _plain(word: str) -> list[str]:
    plain = tokens(word)
    return [*plain[:-1], plain[-1] + "*"] if plain and word.endswith("*") else plain


def _standing(read: list[frozenset[str]], at: int, pattern: _Pattern) -> Iterator[Found]:
    begin = _reach(read, at, pattern.before, pattern.gap, -1)
    end = _reach(read, at, pattern.after, pattern.gap, 1)
    if begin is not None and end is not None:
        yield Found(begin, end + 1, pattern.given)


def _reach(read: list[frozenset[str]], at: int, parts: tuple[frozenset[str], ...], gap: int, step: int) -> int | None:
    """Where the last of these parts stands, going on from `at`; None where one of them does not follow."""
    for part in parts:
        ahead = range(at + step, at + step * (gap + 2), step)
        place = next((p for p in ahead if 0 <= p < len(read) and not part.isdisjoint(read[p])), None)
        if place is None:
            return None
        at = place
    return at


def _joined(words: list[str]) -> list[str]:
    """With letters that stand alone, four and more in a row, as one word."""
    if sum(len(word) == 1 for word in words) < SPELT:
        return words
    joined: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1:
            run.append(word)
            continue
        joined += ["".join(run)] if len(run) >= SPELT else run
        joined, run = [*joined, word] if word else joined, []
    return joined


def _spellings(word: str) -> set[str]:
    """The word as it is, and with its drawn-out letters shortened."""
    return {word, _THRICE.sub(r"\1\1", word), _THRICE.sub(r"\1", word), word.rstrip(word[-1]) + word[-1]}


def _slips(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Long words by themselves and by each form that lacks one letter: a slip shares one of these forms."""
    index: dict[str, tuple[str, ...]] = {}
    for word in words:
        if len(word) >= SLIPPERY:
            for form in (word, *_without_one(word)):
                index[form] = (*index.get(form, ()), word)
    return index


def _without_one(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
