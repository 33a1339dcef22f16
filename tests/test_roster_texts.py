"""The rest of the desk by text: shifts planned ahead, each way to close a request, the day in counts."""

from datetime import date, time

import pytest
from desk import somebody_asks
from hypothesis import given
from hypothesis import strategies as st
from people import Line, a_line
from test_desk_texts import desk, open_phone, waiting_ref

from ivr.desk.plans import Plan, planned
from ivr.models import Callback, Note, Shift


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
FORMS = st.sampled_from(["{:02}:{:02}", "{}.{:02}", "{}h{:02}"])
CLOCK = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    CLOCK,
    CLOCK,
    st.sampled_from(["{:02}:{:02}", "{}.{:02}", "{}h{:02}"]),
)
def test_each_shift_is_read_as_it_was_written(day: date, begins: time, ends: time, form: str) -> None:
    hours = "-".join(form.format(each.hour, each.minute) for each in (begins, ends))
    assert planned(f"{day.day}/{day.month} {hours}", day) == Plan(day, begins, ends, "")


@given(st.text(max_size=30), DAYS)
def test_no_text_is_planned_in_the_past(text: str, today: date) -> None:
    found = planned(text, today)
    assert found is None or found.day >= today


@pytest.mark.parametrize("text", ["31/2 8-16", "24/13 8-16", "24/11 25-26", "24/11 8-16 9", "tomorrow", "24/11", ""])
def test_what_is_no_shift_plans_nothing(line: Line, text: str) -> None:
    open_phone(line)
    assert desk(line, f"plan {text}")
    assert line.rows(Shift) == []


def test_shifts_by_text(line: Line) -> None:
    open_phone(line)
    assert desk(line, "plan") == "No shift is planned."
    assert desk(line, "plan 24/11 8-16") == "Planned: 24/11 08:00 - 24/11 16:00."
    assert desk(line, "plan 25/11 22:30-6") == "Planned: 25/11 22:30 - 26/11 06:00."
    assert desk(line, "shifts") == "first 24/11 08:00 - 24/11 16:00; first 25/11 22:30 - 26/11 06:00."
    assert desk(line, "plan 23/11 8-9").startswith("Write a day and hours ahead")
    assert desk(line, "plan 24/11 off") == "The shift is off."
    assert desk(line, "plan 24/11 off") == "No shift is planned."
    assert [row.ends_at - row.starts_at for row in line.rows(Shift)] == [27_000_000]


@pytest.mark.parametrize(("word", "state"), [("refused", "cancelled"), ("close", "not_reached"), ("done", "reached")])
def test_each_way_in_which_it_is_over_has_a_word(line: Line, word: str, state: str) -> None:
    open_phone(line)
    somebody_asks(line)
    ref = waiting_ref(line)
    desk(line, "next")
    assert desk(line, f"{word} {ref} what was said") == f"{ref} is closed. The note is kept."
    assert [each.state for each in line.rows(Callback)] == [state]
    assert line.opened(Note, "body") == ["what was said"]


def test_the_day_in_counts(line: Line) -> None:
    open_phone(line)
    for n in range(3):
        somebody_asks(line, n)
    for deed in ("next", "done", "next", "tried", "next"):
        desk(line, deed)
    assert desk(line, "day") == "Since yesterday: taken 3, talked 1, tried in vain 1."
