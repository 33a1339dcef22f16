"""Silence by text: a flow that waits for it says one thing more, by day and once; all others end without a word."""

import shutil
from pathlib import Path

import pytest
from people import ASHA, Line, a_reaching_line

from ivr.models import Conversation, Exercise, Outgoing
from ivr.runtime import HOME
from simulator.faults import Fault

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

SHADES = COLOURS.replace("colour, color", "shade").replace(
    "ask: yes or no", "ask: yes or no\n    wait: {sms: 5 minutes}\n    silence: red"
)
FAREWELL = """
title: A word for today
keywords: word
nodes:
  word:
    steps:
      - say: Which word is yours?
    menu:
      - {label: Sea, words: sea, goto: thanks}
    wait: {sms: 5 minutes}
    silence: thanks
    unclear: thanks
  thanks:
    steps:
      - say: Words can wait.
"""


@pytest.fixture
def line(tmp_path: Path, database_url: str):
    for room in ("flows", "locales"):
        shutil.copytree(HOME / room, tmp_path / room, dirs_exist_ok=True)
    (tmp_path / "flows" / "colours.yaml").write_text(COLOURS)
    (tmp_path / "flows" / "words.yaml").write_text(FAREWELL)
    (tmp_path / "flows" / "shades.yaml").write_text(SHADES)
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


BUSY = ["429", "20003", "30003"]


def is_put_off(line: Line, kind: str) -> None:
    """Asha is silent, and the carrier does not take what is said about it at first."""
    line.carrier.faults.order([Fault(kind, to=ASHA, times=1)])
    minutes_pass(line, 6)
    assert [row.state for row in line.rows(Outgoing)] == ["pending"]


@pytest.mark.parametrize("kind", BUSY)
def test_what_the_carrier_takes_later_is_said_and_its_answer_understood(line: Line, kind: str) -> None:
    line.texts("colour")
    before = len(inbox(line))
    is_put_off(line, kind)
    minutes_pass(line, 4)
    minutes_pass(line, 1.1)
    assert inbox(line)[before:] == ["The colour can wait. Is grey a colour?\n1 = yes\n2 = no"]
    assert [row.state for row in line.rows(Outgoing)] == ["delivered"]
    assert line.texts("1") == ["Thank you for the colour."]


@pytest.mark.parametrize("kind", BUSY)
def test_so_is_a_last_word(line: Line, kind: str) -> None:
    line.texts("word")
    before = len(inbox(line))
    is_put_off(line, kind)
    for _ in range(3):
        minutes_pass(line, 4)
    assert inbox(line)[before:] == ["Words can wait."]
    assert not any(row.state for row in line.rows(Conversation))


@pytest.mark.parametrize("flow", ["colour", "word"])
def test_whoever_writes_before_the_carrier_takes_it_is_not_told_any_more(line: Line, flow: str) -> None:
    line.texts(flow)
    is_put_off(line, "429")
    line.texts("breathing")
    before = len(inbox(line))
    minutes_pass(line, 2)
    assert inbox(line)[before:] == []
    assert [(row.state, row.why) for row in line.rows(Outgoing)] == [("cancelled", "answered")]


@pytest.mark.parametrize("fault", [Fault("30007", to=ASHA), Fault("undelivered", code=30007, to=ASHA)])
def test_what_was_never_said_about_silence_waits_for_no_answer(line: Line, fault: Fault) -> None:
    line.texts("colour")
    line.carrier.faults.order([fault])
    minutes_pass(line, 6)
    assert not any(row.state for row in line.rows(Conversation))
    assert line.texts("1") != ["Thank you for the colour."]


def test_the_next_silence_begins_when_the_carrier_took_the_words(line: Line) -> None:
    line.texts("shade")
    before = len(inbox(line))
    line.carrier.faults.order([Fault("429", to=ASHA)])
    for _ in range(4):
        minutes_pass(line, 6)
    line.carrier.faults.order([Fault("none", to=ASHA)])
    minutes_pass(line, 2)
    minutes_pass(line, 4)
    assert inbox(line)[before:] == ["The colour can wait. Is grey a colour?\n1 = yes\n2 = no"]
    minutes_pass(line, 2)
    minutes_pass(line, 6)
    assert inbox(line)[before + 1 :] == ["Thank you for the colour."]
