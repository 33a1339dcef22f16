"""What authors and translators wrote, read once at start: every mistake stops the start and says file and line."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ivr import hotlines, hours, i18n, keywords, phone, windows
from ivr.channels import sms
from ivr.channels.voice import Urls, Voice
from ivr.config import BadSetting, Config
from ivr.engine.load import Vocabulary
from ivr.engine.load import load as load_flows
from ivr.engine.model import End, Flows
from ivr.engine.run import phrase
from ivr.engine.words import Matcher, matcher
from ivr.hotlines import Directory, Hotlines
from ivr.hours import Hours
from ivr.i18n import Language
from ivr.keywords import Keywords
from ivr.windows import Law


class Names(NamedTuple):
    """What flows may name: actions, facts, and values with the kind in which each is spoken."""

    actions: Collection[str]
    facts: Collection[str]
    values: Mapping[str, str]


class Trouble(NamedTuple):
    """What is answered when nothing works: made at start, so that it needs nothing then. A breath, and a number."""

    voice: bytes
    sms: bytes


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
    trouble: Mapping[str, Trouble]
    default_language: str

    def known(self, *codes: str) -> str:
        """The first of these languages that is there; else the one for strangers."""
        return next((code for code in codes if code in self.flows), self.default_language)


def load(home: Path, config: Config, names: Names) -> Content:
    """Reads `flows/` and `locales/` of `home`. Raises what names the mistake: FlowErrors, BadLanguage, BadHours …"""
    languages = i18n.languages(home / "locales")
    _check_default(languages, config)
    flows = flows_by_language(home, languages, names, _parse_phone(config.country))
    voices = {code: voice_of(languages, code, flows[code], f"{config.public_base_url}/audio") for code in languages}
    directory = hotlines.load(home / "flows" / "hotlines.yaml")
    numbers = directory.of(config.country)
    return Content(
        languages,
        flows,
        voices,
        keywords.compile({code: each.words for code, each in languages.items()}, flows),
        {code: matcher(each.avoid.get("sensitive", ())) for code, each in languages.items()},
        hours.load(home / "flows" / "hours.yaml"),
        windows.load(home / "flows" / "quiet_hours.yaml"),
        directory,
        {code: _trouble(flows[code], voices[code], languages[code], numbers) for code in languages},
        config.default_language,
    )


def _trouble(flows: Flows, voice: Voice, language: Language, numbers: Hotlines) -> Trouble:
    said = phrase(flows, "trouble")
    values = {"emergency_number": numbers.emergency, "hotline_number": numbers.line}
    texts = sms.render((said,), values, flows.phrases, language.formatter)
    return Trouble(voice.render((said, End()), Urls("", "", ""), values), sms.twiml(texts))


def flows_by_language(
    home: Path, languages: Mapping[str, Language], names: Names, parse_phone: Callable[[str], str | None]
) -> Mapping[str, Flows]:
    """The flows, once per language."""
    menu = tuple((code, each.name) for code, each in languages.items())
    return {
        code: load_flows(home / "flows", _vocabulary(each, menu, parse_phone), *names)
        for code, each in languages.items()
    }


def _vocabulary(
    language: Language, menu: tuple[tuple[str, str], ...], parse_phone: Callable[[str], str | None]
) -> Vocabulary:
    return Vocabulary(
        language.code,
        language.gettext,
        language.words.get("yes", ()),
        language.words.get("no", ()),
        language.numbers,
        menu,
        parse_phone,
        language.clock_from_dawn,
    )


def voice_of(languages: Mapping[str, Language], code: str, flows: Flows, audio_url: str) -> Voice:
    """How this language's flows sound, with recordings below `audio_url`."""
    others = {other: each.sound for other, each in languages.items() if other != code}
    return Voice(languages[code].sound, flows.phrases, audio_url, others)


def _parse_phone(country: str) -> Callable[[str], str | None]:
    def parsed(text: str) -> str | None:
        found = phone.parse(text, country)
        return found.number if found else None

    return parsed


def _check_default(languages: Mapping[str, Language], config: Config) -> None:
    spoken = {"DEFAULT_LANGUAGE": config.default_language} | {
        f"SERVICE_NUMBER {each.number}": each.language for each in config.service_number if each.language
    }
    for setting, code in spoken.items():
        if code not in languages:
            known = ", ".join(languages)
            raise BadSetting(f"{setting}: there is no language {code!r} in locales/; write one of {known}")
