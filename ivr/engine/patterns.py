"""Finding what people say in many ways: patterns of words, whatever the spelling, the keyboard or the words between.

A pattern is words and {groups} in their order: "{want} to {die}". A group holds words and phrases. Words that follow
one another stand so in the text; where a group begins or ends, two other words may stand between, and six where the
pattern has three dots. A word ending in * is the beginning of any word. What "&" joins may stand in any order, up to
twelve words apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise, permutations
from typing import NamedTuple

from ivr.engine.readings import Readings, Tongue
from ivr.engine.words import tokens

GAP = 2  # other words between two parts of a pattern
GAPS = {"...": 6, "&": 12}  # where it has one of these
_GROUP = re.compile(r"\{(\w+)\}")
# Digits and signs for letters, as in "k1ll my5elf". 1 is i or l.
_LEET = tuple(str.maketrans("034579@$!|1", "oeastgasil" + one) for one in "il")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_IS_LEET = re.compile(r"[^\W\d_][013457@$!|]|[013457@$!|][^\W\d_]")

Groups = Mapping[str, tuple[str, ...]]
Places = list[
    dict[str, int]
]  # what begins at each word of a text, and after which word it ends; or the other way round


class BadPattern(Exception):
    """A pattern names a group that there is not."""


class Found(NamedTuple):
    """Where a pattern stands in the words of a text, and its own words as they were given."""

    begin: int
    end: int  # after its last word
    pattern: str


class _Part(NamedTuple):
    """Words and phrases of which one must stand there, and how many others may stand before it."""

    said: frozenset[str]
    gap: int


class _Pattern(NamedTuple):
    before: tuple[_Part, ...]  # parts before the anchor, whose words are the rarest; the nearest first
    after: tuple[_Part, ...]
    needed: tuple[frozenset[str], ...]  # the parts that are neither the rarest nor the next
    given: str


class _Step:
    """A word of phrases: what may follow it, and the phrase that ends with it."""

    __slots__ = ("further", "phrase")

    def __init__(self) -> None:
        self.further: dict[str, _Step] = {}
        self.phrase = ""


class Patterns:
    """Many patterns, ready to be found. Only those are looked at whose rarest word stands in the text."""

    def __init__(
        self, given: Iterable[str], groups: Groups, lookalikes: Iterable[str] = (), tongues: Sequence[Tongue] = ()
    ) -> None:
        """`lookalikes` are real words that are never a slip for a word of a pattern. Raises BadPattern."""
        ways = [(pattern, way) for pattern in given for way in _orders(pattern)]
        named = {name for _, way in ways for name in _GROUP.findall(way) if name in groups}
        plain = {name: frozenset(_plain(each) for each in groups[name]) - {""} for name in named}
        parted = [(pattern, list(_parts(way, plain))) for pattern, way in ways]
        counts = Counter(said for _, parts in parted for part in parts for said in part.said)
        self._at: dict[frozenset[str], dict[frozenset[str], list[_Pattern]]] = {}  # by two parts, the rarest first
        for pattern, parts in parted:
            if parts:
                self._add(pattern, parts, counts)
        self._anchors: dict[str, tuple[frozenset[str], ...]] = {}
        for anchor in self._at:
            for said in anchor:
                self._anchors[said] = (*self._anchors.get(said, ()), anchor)
        self._alone = frozenset(said for said in counts if " " not in said)
        self._phrases = _by_words(said for said in counts if " " in said)
        self._read = Readings((word for said in counts for word in said.split()), lookalikes, tongues)

    def _add(self, given: str, parts: list[_Part], counts: Counter[str]) -> None:
        rarest, *others = sorted(range(len(parts)), key=lambda at: max(counts[said] for said in parts[at].said))
        pattern = _Pattern(
            _backwards(parts[: rarest + 1]),
            tuple(parts[rarest + 1 :]),
            tuple(parts[at].said for at in others[1:]),
            given,
        )
        needed = parts[others[0] if others else rarest].said
        self._at.setdefault(parts[rarest].said, {}).setdefault(needed, []).append(pattern)

    @property
    def words(self) -> frozenset[str]:
        """All words that are looked for."""
        return self._read.words

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
        words = list(self._read.split(plain))
        begins = self._begins([self._read.of(word) for word in words])
        present = frozenset().union(*begins)
        maybe = [
            (begin, end, pattern)
            for begin, here in enumerate(begins)
            for said, end in here.items()
            for anchor in self._anchors.get(said, ())
            for needed, patterns in self._at[anchor].items()
            if not needed.isdisjoint(present)
            for pattern in patterns
            if not any(map(present.isdisjoint, pattern.needed))
        ]
        return list(_standing(begins, maybe)) if maybe else [], words

    def _begins(self, read: list[frozenset[str]]) -> Places:
        """What begins at each word, and after which word it ends: the words themselves, and phrases."""
        begins: Places = []
        for at, words in enumerate(read):
            begins.append({word: at + 1 for word in words if word in self._alone})
            steps, end = [step for word in words if (step := self._phrases.get(word))], at + 1
            while steps and end < len(read):
                steps = [step for before in steps for word in read[end] if (step := before.further.get(word))]
                end += 1
                begins[at].update((step.phrase, end) for step in steps if step.phrase)
        return begins


def _standing(begins: Places, maybe: list[tuple[int, int, _Pattern]]) -> Iterator[Found]:
    """Where the patterns stand of which one part was found, from which word to which."""
    ends: Places = [{} for _ in begins]
    for at, here in enumerate(begins):
        for said, end in here.items():
            ends[end - 1][said] = at
    for begin, end, pattern in maybe:
        first, last = _first(ends, begin, pattern.before), _last(begins, end, pattern.after)
        if first is not None and last is not None:
            yield Found(first, last, pattern.given)


def _orders(pattern: str) -> list[str]:
    """The pattern, with what & joins in every order."""
    return [" & ".join(each) for each in permutations(pattern.split("&"))]


def _parts(pattern: str, groups: Mapping[str, frozenset[str]]) -> Iterator[_Part]:
    gap = GAP
    for stands_alone, pieces in groupby(pattern.replace("...", " ... ").split(), key=_stands_alone):
        for piece in pieces if stands_alone else [" ".join(pieces)]:
            if piece in GAPS:
                gap = GAPS[piece]
                continue
            yield _Part(_said(piece, pattern, groups), gap)
            gap = GAP


def _stands_alone(piece: str) -> bool:
    return piece in GAPS or _GROUP.fullmatch(piece) is not None


def _said(piece: str, pattern: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    name = _GROUP.fullmatch(piece)
    if name and name[1] not in groups:
        raise BadPattern(f"{pattern!r}: there is no group {name[1]!r}")
    return groups[name[1]] if name else frozenset([_plain(piece)])


def _plain(said: str) -> str:
    """Words in their plain form; one ending in * is the beginning of any word."""
    return " ".join(plain + "*" * word.endswith("*") for word in said.split() if (plain := " ".join(tokens(word))))


def _backwards(parts: list[_Part]) -> tuple[_Part, ...]:
    """All but the last, each with the gap that follows it."""
    return tuple(_Part(part.said, following.gap) for part, following in pairwise(parts))[::-1]


def _by_words(phrases: Iterable[str]) -> dict[str, _Step]:
    first: dict[str, _Step] = {}
    for phrase in phrases:
        further = first
        for word in phrase.split():
            step = further.setdefault(word, _Step())
            further = step.further
        step.phrase = phrase
    return first


def _last(begins: Places, at: int, parts: tuple[_Part, ...]) -> int | None:
    """After which word these parts end, going on from `at`; None where they do not follow."""
    if not parts:
        return at
    for here in begins[at : at + parts[0].gap + 1]:
        for said in parts[0].said & here.keys():
            if (end := _last(begins, here[said], parts[1:])) is not None:
                return end
    return None


def _first(ends: Places, at: int, parts: tuple[_Part, ...]) -> int | None:
    """At which word these parts begin, the nearest first, going back from `at`; None where they do not stand there."""
    if not parts:
        return at
    for here in ends[max(0, at - parts[0].gap - 1) : at][::-1]:
        for said in parts[0].said & here.keys():
            if (begin := _first(ends, here[said], parts[1:])) is not None:
                return begin
    return None
