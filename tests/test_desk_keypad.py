"""The desk by keypad alone: a counselor rings the line, gives the PIN, and works from that very call."""

import pytest
from calling import PERSON, PHONE
from desk import somebody_asks
from people import ASHA, Line, a_reaching_line
from test_desk import ask
from test_desk_texts import a_phone

from ivr.models import Callback
from simulator.calls import Call

PIN = "2580"
READY = {"en": "To be rung now", "es": "Para llamar ahora", "sw": "Ya kupigiwa sasa"}


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


def at_the_desk(line: Line, pin: str = PIN, phone: str = PHONE) -> Call:
    """They ring, press 6, of which nobody is told, and give a PIN."""
    return line.rings(phone).press("6").press(f"{pin}#")


def states(line: Line) -> list[str]:
    return [each.state for each in line.rows(Callback)]


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_a_whole_round_by_keypad(line: Line, language: str) -> None:
    a_phone(line, phone=PHONE, language=language)
    somebody_asks(line, when="now", name="Amina")
    call = at_the_desk(line)
    assert READY[language] in call.prompt
    call.press("1")
    assert states(line) == ["claimed"]
    card = call.press("1").listen()
    assert "Amina" not in card
    call.press("1")
    line.carrier.answer(PERSON).press("1").hang_up()
    call.press("1")
    assert states(line) == ["reached"]


def test_it_is_closed_put_off_given_back_by_keys(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    somebody_asks(quick, when="now")
    call = at_the_desk(quick)
    for key, state in (("4", "requested"), ("3", "requested")):
        call.press("1").press(key)
        assert states(quick) == [state]
    assert "There is none." in call.press("1").listen()
    quick.later(minutes=31)
    call = at_the_desk(quick)
    call.press("1").press("2")
    assert states(quick) == ["reached"]


def test_what_they_have_waits_for_them(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    somebody_asks(quick, when="now")
    at_the_desk(quick).press("1").hang_up()
    call = at_the_desk(quick)
    assert "Request" in call.press("2").listen()
    call.press("2")
    assert states(quick) == ["reached"]


def test_duty_begins_and_ends_by_keys(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    call = at_the_desk(quick).press("3")
    assert "You are off duty." in call.prompt
    assert "You are on duty until" in call.press("1").listen()
    assert "You are off duty." in call.press("1").listen()


@pytest.mark.parametrize("pin", ["1379", "4711"])
def test_a_wrong_pin_opens_nothing_and_says_as_much_to_everybody(quick: Line, pin: str) -> None:
    a_phone(quick, phone=PHONE)
    somebody_asks(quick, when="now")
    ours, others = at_the_desk(quick, pin=pin), at_the_desk(quick, pin=pin, phone=ASHA)
    assert ours.prompt == others.prompt
    assert "opens nothing" in ours.prompt
    assert states(quick) == ["requested"]


def test_the_pin_of_the_desk_opens_nothing_on_another_phone(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    assert "opens nothing" in at_the_desk(quick, phone=ASHA).prompt


def test_five_wrong_ones_and_the_right_one_opens_nothing(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    for n in range(5):
        at_the_desk(quick, pin=f"91{n}7").hang_up()
    assert "opens nothing" in at_the_desk(quick).prompt
    quick.later(minutes=16)
    assert READY["en"] in at_the_desk(quick).prompt


def test_a_counselor_who_hangs_up_while_it_rings_keeps_the_request_and_no_try_counts(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    somebody_asks(quick, when="now")
    call = at_the_desk(quick).press("1").press("1").press("1")
    assert quick.carrier.ringing(PERSON)
    call.hang_up()
    (row,) = quick.rows(Callback)
    assert (row.state, row.attempts) == ("claimed", 0)


def test_after_a_phone_is_lost_a_call_that_is_under_way_can_do_nothing(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    somebody_asks(quick, when="now")
    call = at_the_desk(quick)
    ask(quick, "counselors", "lost", "first")
    assert "There is none." in call.press("1").listen()
    assert states(quick) == ["requested"]


def test_the_pin_holds_for_half_a_day_on_a_call_too(quick: Line) -> None:
    """A call that broke off can be gone on with: by whoever has the phone then."""
    a_phone(quick, phone=PHONE)
    somebody_asks(quick, when="now")
    call = at_the_desk(quick)
    quick.clock.pass_by(43_200)
    assert "There is none." in call.press("1").listen()
