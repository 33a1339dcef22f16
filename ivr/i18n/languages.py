"""A language's own file, language.yaml, and the languages of a folder, each with its sound, words and catalogue."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from babel.support import NullTranslations

from ivr.channels.speech import LanguageSound, Spoken, Synthetic
from ivr.channels.values import Formatter
from ivr.engine.notation import read as read_yaml
from ivr.engine.parts import FlowErrors, Mistake, Part
from ivr.i18n import catalogues, patterns, recordings
from ivr.i18n.catalogues import Catalogue
from ivr.i18n.formats import Formats, locale
from ivr.i18n.patterns import Patterned

FILE = "language.yaml"
LAST = "en"  # the end of every chain of languages to fall back on
NEEDED = ("yes", "no", "stop", "start", "help", "person", "again", "back", "leave", "crisis")
KINDS = (*NEEDED, "please_call", "tomorrow", "pin", "not", "fillers")  # a language may lack the last ones
COMMANDS = (  # of counselors: see desk.commands
    *("next", "take", "card", "call", "done", "note", "read", "text", "tried"),
    *("refused", "close", "later", "back", "on", "off", "who", "list", "plan", "day", "words", "pin"),
)
AVOIDED = ("unsafe", "gendered", "sensitive")
_COMMAS = re.compile("[,،、]")


class BadLanguage(FlowErrors):
    """Languages have mistakes; all that were found, with file, line and what to write instead."""


@dataclass(frozen=True)
class Language:
    """All that is known of one language."""

    code: str
    name: str  # in itself
    direction: str  # ltr or rtl
    clock_from_dawn: bool
    first_choice: int  # seconds within which the first choice of a call must be heard
    words: Mapping[str, tuple[str, ...]]  # by kind: what means yes, no, stop … in a text
    numbers: tuple[str, ...]  # words for 0, 1, 2 …
    avoid: Mapping[str, tuple[str, ...]]  # what no text may say: `unsafe`, `gendered`, and unasked `sensitive` words
    sound: LanguageSound
    catalogue: Catalogue
    patterns: Patterned
    desk: Mapping[str, tuple[str, ...]]  # by command: the words by which counselors give it in a text
    folder: Path

    @property
    def formatter(self) -> Formatter:
        """How it writes and says values."""
        return self.sound.formatter

    @property
    def translations(self) -> NullTranslations:
        """For templates: gettext, ngettext."""
        return self.catalogue.translations

    def gettext(self, text: str) -> str:
        """A text of the flows in this language."""
        return self.catalogue.gettext(text)

    def source(self, text: str) -> str:
        """The text of the flows that this one was translated from."""
        return self.catalogue.source(text)


def languages(folder: Path) -> dict[str, Language]:
    """The languages below `folder`, in the order of their codes. Raises BadLanguage with every mistake found."""
    mistakes: list[Mistake] = []
    found: dict[str, Language] = {}
    chains: dict[str, tuple[str, ...]] = {}
    parts = {path.parent.name: read_yaml(path, folder, mistakes) for path in sorted(folder.glob(f"*/{FILE}"))}
    for code, part in parts.items():
        if part is not None:
            sheet = _Reader(part)
            chains[code] = sheet.fallbacks(parts)
            found[code] = _language(code, folder / code, sheet, mistakes)
    if not parts:
        mistakes.append(Mistake(folder.name, 1, "there is no language here", f"write one: en/{FILE}"))
    if mistakes:
        raise BadLanguage(mistakes)
    sounds = {code: language.sound for code, language in found.items()}
    return {
        code: _falling_back(found[code], [sounds[other] for other in chains[code] if other != code]) for code in found
    }


def _falling_back(language: Language, sounds: Iterable[LanguageSound]) -> Language:
    return replace(language, sound=replace(language.sound, fallbacks=tuple(sounds)))


def _language(code: str, folder: Path, sheet: "_Reader", mistakes: list[Mistake]) -> Language:
    place = f"{folder.parent.name}/{code}/"
    catalogue = catalogues.read(folder / catalogues.FILE, place + str(catalogues.FILE), mistakes)
    spoken = sheet.spoken()
    from_dawn = sheet.one_of("clock", ("dawn", "midnight")) == "dawn"
    sound = LanguageSound(
        code=code,
        pace=sheet.number("pace", 1, 10),
        voice=sheet.voice(),
        recordings=recordings.read(folder, place + str(recordings.INDEX), mistakes),
        spoken=spoken,
        formatter=Formats(locale(code), spoken, from_dawn),
        translate=catalogue.gettext,
        source=catalogue.source,
    )
    return Language(
        code=code,
        name=sheet.word("name"),
        direction=sheet.one_of("direction", ("ltr", "rtl")),
        clock_from_dawn=from_dawn,
        first_choice=int(sheet.number("first_choice", 1, 60)),
        words=sheet.words(),
        numbers=sheet.numbers(),
        avoid=sheet.listed("avoid", AVOIDED),
        sound=sound,
        catalogue=catalogue,
        patterns=patterns.read(folder, folder.parent, mistakes),
        desk=sheet.listed("desk", COMMANDS),
        folder=folder,
    )


class _Reader:
    """language.yaml, read name by name; what is wrong or missing is noted and read as nothing."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._entries = part.entries("a language", _NAMES)

    def word(self, name: str) -> str:
        return part.word(name) if (part := self._entry(name)) else ""

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        word = self.word(name)
        if word and word not in known:
            self._entries[name].complain(f"{name} cannot be {word!r}", f"write one of: {', '.join(known)}")
        return word

    def number(self, name: str, least: float, most: float) -> float:
        word = self.word(name)
        if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", word) and least <= float(word) <= most:
            return float(word)
        if word:
            self._entries[name].complain(f"{name} cannot be {word!r}", f"write a number from {least} to {most}")
        return least

    def voice(self) -> Synthetic | None:
        part = self._entry("voice")
        if part is None or (not part.is_mapping and part.word("voice") == "none"):
            return None
        if not part.is_mapping:
            part.complain("voice is neither none nor a voice", "write 'voice: {language: en-US, name: …}', or none")
            return None
        found = {name: entry.word(name) for name, entry in part.entries("voice", Synthetic._fields).items()}
        if len(found) < len(Synthetic._fields):
            part.complain("a voice needs a language and a name", "write 'voice: {language: en-US, name: …}'")
            return None
        return Synthetic(**found)

    def fallbacks(self, known: Iterable[str]) -> tuple[str, ...]:
        """The codes to try after this one; English ends every chain where it is there."""
        part = self._entries.get("fallback")
        codes = _commas(part.word("fallback")) if part else ()
        for code in codes:
            if part and code not in known:
                part.complain(f"there is no language {code!r}", "name languages that have a folder here")
        return tuple(dict.fromkeys(code for code in (*codes, LAST) if code in known))

    def words(self) -> Mapping[str, tuple[str, ...]]:
        part = self._entry("words")
        entries = part.entries("words", KINDS) if part else {}
        if part:
            for kind in NEEDED:
                if kind not in entries:
                    part.complain(f"there are no words for {kind!r}", f"write '{kind}: …', with commas between them")
        return {kind: _commas(entry.text(kind)) for kind, entry in entries.items()}

    def listed(self, name: str, kinds: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        part = self._entries.get(name)
        entries = part.entries(name, kinds) if part else {}
        return {kind: _commas(entry.text(kind)) for kind, entry in entries.items()}

    def numbers(self) -> tuple[str, ...]:
        part = self._entry("numbers")
        found = _commas(part.text("numbers")) if part else ()
        if part and len(found) < 11:
            part.complain(f"these are {len(found)} numbers", "write the words from zero to ten at least")
        return found

    def spoken(self) -> Spoken:
        part = self._entries.get("spoken")
        entries = part.entries("spoken", Spoken._fields) if part else {}
        lists = {name: _phrases(entry, name) for name, entry in entries.items() if name != "minutes"}
        return Spoken(minutes=_minutes(entries["minutes"]) if "minutes" in entries else {}, **lists)

    def _entry(self, name: str) -> Part | None:
        if name not in self._entries:
            self._part.complain(f"{name} is missing", f"write '{name}: …'")
        return self._entries.get(name)


_NAMES = (
    *("name", "direction", "voice", "fallback", "clock", "pace", "first_choice"),
    *("words", "numbers", "spoken", "avoid", "desk"),
)
_LENGTHS = {"digits": 10, "hours": 24, "days": 7}


def _phrases(part: Part, name: str) -> tuple[str, ...]:
    found = tuple(item.text(name) for item in part.items(name))
    if found and len(found) != _LENGTHS.get(name, len(found)):
        part.complain(f"these are {len(found)} {name}", f"write {_LENGTHS[name]} of them")
    return found


def _minutes(part: Part) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for name, entry in part.entries("minutes").items():
        if name.isdecimal() and 0 < int(name) < 60:
            found[int(name)] = entry.text("minutes")
        else:
            entry.complain(f"{name!r} is not a minute of the hour", "write a number from 1 to 59 before the colon")
    return found


def _commas(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in _COMMAS.split(text) if word.strip())
