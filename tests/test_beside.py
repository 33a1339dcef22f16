"""A duty that hangs holds up no other: the clock goes on, says so, and does not begin it a second time."""

import threading
from collections.abc import Iterator
from time import monotonic

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import at, by_text, knocks, meets

from faults import breaking
from ivr.models import Mark
from workers import beside, clock, duties

SOON = 0.3  # seconds


@pytest.fixture
def line(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setattr(clock, "LONGEST", SOON)
    monkeypatch.setattr(duties, "LONGEST", SOON)
    monkeypatch.setattr(beside, "HANGS", 2 * SOON)
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line)
        at(line, "2026-11-23", "12:30")
        yield line
        for work in [*beside._under_way.values()]:  # what went on by itself gives its connection back
            work.join(10)


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Alerts are never told again: how often that was begun."""
    begun, freed = [0], threading.Event()

    def hangs(_house: object) -> None:
        begun[0] += 1
        freed.wait(30)

    hangs.__name__ = "tell_again"
    monkeypatch.setattr(duties, "tell_again", hangs)
    yield begun
    freed.set()


def test_a_duty_that_hangs_holds_up_no_other(line: Line, stuck: list[int], caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(4):
        clock.tick(line.workers)
        line.later(seconds=1)
        threading.Event().wait(SOON)
    line.carrier.settle()
    assert len(knocks(line)) == 1
    assert [row.name for row in line.rows(Mark) if row.name == "tick"] == ["tick"]
    assert stuck == [1]
    said = [record.message for record in caplog.records if "hangs for" in record.message]
    assert len(said) == 1
    assert said[0].endswith("without it: tell_again")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_while_the_database_is_frozen_the_clock_ticks_on_and_nothing_is_lost_or_doubled(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    with breaking.frozen(line.runtime):
        clock.tick(line.workers)
        threading.Event().wait(2 * SOON)
        began = monotonic()
        for _ in range(3):
            clock.tick(line.workers)
            clock.sweep(line.workers)
        each = len(duties.DUTIES) + 7  # of the clock's own
        assert monotonic() - began < 3 * each * SOON * 1.5
        assert "this hangs for" in caplog.text
    for _ in range(3):
        threading.Event().wait(SOON)
        line.later(seconds=1)
        clock.tick(line.workers)
        line.sweeps()
    line.carrier.settle()
    assert len(knocks(line)) == 1


def test_what_goes_wrong_is_a_line_in_the_log_and_is_begun_again(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    begun = []

    def fails() -> None:
        begun.append(ASHA)
        raise ZeroDivisionError

    for _ in range(2):
        beside.within(line.workers, "a duty", fails, SOON)
    assert len(begun) == 2
    assert "this could not be done: a duty" in caplog.text
