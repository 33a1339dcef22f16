"""Languages: what is read of them, how they write values, and that every mistake says where it is."""

import re
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from ivr.channels.speech import Synthetic
from ivr.i18n import BadLanguage, Language, extract_flows, languages
from ivr.i18n.recordings import Row, text_hash, write
from ivr.runtime import HOME

SWAHILI = """\
name: Kiswahili
direction: ltr
voice: none
fallback: en
clock: dawn
pace: 4.4
first_choice: 13
words:
  yes: ndiyo, ndio
  no: hapana
  stop: acha
  start: anza
  help: msaada
  person: mtu
  again: tena
  back: rudi
  leave: ondoka
  crisis: nataka kufa, kujiua
numbers: sifuri, moja, mbili, tatu, nne, tano, sita, saba, nane, tisa, kumi
spoken:
  digits: [sifuri, moja, mbili, tatu, nne, tano, sita, saba, nane, tisa]
  hours: [HOURS]
  minutes: {30: na nusu}
  days: [Jumatatu, Jumanne, Jumatano, Alhamisi, Ijumaa, Jumamosi, Jumapili]
""".replace("HOURS", ", ".join(f"saa {hour}" for hour in range(24)))
ENGLISH = (
    SWAHILI.partition("spoken:")[0]
    .replace("Kiswahili", "English")
    .replace("voice: none\nfallback: en\n", "voice: {language: en-US, name: Polly.Joanna-Neural}\n")
    .replace("dawn", "midnight")
)
CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Hello"
msgstr "Habari"

#, fuzzy
msgid "Goodbye"
msgstr "Kwa heri?"

