"""After 45 days in which nobody at a number was heard of, one neutral question comes before anything else."""

from collections.abc import Iterator

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import CALL, TEXT, at, by_text, meets, states

from ivr.models import Conversation, OptOut, Outgoing

QUESTION = "Shall the texts to this number go on?"


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        meets(line)
        yield line


def day(line: Line, date: str) -> list[str]:
    """What comes by text on this day, by noon and a little later."""
    before = len(line.carrier.inbox(ASHA))
    at(line, date, "12:30")
    for _ in range(4):
        line.later(seconds=1)
        line.ticks()
    line.sweeps()
    return [text.body for text in line.carrier.inbox(ASHA)[before:]]


def test_up_to_45_days_it_goes_on(line: Line) -> None:
    by_text(line)
    assert len(day(line, "2027-01-06")) == 1
    assert QUESTION not in line.carrier.inbox(ASHA)[-1].body


@pytest.mark.parametrize(("date", "is_asked"), [("2027-01-26", False), ("2027-01-29", True)])
def test_it_is_counted_from_the_last_sign_though_that_is_kept_no_more(line: Line, date: str, is_asked: bool) -> None:
    by_text(line)
    at(line, "2026-12-13", "12:30")
    line.rings().press("1").hang_up()
    for day_of in ("2027-01-20", "2027-01-22"):
        at(line, day_of, "08:00")
        line.sweeps()
    assert not [row for row in line.rows(Conversation) if row.call_sid]
    (said,) = day(line, date)
    assert (QUESTION in said) == is_asked


def test_then_one_question_comes_first_and_once(line: Line) -> None:
    by_text(line)
    (asked,) = day(line, "2027-01-07")
    assert asked.startswith("Hello. " + QUESTION)
    assert [day(line, date) for date in ("2027-01-08", "2027-01-09", "2027-01-13")] == [[], [], []]
    assert sum(row.kind == "still_here" for row in line.rows(Outgoing)) == 1


def test_an_answer_brings_the_reminders_back(line: Line) -> None:
    by_text(line)
    day(line, "2027-01-08")
    assert line.texts("1") == ["All right. They go on."]
    (text,) = day(line, "2027-01-09")
    assert "the time you chose" in text


@pytest.mark.parametrize("key", ["2", "3"])
def test_a_no_ends_them(line: Line, key: str) -> None:
    by_text(line)
    day(line, "2027-01-08")
    assert line.texts(key) == ["All right. No more of them."]
    assert day(line, "2027-01-09") == []
    assert states(line)[-1] == ("suppressed", "stopped")


def test_no_answer_for_a_week_ends_them_until_somebody_asks_again(line: Line) -> None:
    by_text(line)
    day(line, "2027-01-08")
    assert day(line, "2027-01-16") == []
    assert {(row.channel, row.source) for row in line.rows(OptOut)} == {("sms", "silent"), ("voice", "silent")}
    line.texts("hello")  # whoever has the number now
    assert day(line, "2027-01-17") == []
    for word in ("reminders", "1", "2"):  # another time: noon
        line.texts(word)
    assert len(day(line, "2027-01-18")) == 1


def test_by_call_a_key_is_the_answer(line: Line) -> None:
    by_text(line, how=CALL)
    day(line, "2027-01-08")
    call = line.carrier.answer(ASHA)
    assert "Shall these calls go on?" in call.listen()
    assert call.press("1").listen() == "Thank you. They go on. Goodbye."
    day(line, "2027-01-09")
    assert "If you expected this call" in line.carrier.answer(ASHA).listen()


def test_whoever_was_heard_of_by_whatever_channel_is_not_asked(line: Line) -> None:
    by_text(line, how=TEXT)
    line.later(days=40)
    line.rings().press("1").hang_up()
    (text,) = day(line, "2027-01-20")
    assert QUESTION not in text


def test_who_never_answers_is_noted_once_however_often_it_is_looked(line: Line) -> None:
    by_text(line)
    day(line, "2027-01-07")
    at(line, "2027-01-15", "12:30")
    for _ in range(4):
        line.sweeps()
        line.later(seconds=30)
    assert sorted(row.channel for row in line.rows(OptOut) if row.source == "silent") == ["sms", "voice"]
