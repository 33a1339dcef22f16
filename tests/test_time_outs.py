"""Silence by text: a flow that waits for it says one thing more, by day and once; all others end without a word."""

import shutil
from pathlib import Path

import pytest
from people import ASHA, Line, a_reaching_line

from ivr.models import Conversation, Exercise, Outgoing
from ivr.runtime import HOME

COLOURS = """
title: A colour for today
keywords: colour, color
nodes:
  colour:
    steps:
      - say: Which colour is your day?
    menu:
      - {label: Red, words: "red, reddish", goto: red}
      - {label: Blue, words: "blue, bluish", goto: red}
    wait: {sms: 5 minutes}
    tries: 2
    silence: later
    unclear: red
  later:
    steps:
      - say: The colour can wait. Is grey a colour?
    ask: yes or no
    goto: red
    else: red
  red:
    steps:
      - say: Thank you for the colour.
"""


@pytest.fixture
def line(tmp_path: Path, database_url: str):
    for room in ("flows", "locales"):
        shutil.copytree(HOME / room, tmp_path / room, dirs_exist_ok=True)
    (tmp_path / "flows" / "colours.yaml").write_text(COLOURS)
    with a_reaching_line(database_url, tmp_path) as line:
        line.texts("hello")
        line.texts("1")
        line.texts("1")
        yield line


def minutes_pass(line: Line, minutes: float) -> None:
    line.later(minutes=minutes)
    line.sweeps()
    line.ticks()


def inbox(line: Line) -> list[str]:
    return [text.body for text in line.carrier.inbox(ASHA)]


def test_a_flow_that_waits_for_silence_says_once_what_it_leads_to_and_understands_the_answer(line: Line) -> None:
    line.texts("colour")
    before = len(inbox(line))
    minutes_pass(line, 4)
    assert len(inbox(line)) == before
    for _ in range(3):
        minutes_pass(line, 3)
    assert inbox(line)[before:] == ["The colour can wait. Is grey a colour?\n1 = yes\n2 = no"]
    assert line.texts("1") == ["Thank you for the colour."]


def test_an_answer_that_comes_before_the_silence_is_said_wins(line: Line) -> None:
    line.texts("colour")
    line.later(minutes=6)
    line.sweeps()
    assert line.texts("red") == ["Thank you for the colour."]
    line.ticks()
    assert not any("can wait" in text for text in inbox(line))
    assert [row.state for row in line.rows(Outgoing)] == ["cancelled"]


def test_nothing_is_said_at_night_nor_after_stop(line: Line) -> None:
    line.later(hours=12.9)  # ten minutes to eleven in the evening
    line.texts("colour")
    minutes_pass(line, 6)
    line.texts("colour")
    line.texts("STOP")
    minutes_pass(line, 6)
    assert not any("can wait" in text for text in inbox(line))


def test_all_other_questions_end_without_a_word_but_their_deeds_are_done(line: Line) -> None:
    line.texts("breathing")
    line.texts("1")
    before = inbox(line)
    for _ in range(3):
        minutes_pass(line, 24 * 60)
    assert inbox(line) == before
    assert not any(row.state for row in line.rows(Conversation))
    assert len(line.rows(Exercise)) <= 1
