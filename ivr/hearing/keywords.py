"""Words that count wherever a text arrives, in every language at once: danger, STOP, a person, and the flows' own."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import NamedTuple

from ivr.engine.model import Flows
from ivr.engine.words import Matcher, find, matcher, normalise, tokens
from ivr.hearing.refusals import Refusals, bare
from ivr.hearing.sayings import Sayings

# What a fixed key is called in language.yaml's `words:`. HELP belongs to the carrier; here it means a person.
KEYS = {"person": "0", "help": "0", "again": "9", "leave": "8", "back": "7"}

OPENERS = ("tomorrow", "pin")  # flows whose words take more behind them; in language.yaml under the same names

Words = Mapping[str, Mapping[str, tuple[str, ...]]]  # language code -> kind -> words


class Heard(NamedTuple):
    """What a text says, whatever is being talked about. `language` is that of the word that gave it away."""

    text: str  # normalised
    crisis: str = ""  # somebody may be in danger: in which manner it is said, see sayings
    perhaps: bool = False  # that, or something else: it is to be asked
    stop: bool = False
    wants_no: frozenset[str] = frozenset()  # channels on which nothing more shall come, as said in free words
    perhaps_no: frozenset[str] = frozenset()  # the same, or something else: it is to be asked
    start: bool = False
    key: str = ""
    flow: str = ""
    language: str = ""
    rest: str = ""  # what stands behind the word of a flow that takes more: "tomorrow 7"

    @property
    def is_fixed(self) -> bool:
        """Whether the text is one of the words that hold anywhere."""
        return bool(self.key or self.flow or self.stop or self.start)


class Keywords(NamedTuple):
    """All such words, ready to be looked up."""

    sayings: Sayings
    refusals: Refusals
    exact: Mapping[str, Mapping[str, Heard]]  # normalised text -> language code -> what it says
    pleas: Matcher  # "please call me", as people and their carriers' own services write it
    openers: Mapping[str, Mapping[str, str]]  # first words that take more -> language code -> flow: "tomorrow 7"
    fillers: frozenset[str]  # what may stand round a STOP

    def listen(self, text: str, language: str) -> Heard:
        """What this text says. Danger is looked for anywhere in it; all else must be the whole text.

        STOP in any language stops; where languages share another word, that of the conversation decides.
        """
        plain = normalise(text)
        meanings = self.exact.get(plain) or self._opening(plain)
        heard = meanings.get(language) or next(iter(meanings.values()), Heard(plain))
        stops = any(meaning.stop for meaning in (meanings or self._bare(plain)).values())
        refusal = self.refusals.find(text)
        danger = self.sayings.danger(text, language)
        if danger and refusal and refusal.sure:
            danger = self.sayings.danger(self.refusals.without_watchers(text), language)
        if danger and danger.sure:
            heard = heard._replace(crisis=danger.manner, language=danger.language)
        elif danger and not meanings:
            heard = heard._replace(perhaps=True, language=danger.language)
        if refusal and refusal.sure:
            heard = heard._replace(wants_no=refusal.channels, language=heard.language or refusal.language)
        elif refusal and not meanings:
            heard = heard._replace(perhaps_no=refusal.channels)
        return heard._replace(stop=stops)

    def listen_on(self, before: str, heard: Heard, text: str, language: str) -> Heard:
        """The same, when `before` was written just before it: a thumb sends too early, and danger stands in two texts.
        What was heard in the first alone is not heard in the second again; and two that may mean danger, or something
        else, are no surer together: they are only longer.
        """
        if not before:
            return heard
        first = self.listen(before, language)
        if first.crisis or (first.perhaps and heard.perhaps):
            return heard
        both = self.listen(f"{before} {text}", language)
        if not both.crisis and (first.perhaps or not both.perhaps):
            return heard
        return heard._replace(crisis=both.crisis, perhaps=both.perhaps, language=both.language)

    def is_plea(self, text: str) -> bool:
        """Whether somebody asks to be called, anywhere in this text."""
        return bool(find(self.pleas, text))

    def names(self, flow: str, text: str) -> bool:
        """Whether a word that opens this flow, with more behind it, begins a word of this text, in any language."""
        words = tuple(word for word, flows in self.openers.items() if flow in flows.values())
        return any(part.startswith(words) for part in tokens(text))

    def _bare(self, plain: str) -> Mapping[str, Heard]:
        """What the text means without what people put round a STOP, its words drawn out or not ("stoppp please")."""
        words = plain.split()
        ways = (bare(each, self.fillers) for each in (words, [word.rstrip(word[-1]) + word[-1] for word in words]))
        return next(filter(None, map(self.exact.get, ways)), {})

    def _opening(self, plain: str) -> Mapping[str, Heard]:
        """A word for tomorrow with a time behind it, or one for a PIN with the digits."""
        word, _, rest = plain.partition(" ")
        found = self.openers.get(word, {}) if rest else {}
        return {code: Heard(plain, flow=flow, language=code, rest=rest) for code, flow in found.items()}


def compile(words: Words, flows: Mapping[str, Flows], sayings: Sayings, refusals: Refusals) -> Keywords:
    """The keywords of all languages. Where one gives a word two meanings, STOP wins, then START, then a key."""
    exact: dict[str, dict[str, Heard]] = {}
    for code in words:
        for text, heard in _meanings(code, words[code], flows[code]):
            exact.setdefault(text, {}).setdefault(code, heard)
    pleas = matcher(phrase for each in words.values() for phrase in each.get("please_call", ()))
    openers: dict[str, dict[str, str]] = {}
    for flow, code in product(OPENERS, words):
        for word in words[code].get(flow, ()):
            openers.setdefault(normalise(word), {})[code] = flow
    fillers = frozenset(normalise(word) for each in words.values() for word in each.get("fillers", ()))
    return Keywords(sayings, refusals, exact, pleas, openers, fillers)


def _meanings(code: str, words: Mapping[str, tuple[str, ...]], flows: Flows) -> Iterable[tuple[str, Heard]]:
    for text in map(normalise, words.get("stop", ())):
        yield text, Heard(text, stop=True, language=code)
    for text in map(normalise, words.get("start", ())):
        yield text, Heard(text, start=True, language=code)
    for kind, key in KEYS.items():
        for text in map(normalise, words.get(kind, ())):
            yield text, Heard(text, key=key, language=code)
    for name, flow in flows.flows.items():
        for text in map(normalise, flow.keywords):
            yield text, Heard(text, flow=name, language=code)
