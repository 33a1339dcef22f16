"""One bad row, text, schedule or duty holds up nothing beside it."""

from collections.abc import Callable, Iterator

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import at, by_text, knocks, meets, states
from sqlalchemy import text

from ivr import outgoing
from ivr.models import Outgoing, Schedule
from ivr.outbox import claims
from ivr.web import sms
from simulator.faults import Fault
from workers import clock, duties, looking, sending

OURS = "+254700000100"
DUTIES = ("free", "join_early", "end_waits", "nudge", "tell_silences")


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """Asha and Baraka have a reminder at half past twelve."""
    with a_reaching_line(database_url) as line:
        for number in (ASHA, BARAKA):
            meets(line, number)
            by_text(line, number=number)
        yield line


def broken(line: Line, table: str, column: str, value: object, of: str = ASHA) -> object:
    """Something of Asha's is written over; what was there before."""
    find = {"schedules": "number_id", "contacts": "number_id", "numbers": "id"}[table]
    with line.runtime.database.engine.begin() as connection:
        whose = {"index": line.runtime.vault.index(of)}
        (number,) = connection.execute(text("SELECT id FROM numbers WHERE found_by = :index"), whose).one()
        (before,) = connection.execute(text(f"SELECT {column} FROM {table} WHERE {find} = :number"), {"number": number})
        sql = f"UPDATE {table} SET {column} = :value WHERE {find} = :number"
        connection.execute(text(sql), {"value": value, "number": number})
    return before[0]


def fails(*_: object, **__: object) -> None:
    raise ArithmeticError("as nobody foresaw")


def ticks(line: Line, many: int, **span: float) -> None:
    for _ in range(many):
        line.later(**span)
        line.ticks()


@pytest.mark.parametrize(
    ("table", "column", "value"), [("schedules", "rule", '{"every": "never"}'), ("contacts", "zone", "Mars/Base")]
)
def test_a_schedule_that_cannot_be_read_holds_up_no_other_and_goes_on_when_it_is_mended(
    line: Line, table: str, column: str, value: str
) -> None:
    before = broken(line, table, column, value)
    at(line, "2026-11-23", "12:30")
    ticks(line, 3, seconds=1)
    assert (len(knocks(line, BARAKA)), len(knocks(line))) == (1, 1)  # today's was worked out before
    assert {row.ended_at for row in line.rows(Schedule)} == {None}
    broken(line, table, column, before)
    ticks(line, 3, hours=1)
    at(line, "2026-11-24", "12:30")
    ticks(line, 3, seconds=1)
    assert (len(knocks(line, BARAKA)), len(knocks(line))) == (2, 2)


@pytest.mark.parametrize("zone", [None, "Africa/Nairobi"])
def test_a_number_that_cannot_be_opened_holds_up_no_other(line: Line, zone: str | None) -> None:
    broken(line, "numbers", "sealed", b"nobody can open this")
    broken(line, "contacts", "zone", zone)
    at(line, "2026-11-23", "12:30")
    ticks(line, 6, minutes=2)
    assert len(knocks(line, BARAKA)) == 1
    assert sorted(states(line)) == [("delivered", ""), ("failed", "poison")]


def test_what_the_carrier_refused_does_not_count_for_the_daily_cap(sqlite_url: str) -> None:
    with a_reaching_line(sqlite_url, DAILY_CAP="1") as line:
        meets(line)
        by_text(line)
        line.texts("tomorrow 13:00")
        line.carrier.faults.order([Fault("30007", to=ASHA, times=1)])
        for hour in ("12:30", "13:00"):
            at(line, "2026-11-24", hour)
            ticks(line, 2, seconds=1)
        assert states(line) == [("missed", "late"), ("failed", "filtered"), ("delivered", "")]


def test_what_fails_between_claim_and_intent_is_given_back_at_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    at(line, "2026-11-23", "12:30")
    duties.come_due(line.workers)
    with monkeypatch.context() as broken_house:
        broken_house.setattr(outgoing, "prepare", fails)
        with pytest.raises(ArithmeticError):
            sending.send(line.workers, sending.Line(OURS, "sms"))
    assert {row.state for row in line.rows(Outgoing)} == {"pending"}
    line.ticks()
    assert len(knocks(line)) == 1


@pytest.mark.parametrize("duty", ["come_due", "tell_again", "tick"])
def test_workers_are_woken_though_a_duty_of_the_clock_fails(
    line: Line, monkeypatch: pytest.MonkeyPatch, duty: str
) -> None:
    at(line, "2026-11-23", "12:30")
    duties.come_due(line.workers)
    fails.__name__ = duty
    monkeypatch.setattr(duties, duty, fails)
    clock.tick(line.workers)  # no Redis here: it sends by itself
    line.carrier.settle()
    assert len(knocks(line)) == 1


@pytest.mark.parametrize("duty", DUTIES)
def test_a_duty_of_a_sweep_that_fails_keeps_no_other_from_its_work(
    line: Line, monkeypatch: pytest.MonkeyPatch, duty: str
) -> None:
    fails.__name__ = duty
    monkeypatch.setattr(duties, duty, fails)
    lost(line, "hello")
    line.later(minutes=6)
    line.sweeps()
    line.ticks()
    assert [row.kind for row in line.rows(Outgoing)] == ["answer"]


def lost(line: Line, body: str, number: str = "+254711000003") -> None:
    line.carrier.office._new(number, OURS, number, OURS, body, "inbound", "received")


def test_a_text_that_cannot_be_taken_up_keeps_no_other_from_it(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    turn: Callable[..., bytes] = sms.turn
    monkeypatch.setattr(sms, "turn", lambda *about: fails() if about[2].body == "poison" else turn(*about))
    lost(line, "poison", "+254711000004")
    lost(line, "hello")
    line.later(minutes=6)
    line.sweeps()
    line.ticks()
    assert len(line.carrier.inbox("+254711000003")) == 1


def test_a_row_that_nobody_can_look_for_keeps_no_other_in_doubt(line: Line) -> None:
    at(line, "2026-11-23", "12:30")
    duties.come_due(line.workers)
    with line.runtime.database.transaction() as tx:
        batch = claims.claim(tx, OURS, "sms", 2, 100, line.clock.now())
        assert len(outgoing.prepare(line.workers, tx, str(batch), line.clock.now())) == 2
    broken(line, "numbers", "sealed", b"nobody can open this")
    for _ in range(3):
        line.later(minutes=3)
        looking.look(line.workers)
    assert sorted(row.state for row in line.rows(Outgoing)) == ["missed", "submitting"]
