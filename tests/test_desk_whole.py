"""The whole way from a wish to a talk and its end: by the page, and by a basic phone alone."""

import re

import pytest
from calling import OTHER, PERSON, PHONE
from desk import somebody_asks
from page import at_the_desk
from people import Line, a_reaching_line
from test_desk_texts import a_phone, desk

from ivr.models import Callback, Note


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


def state(line: Line) -> str:
    (row,) = line.rows(Callback)
    return row.state


def talks(line: Line, word: str = "1") -> None:
    """Both phones are taken, they talk, and the counselor says by a key what becomes of it."""
    line.ticks()
    ours = line.carrier.answer(PHONE).press("1").press("1")
    line.carrier.answer(PERSON).press("1").hang_up()
    ours.press(word)


def test_by_the_page(line: Line) -> None:
    somebody_asks(line, when="now", name="Neighbour")
    page = at_the_desk(line, phone=PHONE)
    page.sends("/next")
    (request,) = line.waiting()
    assert "Call now" in page.page
    assert "Your phone rings." in page.sends(f"/requests/{request.ref}/call", note="She asked for the evening.")
    page.sees(f"/requests/{request.ref}")
    assert "A call is under way" in page.page
    page.sees(f"/requests/{request.ref}")
    assert "is rung already" in page.sends(f"/requests/{request.ref}/call")
    talks(line)
    assert state(line) == "reached"
    assert line.opened(Note, "body") == ["She asked for the evening."]


def test_by_a_basic_phone_alone(line: Line) -> None:
    a_phone(line, phone=PHONE)
    somebody_asks(line, when="now", name="Neighbour")
    ref = line.waiting()[0].ref
    assert f"{ref} is yours" in desk(line, "2580 next", PHONE)
    assert desk(line, "call", PHONE) == "Your phone rings. Take it and press 1."
    talks(line, "3")
    assert state(line) == "requested"
    line.later(hours=1)
    assert f"{ref} is yours" in desk(line, "next", PHONE)
    assert desk(line, f"done {ref} A long talk.", PHONE) == f"{ref} is closed. The note is kept."


@pytest.mark.parametrize("way", ["page", "phone"])
def test_outside_of_safe_hours_a_reason_is_asked_for(line: Line, way: str) -> None:
    somebody_asks(line, when="evening")
    ref = line.waiting()[0].ref
    if way == "page":
        page = at_the_desk(line, phone=PHONE)
        page.sends(f"/take/{ref}")
        assert "say why below" in page.sends(f"/requests/{ref}/call")
        assert not line.carrier.ringing(PHONE)
        page.sees(f"/requests/{ref}?said=too_early")
        page.sends(f"/requests/{ref}/call", reason="Her sister asked.")
    else:
        a_phone(line, phone=PHONE)
        desk(line, f"2580 take {ref}", PHONE)
        assert desk(line, "call", PHONE).startswith("Not safe to ring before 17:00")
        assert desk(line, f"call {ref} Her sister asked.", PHONE).startswith("Your phone rings")
    line.ticks()
    assert line.carrier.ringing(PHONE)
    assert line.opened(Note, "body") == ["Her sister asked."]


def test_who_has_no_phone_is_offered_no_call(line: Line) -> None:
    somebody_asks(line, when="now")
    page = at_the_desk(line)
    page.sends("/next")
    assert "Call now" not in page.page
    (request,) = line.waiting()
    assert "no phone of yours" in page.sends(f"/requests/{request.ref}/call")


def test_nobody_calls_for_what_another_has(line: Line) -> None:
    somebody_asks(line, when="now")
    at_the_desk(line, phone=PHONE).sends("/next")
    (request,) = line.waiting()
    other = at_the_desk(line, "second", phone=OTHER)
    other.sees("/own")
    other.sends(f"/requests/{request.ref}/call")
    assert "not yours any more" in other.page
    assert not re.search(r"Your phone rings", other.page)
    line.ticks()
    assert not line.carrier.ringing(OTHER)
