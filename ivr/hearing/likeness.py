"""How much a text is like what people write in danger, or who want nothing more: sums of learnt weights.

Patterns hear what somebody has thought of; this hears what is built of the same words and parts of words in another
way. It is looked at only where no pattern finds anything, and so can only add help. `learning` makes the weights from
the sentences in locales/. Pure.

Of what is learnt only hashes stand here, in order, each with its weight: a tenth of the memory that a dictionary of a
quarter of a million words takes, in every process. Of 17,000 features one meets another one's hash by chance.
"""

import gzip
import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

FILE = "likeness.gz"  # beside the languages: a line of JSON, then the hashes and the weights of each topic
UNIT = 100  # a weight is kept in hundredths: more digits change nothing that is heard
PIECES = (4, 5)  # letters of parts of words, the blanks around them among these


class BadLikeness(ValueError):
    """What was learnt is not there, or was spoilt; the text names the file, and what to do."""


class Likeness(NamedTuple):
    """What was learnt of one topic."""

    bias: float = 0.0
    hashes: "array[int]" = array("I")  # of features, the lowest first
    weights: "array[int]" = array("h")  # of each of these, in hundredths

    def sounds_so(self, words: Sequence[str], least: float, fewest: int) -> bool:
        """Whether these (normalised) words, `fewest` of them or more, are like that, by a sum of more than `least`."""
        return len(words) >= fewest and len(self.weights) > 0 and self.sum(words) > least

    def sum(self, words: Sequence[str]) -> float:
        """The weights of all that is in these words, their number evened out."""
        found = features(words)
        return self.bias + sum(map(self._weight, found)) / (UNIT * sqrt(len(found) or 1))

    def _weight(self, feature: str) -> int:
        hashed = _hash(feature)
        at = bisect_left(self.hashes, hashed)
        return self.weights[at] if at < len(self.hashes) and self.hashes[at] == hashed else 0


class Learnt(NamedTuple):
    """Of each topic, and a hash of what all of it was learnt from."""

    danger: Likeness = Likeness()
    stop: Likeness = Likeness()
    learnt_from: str = ""


def features(words: Sequence[str]) -> set[str]:
    """The words, neighbours as pairs, and parts of words, each once."""
    line = f" {' '.join(words)} "
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    pieces = {f"#{line[at : at + long]}" for long in PIECES for at in range(len(line) - long + 1)}
    return {*words, *pairs, *pieces}


def made(bias: float, weights: Mapping[str, float]) -> Likeness:
    """What was learnt, as it is kept: those that weigh nothing are left out."""
    found: dict[int, int] = {}
    for feature, weight in weights.items():
        hashed = _hash(feature)
        found[hashed] = found.get(hashed, 0) + round(weight * UNIT)
    kept = sorted((hashed, weight) for hashed, weight in found.items() if weight)
    return Likeness(round(bias, 2), array("I", (each for each, _ in kept)), array("h", (each for _, each in kept)))


def read(file: Path) -> Learnt:
    """What was learnt. Raises BadLikeness where it is not there or was spoilt: much less danger would be heard."""
    try:
        head, _, rest = gzip.decompress(file.read_bytes()).partition(b"\n")
        learnt_from, *topics = json.loads(head)
        return Learnt(*_topics(topics, memoryview(rest)), learnt_from)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise BadLikeness(f"{file}: cannot be read ({error}); run `make learn`, or put the file back") from error


def write(file: Path, learnt: Learnt) -> None:
    """The same bytes for the same weights."""
    topics = (learnt.danger, learnt.stop)
    head = json.dumps([learnt.learnt_from, *((each.bias, len(each.weights)) for each in topics)])
    numbers = (_turned(part).tobytes() for each in topics for part in (each.hashes, each.weights))
    file.write_bytes(gzip.compress(b"".join((head.encode(), b"\n", *numbers)), mtime=0))


def _hash(feature: str) -> int:
    return crc32(feature.encode(errors="replace"))


def _topics(heads: list[tuple[float, int]], rest: memoryview) -> tuple[Likeness, Likeness]:
    """Both topics, each of so many weights. Raises ValueError when there are fewer, or more."""
    found = []
    for bias, many in heads:
        hashes, weights = array("I"), array("h")
        for part in (hashes, weights):
            size = many * part.itemsize
            part.frombytes(rest[:size])
            rest = rest[size:]
            if len(part) != many:
                raise ValueError("it is shorter than it says")
        found.append(Likeness(bias, _turned(hashes), _turned(weights)))
    if rest:
        raise ValueError("it is longer than it says")
    danger, stop = found
    return danger, stop


def _turned(numbers: "array[int]") -> "array[int]":
    """In the file the lowest byte comes first, whatever the machine likes."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
