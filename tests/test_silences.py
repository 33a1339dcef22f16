"""Check-ins that notice silence: a second word to who agreed, then a counselor is told; a sign of life ends it."""

from datetime import timedelta

import pytest
from people import ASHA, Line, a_reaching_line

from ivr.models import Entry, Outgoing
from ivr.outbox import statuses
from simulator.faults import Fault


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        line.texts("hello")
        line.texts("1")
        yield line


def set_checkin(line: Line, watch: str, days: str = "1") -> None:
    """A check-in at nine by text, daily unless said otherwise, with a yes (1) or no (2) to being looked after."""
    line.texts("1")  # answers are kept
    line.texts("reminders")
    for key in ("1", "1", *days, "1", watch):
        line.texts(key)


def days_pass(line: Line, days: int) -> None:
    for _ in range(days * 4):
        line.later(hours=6)
        line.ticks()
        line.sweeps()
        line.ticks()


def falls(line: Line) -> None:
    """Five good check-ins, and one that is far from them."""
    for day in range(6):
        line.later(days=1)
        line.texts("mood")
        for answer in ("3", "2", "3", "3") if day == 5 else ("1", "1", "1", "1"):
            line.texts(answer)


def received(line: Line, words: str) -> int:
    return sum(words in text.body for text in line.carrier.inbox(ASHA))


def test_who_agreed_and_does_not_answer_gets_a_second_word_and_then_a_counselor_is_told(line: Line) -> None:
    set_checkin(line, "1")
    line.later(days=1)
    line.ticks()
    assert received(line, "the time you chose") == 1
    days_pass(line, 1)
    assert received(line, "Hello again") == 1
    assert line.waiting() == []
    days_pass(line, 2)
    assert received(line, "Hello again") == 1  # one is enough
    (request,) = line.waiting()
    assert request.why == "did not answer a check-in"
    (second,) = [row for row in line.rows(Outgoing) if row.kind == "nudge"]
    with line.runtime.database.transaction() as tx:  # a word of the carrier that comes late
        statuses.tell(tx, statuses.Told("", second.sid, "read"), line.clock.now())
    days_pass(line, 1)
    assert len(line.waiting()) == 1
    assert {row.who for row in line.rows(Entry)} == {"line"}


def test_a_sign_of_life_ends_it(line: Line) -> None:
    set_checkin(line, "1")
    for _ in range(4):
        line.later(days=1)
        line.ticks()
        line.texts("1")
        line.sweeps()
        line.ticks()
    assert received(line, "Hello again") == 0
    assert line.waiting() == []


def test_nobody_is_looked_after_who_did_not_agree(line: Line) -> None:
    set_checkin(line, "2")
    days_pass(line, 5)
    assert received(line, "the time you chose") >= 4
    assert received(line, "Hello again") == 0
    assert line.waiting() == []


def test_a_check_in_far_from_the_usual_gets_a_second_word_the_next_day(line: Line) -> None:
    set_checkin(line, "1")
    falls(line)
    assert received(line, "Hello again") == 0
    line.later(hours=25)
    line.ticks()
    assert received(line, "Hello again") == 1
    line.later(hours=25)
    line.sweeps()
    (request,) = line.waiting()
    assert request.why == "a check-in far from their usual"


def test_who_leaves_quietly_after_a_low_check_in_gets_no_second_word(line: Line) -> None:
    set_checkin(line, "1")
    falls(line)
    assert [row.state for row in line.rows(Outgoing) if row.kind == "nudge"] == ["pending"]
    line.texts("8")  # somebody came into the room
    line.later(hours=25)
    line.ticks()
    assert received(line, "Hello again") == 0


def test_a_life_of_calls_counts_too(line: Line) -> None:
    set_checkin(line, "1")
    line.later(days=1)
    line.ticks()
    line.later(hours=1)
    line.rings().press("1").press("1").hang_up()
    line.later(hours=30)
    line.clock.moment += timedelta(minutes=1)
    line.sweeps()
    line.ticks()
    assert received(line, "Hello again") == 0


@pytest.mark.parametrize("kind", ["429", "20003", "30003"])
def test_a_second_word_that_the_carrier_does_not_take_at_first_comes_once_all_the_same(line: Line, kind: str) -> None:
    set_checkin(line, "1", "43")  # once
    line.later(days=1)
    line.ticks()
    line.later(hours=24, minutes=1)
    line.carrier.faults.order([Fault(kind, to=ASHA, times=1)])
    line.sweeps()
    line.ticks()
    assert [row.state for row in line.rows(Outgoing) if row.kind == "nudge"] == ["pending"]
    for _ in range(4):
        line.later(minutes=4)
        line.ticks()
    assert received(line, "Hello again") == 1
    assert "sleep" in line.texts("1")[0]
    days_pass(line, 2)
    assert line.waiting() == []
