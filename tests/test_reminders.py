"""Reminders by text: set by keypad and by text, moved, put off, paused, ended; and when none may come."""

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import (
    CHECKIN,
    EVENING,
    EXERCISE,
    HELLO,
    KNOCK,
    MORNING,
    at,
    by_keypad,
    by_text,
    days_from,
    knocks,
    meets,
    passes,
    states,
)

from ivr.models import Contact, Outgoing, Schedule
from ivr.people import consents
from ivr.people.contacts import Party
from workers import duties

SENT = ("delivered", "")
NEW_YORKER = "+12125550123"
FROM_MONDAY = {  # of nine days from Monday on, those on which a reminder comes
    "daily": "23 24 25 26 27 28 29 30 01",
    "weekdays": "23 24 25 26 27 30 01",
    "weekly": "23 30",
    "monthly": "23",
    "seven": "23 24 25 26 27 28 29",
    "once": "23",
}
MOVED_ON_TUESDAY = {
    "daily": "24 25 26 27 28 29 30 01 02",
    "weekdays": "24 25 26 27 30 01 02",
    "weekly": "30",
    "monthly": "",
    "seven": "24 25 26 27 28",  # two of them have come
    "once": "23",
}


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    """On one database only: what is tried in many ways."""
    with a_reaching_line(sqlite_url) as line:
        yield line


def came(line: Line, hour: str, first: str = "2026-11-23", many: int = 9) -> str:
    """On which of these days one reminder came at that hour."""
    counts = {day[-2:]: passes(line, day, hour) for day in days_from(first, many)}
    assert set(counts.values()) <= {0, 1}
    return " ".join(day for day, count in counts.items() if count)


@pytest.mark.parametrize("days", FROM_MONDAY)
def test_set_by_text_it_comes_once_on_each_of_its_days(line: Line, days: str) -> None:
    meets(line)
    assert "Monday" in by_text(line, days)
    assert came(line, "12:30") == FROM_MONDAY[days]
    assert set(states(line)) == {SENT}


@pytest.mark.parametrize("days", FROM_MONDAY)
def test_set_by_keypad_it_comes_once_on_each_of_its_days(quick: Line, days: str) -> None:
    assert "Monday" in by_keypad(quick, days)
    assert came(quick, "12:30") == FROM_MONDAY[days]


def test_once_a_month_is_the_same_day_of_the_next(line: Line) -> None:
    meets(line)
    by_text(line, "monthly")
    assert came(line, "12:30", many=2) == "23"
    assert came(line, "12:30", "2026-12-22", 3) == "23"


def test_only_once_at_an_hour_that_is_over_today_is_tomorrow(line: Line) -> None:
    meets(line)
    assert "Tuesday" in by_text(line, "once", MORNING)
    assert came(line, "09:00") == "24"


def test_its_words_tell_nobody_whose_line_it_is_or_what_it_is_for(quick: Line) -> None:
    meets(quick)
    by_text(quick, what=CHECKIN)
    quick.texts("2")  # nobody need call when it is not answered
    assert passes(quick, "2026-11-23", "12:30") == 1
    (body,) = knocks(quick)
    assert "STOP" in body
    assert not any(word in body for word in ("Warmline", "counselor", "feel", "sleep", "mood"))


@pytest.mark.parametrize(("said", "comes"), [("7", "19:00"), ("19:45", "19:45"), ("9 am", "09:00")])
def test_an_hour_inside_nine_to_twenty_is_taken_as_it_is(quick: Line, said: str, comes: str) -> None:
    meets(quick)
    assert "All right" in by_text(quick, when=said)
    assert passes(quick, "2026-11-24", "00:00") == 0
    assert passes(quick, "2026-11-25", comes) == 1


@pytest.mark.parametrize("hour", ["06:30", "08:15", "20:00", "21:30", "23:59"])
def test_an_hour_outside_is_asked_about_and_holds_when_it_is_wanted_all_the_same(quick: Line, hour: str) -> None:
    meets(quick)
    assert "all the same?" in by_text(quick, when=hour)
    assert quick.rows(Schedule) == []
    quick.texts("1")
    assert passes(quick, "2026-11-24", "00:00") <= 1  # today's, where its hour is to come
    assert passes(quick, "2026-11-25", hour) == 1


def test_who_does_not_want_it_outside_is_asked_for_another_time(quick: Line) -> None:
    meets(quick)
    by_text(quick, when="21:30")
    assert "At what time of day?" in quick.texts("2")[0]
    quick.texts(EVENING)
    assert came(quick, "18:30", many=1) == "23"


@pytest.mark.parametrize(("said", "comes"), [("06:30", "09:00"), ("21:00", "19:30"), ("23:59", "19:30")])
def test_an_hour_outside_for_tomorrow_is_moved_inside(quick: Line, said: str, comes: str) -> None:
    meets(quick)
    quick.texts(f"tomorrow {said}")
    assert came(quick, comes, many=3) == "24"


