"""Whoever may be in danger stands at the desk under one number, asked for or not, until somebody has looked."""

from itertools import count

import pytest
from calling import PHONE
from desk import somebody_asks
from hypothesis import given
from hypothesis import strategies as st
from page import at_the_desk
from people import Line, a_reaching_line
from test_desk_texts import a_phone, desk, open_phone

from ivr.callbacks import queue
from ivr.models import Alert, Callback, Outgoing
from workers import duties

DANGER = ("I want to die", "quiero morirme", "nataka kujiua")
OTHER = "+254722000008"
STRANGERS = count(20_000)


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


def goes_on(line: Line, minutes: int) -> None:
    """Time passes, and the clock does what is due."""
    line.later(minutes=minutes)
    duties.keep_the_queue(line.runtime)
    line.ticks()


def alerts(line: Line, number: str = PHONE) -> int:
    return sum("may be in danger" in text.body for text in line.carrier.inbox(number))


def holder(line: Line) -> str | None:
    """Who has the first request."""
    with line.runtime.database.transaction() as tx:
        return queue.first(tx, 1)[0].login


def on_duty(line: Line) -> None:
    """A counselor with a basic phone, who is there."""
    open_phone(line, phone=PHONE)
    desk(line, "on", PHONE)


@pytest.mark.parametrize("words", DANGER)
def test_who_writes_of_danger_stands_first_at_the_desk_without_having_asked(line: Line, words: str) -> None:
    somebody_asks(line, 7)
    line.texts(words)
    danger, usual = line.waiting()[0], line.waiting()[1]
    assert (danger.asked, danger.urgent_at is not None, usual.asked) == (0, True, 1)
    assert line.rows(Alert)[0].code == str(danger.ref)


@pytest.mark.parametrize(("words", "language"), list(zip(DANGER, ("en", "es", "sw"), strict=True)))
def test_they_stand_in_line_in_the_language_that_they_wrote(quick: Line, words: str, language: str) -> None:
    quick.texts(words)
    assert [row.language for row in quick.rows(Callback)] == [language]


def test_the_number_of_the_alert_is_that_of_the_request(line: Line) -> None:
    on_duty(line)
    line.texts("I want to die")
    goes_on(line, 0)
    (request,) = line.waiting()
    assert f"OK {request.ref}" in line.carrier.inbox(PHONE)[-1].body
    assert f"You look after {request.ref} now" in desk(line, f"OK {request.ref}", PHONE)
    assert holder(line) == "first"
    card = desk(line, f"card {request.ref}", PHONE)
    assert "May be in danger, did not ask to be rung." in card
    assert "I want to die" in desk(line, f"read {request.ref}", PHONE)
    for _ in range(2):
        goes_on(line, 4)
    assert alerts(line) == 1


@pytest.mark.parametrize("road", ["next", "take {ref}"])
def test_to_take_it_is_to_have_the_alert(line: Line, road: str) -> None:
    on_duty(line)
    line.texts("I want to die")
    goes_on(line, 0)
    desk(line, road.format(ref=line.waiting()[0].ref), PHONE)
    goes_on(line, 6)
    assert alerts(line) == 1 and line.rows(Alert)[0].next_at is None


def test_on_the_page_they_are_seen_taken_and_closed(quick: Line) -> None:
    page = at_the_desk(quick)
    quick.texts("I want to die")
    (request,) = quick.waiting()
    assert "did not ask to be rung" in page.sees("/")
    assert "nobody has them yet: 1" in page.page
    page.sends(f"/take/{request.ref}")
    assert "They did not ask to be rung." in page.page and "I want to die" in page.page
    assert "nobody has them yet" not in page.sees("/")
    page.sends(f"/requests/{request.ref}/close", state="reached")
    assert [row.state for row in quick.rows(Callback)] == ["reached"]


def test_what_somebody_took_and_did_nothing_about_is_told_again(line: Line) -> None:
    on_duty(line)
    line.texts("I want to die")
    goes_on(line, 0)
    desk(line, "next", PHONE)
    goes_on(line, 9)
    assert alerts(line) == 1
    goes_on(line, 2)  # ten minutes without a word: it is back in line
    assert holder(line) is None
    assert alerts(line) == 2


