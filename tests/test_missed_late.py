"""Missed calls that came while the database was away: rung back while they are fresh, asked about by day, and once."""

from collections.abc import Iterator

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import at, meets, states

from faults import breaking
from ivr.models import OptOut, Outgoing
from simulator.faults import Fault

LINE, DOOR = "+254700000100", "+254700000101"
DOORS = {"SERVICE_NUMBER": f"{LINE}:line:en,{DOOR}:missed-call:en"}
MORNING, NIGHT = ("2026-11-24", "10:00"), ("2026-11-24", "22:30")


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url, **DOORS) as line:
        meets(line)
        at(line, *MORNING)
        line.sweeps()
        yield line


def rings_in_vain(line: Line, number: str = ASHA) -> None:
    """Nobody can note it; it costs nothing all the same."""
    with breaking.gone(line.runtime):
        assert line.rings(number, to=DOOR).rejected
    line.runtime.database.close()


def passes(line: Line, minutes: int) -> None:
    """Time, with clock and workers; whoever is rung does not take it."""
    for _ in range(minutes // 3):
        line.later(minutes=3)
        line.sweeps()
        line.ticks()
        if line.carrier.ringing(ASHA):
            line.carrier.decline(ASHA)


def rung(line: Line) -> int:
    return sum(entry["kind"] == "call" and entry["to"] == ASHA for entry in line.carrier.ledger)


def asked(line: Line) -> int:
    return sum("We missed your call" in text.body for text in line.carrier.inbox(ASHA))


def test_one_that_is_found_soon_is_rung_back_once(line: Line) -> None:
    rings_in_vain(line)
    assert line.rows(Outgoing) == []
    passes(line, 60)
    assert (rung(line), asked(line)) == (1, 0)


def test_one_of_an_hour_ago_is_asked_about_and_not_rung(line: Line) -> None:
    rings_in_vain(line)
    line.later(minutes=70)
    passes(line, 60)
    assert (rung(line), asked(line)) == (0, 1)
    line.texts("1")
    passes(line, 3)
    assert rung(line) == 1


@pytest.mark.parametrize("later", [0, 60, 300])
def test_in_the_night_nobody_is_rung_and_an_old_call_is_asked_about_in_the_morning(line: Line, later: int) -> None:
    at(line, *NIGHT)
    line.sweeps()
    rings_in_vain(line)
    line.later(minutes=later)
    passes(line, 30)
    assert (rung(line), asked(line)) == (0, 0 if later else 1)
    at(line, "2026-11-25", "09:01")
    passes(line, 30)
    assert (rung(line), asked(line)) == (0, 1)


def test_one_of_yesterday_is_left_alone(line: Line) -> None:
    rings_in_vain(line)
    line.later(hours=13)
    passes(line, 30)
    at(line, "2026-11-25", "10:00")
    passes(line, 30)
    assert (rung(line), asked(line), line.rows(Outgoing)) == (0, 0, [])


def test_several_are_rung_back_once(line: Line) -> None:
    for minutes in (40, 2, 2):
        rings_in_vain(line)
        line.later(minutes=minutes)
    passes(line, 60)
    assert (rung(line), asked(line)) == (1, 0)


def test_what_its_webhook_brought_is_not_seen_to_again(line: Line) -> None:
    """Nor a second ring within the quarter of an hour, of which nothing was noted."""
    for _ in range(3):
        assert line.rings(ASHA, to=DOOR).rejected
        passes(line, 6)
    passes(line, 90)
    assert (rung(line), asked(line)) == (1, 0)


@pytest.mark.parametrize("how", ["rings", "texts"])
def test_whoever_has_come_through_meanwhile_is_not_rung(line: Line, how: str) -> None:
    rings_in_vain(line)
    line.later(minutes=2)
    if how == "rings":
        line.rings().press("1").hang_up()
    else:
        line.texts("breathing")
    passes(line, 60)
    assert (rung(line), asked(line)) == (0, 0)


def test_a_question_that_waits_for_the_morning_is_taken_back_when_they_are_rung(line: Line) -> None:
    at(line, *NIGHT)
    line.sweeps()
    rings_in_vain(line)
    line.later(minutes=60)
    passes(line, 12)
    assert states(line) == [("pending", "")]
    at(line, "2026-11-25", "08:00")
    for word in ("call me", "1"):
        line.texts(word)
    at(line, "2026-11-25", "09:30")
    passes(line, 30)
    assert asked(line) == 0


def test_stop_holds_and_so_do_countries(line: Line) -> None:
    line.texts("remove")
    rings_in_vain(line)
    rings_in_vain(line, "+447700900123")
    rings_in_vain(line, "")
    line.later(minutes=70)
    passes(line, 60)
    assert (rung(line), asked(line)) == (0, 0)
    assert len(line.rows(OptOut)) == 1


def test_whoever_was_erased_after_it_is_nobody_and_is_not_rung(line: Line) -> None:
    assert line.rings(ASHA, to=DOOR).rejected
    line.later(seconds=5)
    line.ticks()
    line.carrier.decline(ASHA)
    for word in ("erase", "2", "1", "1"):
        line.texts(word)
    assert line.rows(Outgoing) == []
    passes(line, 60)
    assert rung(line) == 1


def test_while_the_list_cannot_be_read_none_is_lost(line: Line) -> None:
    rings_in_vain(line)
    line.carrier.faults.order([Fault("503")] * 4)
    passes(line, 60)
    assert rung(line) + asked(line) == 1
