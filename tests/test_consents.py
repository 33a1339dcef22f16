"""What somebody said last about what is kept holds, whatever the clock says."""

import pytest
from people import Line, a_line

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