msgid "Later"
msgstr ""
"""


def folder(home: Path, swahili: str = SWAHILI, catalogue: str = CATALOGUE) -> Path:
    """A `locales` with English and this Swahili."""
    locales = home / "locales"
    (locales / "sw" / "LC_MESSAGES").mkdir(parents=True)
    (locales / "en").mkdir()
    (locales / "en" / "language.yaml").write_text(ENGLISH)
    (locales / "sw" / "language.yaml").write_text(swahili)
    (locales / "sw" / "LC_MESSAGES" / "messages.po").write_text(catalogue)
    for code in ("en", "sw"):
        (locales / code / "patterns.yaml").write_text("danger: x\n")
    return locales


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Language]:
    return languages(folder(tmp_path_factory.mktemp("two")))


def test_a_language_is_a_folder(found: dict[str, Language]) -> None:
    assert list(found) == ["en", "sw"]
    swahili = found["sw"]
    assert (swahili.name, swahili.direction, swahili.clock_from_dawn, swahili.first_choice) == (
        "Kiswahili",
        "ltr",
        True,
        13,
    )
    assert swahili.words["crisis"] == ("nataka kufa", "kujiua")
    assert swahili.numbers[10] == "kumi"
    assert (swahili.sound.voice, swahili.sound.pace) == (None, 4.4)
    assert swahili.sound.spoken.minutes == {30: "na nusu"}
    assert found["en"].sound.voice == Synthetic("en-US", "Polly.Joanna-Neural")


def test_every_chain_of_fallbacks_ends_in_english(found: dict[str, Language]) -> None:
    assert [sound.code for sound in found["sw"].sound.fallbacks] == ["en"]
    assert found["en"].sound.fallbacks == ()


def test_english_is_the_last_to_fall_back_on_even_where_nobody_says_so(tmp_path: Path) -> None:
    silent = languages(folder(tmp_path, SWAHILI.replace("fallback: en\n", "")))["sw"]
    assert [sound.code for sound in silent.sound.fallbacks] == ["en"]


def test_only_a_clock_from_dawn_is_written_as_it_is_said(tmp_path: Path) -> None:
    european = languages(folder(tmp_path, SWAHILI.replace("dawn", "midnight")))["sw"]
    assert european.formatter.written("time", "18:30") == "18:30"


def test_texts_are_translated_and_found_back(found: dict[str, Language]) -> None:
    swahili = found["sw"]
    assert (swahili.gettext("Hello"), swahili.source("Habari")) == ("Habari", "Hello")
    assert swahili.gettext("Goodbye") == "Goodbye"  # a guess of a machine is no translation
    assert swahili.source("Kwa heri?") == "Kwa heri?"
    assert (swahili.gettext("Later"), swahili.gettext(""), swahili.source("")) == ("Later", "", "")
    assert swahili.translations.ngettext("a text", "texts", 2) == "texts"
    assert found["en"].gettext("Hello") == "Hello"


# Values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind", "value", "written", "spoken"),
    [
        ("en", "time", "18:40", "18:40", "6:40 PM"),
        ("sw", "time", "18:30", "saa 18 na nusu (18:30)", "18:30"),
        ("sw", "time", "18:40", "18:40", "18:40"),
        ("en", "day", "0", "Monday", "Monday"),
        ("sw", "day", "6", "Jumapili", "Jumapili"),
        ("en", "number", "1200", "1,200", "1,200"),
        ("en", "digits", "+254 700", "+254 700", "+254 700"),
        ("en", "time", "", "", ""),
        ("en", "day", "9", "9", "9"),
        ("en", "number", "many", "many", "many"),
    ],
)
def test_values(found: dict[str, Language], code: str, kind: str, value: str, written: str, spoken: str) -> None:
    formatter = found[code].formatter
    assert (formatter.written(kind, value), formatter.spoken(kind, value)) == (written, spoken)


@given(st.text(max_size=12), st.sampled_from(["digits", "number", "time", "day", "colour", ""]))
def test_no_value_breaks_a_turn(found: dict[str, Language], value: str, kind: str) -> None:
    for language in found.values():
        assert isinstance(language.formatter.written(kind, value) + language.formatter.spoken(kind, value), str)


@pytest.mark.parametrize("code", ["en", "fr", "ar", "so", "am", "es", "xx"])
def test_formats_bring_no_character_that_halves_a_text(tmp_path: Path, code: str) -> None:
    locales = folder(tmp_path)
    (locales / code).mkdir(exist_ok=True)
    (locales / code / "language.yaml").write_text(ENGLISH)
    (locales / code / "patterns.yaml").write_text("danger: x\n")
    formatter = languages(locales)[code].formatter
    values = [("number", "1234567"), ("time", "06:05"), ("time", "18:40"), ("day", "3")]
    said = "".join(formatter.written(*value) + formatter.spoken(*value) for value in values)
    assert not set(said) & set("\u00a0\u202f\u200e\u200f\u2009")


# Mistakes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line", "says"),
    [
        ("direction: ltr", "direction: left", 2, "Write one of: ltr, rtl"),
        ("voice: none", "voice: Polly", 3, "voice is neither none nor a voice"),
        ("voice: none", "voice: {lang: sw}", 3, "'lang'"),
        ("voice: none", "voice: {language: sw}", 3, "a voice needs a language and a name"),
        ("fallback: en", "fallback: en, xx", 4, "there is no language 'xx'"),
        ("clock: dawn", "clock: dusk", 5, "Write one of: dawn, midnight"),
        ("pace: 4.4", "pace: quick", 6, "Write a number from 1 to 10"),
        ("pace: 4.4", "pace: 44", 6, "Write a number from 1 to 10"),
        ("pace: 4.4", "pace: 4.4\npace: 5", 7, "'pace' stands here twice"),
        ("name: Kiswahili", "nam: Kiswahili", 1, "name is missing"),
        ("  no: hapana\n", "", 8, "there are no words for 'no'"),
        ("  no: hapana", "  nope: hapana", 10, "'nope'"),
        ("  no: hapana", "  no: [hapana]", 10, "in quotes"),
        (", kumi\n", "\n", 19, "these are 10 numbers"),
        ("digits: [sifuri, ", "digits: [", 21, "Write 10 of them"),
        ("{30: na nusu}", "{60: na nusu}", 23, "'60' is not a minute"),
        ("  days:", "  weekdays:", 24, "'weekdays'"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_write(
    tmp_path: Path, before: str, after: str, line: int, says: str
) -> None:
    wrong = SWAHILI.replace(before, after, 1)
    assert wrong != SWAHILI
    with pytest.raises(BadLanguage) as error:
        languages(folder(tmp_path, wrong))
    assert re.search(rf"^locales/sw/language.yaml:{line}: .*{re.escape(says)}", str(error.value), re.MULTILINE)


@pytest.mark.parametrize("name", re.findall("^[a-z_]+", ENGLISH, re.MULTILINE))
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    wrong = re.sub(rf"^{name}:.*\n(  .*\n)*", "", SWAHILI, count=1, flags=re.MULTILINE)
    with pytest.raises(BadLanguage, match=rf"sw/language.yaml:1: {name} is missing"):
        languages(folder(tmp_path, wrong))


@pytest.mark.parametrize("broken", ["name: [", "", "- a list", "name: x\nname: y", "\tname: x"])
def test_what_is_no_yaml_is_a_mistake_with_a_line(tmp_path: Path, broken: str) -> None:
    with pytest.raises(BadLanguage, match=r"locales/sw/language.yaml:\d+: "):
        languages(folder(tmp_path, broken))


def test_a_broken_catalogue_is_a_mistake_with_a_line(tmp_path: Path) -> None:
    with pytest.raises(BadLanguage, match=r"locales/sw/LC_MESSAGES/messages.po:13: "):
        languages(folder(tmp_path, catalogue=CATALOGUE + "nonsense\n"))


def test_a_language_without_patterns_is_a_mistake(tmp_path: Path) -> None:
    locales = folder(tmp_path)
    (locales / "sw" / "patterns.yaml").unlink()
    with pytest.raises(BadLanguage, match=r"locales/sw/patterns.yaml:1: there is no such file, .*danger"):
        languages(locales)


def test_no_language_at_all_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadLanguage, match="there is no language here"):
        languages(tmp_path)


# Recordings ---------------------------------------------------------------------------------------------------------

ROW = Row(text_hash("Habari"), "habari.mp3", "1.20", "Amina", "no", "Habari")


def index(home: Path, *rows: Row) -> Path:
    locales = folder(home)
    write(locales / "sw", rows)
    (locales / "sw" / "audio" / "habari.mp3").write_bytes(b"sound")
    return locales


def test_recordings_are_known_by_their_text(tmp_path: Path) -> None:
    recorded = languages(index(tmp_path, ROW))["sw"].sound.recordings
    assert recorded == {"Habari": ("habari.mp3", 1.2)}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([ROW._replace(hash="0" * 12)], r":2: the hash '000000000000' does not belong to its text"),
        ([ROW, ROW], r":3: the text 'Habari' stands here twice"),
        ([ROW._replace(seconds="long")], r":2: 'long' is not a length in seconds"),
        ([ROW._replace(seconds="nan")], r":2: 'nan' is not a length in seconds"),
        ([ROW._replace(file="../habari.mp3")], r":2: '../habari.mp3' cannot be a file's name"),
        ([ROW._replace(file="gone.mp3")], r":2: there is no file 'gone.mp3'"),
    ],
)
def test_a_wrong_line_of_the_index_is_a_mistake(tmp_path: Path, rows: list[Row], says: str) -> None:
    with pytest.raises(BadLanguage, match="locales/sw/audio/index.csv" + says):
        languages(index(tmp_path, *rows))


# What there is to translate -----------------------------------------------------------------------------------------

FLOW = b"""\
title: A colour
keywords: colour, color
menus:
  shared:
    - {label: Red, words: "red, reddish", value: 1}
