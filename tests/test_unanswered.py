"""Whether all shall stop was asked, and not answered clearly: what the line starts rests, and all else goes on."""

import pytest
from people import Line, a_reaching_line
from reaching import by_text, meets, passes, states
from test_refusals import stopped

ASKS, NEXT_DAY, DAY_AFTER = "dont text me at night", "2026-11-24", "2026-11-25"
NOON = "12:30"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield asked(line)


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield asked(line)


def asked(line: Line) -> Line:
    """A person with a reminder at noon, of whom it was asked on Monday."""
    meets(line)
    by_text(line)
    assert passes(line, "2026-11-23", NOON) == 1
    assert "?" in line.texts(ASKS)[-1]
    return line


def test_silence_lets_reminders_rest(line: Line) -> None:
    assert passes(line, NEXT_DAY, NOON) == 0
    assert states(line)[-1] == ("suppressed", "unanswered")


def test_an_unclear_answer_lets_them_rest_and_says_so(quick: Line) -> None:
    assert "Nothing comes by itself" in quick.texts("what do you mean")[0]
    assert passes(quick, NEXT_DAY, NOON) == 0


def test_a_no_leaves_them_as_they_were(line: Line) -> None:
    assert "Nothing has changed" in line.texts("no")[0]
    assert passes(line, NEXT_DAY, NOON) == 1


@pytest.mark.parametrize("again", [["start"], ["reminders", "1", "2"]], ids=["start", "another time"])
def test_start_or_a_reminder_that_is_set_anew_wakes_them(quick: Line, again: list[str]) -> None:
    assert passes(quick, NEXT_DAY, NOON) == 0
    for words in again:
        quick.texts(words)
    assert passes(quick, DAY_AFTER, NOON) == 1


def test_answers_and_calls_that_are_asked_for_come_as_before(quick: Line) -> None:
    quick.texts("hm")
    for words in ("my call", "1", "1", "2"):
        quick.texts(words)
    assert stopped(quick) == []
    assert len(quick.waiting()) == 1
