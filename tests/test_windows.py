"""Hours in which people may be disturbed: windows, the law of countries, phones that may be in several zones."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.people.windows import (
    USUAL,
    WHOLE_DAY,
    BadQuietHours,
    Law,
    Window,
    allowed,
    bounds,
    is_quiet,
    load,
    next_open,
    overlap,
    parse,
    reached,
)
from ivr.runtime import HOME

NEW_YORK, LOS_ANGELES, NAIROBI = map(ZoneInfo, ("America/New_York", "America/Los_Angeles", "Africa/Nairobi"))
MONDAY = date(2026, 11, 23)
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def all_windows(draw: st.DrawFn) -> Window:
    opens, closes = sorted(draw(st.tuples(MINUTES, MINUTES)))
    return Window(opens, closes if opens < closes else time(0))


def usual(day: date) -> Window:
    return USUAL


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["22:00-06:00", "09:00-09:00", "20:00-09:00"])
def test_a_window_that_passes_midnight_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"must close later on the same day than it opens, or at 00:00, not {text}"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["", "9-20", "09:00", "09:00-24:00", "09:00 to 20:00", "09:00-20:00-21:00", "٠٩:٠٠-٢٠:٠٠"]
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hour must be|is no window"):
        parse(text)


@given(all_windows())
def test_a_window_is_read_as_it_is_printed(window: Window) -> None:
    assert parse(str(window)) == window


@pytest.mark.parametrize(
    ("at", "inside"), [("08:59", False), ("09:00", True), ("19:59", True), ("20:00", False), ("00:00", False)]
)
def test_a_window_is_open_from_its_first_minute_until_before_its_last(at: str, inside: bool) -> None:
    assert USUAL.holds(time.fromisoformat(at)) is inside


def test_midnight_closes_at_the_end_of_the_day() -> None:
    evening = parse("18:00-00:00")
    assert evening.holds(time(23, 59))
    assert not evening.holds(time(0))
    assert all(WHOLE_DAY.holds(at) for at in (time(0), time(12), time.max))


@given(st.lists(all_windows(), max_size=4), MINUTES)
def test_an_overlap_is_open_when_all_are(windows: list[Window], at: time) -> None:
    common = overlap(*windows)
    assert bool(common and common.holds(at)) == all(window.holds(at) for window in windows)
    assert overlap(*windows, None) is None


@given(all_windows(), MINUTES)
def test_the_nearest_time_is_always_inside(window: Window, at: time) -> None:
    assert window.holds(window.nearest(at))
    assert not window.holds(at) or window.nearest(at) == at


@pytest.mark.parametrize(
    ("own", "country", "day", "expected"),
    [
        (None, "KE", MONDAY, "09:00-20:00"),
        (None, "", MONDAY, "09:00-20:00"),
        ("06:00-23:00", "KE", MONDAY, "06:00-23:00"),  # their own wish, where no law stands against it
        (None, "IN", MONDAY, "10:00-20:00"),
        ("06:00-00:00", "IN", MONDAY, "10:00-21:00"),
        (None, "US", MONDAY, "09:00-18:00"),  # Rhode Island
        (None, "US", date(2026, 11, 28), "10:00-17:00"),
        (None, "US", date(2026, 11, 29), "12:00-17:00"),  # Texas and Rhode Island
        ("17:00-21:00", "US", MONDAY, "17:00-18:00"),
        ("18:00-21:00", "US", MONDAY, "None"),  # nothing is left
        ("06:00-08:00", "US", MONDAY, "None"),
    ],
)
def test_the_law_as_shipped_narrows_peoples_own_hours(own: str | None, country: str, day: date, expected: str) -> None:
    law = load(HOME / "flows" / "quiet_hours.yaml")
    assert str(allowed(parse(own) if own else None, law, country)(day)) == expected


FILE = """
FR:
  - where: France
    hours:
      monday-friday: 10:00-20:00
      saturday: 08:00-22:00
      sunday: none
    source: a law
    checked: 2026-11-23
  - where: some place
    hours: {monday-sunday: 09:00-13:00}
    source: another law
    checked: 2026-11-23
