"""`make learn`: the weights of `likeness` from the sentences of all languages. The same sentences, the same weights.

In locales/<code>/danger.txt and stop.txt stands what is to be heard, a line with a dash, and what only sounds so.
Logistic regression, each weight with a step of its own (AdaGrad, Duchi, Hazan, Singer 2011); seconds in plain Python.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from math import exp, sqrt
from pathlib import Path
from typing import NamedTuple

from ivr.engine.words import tokens
from ivr.hearing import likeness
from ivr.hearing.likeness import Learnt, Likeness

LOCALES = Path(__file__).parent.parent.parent / "locales"
ROUNDS, STEP, BIAS_STEP, DECAY = 12, 0.3, 0.05, 1e-4
TINY = 1e-6


class Example(NamedTuple):
    """What is in a sentence, and whether it is to be heard: 1 or 0."""

    features: list[str]
    label: int


def sentences(file: Path) -> tuple[list[str], list[str]]:
    """What is to be heard, and what not."""
    heard, _, harmless = file.read_text("utf-8").partition("\n-\n")
    return heard.strip().splitlines(), harmless.strip().splitlines()


def source(locales: Path) -> str:
    """A hash of what is learnt from, and how it is taken apart."""
    texts = [file.read_text("utf-8") for name in Learnt._fields[:2] for file in _files(locales, name)]
    return hashlib.sha256("\0".join([str(likeness.PIECES), *texts]).encode()).hexdigest()


def learn(locales: Path) -> Learnt:
    """From all languages together: people mix them, and they share words."""
    danger, stop = (list(_examples(locales, name)) for name in Learnt._fields[:2])
    in_no_danger = [each._replace(label=0) for each in stop if each.label]
    return Learnt(_weighed(danger + in_no_danger), _weighed(stop + _without(danger, of=stop)), source(locales))


def _without(examples: list[Example], of: list[Example]) -> list[Example]:
    """Examples of another topic, and so none of this one: only what these have in common with those `of` it."""
    known = {name for each in of for name in each.features}
    return [Example([name for name in each.features if name in known], 0) for each in examples]


def _weighed(examples: list[Example]) -> Likeness:
    places = {name: at for at, name in enumerate(dict.fromkeys(name for each in examples for name in each.features))}
    numbered = [([places[name] for name in each.features], each.label) for each in examples]
    weights, spent, bias = [0.0] * len(places), [TINY] * len(places), 0.0
    order = random.Random(1)  # noqa: S311 - nobody is to guess it
    for _ in range(ROUNDS):
        order.shuffle(numbered)
        for features, label in numbered:
            bias -= BIAS_STEP * _learnt(features, label, weights, spent, bias)
    return likeness.made(bias, dict(zip(places, weights, strict=True)))


def _learnt(features: list[int], label: int, weights: list[float], spent: list[float], bias: float) -> float:
    """Moves the weights by one sentence, whose features stand at these places; how far off they were."""
    even = 1 / sqrt(len(features) or 1)
    total = bias + even * sum([weights[at] for at in features])
    off = 1 / (1 + exp(-max(-30.0, min(30.0, total)))) - label
    for at in features:
        slope = off * even + DECAY * weights[at]
        spent[at] += slope * slope
        weights[at] -= STEP * slope / sqrt(spent[at])
    return off


def _examples(locales: Path, name: str) -> Iterator[Example]:
    for file in _files(locales, name):
        for label, texts in zip((1, 0), sentences(file), strict=True):
            yield from (Example(sorted(likeness.features(tokens(text))), label) for text in texts)


def _files(locales: Path, name: str) -> Sequence[Path]:
    return sorted(locales.glob(f"*/{name}.txt"))


if __name__ == "__main__":
    likeness.write(LOCALES / likeness.FILE, learn(LOCALES))
