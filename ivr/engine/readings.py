"""How a word that somebody typed may be meant: by its spelling, its sound, a slip of the finger, or several glued."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ivr.engine.words import near, tokens

SLIPPERY = 6  # letters from which on one slip of the finger is forgiven; in shorter words it makes another word
GLUED = 6  # letters from which on an unknown word may be several without a space
SHORT = 2  # letters of a word that may stand once among them
SPELT = 4  # single letters in a row that are a word spelt out
SOUNDED = 3  # letters from which on a word may be written as it sounds
LONGEST = 30  # letters of a word: what is longer is none
REMEMBERED = 20_000  # words whose readings are known already
_THRICE = re.compile(r"(.)\1{2,}")


class Tongue(NamedTuple):
    """How a language's words are written and mistyped."""

    words: frozenset[str]
    alike: tuple[tuple[str, str], ...]  # what sounds alike and what stands for it: regular expressions, in their order
    firm: bool  # whether one letter for another makes another word, so that it is no slip


class _Sounds:
    """The words of a tongue by how they sound: the same for all ways to write what sounds alike."""

    def __init__(self, tongue: Tongue, known: frozenset[str]) -> None:
        self._alike = [(re.compile(written), kept) for written, kept in tongue.alike]
        self._words = _by((self._key(word), word) for word in tongue.words & known if len(word) >= SOUNDED)

    def of(self, word: str) -> tuple[str, ...]:
        """The words that sound as this one."""
        return self._words.get(self._key(word), ()) if len(word) >= SOUNDED else ()

    def _key(self, word: str) -> str:
        for written, kept in self._alike:
            word = written.sub(kept, word)
        return word


class Readings:
    """The words of patterns, and which of them a typed word may be. A word ending in * is the beginning of any word."""

    def __init__(self, words: Iterable[str], lookalikes: Iterable[str], tongues: Sequence[Tongue]) -> None:
        """`lookalikes` are real words that are never a slip for a word of a pattern."""
        every = frozenset(words)
        self.words = frozenset(word for word in every if not word.endswith("*"))
        self._stems = tuple(sorted(word[:-1] for word in every if word.endswith("*")))
        self._others = frozenset(word for each in lookalikes for word in tokens(each))
        self._sounds = tuple(_Sounds(each, self.words) for each in tongues if each.alike)
        firm = _firm(tongues)
        self._slips, self._swaps = _slips(self.words - firm), _swaps(self.words & firm)
        self.of = lru_cache(REMEMBERED)(self._readings)
        self._parted = lru_cache(REMEMBERED)(self._in_parts)

    def split(self, words: list[str]) -> Iterator[str]:
        """Words in which several were written without a space, as those; letters written singly, as one word."""
        for word in _joined(words):
            yield from (len(word) >= GLUED and not self.of(word) and self._parted(word)) or (word,)

    def _in_parts(self, word: str) -> tuple[str, ...]:
        """As known words, no more than one of them of two letters; none where it is not."""
        spellings = _spellings(word)
        if not self._others.isdisjoint(spellings):
            return ()
        return next(filter(None, map(self._known_in, sorted(spellings, key=len, reverse=True))), ())

    def _known_in(self, word: str) -> tuple[str, ...]:
        ways: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(2, len(word) + 1 if len(word) <= LONGEST else 0):
            for begin in sorted(ways):
                way = (*ways[begin], word[begin:end])
                if way[-1] in self.words and len(way[-1]) > 1 and sum(len(part) == SHORT for part in way) <= 1:
                    ways[end] = way
                    break
        return ways.get(len(word), ())

    def _readings(self, word: str) -> frozenset[str]:
        """The words of patterns that this one may be."""
        spellings = _spellings(word)
        exact = {each for each in spellings if each in self.words}
        stems = {stem + "*" for stem in self._stems if word.startswith(stem)} if word.startswith(self._stems) else set()
        if not self._others.isdisjoint(spellings) or len(word) > LONGEST:
            return frozenset(exact | stems)
        meant = exact.union(self._sounding(spellings)) or self._slipped(word, spellings)
        return frozenset(stems.union(meant))

    def _sounding(self, spellings: set[str]) -> Iterator[str]:
        for sounds in self._sounds:
            for word in spellings:
                yield from sounds.of(word)

    def _slipped(self, typed: str, spellings: set[str]) -> Iterator[str]:
        for word in spellings if len(typed) >= SLIPPERY - 1 else ():
            alike = {meant for less in (word, *_without_one(word)) for meant in self._slips.get(less, ())}
            yield from (meant for meant in alike.union(self._swaps.get(_sorted(word), ())) if near(word, meant))


def _firm(tongues: Sequence[Tongue]) -> frozenset[str]:
    """Words of which only swapped letters are forgiven: of no language in which more is."""
    firm = (word for each in tongues if each.firm for word in each.words)
    return frozenset(firm).difference(*(each.words for each in tongues if not each.firm))


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
    long = (word for word in words if len(word) >= SLIPPERY)
    return _by((form, word) for word in long for form in (word, *_without_one(word)))


def _swaps(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Long words by their letters in order: where two were swapped, those are the same."""
    return _by((_sorted(word), word) for word in words if len(word) >= SLIPPERY)


def _by(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for form, word in pairs:
        index[form] = (*index.get(form, ()), word)
    return index


def _sorted(word: str) -> str:
    return "".join(sorted(word))


def _without_one(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
