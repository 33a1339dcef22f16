"""Numbers that may be in several zones: nobody is disturbed where it is night in any of them, and the time is told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import Line, a_reaching_line
from reaching import HELLO, TEXT, at, by_text, knocks, meets, passes, states

from ivr import phone
from ivr.models import Contact
from ivr.moments import moment_of
from ivr.people import zones
from ivr.people.windows import USUAL, WHOLE_DAY, Window, is_quiet

SPANISH, RUSSIAN, AMERICAN = "+34612345678", "+79161234567", "+12125550123"
PORTUGUESE, AUSTRALIAN, CONGOLESE, MEXICAN = "+351912345678", "+61412345678", "+243812345678", "+522001234567"
TOLL_FREE = "+18005550123"  # of a whole continent
MADRID, NAIROBI = "Europe/Madrid", ZoneInfo("Africa/Nairobi")
LINE, DOOR = "+254700000100", "+254700000101"
MANY = st.sampled_from([SPANISH, RUSSIAN, PORTUGUESE, AUSTRALIAN, CONGOLESE, MEXICAN, TOLL_FREE, "+64211234567"])
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    doors = {"SERVICE_NUMBER": f"{LINE}:line:en,{DOOR}:missed-call:en", "RING_BACK_COUNTRIES": "ES"}
    with a_reaching_line(database_url, **doors) as line:
        yield line


def usual(_day: date) -> Window:
    return USUAL


@given(MANY, DAYS, st.integers(0, 47))
@settings(max_examples=400)
def test_what_is_open_everywhere_is_open_in_each_zone_of_the_number(number: str, day: date, half: int) -> None:
    """Against each zone by itself. Two weeks around the days on which clocks change are not held to the hour."""
    names = phone.time_zones(number)
    spread = zones.spread(names, NAIROBI)
    window = zones.everywhere(spread, usual)(day)
    moment = datetime.combine(day, time(half // 2, half % 2 * 30), spread[0])
    is_open = [not is_quiet(moment, [zone], usual) for zone in zones.known(names)]
    held = bool(window and window.holds(moment.time()))
    assert all(is_open) or not held or _changes_near(day, zones.known(names))
    if number != TOLL_FREE and not _changes_near(day, zones.known(names)):
        assert held == all(is_open)


def _changes_near(day: date, where: list[ZoneInfo]) -> bool:
    moment = datetime.combine(day, time(12), UTC)
    near = [moment + timedelta(days=ahead) for ahead in (-15, 0, 15)]
    return any(len({each.astimezone(zone).utcoffset() for each in near}) > 1 for zone in where)


@given(MANY)
def test_what_a_row_keeps_is_read_again_and_fits(number: str) -> None:
    spread = zones.spread(phone.time_zones(number), NAIROBI)
    assert len(zones.written(spread)) <= Contact.__table__.c.zone.type.length
    assert zones.read(zones.written(spread), NAIROBI) == spread
    assert zones.read(None, NAIROBI) == (NAIROBI,)


def test_the_clock_is_the_desks_where_that_may_be_theirs() -> None:
    names = phone.time_zones(SPANISH)
    assert zones.spread(names, ZoneInfo("Atlantic/Canary"))[0].key == "Atlantic/Canary"
    assert zones.spread(phone.time_zones(AMERICAN), NAIROBI) == (ZoneInfo("America/New_York"),)
    assert zones.spread((), NAIROBI) == (NAIROBI,)


def test_hours_that_lie_on_two_days_of_another_zone_are_found() -> None:
    far = ZoneInfo("Asia/Kamchatka"), ZoneInfo("Europe/Kaliningrad")
    assert str(zones.everywhere(far, lambda _: WHOLE_DAY)(date(2026, 11, 24))) == "10:00-00:00"
    assert str(zones.everywhere(far, usual)(date(2026, 11, 24))) == "19:00-20:00"


def test_a_reminder_for_nine_comes_when_it_is_nine_in_all_of_them_and_says_so(line: Line) -> None:
    meets(line, SPANISH)
    assert "10:00" in by_text(line, when="9:00", what=HELLO, how=TEXT, number=SPANISH)
    assert [passes(line, "2026-11-24", hour, MADRID, SPANISH) for hour in ("09:00", "09:59", "10:00")] == [0, 0, 1]
    assert passes(line, "2026-11-25", "10:00", MADRID, SPANISH) == 1  # so it does the next day


def test_one_that_is_within_the_hours_of_all_comes_to_the_minute(line: Line) -> None:
    meets(line, SPANISH)
    by_text(line, when="12:30", number=SPANISH)
    assert [passes(line, "2026-11-24", hour, MADRID, SPANISH) for hour in ("12:29", "12:30")] == [0, 1]


def test_where_the_hours_that_all_share_are_few_reminders_still_come(line: Line) -> None:
    meets(line, RUSSIAN)
    by_text(line, when="9:00", number=RUSSIAN)
    for hour in range(48):
        at(line, "2026-11-24", "00:00")
        line.later(minutes=30 * hour)
        line.ticks()
    assert len(knocks(line, RUSSIAN)) == 1
    assert ("missed", "quiet hours") not in states(line)
    moment = moment_of(int(line.carrier.ledger[-1]["at"]))
    assert not is_quiet(moment, zones.known(phone.time_zones(RUSSIAN)), usual)


def test_a_missed_call_where_it_may_still_be_early_is_not_rung_back_at_once(line: Line) -> None:
    at(line, "2026-11-24", "09:30", MADRID)
    assert line.rings(SPANISH, to=DOOR).rejected
    for _ in range(5):
        line.later(seconds=1)
        line.ticks()
    assert line.carrier.ringing(SPANISH) is None
    assert any("We missed your call" in text.body for text in line.carrier.inbox(SPANISH))
    at(line, "2026-11-25", "10:30", MADRID)
    assert line.rings(SPANISH, to=DOOR).rejected
    for _ in range(5):
        line.later(seconds=1)
        line.ticks()
    assert line.carrier.ringing(SPANISH) is not None
