"""How much a text is like what people write in danger, or who want nothing more: sums of learnt weights.

Patterns hear what somebody has thought of; this hears what is built of the same words and parts of words in another
way. It is looked at only where no pattern finds anything, and so can only add help. `learning` makes the weights from
the sentences in locales/. Pure.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import NamedTuple

FILE = "likeness.json.gz"  # beside the languages
PIECES = (4, 5)  # letters of parts of words, the blanks around them among these


class BadLikeness(ValueError):
    """What was learnt is not there, or was spoilt; the text names the file, and what to do."""


class Likeness(NamedTuple):
    """What was learnt of one topic."""

    bias: float = 0.0
    weights: Mapping[str, float] = {}

    def sounds_so(self, words: Sequence[str], least: float, fewest: int) -> bool:
        """Whether these (normalised) words, `fewest` of them or more, are like that, by a sum of more than `least`."""
        return len(words) >= fewest and bool(self.weights) and self.sum(words) > least

    def sum(self, words: Sequence[str]) -> float:
        """The weights of all that is in these words, their number evened out."""
        found = features(words)
        return self.bias + sum(self.weights.get(each, 0.0) for each in found) / sqrt(len(found) or 1)


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


def read(file: Path) -> Learnt:
    """What was learnt. Raises BadLikeness where it is not there or was spoilt: much less danger would be heard."""
    try:
        danger, stop, learnt_from = json.loads(gzip.decompress(file.read_bytes()))
        return Learnt(Likeness(*danger), Likeness(*stop), learnt_from)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise BadLikeness(f"{file}: cannot be read ({error}); run `make learn`, or put the file back") from error


def write(file: Path, learnt: Learnt) -> None:
    """The same bytes for the same weights."""
    text = json.dumps(learnt, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
