"""Opening hours: open, closed, holiday, and when somebody is there again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.team.hours import BadHours, load

FILE = """
zone: Africa/Nairobi
days:
  monday: 08:00-17:00
  tuesday: 08:00-17:00
  saturday: 09:00-12:30
holidays:
  - 2026-12-26
"""


def hours(tmp_path: Path, text: str = FILE):
    file = tmp_path / "hours.yaml"
    file.write_text(text)
    return load(file)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 04:59", "closed"),  # Monday, 07:59 in Nairobi
        ("2026-11-23 05:00", "open"),
        ("2026-11-23 13:59", "open"),
        ("2026-11-23 14:00", "closed"),
        ("2026-11-25 09:00", "closed"),  # a Wednesday
        ("2026-12-26 07:00", "holiday"),
    ],
)
def test_hours_hold_in_their_own_zone(tmp_path: Path, moment: str, expected: str) -> None:
    assert hours(tmp_path).at(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == expected


def test_the_next_opening_skips_closed_days_and_holidays(tmp_path: Path) -> None:
    opening = hours(tmp_path).next_opening(datetime(2026, 12, 23, 9, tzinfo=UTC))
    assert opening is not None
    assert opening.strftime("%A %H:%M") == "Monday 08:00"


def test_a_desk_that_never_opens_says_so(tmp_path: Path) -> None:
    never = hours(tmp_path, "zone: Africa/Nairobi\ndays:\n  monday: 08:00-09:00\n")._replace(days={})
    assert never.next_opening(datetime(2026, 12, 23, tzinfo=UTC)) is None


@given(moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_the_desk_is_always_open_at_its_next_opening(tmp_path: Path, moment: datetime) -> None:
    shop = hours(tmp_path)
    opening = shop.next_opening(moment.replace(tzinfo=UTC))
    assert opening is not None
    assert shop.at(opening) == "open"
    assert shop.at(opening - timedelta(minutes=1)) != "open"


@pytest.mark.parametrize(
    "text",
    ["", "zone: Mars/Olympus\ndays: {}", "zone: UTC\ndays:\n  moonday: 08:00-17:00", "zone: UTC\ndays:\n  monday: 8-17",
     "zone: UTC\ndays:\n  monday: 17:00-08:00", "zone: UTC\ndays: {}\nholidays: [soon]", "{", "zone: UTC\nzone: UTC"],
)  # fmt: skip
def test_a_mistake_in_the_file_says_what_to_write(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadHours, match=r"(?s)hours\.yaml.*write `zone"):
        hours(tmp_path, text)
