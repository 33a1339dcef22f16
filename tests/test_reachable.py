"""A number that the carrier called unreachable is reached again once somebody has written or rung from it."""

from collections.abc import Callable, Iterator

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import by_text, meets, passes

from ivr.models import OptOut
from simulator.faults import Fault

LINE, DOOR = "+254700000100", "+254700000101"
DOORS = {"SERVICE_NUMBER": f"{LINE}:line:en,{DOOR}:missed-call:en"}


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """Asha's first reminder came back: the carrier says that there is no such phone."""
    with a_reaching_line(database_url, **DOORS) as line:
        meets(line)
        by_text(line)
        line.carrier.faults.order([Fault("undelivered", code=30005, to=ASHA, times=1)])
        passes(line, "2026-11-23", "12:30")
        assert stops(line) == {("sms", "unreachable")}
        yield line


def stops(line: Line) -> set[tuple[str, str]]:
    return {(row.channel, row.source) for row in line.rows(OptOut) if row.ended_at is None}


def writes(line: Line) -> None:
    line.texts("breathing")


def rings(line: Line) -> None:
    line.rings().hang_up()


def lets_ring(line: Line) -> None:
    assert line.rings(ASHA, to=DOOR).rejected


def has_the_carrier_ask(line: Line) -> None:
    line.post(
        "/twilio/sms",
        [("MessageSid", "SM1"), ("From", "PleaseCall"), ("To", LINE), ("Body", f"Please call me. {ASHA}")],
    )


COMES = pytest.mark.parametrize("comes", [writes, rings, lets_ring])


def test_until_then_nothing_goes_out(line: Line) -> None:
    assert passes(line, "2026-11-24", "12:30") == 0


@COMES
def test_whoever_comes_from_it_is_reached_again(line: Line, comes: Callable[[Line], None]) -> None:
    comes(line)
    assert stops(line) == set()
    assert passes(line, "2026-11-24", "12:30") == 1


@COMES
def test_one_that_still_cannot_be_reached_is_left_alone_again(line: Line, comes: Callable[[Line], None]) -> None:
    comes(line)
    line.carrier.faults.order([Fault("undelivered", code=30006, to=ASHA, times=1)])
    passes(line, "2026-11-24", "12:30")
    assert stops(line) == {("sms", "unreachable")}
    assert passes(line, "2026-11-25", "12:30") == 0


@COMES
def test_their_own_stop_stays(line: Line, comes: Callable[[Line], None]) -> None:
    line.texts("remove")
    comes(line)
    assert stops(line) == {("sms", "person")}
    assert passes(line, "2026-11-24", "12:30") == 0


@COMES
def test_so_does_one_that_the_carrier_told_of(line: Line, comes: Callable[[Line], None]) -> None:
    writes(line)
    line.carrier.faults.order([Fault("undelivered", code=21610, to=ASHA, times=1)])
    passes(line, "2026-11-24", "12:30")
    comes(line)
    assert stops(line) == {("sms", "carrier")}


def test_a_stop_that_is_heard_of_late_stays_too(line: Line) -> None:
    """It was written before the carrier called the number unreachable, and found in its list afterwards."""
    writes(line)
    line.later(hours=23, minutes=30)
    line.carrier.office._new(ASHA, LINE, ASHA, LINE, "remove", "inbound", "received")
    line.carrier.faults.order([Fault("undelivered", code=30005, to=ASHA, times=1)])
    passes(line, "2026-11-24", "12:30")
    assert stops(line) == {("sms", "unreachable")}
    line.later(minutes=6)
    line.sweeps()
    assert ("sms", "person") in stops(line)
    writes(line)
    assert stops(line) == {("sms", "person")}


def test_a_number_for_which_the_carrier_asks_for_a_call_is_in_use(line: Line) -> None:
    has_the_carrier_ask(line)
    assert stops(line) == set()
