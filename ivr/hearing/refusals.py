"""That nothing more shall be sent or rung, in whatever words: what says so stops at once, what may mean it is asked.

All languages' patterns are looked for in every text. Revoking "by any reasonable means" counts: 47 CFR 64.1200(a)(10).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ivr.engine.patterns import Found, Patterns
from ivr.engine.readings import Tongue
from ivr.engine.words import tokens
from ivr.hearing.likeness import Likeness
from ivr.hearing.sheets import TAKEN_OUT, Sheet, all_of, shared, vocabulary

LONGEST = 40  # words of a text that may be nothing but such a wish: a story says more than that
PERHAPS = -0.9  # from which sum of weights on it is asked
FEWEST = 2  # words from which on that sum counts
LISTS = {"sms": "stop", "voice": "stop_calls"}  # what language sheets call the patterns for each channel
EVERYTHING = frozenset(LISTS)
HARMLESS = "stop_harmless"


class Refusal(NamedTuple):
    """On which channels nothing more shall come: `sms`, `voice`; in which language it was said, where that is known.
    What is not `sure` is to be asked.
    """

    channels: frozenset[str]
    language: str = ""
    sure: bool = True


class Refusals:
    """The patterns of all languages together, what limits such a wish, and what is like one."""

    def __init__(self, sheets: Mapping[str, Sheet], likeness: Likeness) -> None:
        """Raises BadPattern."""
        groups, lookalikes = shared(sheets), all_of(sheets, "lookalikes")
        tongues = [Tongue(vocabulary(sheet), sheet.sounds, sheet.firm) for sheet in sheets.values()]
        self._lists = {name: frozenset(all_of(sheets, name)) for name in (*LISTS.values(), HARMLESS)}
        every = dict.fromkeys(pattern for patterns in self._lists.values() for pattern in sorted(patterns))
        self._said = Patterns(every, groups, lookalikes, tongues)
        self._limits = Patterns(dict.fromkeys(all_of(sheets, "stop_limits")), groups, lookalikes)
        self._watched = Patterns(dict.fromkeys(all_of(sheets, "watched")), groups, lookalikes)
        self._short = {" ".join(tokens(each)) for each in all_of(sheets, "stop_short")}
        self._fillers = frozenset(word for sheet in sheets.values() for word in sheet.fillers)
        self._languages = {
            pattern: code
            for code, sheet in sheets.items()
            for name in LISTS.values()
            for pattern in sheet.lists.get(name, ())
        }
        self._likeness = likeness

    def find(self, text: str) -> Refusal | None:
        """What is refused in this text. "Not before nine", "my friends never text" may be no refusal: to be asked."""
        words = tokens(text)
        if len(words) > LONGEST:
            return None
        found = self._said.find(text)[0]
        harmless = [each for each in found if each.pattern in self._lists[HARMLESS]]
        meant = [each for each in found if not _is_undone(each, harmless)]
        if said := {channel: first for channel, name in LISTS.items() if (first := self._first(name, meant))}:
            language = self._languages[next(iter(said.values()))]
            return Refusal(frozenset(said), language, sure=not self._limits.find(text)[0])
        is_short = not self._short.isdisjoint({" ".join(words), bare(words, self._fillers)})
        is_like_it = is_short or self._likeness.sounds_so(words, PERHAPS, FEWEST)
        return Refusal(EVERYTHING, sure=False) if is_like_it and not harmless else None

    def without_watchers(self, text: str) -> str:
        """The text without the words that somebody else reads this phone: beside a sure refusal, these are no danger
        of their own. Another text would be one.
        """
        found, words = self._watched.find(text)
        for each in found:
            words[each.begin : each.end] = [TAKEN_OUT] * (each.end - each.begin)
        return " ".join(words) if found else text

    def _first(self, name: str, found: Iterable[Found]) -> str:
        """The first pattern of this list among what was found."""
        return next((each.pattern for each in found if each.pattern in self._lists[name]), "")


def bare(words: Iterable[str], fillers: frozenset[str]) -> str:
    """What is left without what people put round a STOP ("please stop now"), each word once; letters as one word."""
    left = [word for word in words if word not in fillers]
    return "".join(left) if all(len(word) == 1 for word in left) else " ".join(dict.fromkeys(left))


def _is_undone(found: Found, harmless: Iterable[Found]) -> bool:
    """Whether a wish for the opposite stands there too ("don't stop texting"), unless as a part of more ("you never
    stop texting").
    """
    return any(
        each.begin < found.end and found.begin < each.end and found.end - found.begin <= each.end - each.begin
        for each in harmless
    )
