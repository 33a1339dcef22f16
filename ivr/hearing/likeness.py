"""How much a text is like what people in danger write: a sum of weights, learnt from the sentences in locales/.

Patterns hear what somebody has thought of; this hears what is built of the same words and parts of words in another
way. It is looked at only where no pattern finds anything, and so can only add help. Pure.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import NamedTuple

FILE = "likeness.json.gz"  # beside the languages
LIKELY = 0.3  # from which sum on it counts: docs/reliability.md weighs what is missed against what is heard wrongly
PERHAPS = -0.7  # from which sum on the numbers are said, and it is asked directly
FEWEST = 4  # words: of fewer, patterns know all that can be known
PIECES = (4, 5)  # letters of parts of words, the blanks around them among these


class Likeness(NamedTuple):
    """What was learnt, and a hash of what from."""

    bias: float = 0.0
    weights: Mapping[str, float] = {}
    learnt_from: str = ""

    def sounds_so(self, words: Sequence[str], least: float = LIKELY) -> bool:
        """Whether these (normalised) words are like those of somebody in danger, at least this much."""
        return len(words) >= FEWEST and bool(self.weights) and self.sum(words) > least

    def sum(self, words: Sequence[str]) -> float:
        """The weights of all that is in these words, their number evened out."""
        found = features(words)
        return self.bias + sum(self.weights.get(each, 0.0) for each in found) / sqrt(len(found) or 1)


def features(words: Sequence[str]) -> set[str]:
    """The words, neighbours as pairs, and parts of words, each once."""
    line = f" {' '.join(words)} "
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    pieces = {f"#{line[at : at + long]}" for long in PIECES for at in range(len(line) - long + 1)}
    return {*words, *pairs, *pieces}


def read(file: Path) -> Likeness:
    """What was learnt; what says nothing, where there is no such file. Raises ValueError for one that was spoilt."""
    if not file.exists():
        return Likeness()
    try:
        stored = json.loads(gzip.decompress(file.read_bytes()))
        return Likeness(stored["bias"], stored["weights"], stored["learnt_from"])
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise ValueError(f"{file}: cannot be read ({error}); run `make learn`") from error


def write(file: Path, learnt: Likeness) -> None:
    """The same bytes for the same weights."""
    text = json.dumps(learnt._asdict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), mtime=0))
