"""That nothing more shall be sent or rung, in whatever words: what says so stops at once, what may mean it is asked.

All languages' patterns are looked for in every text. Revoking "by any reasonable means" counts: 47 CFR 64.1200(a)(10).
"""

from collections.abc import Mapping
from typing import NamedTuple

from ivr.engine.patterns import Patterns
from ivr.engine.readings import Tongue
from ivr.engine.words import tokens
from ivr.hearing.likeness import Likeness
from ivr.hearing.sheets import Sheet, all_of, shared, vocabulary

LONGEST = 40  # words of a text that may be nothing but such a wish: a story says more than that
PERHAPS = -0.3  # from which sum of weights on it is asked
FEWEST = 2  # words from which on that sum counts
LISTS = {"sms": "stop", "voice": "stop_calls"}  # what language sheets call the patterns for each channel
EVERYTHING = frozenset(LISTS)


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
        self._patterns = {
            channel: Patterns(dict.fromkeys(all_of(sheets, name)), groups, lookalikes, tongues)
            for channel, name in LISTS.items()
        }
        self._limits = Patterns(dict.fromkeys(all_of(sheets, "stop_limits")), groups, lookalikes)
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
        said = {channel: found for channel, patterns in self._patterns.items() if (found := patterns.find(text)[0])}
        if said:
            first = next(iter(said.values()))[0].pattern
            return Refusal(frozenset(said), self._languages[first], sure=not self._limits.find(text)[0])
        return Refusal(EVERYTHING, sure=False) if self._likeness.sounds_so(words, PERHAPS, FEWEST) else None
