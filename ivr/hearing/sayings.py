"""Whether a text says that somebody may be in danger, in whatever words, and who.

All languages' patterns are looked for in every text, for people mix them. A "not" and a friend never cancel danger;
they choose gentler words. Rules: NICE NG225 and the line's own: it only ever adds help, and nobody is ranked by it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ivr.engine.patterns import Found, Patterns
from ivr.engine.readings import Tongue
from ivr.engine.words import tokens
from ivr.hearing.likeness import Likeness
from ivr.hearing.sheets import TAKEN_OUT, Sheet, all_of, shared, vocabulary

UNLEARNT = Likeness()
LIKELY = 0.6  # from which sum on it counts: docs/reliability.md weighs what is missed against what is heard wrongly
FEWEST = 4  # words: of fewer, patterns know all that can be known
PERHAPS = -0.5  # from which sum on the numbers are said, and it is asked directly
OWN, ANOTHER, DENIED = "own", "another", "denied"
BEFORE, JUST_BEFORE = 5, 2  # words before what was said that tell of whom, and whether it is denied


class Danger(NamedTuple):
    """Somebody may be in danger: the one who writes, `another`, or it is `denied`; and the language that said so.

    What is not `sure` may as well be something else: it is asked about, and nobody is alerted before it was answered.
    """

    manner: str
    language: str
    sure: bool = True


class Sayings:
    """The patterns of all languages together. Groups of one name share their words."""

    def __init__(self, sheets: Mapping[str, Sheet], likeness: Likeness = UNLEARNT) -> None:
        """Raises BadPattern."""
        self._likeness = likeness
        groups = shared(sheets)
        lookalikes = all_of(sheets, "lookalikes")
        tongues = [Tongue(vocabulary(sheet), sheet.sounds, sheet.firm) for sheet in sheets.values()]
        phrases = [phrase for sheet in sheets.values() for phrase in sheet.crisis]
        self._danger = Patterns(dict.fromkeys([*all_of(sheets, "danger"), *phrases]), groups, lookalikes, tongues)
        self._harmless = Patterns(dict.fromkeys(all_of(sheets, "harmless")), groups, self._danger.words)
        own = all_of(sheets, OWN)
        self._own = _words(word for word in own if not word.endswith("*"))
        self._own_stems = tuple(word[:-1] for word in own if word.endswith("*"))  # as of verbs that say "I"
        self._another, self._denied = (_words(all_of(sheets, name)) for name in (ANOTHER, DENIED))
        self._tongues = {code: vocabulary(sheet) for code, sheet in sheets.items()}

    def danger(self, text: str, language: str) -> Danger | None:
        """Whether somebody may be in danger. Where several languages say it so, that of the conversation decides."""
        found, words = self._heard(text)
        if not found:
            left = self._without_harmless(text)
            return self._likely(tokens(text if left is None else left), language)
        manners = {self._manner(words, each) for each in found}
        manner = next(manner for manner in (OWN, ANOTHER, DENIED) if manner in manners)
        return Danger(manner, self._spoken(words, found, language))

    def is_of_oneself(self, text: str) -> bool:
        """Whether a pattern hears danger beside a word for whoever writes, and not only for want of anybody else."""
        found, words = self._heard(text)
        near = (word for each in found for word in words[max(0, each.begin - BEFORE) : each.end])
        return any(self._marks(word) == OWN for word in near)

    def _heard(self, text: str) -> tuple[list[Found], list[str]]:
        """What patterns find, and the words in which it stands, without what only sounds so."""
        found, words = self._danger.find(text)
        if found and (left := self._without_harmless(text)) is not None:
            return self._danger.find(left)
        return found, words

    def _likely(self, words: list[str], language: str) -> Danger | None:
        """What no pattern finds, and is like it all the same: who is meant is then read from all of its words."""
        if not self._likeness.sounds_so(words, PERHAPS, FEWEST):
            return None
        whole, sure = Found(0, len(words), ""), self._likeness.sounds_so(words, LIKELY, FEWEST)
        return Danger(self._manner(words, whole), self._spoken(words, [whole], language), sure)

    def _without_harmless(self, text: str) -> str | None:
        """The text without what only sounds so; None when nothing does."""
        found, words = self._harmless.find(text)
        for each in found:
            words[each.begin : each.end] = [TAKEN_OUT] * (each.end - each.begin)
        return " ".join(words) if found else None

    def _manner(self, words: list[str], found: Found) -> str:
        """Of whom it is said: by a word within it, else by the nearest one before it. In doubt, of whoever writes."""
        said, before = words[found.begin : found.end], words[max(0, found.begin - BEFORE) : found.begin]
        if any(self._marks(word) == OWN for word in said):
            manner = OWN
        else:
            manner = next(filter(None, map(self._marks, (*reversed(said), *reversed(before)))), OWN)
        is_denied = not self._denied.isdisjoint(before[-JUST_BEFORE:])
        return DENIED if is_denied and manner == OWN else manner

    def _marks(self, word: str) -> str:
        if word in self._own or word.startswith(self._own_stems):
            return OWN
        return ANOTHER if word in self._another else ""

    def _spoken(self, words: list[str], found: Iterable[Found], language: str) -> str:
        """The language of most words that said it."""
        said = {word for each in found for word in words[each.begin : each.end]}
        counts = Counter({code: len(said & vocabulary) for code, vocabulary in self._tongues.items()})
        most = max(counts.values())
        codes = [code for code, count in counts.items() if count == most]
        return language if language in codes else min(codes)


def _words(items: Iterable[str]) -> frozenset[str]:
    return frozenset(word for item in items for word in tokens(item))
