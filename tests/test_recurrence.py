"""When schedules fall due, in the zones of the world, held to a clock that is read every half hour.

`make test` takes one zone of each kind (those whose clocks show the same all the while); `FAULTS=1 pytest
tests/test_recurrence.py` takes every zone of the IANA list, in one minute or two.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.outreach.recurrence import Due, Rule, frozen, moment, next_after, next_due, thawed
from ivr.people.windows import USUAL, WHOLE_DAY, Window, Windows

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
TIMES = [time(0), time(0, 30), time(1, 30), time(2, 30), time(3), time(9), time(23, 30)]
DAY, HALF = timedelta(days=1), timedelta(minutes=30)
START = datetime(2025, 12, 30, tzinfo=UTC)
DAYS = [START + DAY * ahead for ahead in range(735)]
FIXED = 6  # of the zones whose clocks never change, so many kinds are enough


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


@cache
def kinds() -> dict[tuple, str]:
    """One zone for each history of its clocks: the first offset, and each change."""
    return {history(ZoneInfo(name)): name for name in sorted(available_timezones(), reverse=True)}


def history(zone: ZoneInfo) -> tuple:
    offsets = [moment.astimezone(zone).utcoffset() for moment in DAYS]
    changes = [day for day, here, there in zip(DAYS, offsets, offsets[1:], strict=False) if here != there]
    halves = [day + HALF * count for day in changes for count in range(49)]
    return offsets[0], *((half, half.astimezone(zone).utcoffset()) for half in halves)


def zones() -> list[str]:
    if os.environ.get("FAULTS"):
        return sorted(available_timezones())
    changing = [name for past, name in kinds().items() if len(past) > 1]
    return sorted(changing) + sorted(set(kinds().values()) - set(changing))[::6][:FIXED]


def first_shown(zone: ZoneInfo) -> dict[datetime, datetime]:
    """The oracle: what a clock on the wall shows at full and half hours, and when it showed it first."""
    shown: dict[datetime, datetime] = {}
    start = START - START.astimezone(zone).utcoffset() % HALF
    for at in (start + half * HALF for half in range(len(DAYS) * 48)):
        shown.setdefault(wall(at, zone), at)
    return shown


def by_the_clock(shown: dict[datetime, datetime], at: datetime) -> datetime:
    """When it showed `at`; where it leapt over it, so long after the last that it showed before as `at` is."""
    last = at
    while last not in shown:
        last -= HALF
    return shown[last] + (at - last)


def series(rule: Rule, zone: ZoneInfo, windows: Windows, after: date | None = None) -> Iterator[Due]:
    while due := next_due(rule, zone, windows, after):
        assert after is None or due.date > after  # or it would never end
        yield due
        after = due.date


def until_last(at: time, zone: ZoneInfo, window: Window) -> Iterator[Due]:
    for due in series(Rule("daily", at, FIRST), zone, lambda day: window):
        if due.date > LAST:
            return
        yield due


@pytest.mark.parametrize("name", zones())
def test_each_local_date_has_one_occurrence_at_its_time(name: str) -> None:
    zone = ZoneInfo(name)
    shown = first_shown(zone)
    dates = sorted({at.date() for at in shown if FIRST <= at.date() <= LAST})
    late = {at.date(): shown[at] for at in sorted(shown)}  # half an hour before the end of each date
    for at in TIMES:
        expected = [(day, by_the_clock(shown, datetime.combine(day, at))) for day in dates]
        # Where clocks leap from 23:00 to the next day, 23:30 would be on it: the occurrence stays in its own.
        expected = [(day, due if wall(due, zone).date() == day else late[day]) for day, due in expected]
        assert list(until_last(at, zone, WHOLE_DAY)) == expected
    for at, moved in ((time(0), time(9)), (time(3), time(9)), (time(9), time(9)), (time(23, 30), time(19, 30))):
        expected = [(day, shown[datetime.combine(day, moved)]) for day in dates]
        assert list(until_last(at, zone, USUAL)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/New_York", "2027-03-14", "02:30", "2027-03-14 07:30"),  # leapt over: 03:30 in summer time
        ("America/New_York", "2027-03-14", "03:00", "2027-03-14 07:00"),
        ("America/New_York", "2027-11-07", "01:30", "2027-11-07 05:30"),  # shown twice: the first
        ("America/New_York", "2027-11-07", "02:00", "2027-11-07 07:00"),
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23 22:00"),  # leapt over midnight: 01:00
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:45"),  # half an hour is leapt over
        ("Africa/Nairobi", "2026-11-23", "09:00", "2026-11-23 06:00"),
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29 19:00"),
        ("Pacific/Apia", "2011-12-30", "09:00", None),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30 19:00"),
        ("Pacific/Kwajalein", "1993-08-21", "09:00", None),
    ],
)
def test_the_moment_is_that_of_rfc_5545(zone: str, day: str, at: str, expected: str | None) -> None:
    found = moment(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert found == (datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None)


def test_a_time_that_is_marked_as_the_second_is_still_the_first() -> None:
    new_york = ZoneInfo("America/New_York")
    assert moment(date(2027, 11, 7), time(1, 30, fold=1), new_york) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_date_that_never_was_has_no_occurrence() -> None:
    dues = series(Rule("daily", time(9), date(2011, 12, 28)), ZoneInfo("Pacific/Apia"), lambda day: USUAL)
    assert [due.date.day for due in islice(dues, 4)] == [28, 29, 31, 1]


def test_a_time_that_clocks_leap_over_into_the_next_date_stays_in_its_own() -> None:
    rule = Rule("once", time(23, 30), date(2026, 3, 28))
    due = next_due(rule, ZoneInfo("America/Nuuk"), lambda day: WHOLE_DAY, None)
    assert due == Due(rule.first, datetime(2026, 3, 29, 0, 30, tzinfo=UTC))  # 22:30, and at 23:00 it is tomorrow


NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("once", time(9), date(2028, 2, 29)), "2028-02-29"),
        (Rule("daily", time(9), date(2027, 12, 30)), "2027-12-30 2027-12-31 2028-01-01 2028-01-02"),
        (Rule("weekdays", time(9), date(2026, 11, 26)), "2026-11-26 2026-11-27 2026-11-30 2026-12-01"),
        (Rule("weekdays", time(9), date(2026, 11, 28)), "2026-11-30 2026-12-01 2026-12-02 2026-12-03"),
        (Rule("weekly", time(9), date(2026, 11, 24)), "2026-11-24 2026-12-01 2026-12-08 2026-12-15"),
        (Rule("weekly", time(9), date(2026, 11, 28), frozenset({0, 6})), "2026-11-29 2026-11-30 2026-12-06 2026-12-07"),
        (Rule("monthly", time(9), date(2027, 1, 31)), "2027-01-31 2027-02-28 2027-03-31 2027-04-30"),
        (Rule("monthly", time(9), date(2027, 12, 1), day=29), "2027-12-29 2028-01-29 2028-02-29 2028-03-29"),
        (Rule("monthly", time(9), date(2026, 12, 5), day=4), "2027-01-04 2027-02-04 2027-03-04 2027-04-04"),
    ],
)  # fmt: skip
def test_rules_fall_on_their_dates(rule: Rule, expected: str) -> None:
    dues = islice(series(rule, NAIROBI, lambda day: USUAL), 4)
    assert " ".join(due.date.isoformat() for due in dues) == expected


@pytest.mark.parametrize(
    ("at", "window", "expected"),
    [
        ("08:59", "09:00-20:00", "09:00"),
        ("09:00", "09:00-20:00", "09:00"),
        ("19:59", "09:00-20:00", "19:59"),
        ("20:00", "09:00-20:00", "19:30"),
        ("23:59", "09:00-20:00", "19:30"),
        ("20:00", "09:00-09:20", "09:00"),
        ("00:10", "00:00-00:05", "00:00"),
        ("23:59", "00:00-00:00", "23:59"),
    ],
)
def test_a_time_outside_the_window_is_moved_to_the_nearest_inside(at: str, window: str, expected: str) -> None:
    opens, closes = map(time.fromisoformat, window.split("-"))
    due = next_due(Rule("once", time.fromisoformat(at), FIRST), NAIROBI, lambda day: Window(opens, closes), None)
    assert due
    assert wall(due.at, NAIROBI) == datetime.combine(FIRST, time.fromisoformat(expected))


def test_days_on_which_nothing_is_allowed_are_skipped() -> None:
    dues = series(Rule("daily", time(9), date(2026, 11, 27)), NAIROBI, lambda day: USUAL if day.weekday() < 5 else None)
    assert [due.date.day for due in islice(dues, 3)] == [27, 30, 1]


@pytest.mark.parametrize("every", ["once", "daily", "weekdays", "weekly", "monthly"])
def test_a_rule_that_never_may_ends(every: str) -> None:
    assert next_due(Rule(every, time(9), FIRST), NAIROBI, lambda day: None, None) is None
    assert next_after(Rule(every, time(9), FIRST), NAIROBI, lambda day: None, START) is None


def test_once_is_never_twice() -> None:
    assert next_due(Rule("once", time(9), FIRST), NAIROBI, lambda day: USUAL, FIRST) is None


DAILY = Rule("daily", time(9), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("now", "after", "expected"),
    [
        ("2026-11-15 10:30", date(2026, 11, 10), "2026-11-15"),  # five days without power: today's, late
        ("2026-11-15 11:00", date(2026, 11, 10), "2026-11-15"),
        ("2026-11-15 11:01", date(2026, 11, 10), "2026-11-16"),  # today's is too late as well
        ("2026-11-15 10:30", date(2026, 11, 15), "2026-11-16"),  # today's was sent before the power went
        ("2026-11-15 10:30", date(2026, 12, 1), "2026-12-02"),  # the clock was wrong, and goes back
        ("2026-11-15 10:30", None, "2026-11-15"),
        ("2026-10-01 10:30", None, "2026-11-01"),
    ],
)
def test_after_an_outage_only_the_newest_is_due(now: str, after: date | None, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=NAIROBI)
    due = next_after(DAILY, NAIROBI, lambda day: USUAL, moment, after)
    assert due
    assert due.date.isoformat() == expected


def test_an_outage_of_years_is_not_gone_through_day_by_day() -> None:
    asked: list[date] = []
    now = datetime(2036, 11, 15, 7, tzinfo=UTC)
    due = next_after(DAILY, NAIROBI, lambda day: asked.append(day) or USUAL, now, date(2026, 11, 10))
    assert (due and due.date, len(asked)) == (now.date(), 1)


def test_what_was_due_once_and_long_ago_is_missed() -> None:
    once = Rule("once", time(9), date(2026, 11, 10))
    assert next_after(once, NAIROBI, lambda day: USUAL, datetime(2026, 11, 15, tzinfo=UTC)) is None


ZONES = st.sampled_from(sorted(kinds().values())).map(ZoneInfo)
DATES = st.dates(FIRST, LAST)
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
RULES = st.builds(
    Rule,
    st.sampled_from(["once", "daily", "weekdays", "weekly", "monthly"]),
    MINUTES,
    DATES,
    st.frozensets(st.integers(0, 6)),
    st.integers(0, 31),
)


@st.composite
def all_windows(draw: st.DrawFn) -> Window:
    opens, closes = sorted(draw(st.tuples(MINUTES, MINUTES)))
    return Window(opens, closes if opens < closes else time(0))


@given(RULES, ZONES, all_windows(), MINUTES, st.integers(0, 60))
def test_occurrences_are_in_order_and_inside_their_windows(rule, zone, window, now, ahead) -> None:
    after = rule.first
    for due in islice(series(rule, zone, lambda day: window), 5):
        shown = wall(due.at, zone)
        assert (shown.date(), window.holds(shown.time())) == (due.date, True)
        assert due.date > after or after == rule.first <= due.date
        after = due.date
    moment = datetime.combine(rule.first + DAY * ahead, now, UTC)
    due = next_after(rule, zone, lambda day: window, moment)
    every = islice(series(rule, zone, lambda day: window), 70)
    assert due == next((each for each in every if each.at >= moment - timedelta(hours=2)), None)


LEAP = date(2027, 3, 14)


@given(all_windows(), MINUTES)
@example(Window(time(2), time(3)), time(2, 30))  # which is not there that night
@example(Window(time(2, 15), time(3, 1)), time(2, 30))
@example(Window(time(1), time(2, 30)), time(2, 15))
def test_a_window_that_clocks_leap_over_is_skipped_and_only_such_a_one(window: Window, at: time) -> None:
    zone = ZoneInfo("America/New_York")
    minutes = (datetime(2027, 3, 14, 5, tzinfo=UTC) + timedelta(minutes=count) for count in range(23 * 60))
    due = next_due(Rule("once", at, LEAP), zone, lambda day: window, None)
    assert bool(due) == any(window.holds(wall(minute, zone).time()) for minute in minutes)
    assert not due or window.holds(wall(due.at, zone).time())


@given(RULES)
def test_a_frozen_rule_thaws_as_it_was(rule: Rule) -> None:
    assert thawed(frozen(rule)) == rule


GOOD = {"every": "weekly", "at": "09:30", "first": "2026-11-23", "days": [0, 2], "day": 0}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"every": "yearly"}, "every is one of once, daily"),
        ({"at": "9:30"}, "at is a time"),
        ({"at": "09:30:15"}, "at is a time"),
        ({"at": "09:30+03:00"}, "at is a time"),
        ({"at": None}, "at is a time"),
        ({"first": "2027-02-29"}, "first is a date"),
        ({"days": [7]}, "days has whole numbers from 0 to 6"),
        ({"days": ["monday"]}, "days has whole numbers"),
        ({"days": "0"}, "days is a list"),
        ({"day": 32}, "day has whole numbers from 0 to 31"),
        ({"day": True}, "day has whole numbers"),
        ({"until": "2027-01-01"}, "a rule has every, at, first, days, day, not"),
    ],
)
def test_a_broken_rule_says_what_is_wrong(change: dict[str, object], wrong: str) -> None:
    assert thawed(GOOD) == Rule("weekly", time(9, 30), date(2026, 11, 23), frozenset({0, 2}))
    with pytest.raises(ValueError, match=wrong):
        thawed(GOOD | change)
    with pytest.raises(ValueError, match="a rule has every"):
        thawed({"every": "daily"})


JUNK = st.one_of(st.text(), st.integers(), st.none(), st.lists(st.integers()))


@given(st.fixed_dictionaries({key: st.just(good) | JUNK for key, good in GOOD.items()}))
def test_whatever_is_thawed_is_a_rule_or_a_value_error(data: dict[str, object]) -> None:
    try:
        assert thawed(frozen(thawed(data))) == thawed(data)
    except ValueError as error:
        assert str(error)
