"""What somebody said last about what is kept holds, whatever the clock says."""

import re
import shutil
from pathlib import Path

import pytest
from people import Line, a_line

from ivr.models import Consent
from ivr.runtime import HOME

YES, NO = "1", "2"


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


def agrees(line: Line) -> None:
    for text in ("hello", "1", YES):  # 1 is English
        answer = line.texts(text)
    assert "You can change this later" in answer[0]


def asks_what_is_kept(line: Line) -> str:
    line.texts("settings")
    line.texts("2")
    return line.texts("1")[0]


def answers(line: Line, key: str) -> None:
    """At the question whether answers may be kept."""
    assert "your answers are" in line.texts(key)[0]


def test_a_no_holds_when_the_clock_was_set_back_after_the_yes(line: Line) -> None:
    agrees(line)
    line.later(hours=-1)
    assert "exercises are kept" in asks_what_is_kept(line)
    answers(line, NO)
    assert "exercises are not kept" in asks_what_is_kept(line)
    answers(line, YES)
    line.later(hours=-1)
    assert "exercises are kept" in asks_what_is_kept(line)


def test_of_answers_within_one_millisecond_the_last_holds(line: Line) -> None:
    agrees(line)
    moment = line.clock.moment
    for key, kept in ((NO, "are not kept"), (YES, "are kept")) * 4:
        asks_what_is_kept(line)
        line.clock.moment = moment
        answers(line, key)
        assert f"exercises {kept}" in asks_what_is_kept(line)


NEW_WORDS = "One question has new words"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A house in which the question about keeping answers has other words."""
    for room in ("flows", "locales"):
        shutil.copytree(HOME / room, tmp_path / "house" / room)
    file = tmp_path / "house" / "flows" / "welcome.yaml"
    file.write_text(file.read_text("utf-8").replace("locked, without your name", "locked and nameless"), "utf-8")
    return tmp_path / "house"


@pytest.mark.parametrize("channel", ["voice", "sms"])
@pytest.mark.parametrize("answer", [YES, NO])
def test_who_answered_other_words_is_asked_anew_and_until_then_their_answer_holds(
    database_url: str, changed: Path, channel: str, answer: str
) -> None:
    def comes(line: Line) -> str:
        line.later(days=2)
        if channel == "sms":
            return line.texts("hello")[0]
        call = line.rings().press("1")
        heard = call.listen()
        call.hang_up()
        return heard

    with a_line(database_url) as line:
        for word in ("hello", "1", answer):
            line.texts(word)
        assert NEW_WORDS not in comes(line)
        before = line.clock.moment
    with a_line(database_url, changed) as line:
        line.clock.moment = before
        assert NEW_WORDS in comes(line)
        line.later(days=2)
        assert f"exercises are {'' if answer == YES else 'not '}kept" in asks_what_is_kept(line)
        line.texts("8")
        assert NEW_WORDS in comes(line)  # silence was no answer
        line.later(days=2)
        line.texts("hello")
        line.texts(answer)
        assert NEW_WORDS not in comes(line)
        given = [row.given for row in sorted(line.rows(Consent), key=lambda row: row.created_at)]
        assert given == [answer == YES] * 2


@pytest.mark.parametrize("answer", [YES, NO])
def test_a_refusal_gets_the_same_help_by_text_and_by_call(line: Line, answer: str) -> None:
    """Everything that the main menu offers answers alike, whatever was said about keeping."""
    for word in ("hello", "1", answer):
        line.texts(word)
    helped = {
        "mood": "Four short questions",
        "exercises": "Box breathing|Breathing",
        "ask for a call": "A counselor can call you",
        "reminders": "What should it be",
        "person": "Ask for a call",
        "settings": "What would you like to change?",
    }
    for word, says in helped.items():
        assert re.search(says, line.texts(word)[0], re.IGNORECASE), word
    call = line.rings("+254711000002").press("1").press(answer)
    for key, says in (("1", "Four short questions"), ("0", "call now|danger")):
        assert re.search(says, call.press(key).prompt, re.IGNORECASE)
    call.hang_up()