nodes:
  ask:
    steps:
      - say: Which colour?
      - say: {voice: Spoken., sms: "Written: so."}
        for: 4 seconds
      - repeat: 2
        steps:
          - say: {voice: Again and again.}
      - play: tick
    menu:
      - {label: Blue, goto: ask}
    again: {voice: Once more?}
    wait: {voice: 8 seconds, sms: 1 hour}
    save: colour
    else: ask
"""
TEXTS = {
    "A colour": 1,
    "colour, color": 2,
    "Red": 5,
    "red, reddish": 5,
    "Which colour?": 9,
    "Spoken.": 10,
    "Written: so.": 10,
    "Again and again.": 14,
    "Blue": 17,
    "Once more?": 18,
}


def test_every_text_of_a_flow_is_extracted_with_its_line() -> None:
    extracted = list(extract_flows(BytesIO(FLOW), [], [], {}))
    assert {text: line for line, _, text, _ in extracted} == TEXTS
    assert len(extracted) == len(TEXTS)
    assert next(comments for _, _, text, comments in extracted if text == "Spoken.") == [
        "nodes / ask / steps / say / voice"
    ]


def test_pybabel_finds_the_texts_of_flows_by_its_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HOME)
    monkeypatch.setattr(sys, "path", [str(HOME), *sys.path])
    template = tmp_path / "messages.pot"
    CommandLineInterface().run(["pybabel", "-q", "extract", "-F", "locales/babel.cfg", "-o", str(template), "."])
    with template.open("rb") as file:
        messages = {message.id for message in read_po(file)}
    assert {"press one", "Breathe in."} <= messages
    assert not messages & {"08:00-18:00", "Samaritans"}


# What is shipped ----------------------------------------------------------------------------------------------------


def test_the_languages_that_are_shipped_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = languages(HOME / "locales")
    assert set(shipped) >= {"en", "es", "sw"}
    assert shipped["es"].sound.voice
    assert shipped["sw"].sound.voice is None
    assert shipped["sw"].clock_from_dawn