def test_a_time_is_typed_on_the_keypad(quick: Line) -> None:
    assert "Monday" in by_keypad(quick, when="1445")
    assert came(quick, "14:45", many=2) == "23 24"


def test_it_goes_by_the_clock_of_where_the_person_is(line: Line) -> None:
    meets(line, NEW_YORKER)
    by_text(line, when=MORNING, number=NEW_YORKER)
    assert passes(line, "2026-11-24", "09:00", number=NEW_YORKER) == 0  # in Nairobi
    assert passes(line, "2026-11-24", "09:00", "America/New_York", NEW_YORKER) == 1
    assert [contact.zone for contact in line.rows(Contact)] == ["America/New_York"]


def test_the_law_of_their_country_narrows_the_hours(quick: Line) -> None:
    meets(quick, NEW_YORKER)
    by_text(quick, when=EVENING, number=NEW_YORKER)
    assert passes(quick, "2026-11-24", "17:30", "America/New_York", NEW_YORKER) == 1  # Rhode Island ends at 18


def test_a_second_setting_replaces_the_first(line: Line) -> None:
    meets(line)
    by_text(line)
    line.texts("reminders")
    for key in ("4", HELLO, "1", "2"):  # one more: a hello, by text, on weekdays
        line.texts(key)
    line.texts(EVENING)
    assert came(line, "12:30") == ""
    assert [row.ended_at is None for row in line.rows(Schedule)].count(True) == 1


def test_one_more_of_another_kind_comes_beside_the_first(line: Line) -> None:
    meets(line)
    by_text(line, what=EXERCISE)
    line.texts("reminders")
    for key in ("4", HELLO, "1", "1", EVENING):
        line.texts(key)
    assert came(line, "12:30", many=1) == came(line, "18:30", many=1) == "23"


@pytest.mark.parametrize("days", FROM_MONDAY)
def test_it_is_moved_to_another_time_and_keeps_its_days(quick: Line, days: str) -> None:
    meets(quick)
    by_text(quick, days)
    at(quick, "2026-11-23", "11:00")
    if days != "once":
        came(quick, "12:30", many=2)
    quick.texts("reminders")
    for key in ("1", EVENING):
        quick.texts(key)
    assert came(quick, "18:30", "2026-11-23" if days == "once" else "2026-11-24") == MOVED_ON_TUESDAY[days]


@pytest.mark.parametrize("word", ["pause", "reminders"])
def test_a_pause_of_a_week(line: Line, word: str) -> None:
    meets(line)
    by_text(line)
    assert came(line, "12:30", many=2) == "23 24"
    line.texts(word)
    if word == "reminders":
        line.texts("2")
    assert came(line, "12:30", "2026-11-25", 9) == "02 03"


def test_a_pause_takes_back_what_is_in_the_outbox_already(line: Line) -> None:
    meets(line)
    by_text(line)
    at(line, "2026-11-23", "12:30")
    duties.come_due(line.workers)
    line.texts("pause")
    line.ticks()
    assert knocks(line) == []
    assert states(line) == [("cancelled", "paused")]


def test_what_falls_into_the_pause_and_never_comes_again_is_over(line: Line) -> None:
    meets(line)
    by_text(line, "once")
    line.texts("pause")
    assert "What should it be?" in line.texts("reminders")[0]
    assert came(line, "12:30") == ""


def test_nothing_is_paused_where_nothing_is_set(quick: Line) -> None:
    meets(quick)
    assert quick.texts("pause") == ["You have no reminders now."]


@pytest.mark.parametrize("word", ["2", "later", "In an hour", "not now"])
def test_it_is_put_off_for_an_hour(quick: Line, word: str) -> None:
    meets(quick)
    by_text(quick, "once")
    assert passes(quick, "2026-11-23", "12:30") == 1
    assert quick.texts(word) == ["All right. In an hour."]
    assert passes(quick, "2026-11-23", "13:20") == 0
    assert passes(quick, "2026-11-23", "13:31") == 1
    assert "Just a hello" in quick.texts("1")[0]


def test_put_off_twice_within_the_hour_it_comes_once(line: Line) -> None:
    meets(line)
    by_text(line)
    assert passes(line, "2026-11-23", "12:50") == 1
    line.texts("later")
    at(line, "2026-11-23", "13:05")
    line.texts("later")
    assert passes(line, "2026-11-23", "14:06") == 1
    line.texts("later")
    assert passes(line, "2026-11-23", "15:07") == 1  # and once more, for who puts it off again


def test_it_is_not_put_off_into_the_night(line: Line) -> None:
    meets(line)
    by_text(line, when=EVENING)
    assert passes(line, "2026-11-23", "18:30") == 1
    at(line, "2026-11-23", "19:05")
    assert "too late in the day" in line.texts("later")[0]
    assert passes(line, "2026-11-23", "20:06") == 0


