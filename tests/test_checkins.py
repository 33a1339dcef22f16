"""Each going-through of a check-in is one row, whichever way people take through it: what a counselor will read."""

import json

import pytest
from people import Line, a_line

from ivr.models import Checkin

QUESTIONS = ("sleep", "thoughts", "mood", "today")


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


def at_the_first_question(line: Line):
    call = line.rings().press("1").press("1").press("1")  # English, yes to keeping answers, the check-in
    assert "How did you sleep" in call.prompt
    return call


def presses(call, keys: str):
    for key in keys:
        call.press(key)
    return call


def kept(line: Line) -> list[tuple[bool, dict[str, str]]]:
    """Whether each was gone through to its end, and its answers; in the order in which they were begun."""
    rows = sorted(line.rows(Checkin), key=lambda row: row.created_at)
    opened = [line.runtime.vault.open("checkins.answers", row.id, row.answers) for row in rows]
    return [(row.finished_at is not None, json.loads(found)) for row, found in zip(rows, opened, strict=True)]


def answered(*values: str) -> dict[str, str]:
    return dict(zip(QUESTIONS, values, strict=False))


def test_one_begun_again_from_the_menu_is_another_and_the_first_stays_as_far_as_it_came(line: Line) -> None:
    call = presses(at_the_first_question(line), "377")  # slept badly, then back to the menu
    assert "What would help now?" in call.prompt
    presses(call, "112")
    assert kept(line) == [(False, answered("2")), (False, answered("0", "1"))]
    presses(call, "11")
    assert kept(line) == [(False, answered("2")), (True, answered("0", "1", "0", "0"))]


def test_one_begun_again_by_its_word_is_another(line: Line) -> None:
    for text in ("hello", "1", "1", "1", "3", "3", "mood", "1"):
        answer = line.texts(text)
    assert "think too much" in answer[0]
    assert kept(line) == [(False, answered("2", "2")), (False, answered("0"))]


def test_a_whole_one_and_another_on_the_same_call_are_two(line: Line) -> None:
    call = presses(at_the_first_question(line), "1111")
    assert "Is there anything else?" in call.prompt
    presses(call, "12111")
    assert kept(line) == [(True, answered("0", "0", "0", "0")), (True, answered("1", "0", "0", "0"))]


def test_a_step_back_corrects_an_answer(line: Line) -> None:
    presses(at_the_first_question(line), "1372")  # thoughts: most days; back; some days
    assert kept(line) == [(False, answered("0", "1"))]


def test_a_step_back_after_the_last_answer_corrects_it_and_adds_no_other(line: Line) -> None:
    call = presses(at_the_first_question(line), "11117")
    assert "how heavy is this day" in call.prompt
    presses(call, "2")
    assert kept(line) == [(True, answered("0", "0", "0", "1"))]


def test_a_call_for_help_between_two_answers_leaves_it_one(line: Line) -> None:
    presses(at_the_first_question(line), "110772")  # a person; back to the mood, and to the thoughts
    assert kept(line)[0][1]["thoughts"] == "1"
    assert len(kept(line)) == 1


def test_one_that_goes_on_on_another_call_stays_one(line: Line) -> None:
    presses(at_the_first_question(line), "12").hang_up()
    line.later(minutes=20)
    call = presses(line.rings(), "11")  # on, and on from there
    assert "how is your mood" in call.prompt
    presses(call, "11")
    assert kept(line) == [(True, answered("0", "1", "0", "0"))]