"""


def test_all_rules_of_a_country_hold_at_once(tmp_path: Path) -> None:
    (tmp_path / "quiet_hours.yaml").write_text(FILE)
    law = load(tmp_path / "quiet_hours.yaml")
    assert [str(window) for window in law.countries["FR"]] == ["10:00-13:00"] * 5 + ["09:00-13:00", "None"]
    assert law.on("KE", MONDAY) == WHOLE_DAY


@pytest.mark.parametrize(
    ("old", "new", "entry"),
    [
        (FILE, "", "no countries"),
        (FILE, "[FR]", "no countries"),
        (FILE, "{", "while parsing"),
        ("FR:", "France:", "France: this is no country"),
        ("FR:", "fr:", "fr: this is no country"),
        (FILE, "FR: 09:00-20:00", "FR: this is no country"),
        (FILE, "FR: []", "FR: this is no country"),
        (FILE, "FR: [sunday]", "FR: 'sunday' has not just"),
        ("    source: a law\n", "", "FR: .* has not just checked, hours, source, where"),
        ("    source: a law\n", "    source:\n", "FR: it must say where it holds, and its source"),
        ("    source: a law\n", "    source: a law\n    note: new\n", "FR: .* has not just"),
        ("2026-11-23", "never", "FR: .*never"),
        ("2026-11-23", "[2026-11-23]", "FR: "),
        ("      sunday: none\n", "", "FR: not every weekday is named once"),
        ("saturday: 08", "friday-saturday: 08", "FR: not every weekday is named once"),
        ("monday-friday", "friday-monday", "FR: not every weekday is named once"),
        ("sunday:", "day of rest:", "FR: 'day of rest' is no weekday"),
        ("08:00-22:00", "22:00-08:00", "FR: .*22:00-08:00"),
        ("08:00-22:00", "8-22", "FR: '8-22' is no window"),
        ("08:00-22:00", "[8, 22]", "FR: "),
        ("      sunday: none\n", "      sunday: none\n      sunday: none\n", "duplicate"),
    ],
)
def test_a_mistake_in_the_file_says_what_to_write(tmp_path: Path, old: str, new: str, entry: str) -> None:
    (tmp_path / "quiet_hours.yaml").write_text(FILE.replace(old, new, 1))
    with pytest.raises(BadQuietHours, match=rf"(?s)quiet_hours\.yaml: .*{entry}.*write countries"):
        load(tmp_path / "quiet_hours.yaml")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadQuietHours, match="write countries"):
        load(tmp_path / "quiet_hours.yaml")


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-23 13:59", True),  # 08:59 in New York
        ("2026-11-23 14:00", True),  # 06:00 in Los Angeles
        ("2026-11-23 17:00", False),
        ("2026-11-24 00:59", False),
        ("2026-11-24 01:00", True),  # 20:00 in New York
    ],
)
def test_it_is_quiet_when_it_is_so_in_any_zone_where_the_phone_may_be(moment: str, quiet: bool) -> None:
    assert is_quiet(utc(moment), [NEW_YORK, LOS_ANGELES], usual) is quiet


def test_a_phone_whose_zone_nobody_knows_is_never_disturbed() -> None:
    assert is_quiet(utc("2026-11-23 12:00"), [], usual)
    assert next_open(utc("2026-11-23 12:00"), [], usual) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 10:00", "2026-11-23 17:00"),
        ("2026-11-23 17:00", "2026-11-23 17:00"),
        ("2026-11-24 00:59", "2026-11-24 00:59"),
        ("2026-11-24 01:00", "2026-11-24 17:00"),
    ],
)
def test_the_next_opening_is_one_in_all_zones(moment: str, expected: str) -> None:
    assert next_open(utc(moment), [NEW_YORK, LOS_ANGELES], usual) == utc(expected)


def test_zones_that_never_wake_together_have_no_opening() -> None:
    assert next_open(utc("2026-11-23 12:00"), [NAIROBI, ZoneInfo("Pacific/Honolulu")], usual) is None
    assert next_open(utc("2026-11-23 12:00"), [NAIROBI], lambda day: None) is None


ZONES = st.lists(st.sampled_from(["America/New_York", "Europe/Lisbon", "Africa/Nairobi", "Asia/Kolkata"]), min_size=1)


@given(st.datetimes(datetime(2027, 3, 10), datetime(2027, 4, 1)), ZONES, all_windows(), st.sets(st.integers(0, 6)))
@example(datetime(2027, 3, 14), ["America/New_York"], Window(time(2), time(3)), set())
def test_until_the_next_opening_it_is_quiet_and_then_no_more(moment, names, window, closed) -> None:
    zones, moment = [ZoneInfo(name) for name in names], moment.replace(tzinfo=UTC)

    def windows(day: date) -> Window | None:
        return None if day.weekday() in closed else window

    opening = next_open(moment, zones, windows)
    assert opening is None or not is_quiet(opening, zones, windows)
    until = opening or moment + timedelta(days=7)
    while moment < until:
        assert is_quiet(moment, zones, windows)
        moment += timedelta(minutes=59)


def test_a_window_that_clocks_leap_over_opens_when_they_have_leapt() -> None:
    leap = date(2027, 3, 14)
    assert reached(datetime(2027, 3, 14, 2, 20), NEW_YORK) == utc("2027-03-14 07:00")
    assert bounds(parse("02:20-03:10"), leap, NEW_YORK) == (utc("2027-03-14 07:00"), utc("2027-03-14 07:10"))
    assert bounds(parse("02:00-03:00"), leap, NEW_YORK) is None
    assert bounds(WHOLE_DAY, leap, NEW_YORK) == (utc("2027-03-14 05:00"), utc("2027-03-15 04:00"))
    assert bounds(WHOLE_DAY, date(2011, 12, 30), ZoneInfo("Pacific/Apia")) is None


def test_a_law_without_countries_forbids_nothing() -> None:
    assert allowed(None, Law({}), "US")(MONDAY) == USUAL