def test_nothing_is_put_off_where_nothing_came(quick: Line) -> None:
    meets(quick)
    assert "nothing to put off" in quick.texts("later")[0]


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        (("tomorrow 7",), "19:00"),
        (("tomorrow 19:30",), "19:30"),
        (("tmrw 9 am",), "09:00"),
        (("tomorrow", "10"), "10:00"),
    ],
)
def test_tomorrow_at_a_time_is_once(quick: Line, words: tuple[str, ...], hour: str) -> None:
    meets(quick)
    last = [quick.texts(word) for word in words][-1]
    assert "Tuesday" in last[0]
    assert came(quick, hour, many=4) == "24"


def test_tomorrow_does_not_replace_what_comes_every_day(line: Line) -> None:
    meets(line)
    by_text(line)
    line.texts("tomorrow 15:00")
    assert came(line, "12:30", many=1) == "23"
    assert came(line, "15:00", "2026-11-24", 1) == "24"
    assert came(line, "12:30", "2026-11-25", 1) == "25"


def test_no_more_reminders(line: Line) -> None:
    meets(line)
    by_text(line)
    assert came(line, "12:30", many=1) == "23"
    line.texts("later")
    line.texts("reminders")
    assert "No more reminders" in line.texts("3")[0]
    assert passes(line, "2026-11-23", "13:31") == 0  # nor what was put off
    assert came(line, "12:30", "2026-11-24", 3) == ""


def test_one_person_ends_none_of_another(line: Line) -> None:
    for number in (ASHA, BARAKA):
        meets(line, number)
        by_text(line, number=number)
    line.texts("reminders")
    line.texts("3")
    assert passes(line, "2026-11-23", "12:30", number=BARAKA) == 1
    assert knocks(line) == []


def test_nothing_comes_after_stop_until_start(line: Line) -> None:
    meets(line)
    by_text(line)
    line.texts("remove")  # a word of ours, which the carrier does not know
    assert passes(line, "2026-11-23", "12:30") == 0
    assert states(line) == [("suppressed", "stopped")]
    line.texts("unstop")
    assert passes(line, "2026-11-24", "12:30") == 1


def test_stop_counts_for_what_is_in_the_outbox_already(line: Line) -> None:
    meets(line)
    by_text(line)
    at(line, "2026-11-23", "12:30")
    duties.come_due(line.workers)
    line.texts("ACHA")
    line.ticks()
    assert knocks(line) == []
    assert states(line) == [("suppressed", "stopped")]


def test_nothing_comes_once_consent_is_withdrawn(line: Line) -> None:
    meets(line)
    by_text(line)
    (asha,) = line.rows(Contact)
    party = Party("sms", "+254700000100", "en", asha.number_id, asha.id)
    with line.runtime.database.transaction() as tx:
        consents.agree(tx, party, "reminders", False, "", line.clock.now())
    assert passes(line, "2026-11-23", "12:30") == 0
    assert states(line) == [("suppressed", "no consent")]


def test_no_more_than_the_daily_cap(database_url: str) -> None:
    with a_reaching_line(database_url, DAILY_CAP="1") as line:
        meets(line)
        by_text(line, what=EXERCISE)
        line.texts("tomorrow 13:00")
        assert passes(line, "2026-11-24", "12:29") == 0
        assert passes(line, "2026-11-24", "12:30") == 1
        assert passes(line, "2026-11-24", "13:00") == 0
        assert states(line)[-1] == ("suppressed", "daily cap")
        assert passes(line, "2026-11-25", "12:31") == 1


@pytest.mark.parametrize(("hour", "count", "state"), [("14:29", 1, SENT), ("14:30", 0, ("missed", "late"))])
def test_more_than_two_hours_late_is_missed(line: Line, hour: str, count: int, state: tuple[str, str]) -> None:
    meets(line)
    by_text(line)
    assert passes(line, "2026-11-23", hour) == count
    assert states(line) == [state]


def test_quiet_hours_hold_even_for_what_was_due_before(line: Line) -> None:
    meets(line)
    by_text(line, when="19:30")
    assert passes(line, "2026-11-23", "20:05") == 0
    assert states(line) == [("missed", "quiet hours")]


def test_after_an_outage_of_days_nothing_bursts(line: Line) -> None:
    meets(line)
    by_text(line)
    assert passes(line, "2026-11-27", "18:00") == 0
    assert states(line) == [("missed", "late")]
    assert came(line, "12:30", "2026-11-28", 2) == "28 29"
    assert len(line.rows(Outgoing)) == 3


def test_after_an_outage_that_ends_at_its_hour_the_newest_comes(line: Line) -> None:
    meets(line)
    by_text(line)
    assert passes(line, "2026-11-27", "12:45") == 1
    assert states(line) == [("missed", "late"), SENT]


def test_its_language_is_that_of_the_hour_at_which_it_goes_out(line: Line) -> None:
    meets(line)
    by_text(line)
    line.texts("settings")
    line.texts("1")
    line.texts("Kiswahili")
    at(line, "2026-11-23", "12:30")
    line.ticks()
    last = line.carrier.inbox(ASHA)[-1].body
    assert KNOCK not in last
    assert "1 = Kuendelea" in last
