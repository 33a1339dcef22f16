"""Phone numbers: as people write them, and callers who withhold theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.phone import WITHHELD, Phone, caller, parse, time_zones


@pytest.mark.parametrize(
    "written", ["0712345678", "0712 345 678", "+254712345678", "(0712) 345-678", "000254712345678"]
)
def test_a_kenyan_number_is_one_number_however_it_is_written(written: str) -> None:
    assert parse(written, "KE") == Phone("+254712345678", "KE")


@pytest.mark.parametrize("written", ["", "12", "hello", "0712-FLOWERS", "+", "9" * 500, "٠٠٠", "\ud800"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert parse(written, "KE") is None


@pytest.mark.parametrize("zeros", ["+10000000000", "+254000000000", "0000000000", "+390000000000", "+2250000000000"])
def test_zeros_alone_are_no_number(zeros: str) -> None:
    assert parse(zeros, "KE") is None
    assert caller(zeros, "KE") is None


@pytest.mark.parametrize("written", ["+390600000000", "+12000000000"])
def test_many_zeros_may_be_a_number(written: str) -> None:
    assert parse(written, "KE")


@pytest.mark.parametrize(
    "sent", [*sorted(WITHHELD), "266696687", "anonymous", "", "Restricted", "Unavailable", "MYBANK", "whatsapp:"]
)
def test_withheld_callers_are_nobody_in_particular(sent: str) -> None:
    assert caller(sent, "KE") is None


def test_the_withheld_number_that_parses_as_lesotho_cannot_be_typed_either() -> None:
    assert parse("+266696687", "KE") is None


def test_a_number_of_the_whole_world_has_no_country() -> None:
    assert parse("+870773111632", "KE") == Phone("+870773111632", "")


def test_an_address_of_another_channel_is_its_number() -> None:
    assert caller("whatsapp:+254712345678", "KE") == Phone("+254712345678", "KE")


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_none(text: str) -> None:
    found = caller(text, "KE")
    assert found is None or found.number.startswith("+")


def test_a_number_tells_its_zones() -> None:
    assert time_zones("+254712345678") == ("Africa/Nairobi",)
