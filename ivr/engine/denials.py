"""What a "not" before a choice takes back: whoever is "not really good" has not said "good".

Such an answer means what the flow names so ("not good"), or else is not understood and asked for again. Each language
brings its words for it, as "never" and "do not want to"; an asterisk stands for any ending.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ivr.engine.words import Matcher, clauses, found_at, matcher, normalise, tokens

ANYWHERE, JUST_BEFORE = 1_000, 1  # words from a denial to what it takes back


class Denials(NamedTuple):
    """The words of a language that deny what comes after them."""

    phrases: Matcher
    stems: tuple[str, ...]

    def ends(self, parts: list[str]) -> list[int]:
        """The places of these words at which a denial ends."""
        said = [at + len(tokens(phrase)) - 1 for at, phrase in found_at(self.phrases, parts)]
        return [*said, *(at for at, part in enumerate(parts) if part.startswith(self.stems))]

    def within(self, text: str) -> bool:
        """Whether a text denies anything."""
        return bool(self.ends(tokens(text)))


def denials(words: Iterable[str]) -> Denials:
    """Those that a language lists."""
    given = tuple(words)
    whole = matcher(word for word in given if not word.endswith("*"))
    return Denials(whole, tuple(normalise(word) for word in given if word.endswith("*")))


class Rule(NamedTuple):
    """What takes a choice back, and how many words before it at most."""

    denials: Denials
    reach: int

    def denied(self, phrases: Matcher, text: str) -> set[str]:
        """The phrases that stand behind a denial in their clause.

        What denies by itself ("never", "not bad") cannot be denied: people say it twice.
        """
        return {phrase for clause in clauses(text) for phrase in self._denied(phrases, tokens(clause))}

    def _denied(self, phrases: Matcher, parts: list[str]) -> Iterator[str]:
        """Those of a clause, and what stands within them: "not another exercise" is no "exercise"."""
        ends = self.denials.ends(parts)
        hits = [hit for hit in found_at(phrases, parts) if not self.denials.within(hit[1])] if ends else []
        spans = [
            range(at, at + len(tokens(phrase)))
            for at, phrase in hits
            if any(0 < at - end <= self.reach for end in ends)
        ]
        yield from (phrase for at, phrase in hits if any(at in span for span in spans))
