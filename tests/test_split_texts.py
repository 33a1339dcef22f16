"""A thumb sends too early: danger that stands in two texts is heard as if it were one."""

import pytest
from people import BARAKA, Line, a_line

from ivr.models import Alert

SPLIT = [("quiero", "morirme"), ("nataka", "kufa"), ("i took all", "my pills"), ("ya no quiero", "vivir mas")]


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


@pytest.mark.parametrize(("first", "second"), SPLIT)
def test_what_two_texts_say_together_is_met_as_danger(line: Line, first: str, second: str) -> None:
    line.texts("hello")
    line.texts(first)
    assert line.rows(Alert) == []
    assert "999" in line.texts(second)[0] and len(line.rows(Alert)) == 1


def test_the_very_first_texts_of_a_stranger_belong_together_too(quick: Line) -> None:
    quick.texts("nataka")
    quick.texts("kufa")
    assert len(quick.rows(Alert)) == 1


def test_after_a_while_they_are_two(quick: Line) -> None:
    quick.texts("quiero")
    quick.later(minutes=4)
    quick.texts("morirme un ratito de la risa")
    assert quick.rows(Alert) == []


def test_two_people_are_never_one(quick: Line) -> None:
    quick.texts("i took all")
    quick.texts("my pills", BARAKA)
    assert quick.rows(Alert) == []


def test_what_was_met_already_is_not_heard_in_the_next_text_again(quick: Line) -> None:
    quick.texts("i want to die")
    quick.texts("1")
    (answer,) = quick.texts("my sister called")
    assert "999" not in answer.split(".")[0]


def test_a_key_and_an_answer_are_only_that(quick: Line) -> None:
    quick.texts("hello")
    quick.texts("1")
    quick.texts("2")
    quick.texts("i want to")
    assert "How did you sleep" in " ".join(quick.texts("1"))
