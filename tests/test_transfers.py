"""Whoever talked with a counselor after `0` is not rung again for what they had asked for."""

import pytest
from desk import a_counselor
from people import Line, a_reaching_line
from test_pins import PIN, locked, writes

from ivr.callbacks import claims
from ivr.models import Alert, Callback
from ivr.team import shifts

FIRST, SECOND = "+254722000001", "+254722000002"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        who = a_counselor(line, phone=FIRST)
        with line.runtime.database.transaction() as tx:
            shifts.begin(tx, who, line.clock.now())
        yield line


def asks(line: Line) -> None:
    """Asha asks to be rung, by text."""
    for word in ("hello", "1", "2", "ask for a call", "1", "1"):
        line.texts(word)
    assert len(line.waiting()) == 1


def talks(line: Line, seconds: int) -> None:
    """She rings, presses 0, and talks so long."""
    line.rings().press("0")
    line.carrier.answer(FIRST).press("1").hang_up(after=seconds)


def test_a_talk_closes_what_was_asked_for(line: Line) -> None:
    asks(line)
    talks(line, 120)
    assert [row.state for row in line.rows(Callback)] == ["reached"]


def test_a_talk_that_broke_off_at_once_leaves_it_with_the_counselor(line: Line) -> None:
    asks(line)
    talks(line, 5)
    (row,) = line.rows(Callback)
    assert row.state == "claimed"
    assert 0 <= line.clock.now() + claims.LEASE - (row.leased_until or 0) < 10_000  # what the caller heard meanwhile


def test_while_they_talk_nobody_else_is_given_the_request(line: Line) -> None:
    asks(line)
    other = a_counselor(line, "second", phone=SECOND)
    line.rings().press("0")
    line.carrier.answer(FIRST).press("1")
    line.later(minutes=50)
    line.ticks()
    with line.runtime.database.transaction() as tx:
        assert claims.take_next(tx, other, line.clock.now()) is None


def test_what_somebody_else_has_stays_theirs(line: Line) -> None:
    asks(line)
    other = a_counselor(line, "second", phone=SECOND)
    with line.runtime.database.transaction() as tx:
        claims.take_next(tx, other, line.clock.now())
    talks(line, 120)
    assert [(row.state, row.counselor_id) for row in line.rows(Callback)] == [("claimed", other.id)]


def test_a_caller_who_asked_for_nothing_is_put_through_all_the_same(line: Line) -> None:
    talks(line, 120)
    assert line.rows(Callback) == []


@pytest.mark.parametrize("pin", ["", PIN])
def test_an_alert_rests_for_whoever_talks_and_for_nobody_else_on_that_phone(line: Line, pin: str) -> None:
    locked(line)
    writes(line, f"pin {PIN}", "i want to die", "2", "8")
    line.later(minutes=20)
    call = line.rings()
    (call.press("6").press(pin + "#") if pin else call).press("0")
    line.carrier.answer(FIRST).press("1").hang_up(after=60)
    assert [row.next_at is None for row in line.rows(Alert)] == [bool(pin)]
