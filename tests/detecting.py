"""`make detection`: how much of what people may write is heard as danger or as STOP, by language, with its misses.

In locales/ and tests/detection/ stands what is to be heard, a line with a dash, what must not be. `danger` and `stop`
are what patterns and likeness were learnt from: they say that nothing was lost. `others` were written by people who had
not seen any, `held` are half of the wishes that one author wrote at a time, the other half of which was learnt from,
`everyday` is what is written in no danger, not made to look like it; nothing may be learnt from one of them: they say
what to expect of the sentences of people. What is heard is met: by the numbers, by a question. What is
heard `at once` alerts those on duty, or stops, before anything was asked.
"""

import logging
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from ivr.content import refusals_of, sayings_of
from ivr.engine.model import Flows
from ivr.hearing import keywords, likeness
from ivr.hearing.learning import sentences
from ivr.hearing.likeness import Learnt
from ivr.hearing.refusals import EVERYTHING, Refusal, Refusals
from ivr.hearing.sayings import Danger, Sayings
from ivr.i18n import languages
from ivr.runtime import HOME

FOLDER = Path(__file__).parent / "detection"
CODES = ("en", "es", "sw")
LEARNT = ("danger", "stop")
KINDS = {"danger": ("danger", "others.danger", "everyday"), "stop": ("stop", "others.stop", "held.stop", "everyday")}
HEAD = "                  sentences  heard at least at once harmless  heard at once"
Z = 1.96  # of the normal distribution, for an interval of 95 %

Hears = Callable[[str, str], Danger | Refusal | None]


class Measured(NamedTuple):
    """One set: how many there are, and which were missed or heard wrongly."""

    name: str
    positives: int
    missed: list[str]
    negatives: int
    false: list[str]

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / max(1, self.positives)

    @property
    def at_least(self) -> float:
        """The lower end of Wilson's interval of 95 %."""
        n, p = max(1, self.positives), self.recall
        return (p + Z * Z / (2 * n) - Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))) / (1 + Z * Z / n)


def sets(kind: str) -> list[tuple[str, list[str], list[str]]]:
    """Of each language: what is to be heard, and what not."""
    return [(code, *sentences(_file(code, kind))) for code in CODES]


def _file(code: str, kind: str) -> Path:
    return HOME / "locales" / code / f"{kind}.txt" if kind in LEARNT else FOLDER / f"{code}.{kind}.txt"


def measure(kind: str, hears: Callable[[str, str], object]) -> list[Measured]:
    """Each language's set, heard in a conversation of that language."""
    return [
        Measured(
            f"{kind} {code}",
            len(heard),
            [text for text in heard if not hears(text, code)],
            len(harmless),
            [text for text in harmless if hears(text, code)],
        )
        for code, heard, harmless in sets(kind)
    ]


def learnt() -> Learnt:
    """As the service has it."""
    return likeness.read(HOME / "locales" / likeness.FILE)


def shipped() -> Sayings:
    """Danger, as the service hears it."""
    return sayings_of(languages(HOME / "locales"), learnt())


def refusals() -> Refusals:
    """Wishes for nothing more, as the service hears them."""
    return refusals_of(languages(HOME / "locales"), learnt())


def wishes() -> Hears:
    """The same with the words of STOP, which stop as a whole text, but without those of the flows."""
    spoken = languages(HOME / "locales")
    no_flows = {code: Flows(code, {}, {}, {}) for code in spoken}
    listening = keywords.compile({code: each.words for code, each in spoken.items()}, no_flows, shipped(), refusals())

    def hears(text: str, code: str) -> Refusal | None:
        heard = listening.listen(text, code)
        sure = EVERYTHING if heard.stop else heard.wants_no
        return Refusal(sure or heard.perhaps_no, sure=bool(sure)) if sure or heard.perhaps_no else None

    return hears


def patterns_alone() -> Sayings:
    """Without what is only like them."""
    return sayings_of(languages(HOME / "locales"), Learnt())


def at_once(hears: Hears) -> Callable[[str, str], bool]:
    """What is not only asked about."""

    def heard(text: str, code: str) -> bool:
        found = hears(text, code)
        return found is not None and found.sure

    return heard


def main() -> None:
    """Prints a table, and each miss of ours. Those of others are not shown: nobody is to learn from them."""
    logging.disable(logging.WARNING)
    topics: dict[str, Hears] = {"danger": shipped().danger, "stop": wishes()}
    print(HEAD)
    for topic, hears in topics.items():
        ours = measure(topic, hears)
        for kind in KINDS[topic]:
            print_all(f"{topic}, {kind.partition('.')[0]}", measure(kind, hears), measure(kind, at_once(hears)))
        for each in ours:
            print_misses(each)


def print_all(name: str, heard: list[Measured], at_once: list[Measured]) -> None:
    """A line for each language."""
    for code, each, sure in zip(CODES, heard, at_once, strict=True):
        found = f"{each.recall:6.3f} {each.at_least:8.3f} {sure.recall:7.3f}" if each.positives else " " * 23
        wrongly = f"{each.negatives:8} {len(each.false):6} {len(sure.false):7}"
        print(f"{name + ' ' + code:18} {each.positives:8} {found} {wrongly}")


def print_misses(of: Measured) -> None:
    """What is to be mended, or is known to be missed."""
    for text in of.missed:
        print(f"missed  {of.name}: {text}")
    for text in of.false:
        print(f"wrongly {of.name}: {text}")


if __name__ == "__main__":
    main()
