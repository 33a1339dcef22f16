"""A counselor's phone is rung for somebody on the line: one after the other, put through by a key, never a machine."""

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line

from ivr.models import Alert, Bridge

FIRST, SECOND = "+254722000001", "+254722000002"
OURS = "+254700000100"
NOBODY = "Nobody can come to the phone right now"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url, ON_DUTY=f"{FIRST}, {SECOND}:sw") as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url, ON_DUTY=f"{FIRST}, {SECOND}:sw") as line:
        yield line


def asks_for_a_person(line: Line, number: str = ASHA):
    """Rings, and presses 0 at the very first words."""
    return line.rings(number).press("0")


def test_a_counselor_is_rung_asked_and_put_through(line: Line) -> None:
    call = asks_for_a_person(line)
    assert "999" in call.listen().replace(" ", "").replace(",", "")
    other = line.carrier.answer(FIRST)
    assert "Somebody is on the line" in other.listen()
    other.press("1").hang_up(after=60)
    assert "You can call here again" in call.listen()
    assert [(row.taken_at is not None, row.ended_at is not None) for row in line.rows(Bridge)] == [(True, True)]


def test_the_next_one_is_rung_when_the_first_does_not_take_it(line: Line) -> None:
    call = asks_for_a_person(line)
    call.wait()
    other = line.carrier.answer(SECOND)
    assert "Kuna mtu" in other.listen()  # "somebody is there", in Swahili
    other.press("1").hang_up(after=30)
    assert "You can call here again" in call.listen()
    assert len(line.rows(Bridge)) == 2


@pytest.mark.parametrize("how", ["silence", "another key", "a machine"])
def test_only_the_key_puts_through(quick: Line, how: str) -> None:
    call = asks_for_a_person(quick)
    for number in (FIRST, SECOND):
        other = quick.carrier.answer(number)
        other.press("5") if how == "another key" else other.wait()
    assert NOBODY in call.listen()
    assert not any(row.taken_at for row in quick.rows(Bridge))


def test_when_nobody_answers_that_is_said_and_a_request_can_be_left(line: Line) -> None:
    call = asks_for_a_person(line).wait()
    line.carrier.decline(SECOND)
    assert NOBODY in call.listen()
    assert "press one" in call.prompt
    call.press("1")
    assert "When is a good time" in call.prompt


def test_the_number_comes_before_anybody_is_rung(quick: Line) -> None:
    """In danger: the numbers twice, then a counselor, then the truth, then an urgent request."""
    call = asks_for_a_person(quick).wait()
    quick.carrier.decline(SECOND)
    said = call.press("2").listen()  # the numbers to call now
    assert said.count("9, 9, 9") == 2
    assert said.rindex("9, 9, 9") < said.index("I am ringing somebody")
    call.wait()
    quick.carrier.decline(SECOND)
    assert NOBODY in call.listen()
    assert "Shall a counselor call you?" in call.wait().listen()
    assert "urgent" in call.press("1").listen()
    assert [bool(request.urgent_at) for request in quick.waiting()] == [True]
    assert len(quick.rows(Alert)) == 1


def test_whoever_talks_with_somebody_is_not_rung_for_another(quick: Line) -> None:
    asks_for_a_person(quick)
    quick.carrier.answer(FIRST).press("1")
    asks_for_a_person(quick, BARAKA)
    assert quick.carrier.ringing(FIRST) is None
    assert quick.carrier.ringing(SECOND) is not None


def test_a_counselor_who_rings_the_line_is_not_rung_for_themselves(quick: Line) -> None:
    asks_for_a_person(quick, FIRST)
    assert quick.carrier.ringing(FIRST) is None
    assert quick.carrier.ringing(SECOND) is not None


def test_whoever_hangs_up_while_it_rings_is_not_put_through(quick: Line) -> None:
    call = asks_for_a_person(quick)
    other = quick.carrier.answer(FIRST)
    call.hang_up()
    bridge = quick.rows(Bridge)[0].id
    form = [("CallSid", "CA9"), ("From", OURS), ("To", FIRST), ("Digits", "1")]
    assert b"Hangup" in quick.post(f"/twilio/voice/bridge/{bridge}?key", form)
    assert other.ended
    asks_for_a_person(quick, BARAKA)
    assert quick.carrier.ringing(FIRST) is not None  # free again


def test_who_is_cut_off_while_it_rings_may_go_on_and_it_rings_again(quick: Line) -> None:
    call = quick.rings().press("1")
    call.press("0").hang_up()
    quick.later(seconds=30)
    again = quick.rings().press("1")
    assert "cut off" in again.listen()
    again.press("1")
    assert quick.carrier.ringing(FIRST) is not None


def test_talking_with_a_counselor_ends_the_alert(quick: Line) -> None:
    quick.texts("I want to die")
    asks_for_a_person(quick)
    quick.carrier.answer(FIRST).press("1")
    assert [row.next_at for row in quick.rows(Alert)] == [None]


def test_an_unknown_or_doubled_webhook_does_no_harm(quick: Line) -> None:
    form = [("CallSid", "CA9"), ("From", OURS), ("To", FIRST)]
    assert b"Hangup" in quick.post("/twilio/voice/bridge/nothing", form)
    asks_for_a_person(quick)
    bridge = quick.rows(Bridge)[0].id
    asked = {quick.post(f"/twilio/voice/bridge/{bridge}", form) for _ in range(3)}
    assert len(asked) == 1
    taken = {quick.post(f"/twilio/voice/bridge/{bridge}?key", [*form, ("Digits", "1")]) for _ in range(3)}
    assert taken == {b'<?xml version="1.0" encoding="UTF-8"?><Response/>'}


def test_a_carrier_that_puts_through_without_asking_has_answered(quick: Line) -> None:
    """Somleng, and others that know no `url` of a Number."""
    call = [("CallSid", "CA1"), ("From", ASHA), ("To", OURS)]
    quick.post("/twilio/voice", call)
    quick.post("/twilio/voice/en/1", [*call, ("Digits", "0")])
    said = quick.post("/twilio/voice/en/2", [*call, ("DialCallStatus", "completed"), ("DialCallDuration", "60")])
    assert b"You can call here again" in said


def test_neither_sees_the_number_of_the_other(quick: Line) -> None:
    call = [("CallSid", "CA1"), ("From", ASHA), ("To", OURS)]
    quick.post("/twilio/voice", call)
    said = quick.post("/twilio/voice/en/1", [*call, ("Digits", "0")])
    assert f'callerId="{OURS}"'.encode() in said
    assert ASHA.encode() not in said


def test_by_text_nobody_is_rung(quick: Line) -> None:
    assert "Nobody can write to you right now" in quick.texts("0")[0]
    assert quick.rows(Bridge) == []