def test_what_is_given_back_is_told_again_at_once(line: Line) -> None:
    on_duty(line)
    line.texts("I want to die")
    goes_on(line, 0)
    desk(line, "next", PHONE)
    desk(line, "back", PHONE)
    goes_on(line, 0)
    assert alerts(line) == 2


@pytest.mark.parametrize(("deed", "minutes"), [("tried", 60), ("later {ref} 30", 30)])
def test_what_is_to_be_tried_again_is_told_when_it_is(line: Line, deed: str, minutes: int) -> None:
    on_duty(line)
    line.texts("I want to die")
    goes_on(line, 0)
    desk(line, "next", PHONE)
    desk(line, deed.format(ref=line.waiting()[0].ref), PHONE)
    goes_on(line, minutes - 1)
    assert alerts(line) == 1
    goes_on(line, 2)
    assert alerts(line) == 2


def test_danger_that_is_said_again_does_not_wait_for_that_hour(quick: Line) -> None:
    on_duty(quick)
    quick.texts("I want to die")
    goes_on(quick, 0)
    desk(quick, "next", PHONE)
    desk(quick, "tried", PHONE)
    goes_on(quick, 20)
    assert alerts(quick) == 1
    quick.texts("I want to die")
    goes_on(quick, 0)
    assert alerts(quick) == 2


def test_after_it_is_closed_danger_is_a_new_request_and_a_new_alert_at_once(quick: Line) -> None:
    on_duty(quick)
    quick.texts("I want to die")
    goes_on(quick, 0)
    desk(quick, "next", PHONE)
    desk(quick, f"done {quick.waiting()[0].ref} we talked", PHONE)
    quick.texts("I want to die")
    goes_on(quick, 0)
    assert (alerts(quick), len(quick.waiting())) == (2, 1)


def test_of_two_who_answer_one_has_it(line: Line) -> None:
    on_duty(line)
    a_phone(line, "second", OTHER)
    line.texts("I want to die")
    goes_on(line, 0)
    code = line.waiting()[0].ref
    assert "You look after" in desk(line, f"ok {code}", PHONE)
    assert "Somebody else looks after" in desk(line, f"ok {code}", OTHER)
    assert "You look after" in desk(line, f"ok {code}", PHONE)
    assert holder(line) == "first"


def test_an_ok_does_not_take_from_whoever_has_it(quick: Line) -> None:
    """The second alert about somebody whom a counselor has: another one's OK ends the alert, not their claim."""
    open_phone(quick, phone=PHONE)
    a_phone(quick, "second", OTHER)
    desk(quick, "on", PHONE)
    quick.texts("I want to die")
    desk(quick, "next", PHONE)
    quick.later(minutes=9)
    desk(quick, f"note {quick.waiting()[0].ref} rings soon", PHONE)
    quick.later(minutes=8)
    quick.texts("I want to die")
    assert "Somebody else looks after" in desk(quick, f"ok {quick.waiting()[0].ref}", OTHER)
    assert holder(quick) == "first"


def test_danger_that_is_said_again_goes_to_whoever_has_the_request(line: Line) -> None:
    on_duty(line)
    open_phone(line, "second", OTHER)
    line.texts("I want to die")
    goes_on(line, 0)
    ref = line.waiting()[0].ref
    desk(line, f"ok {ref}", OTHER)
    for _ in range(2):
        goes_on(line, 8)
        desk(line, f"note {ref} rings soon", OTHER)
    line.texts("nataka kufa")
    goes_on(line, 0)
    assert (alerts(line), alerts(line, OTHER), holder(line)) == (1, 1, "second")
    goes_on(line, 6)
    assert (alerts(line), alerts(line, OTHER)) == (1, 2)


def test_nobody_is_rung_unasked_without_a_reason(quick: Line) -> None:
    on_duty(quick)
    quick.texts("I want to die")
    desk(quick, "next", PHONE)
    ref = quick.waiting()[0].ref
    assert f"call {ref} and why" in desk(quick, "call", PHONE)
    assert not [row for row in quick.rows(Outgoing) if row.kind == "desk_call"]
    assert "Your phone rings" in desk(quick, f"call {ref} she took pills", PHONE)


