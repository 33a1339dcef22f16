"""What people add, each in one obvious place: a file is dropped into a folder, and the phone reaches it."""

import shutil
from pathlib import Path

import pytest
from people import BARAKA, Line, a_line

from ivr.config import BadSetting
from ivr.engine.load import FlowErrors
from ivr.models import Checkin
from ivr.runtime import HOME

COLOURS = """
title: A colour for today
keywords: colour, color
offer: main menu
place: 1
keep: colours
nodes:
  colour:
    steps:
      - say: Which colour is your day?
    menu:
      - {label: Red, words: "red, reddish", goto: words}
      - {label: Blue, words: "blue, bluish", goto: words}
    save: colour
    else: words
  words:
    steps:
      - say: Say more, if you like.
    ask: own words
    save: more
    goto: bye
    else: bye
  bye:
    steps:
      - say: Thank you for the colour.
"""
EXERCISE = """
title: Counting birds
place: 1
nodes:
  count:
    steps:
      - say: Count three birds, or three sounds.
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for room in ("flows", "locales"):
        shutil.copytree(HOME / room, tmp_path / room)
    return tmp_path


@pytest.fixture
def colours(home: Path, sqlite_url: str):
    (home / "flows" / "colours.yaml").write_text(COLOURS)
    with a_line(sqlite_url, home) as line:
        yield line


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("trouble.yaml", "", "", r"flows/trouble\.yaml:1: there is no such flow"),
        ("reminder.yaml", "", "", r"flows/reminder\.yaml:1: there is no such flow"),
        ("crisis.yaml", "", "", r"crisis"),
        ("crisis.yaml", "numbers", "figures", r"flows/crisis\.yaml:1: it has no node 'numbers'"),
    ],
)
def test_a_flow_that_the_service_opens_by_itself_must_be_there(
    home: Path, sqlite_url: str, file: str, old: str, new: str, says: str
) -> None:
    path = home / "flows" / file
    changed = path.read_text().replace(old, new) if old else ""
    path.unlink()
    if changed:
        path.write_text(changed)
    with pytest.raises(FlowErrors, match=says), a_line(sqlite_url, home):
        pass


def test_a_language_of_the_settings_must_be_there_and_all_are_told_at_once(sqlite_url: str) -> None:
    wrong = {"ON_DUTY": "+254722000001, +254722000002:sx", "SUPERVISORS": "+254722000003:xx"}
    with pytest.raises(BadSetting) as raised, a_line(sqlite_url, DEFAULT_LANGUAGE="fr", **wrong):
        pass
    told = str(raised.value)
    assert "ON_DUTY +254722000002: there is no language 'sx' in locales/; write one of en, es, sw" in told
    assert "DEFAULT_LANGUAGE: there is no language 'fr'" in told
    assert "SUPERVISORS +254722000003: there is no language 'xx'" in told


def at_the_menu(line: Line):
    return line.rings().press("1").press("1")


def test_a_conversation_is_one_file(colours: Line) -> None:
    call = at_the_menu(colours)
    assert "A colour for today, press one." in call.prompt
    assert "Which colour is your day?" in call.press("1").prompt
    assert "Say more" in call.press("2").prompt
    call.wait().speak(4, "#")
    assert "Thank you for the colour." in call.prompt
    kept = colours.opened(Checkin, "answers")
    assert len(kept) == 1
    assert '"colour": "Blue"' in kept[0]
    assert '"more": "RE' in kept[0]


def test_zero_leads_to_a_person_out_of_a_recording_too(colours: Line) -> None:
    call = at_the_menu(colours).press("1").press("2").wait().speak(2, "0")
    assert "If your life is in danger now" in call.prompt


def test_the_same_file_works_by_text(colours: Line) -> None:
    assert "Which colour is your day?" in colours.texts("Colour")[0]
    assert "Say more" in colours.texts("a bit reddish today")[0]
    assert "Thank you for the colour." in colours.texts("like the evening over the lake")[0]
    assert not colours.rows(Checkin)  # nobody was asked whether answers may be kept


AGE = """
title: Age
keywords: how old
nodes:
  age: {steps: [{say: How old are you?}], ask: number, from: 1, to: 120, save: age, goto: thanks, else: thanks}
  thanks: {steps: [{say: Thank you.}]}
"""


KINDS = ("number\n    from: 1\n    to: 120", "digits", "digits\n    length: 4", "date", "time", "phone")
ASKED = """
title: A question
keywords: question
offer: main menu
place: 1
nodes:
  asked:
    steps: [{say: Tell me the figures.}]
    ask: KIND
    save: figures
    goto: thanks
    else: thanks
  thanks: {steps: [{say: Thank you.}]}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_zero_and_the_words_for_a_person_answer_no_question(home: Path, sqlite_url: str, kind: str) -> None:
    (home / "flows" / "question.yaml").write_text(ASKED.replace("KIND", kind))
    with a_line(sqlite_url, home) as line:
        call = at_the_menu(line).press("1")
        assert "Tell me the figures." in call.prompt
        assert "If your life is in danger now" in call.press("0").wait().prompt
        line.texts("hello", BARAKA)
        for word in ("0", "O", "a person", "persona", "mtu", "human"):
            assert "Tell me the figures." in line.texts("question", BARAKA)[0]
            assert "Thank you" not in (answered := " ".join(line.texts(word, BARAKA)))
            assert "Tell me the figures." not in answered


def test_the_words_of_fixed_keys_are_no_digits_of_an_entry(home: Path, sqlite_url: str) -> None:
    (home / "flows" / "age.yaml").write_text(AGE)
    with a_line(sqlite_url, home) as line:
        line.texts("hello")
        assert "How old are you?" in line.texts("how old")[0]
        assert "How old are you?" in line.texts("again")[0]
        assert "How old are you?" in line.texts("back")[0]
        assert "Thank you." in line.texts("19")[0]


def test_an_exercise_is_one_file_and_the_menu_finds_it(home: Path, sqlite_url: str) -> None:
    (home / "flows" / "exercises" / "birds.yaml").write_text(EXERCISE)
    with a_line(sqlite_url, home) as line:
        call = at_the_menu(line).press("2")
        assert "Counting birds, press one." in call.prompt
        assert "Count three birds" in call.press("1").prompt


def test_a_language_is_one_folder(home: Path, sqlite_url: str) -> None:
    added = home / "locales" / "pt"
    shutil.copytree(home / "locales" / "es", added)
    file = added / "language.yaml"
    file.write_text(file.read_text().replace("name: Español", "name: Português").replace("es-MX", "pt-BR"))
    with a_line(sqlite_url, home) as line:
        call = line.rings()
        assert "Português" in call.prompt
        call.press("3")
        assert [entry.language for entry in call.heard if entry.kind == "say"][-1] == "pt-BR"


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("flows/colours.yaml", COLOURS.replace("goto: words}", "goto: wrods}", 1), r"colours\.yaml:12: .*wrods"),
        ("flows/colours.yaml", COLOURS.replace("save: colour", "svae: colour"), r"colours\.yaml:14: .*svae"),
        ("flows/colours.yaml", COLOURS.replace("day?", "day? # not"), r"colours\.yaml:10: .*stands after #"),
        ("locales/es/language.yaml", "name: Español\n", r"es/language\.yaml:1: .*is missing"),
    ],
)
def test_a_mistake_stops_the_start_with_file_and_line(home: Path, sqlite_url: str, file: str, text: str, says: str):
    (home / file).write_text(text)
    with pytest.raises(FlowErrors, match=says), a_line(sqlite_url, home):
        pass
