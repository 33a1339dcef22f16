"""What authors and translators wrote, read once at start: every mistake stops the start and says file and line."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ivr import hotlines, i18n, phone
from ivr.channels.voice import Voice
from ivr.config import Config, refuse
from ivr.engine.load import Elsewhere, Vocabulary
from ivr.engine.load import load as load_flows
from ivr.engine.model import Flows
from ivr.engine.parts import FlowErrors, Mistake
from ivr.engine.words import Matcher, matcher
from ivr.hearing import keywords, likeness
from ivr.hearing.keywords import Keywords
from ivr.hearing.likeness import Learnt
from ivr.hearing.refusals import Refusals
from ivr.hearing.sayings import Sayings
from ivr.hearing.sheets import Sheet
from ivr.hotlines import Directory
from ivr.i18n import Language
from ivr.outages import trouble
from ivr.outages.trouble import Troubles
from ivr.people import asking, windows
from ivr.people.windows import Law
from ivr.team import hours
from ivr.team.hours import Hours


class Names(NamedTuple):
    """What flows may name: actions, facts, and values with the kind in which each is spoken. And flows that are named
    from outside: `opened` by the program itself.
    """

    actions: Collection[str]
    facts: Collection[str]
    values: Mapping[str, str]
    opened: Collection[str] = ()


@dataclass(frozen=True)
class Content:
    """Languages, the flows in each, how each sounds, hours and hotlines."""

    languages: Mapping[str, Language]
    flows: Mapping[str, Flows]
    voices: Mapping[str, Voice]
    keywords: Keywords
    sensitive: Mapping[str, Matcher]  # words that tell others what the line is for
    hours: Hours
    quiet_hours: Law
    hotlines: Directory
    troubles: Troubles
    default_language: str
    asked: frozenset[str]  # hashes of the words of all questions

    def known(self, *codes: str) -> str:
        """The first of these languages that is there; else the one for strangers."""
        return next((code for code in codes if code in self.flows), self.default_language)


def load(home: Path, config: Config, names: Names) -> Content:
    """Reads `flows/` and `locales/` of `home`. Raises what names the mistake: FlowErrors, BadLanguage, BadHours …"""
    languages = i18n.languages(home / "locales")
    _check_spoken(languages, config)
    flows = flows_by_language(home, languages, names, _parse_phone(config.country))
    check_opened(flows[config.default_language], names)
    voices = {code: voice_of(languages, code, flows[code], f"{config.public_base_url}/audio") for code in languages}
    learnt = likeness.read(home / "locales" / likeness.FILE)
    directory = hotlines.load(home / "flows" / "hotlines.yaml", config.country)
    return Content(
        languages,
        flows,
        voices,
        keywords.compile(
            {code: each.words for code, each in languages.items()},
            flows,
            sayings_of(languages, learnt),
            refusals_of(languages, learnt),
        ),
        {code: matcher(each.avoid.get("sensitive", ())) for code, each in languages.items()},
        hours.load(home / "flows" / "hours.yaml"),
        windows.load(home / "flows" / "quiet_hours.yaml"),
        directory,
        trouble.troubles(directory, flows, voices, languages),
        config.default_language,
        asking.asked(flows.values()),
    )


def flows_by_language(
    home: Path, languages: Mapping[str, Language], names: Names, parse_phone: Callable[[str], str | None]
) -> Mapping[str, Flows]:
    """The flows, once per language."""
    menu = tuple((code, each.name) for code, each in languages.items())
    return {
        code: load_flows(
            home / "flows", _vocabulary(languages, code, menu, parse_phone), names.actions, names.facts, names.values
        )
        for code in languages
    }


def sayings_of(languages: Mapping[str, Language], learnt: Learnt) -> Sayings:
    """How danger may be said in whatever words, in these languages; and what is like it."""
    return Sayings(_sheets(languages), learnt.danger)


def refusals_of(languages: Mapping[str, Language], learnt: Learnt) -> Refusals:
    """How people may say that they want nothing more."""
    return Refusals(_sheets(languages), learnt.stop)


def _sheets(languages: Mapping[str, Language]) -> Mapping[str, Sheet]:
    return {
        code: Sheet(*each.patterns, each.words.get("crisis", ()), each.words.get("fillers", ()))
        for code, each in languages.items()
    }


def _vocabulary(
    languages: Mapping[str, Language],
    code: str,
    menu: tuple[tuple[str, str], ...],
    parse_phone: Callable[[str], str | None],
) -> Vocabulary:
    language = languages[code]
    return Vocabulary(
        code,
        *_yes_and_no(language),
        language.numbers,
        menu,
        parse_phone,
        language.clock_from_dawn,
        language.words.get("not", ()),
        tuple(Elsewhere(*_yes_and_no(each)) for each in languages.values() if each is not language),
    )


def _yes_and_no(language: Language) -> tuple[Callable[[str], str], tuple[str, ...], tuple[str, ...]]:
    return language.gettext, language.words.get("yes", ()), language.words.get("no", ())


def voice_of(languages: Mapping[str, Language], code: str, flows: Flows, audio_url: str) -> Voice:
    """How this language's flows sound, with recordings below `audio_url`."""
    others = {other: each.sound for other, each in languages.items() if other != code}
    return Voice(languages[code].sound, flows.phrases, audio_url, others)


def _parse_phone(country: str) -> Callable[[str], str | None]:
    def parsed(text: str) -> str | None:
        found = phone.parse(text, country)
        return found.number if found else None

    return parsed


def _check_spoken(languages: Mapping[str, Language], config: Config) -> None:
    """Whether every language of the settings is there: all that are not are told at once."""
    spoken = [("DEFAULT_LANGUAGE", config.default_language)]
    spoken += [(f"SERVICE_NUMBER {each.number}", each.language) for each in config.service_number]
    spoken += [(f"{name} {each.number}", each.language) for name, phones in config.phones().items() for each in phones]
    known = ", ".join(languages)
    refuse(
        [
            f"{setting}: there is no language {code!r} in locales/; write one of {known}"
            for setting, code in spoken
            if code and code not in languages
        ]
    )


def check_opened(flows: Flows, names: Names) -> None:
    """Whether every flow is there that the program opens by itself: else it is missed in the middle of a call."""
    wrong, instead = "there is no such flow, and the service opens it by itself", "put the file back"
    missing = [Mistake(f"flows/{name}.yaml", 1, wrong, instead) for name in names.opened if name not in flows.flows]
    if not missing and not trouble.has_words(flows):
        wrong, instead = "it has no node 'numbers' that says something by text", "write it: danger is answered so"
        missing.append(Mistake("flows/crisis.yaml", 1, wrong, instead))
    if missing:
        raise FlowErrors(missing)