def test_who_then_asks_for_the_call_asks_for_the_first_time(line: Line) -> None:
    line.texts("I want to die")
    (before,) = line.waiting()
    assert "Those on duty" in (said := " ".join(line.texts("1"))) or "counselor sees it" in said
    (after,) = line.waiting()
    assert (before.ref, before.asked, after.ref, after.asked) == (after.ref, 0, before.ref, 1)


def test_of_a_request_that_they_never_made_they_hear_nothing(line: Line) -> None:
    line.texts("I want to die")
    line.texts("2")  # no call
    assert "When is a good time" in " ".join(line.texts("my call"))  # and not: we have your request
    assert "We have your request" not in " ".join(line.texts("my data"))


def test_who_asks_in_danger_is_told_of_no_hours_but_those_they_named(line: Line) -> None:
    line.texts("I want to die")
    line.texts("1")
    assert "Only" not in " ".join(line.texts("my call"))
    for word in ("2", "4"):  # another time: the evening
        line.texts(word)
    line.texts("1")
    assert "Only" in " ".join(line.texts("my call"))


def test_who_takes_the_call_back_is_looked_after_all_the_same(line: Line) -> None:
    line.texts("I want to die")
    line.texts("1")
    line.texts("my call")
    assert "taken back" in " ".join(line.texts("4"))
    (request,) = line.waiting()
    assert (request.asked, request.urgent_at is not None) == (0, True)
    assert line.rows(Alert)[0].next_at


def test_who_never_asked_is_not_told_that_it_ended(quick: Line) -> None:
    on_duty(quick)
    quick.texts("I want to die")
    quick.texts("2")
    desk(quick, "next", PHONE)
    page = at_the_desk(quick, "chief", "supervisor")
    desk(quick, "back", PHONE)
    ref = quick.waiting()[0].ref
    page.sends(f"/take/{ref}")
    page.sends(f"/requests/{ref}/close", state="not_reached")
    goes_on(quick, 1)
    assert not [row for row in quick.rows(Outgoing) if row.kind == "call_closed"]


def test_a_number_that_answers_a_question_is_no_ok(quick: Line) -> None:
    on_duty(quick)
    quick.texts("I want to die")
    code = str(quick.waiting()[0].ref)
    quick.texts("crisis", PHONE)  # the counselor needs the line themself, and is asked something
    desk(quick, code, PHONE)
    assert quick.rows(Alert)[0].next_at


def test_what_nobody_has_looked_at_does_not_expire(quick: Line) -> None:
    quick.texts("I want to die")
    goes_on(quick, 60 * 24 * 15)
    assert len(quick.waiting()) == 1


def test_who_is_erased_leaves_no_request_and_no_alert(line: Line) -> None:
    line.texts("hello")
    line.texts("1")
    line.texts("I want to die")
    for word in ("erase", "2", "1", "1"):
        line.texts(word)
    assert line.rows(Alert) == [] and line.waiting() == []


def test_the_counselor_hears_by_key_that_they_did_not_ask(quick: Line) -> None:
    a_phone(quick, phone=PHONE)
    quick.texts("I want to die")
    call = quick.rings(PHONE).press("6").press("2580#")
    call.press("1")
    assert "They did not ask to be rung." in call.press("1").listen()


@given(words=st.lists(st.sampled_from([*DANGER, "1", "2", "my call", "4", "stop texting me", "START"]), max_size=8))
def test_whatever_they_answer_somebody_is_to_look(quick: Line, words: list[str]) -> None:
    """Always: from the first word of danger on an urgent request is open, with an alert of its number."""
    number = f"+2547110{next(STRANGERS):05}"
    quick.texts("I want to die", number)
    before = len(quick.waiting())
    for word in words:
        quick.texts(word, number)
    waiting = quick.waiting()
    assert len(waiting) == before and all(each.urgent_at for each in waiting)
    assert {row.code for row in quick.rows(Alert) if row.next_at} == {str(each.ref) for each in waiting}
