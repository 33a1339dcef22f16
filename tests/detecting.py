"""`make detection`: how much of what people may write is heard as danger or as STOP, by language, with its misses.

In locales/*/danger.txt and tests/detection/ stands what is to be heard, a line with a dash, what must not be. `danger`
is what patterns and likeness were learnt from, `stop` was written by whoever wrote the patterns: they say that nothing
was lost. `others` were written by people who had not seen any, `everyday` is what is written in no danger, not made to
look like it; nothing may be learnt from one of them: they say what to expect of the sentences of people.
What is heard is answered with the numbers first; `alerts` are those of them that tell those on duty unasked.
"""

import logging
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from ivr.content import sayings_of
from ivr.hearing import likeness
from ivr.hearing.learning import sentences
from ivr.hearing.sayings import Sayings
from ivr.i18n import languages
from ivr.runtime import HOME

FOLDER = Path(__file__).parent / "detection"
CODES = ("en", "es", "sw")
HEAD = "            sentences   heard at least  alerts harmless heard alerts"
Z = 1.96  # of the normal distribution, for an interval of 95 %


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
    return HOME / "locales" / code / "danger.txt" if kind == "danger" else FOLDER / f"{code}.{kind}.txt"


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


def shipped() -> Sayings:
    """As the service has them."""
    return sayings_of(languages(HOME / "locales"), likeness.read(HOME / "locales" / likeness.FILE))


def patterns_alone() -> Sayings:
    """Without what is only like them."""
    return sayings_of(languages(HOME / "locales"), likeness.Likeness())


def all_measured(sayings: Sayings) -> list[Measured]:
    """Danger and STOP."""
    return measure("danger", sayings.danger) + measure("stop", lambda text, _: sayings.stops(text))


def of_others(hears: Callable[[str, str], object]) -> list[Measured]:
    """Danger in sentences for which nothing was written. Their misses are not shown: nobody is to learn from them."""
    return measure("others", hears) + measure("everyday", hears)


def alerting(sayings: Sayings) -> Callable[[str, str], bool]:
    """Whether a text tells those on duty before anything was asked."""

    def alerts(text: str, code: str) -> bool:
        danger = sayings.danger(text, code)
        return danger is not None and danger.sure

    return alerts


def main() -> None:
    """Prints a table, and each miss of ours."""
    logging.disable(logging.WARNING)
    sayings = shipped()
    found = all_measured(sayings)
    alerts = [*measure("danger", alerting(sayings)), *found[len(CODES) :], *of_others(alerting(sayings))]
    print(HEAD)
    for each, alert in zip((*found, *of_others(sayings.danger)), alerts, strict=True):
        figures = f"{each.recall:7.3f} {each.at_least:8.3f} {alert.recall:7.3f}" if each.positives else " " * 24
        print(
            f"{each.name:11} {each.positives:9} {figures} {each.negatives:8} {len(each.false):5} {len(alert.false):6}"
        )
    for each in found:
        for text in each.missed:
            print(f"missed  {each.name}: {text}")
        for text in each.false:
            print(f"wrongly {each.name}: {text}")


if __name__ == "__main__":
    main()
