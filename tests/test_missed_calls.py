"""The door for missed calls: rung, rejected, rung back once; at night it asks first; and texts asking to be called."""

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import at, meets, states

from ivr.models import Contact, OptOut, Outgoing
from simulator.faults import Fault

LINE, DOOR = "+254700000100", "+254700000101"
DOORS = {"SERVICE_NUMBER": f"{LINE}:line:en,{DOOR}:missed-call:en"}
REJECT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>'
BRITISH, TANZANIAN = "+447700900123", "+255712000001"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url, **DOORS) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    """On one database only: what is tried in many ways."""
    with a_reaching_line(sqlite_url, **DOORS) as line:
        yield line


def lets_ring(line: Line, number: str = ASHA, **how: str) -> None:
    """Rings the door, which takes nothing for it."""
    call = line.rings(number, to=DOOR, **how)
    assert call.rejected
    assert call.heard[-1].text == "rejected"


def is_rung(line: Line, number: str = ASHA, **span: float) -> bool:
    """Within five seconds of so much later."""
    line.later(**span)
    for _ in range(5):
        line.later(seconds=1)
        line.ticks()
    return line.carrier.ringing(number) is not None


def rung(line: Line) -> list[str]:
    """Whom the line has rung, from which number of ours."""
    return [f"{entry['from']} {entry['to']}" for entry in line.carrier.ledger if entry["kind"] == "call"]


def asked(line: Line) -> list[str]:
    """The texts that ask whether to call back."""
    return [text.body for text in line.carrier.inbox(ASHA) if "We missed your call" in text.body]


def test_it_rejects_first_and_rings_back_within_seconds_once(line: Line) -> None:
    lets_ring(line)
    assert is_rung(line)
    assert rung(line) == [f"{LINE} {ASHA}"]
    call = line.carrier.answer(ASHA)
    assert "Hello. You hear a recording." in call.listen()
    assert "Warmline" not in call.listen()
    assert "keep your answers" in call.press("1").listen()
    call.hang_up()
    assert not is_rung(line, minutes=20)
    assert states(line) == [("delivered", "")]
    assert asked(line) == []


def test_the_very_first_verb_rejects_whatever_else_happens(quick: Line) -> None:
    form = [("CallSid", "CA1"), ("From", ASHA), ("To", DOOR), ("CallStatus", "ringing")]
    assert [quick.post("/twilio/voice", form) for _ in range(3)] == [REJECT] * 3
    quick.runtime.database.close()
    assert is_rung(quick)
    assert len(quick.rows(Outgoing)) == 1  # one call, though it was told three times


def test_it_rejects_though_nothing_can_be_noted(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_reaching_line(sqlite_url, **DOORS) as line:
        monkeypatch.setattr("ivr.outreach.ring_backs.request", lambda *_: 1 / 0)
        lets_ring(line)
        assert not is_rung(line)


def test_rung_twice_within_a_quarter_of_an_hour_it_rings_back_once(line: Line) -> None:
    lets_ring(line)
    lets_ring(line)
    assert is_rung(line)
    line.carrier.decline(ASHA)
    line.later(minutes=14)
    lets_ring(line)
    assert not is_rung(line)
    line.later(minutes=2)
    lets_ring(line)
    assert is_rung(line)
    assert len(rung(line)) == 2


def test_a_call_back_that_nobody_takes_is_not_tried_again(quick: Line) -> None:
    lets_ring(quick)
    assert is_rung(quick)
    quick.carrier.ring_out(ASHA)
    assert not is_rung(quick, minutes=31)


def test_it_rings_back_only_so_often_a_day(database_url: str) -> None:
    with a_reaching_line(database_url, RING_BACKS_A_DAY="2", **DOORS) as line:
        for comes in (True, True, False):
            lets_ring(line)
            assert is_rung(line) == comes
            if comes:
                line.carrier.decline(ASHA)
            line.later(minutes=20)
        lets_ring(line, BARAKA)
        assert is_rung(line, BARAKA)
        line.later(days=1)
        lets_ring(line)
        assert is_rung(line)


def test_only_numbers_of_allowed_countries_are_rung(quick: Line) -> None:
    for number in (BRITISH, TANZANIAN):
        lets_ring(quick, number)
        assert not is_rung(quick, number)
    assert quick.rows(Outgoing) == []


def test_which_countries_is_a_setting(sqlite_url: str) -> None:
    with a_reaching_line(sqlite_url, RING_BACK_COUNTRIES="KE, TZ", **DOORS) as line:
        lets_ring(line, TANZANIAN)
        assert is_rung(line, TANZANIAN)
        lets_ring(line, BRITISH)
        assert not is_rung(line, BRITISH)


def test_a_number_that_wants_no_calls_is_not_rung(line: Line) -> None:
    line.carrier.faults.order([Fault("21610", to=ASHA, times=1)])
    lets_ring(line)
    assert not is_rung(line)
    assert [(row.channel, row.source) for row in line.rows(OptOut)] == [("voice", "carrier")]
    line.later(hours=1)
    lets_ring(line)
    assert not is_rung(line)
    assert states(line) == [("failed", "stopped")]


@pytest.mark.parametrize("withheld", ["anonymous", "+266696687", "Restricted", ""])
def test_a_withheld_number_is_rejected_and_that_is_all(quick: Line, withheld: str) -> None:
    form = [("CallSid", "CA1"), ("From", withheld), ("To", DOOR), ("CallStatus", "ringing")]
    assert quick.post("/twilio/voice", form) == REJECT
    assert not is_rung(quick)
    assert quick.rows(Outgoing) == quick.rows(Contact) == []


def test_the_number_that_answers_is_not_a_door(quick: Line) -> None:
    call = quick.rings(to=LINE)
    assert not call.rejected
    assert "Hello" in call.listen()


@pytest.mark.parametrize(
    ("answer", "now", "in_the_morning"),
    [("1", True, False), ("2", False, True), ("3", False, False), ("", False, False)],
)
def test_at_night_it_asks_by_text_whether_now_or_in_the_morning(
    line: Line, answer: str, now: bool, in_the_morning: bool
) -> None:
    at(line, "2026-11-23", "23:00")
    lets_ring(line)
    assert not is_rung(line)
    (question,) = asked(line)
    assert "Warmline" not in question
    if answer:
        line.texts(answer)
    assert is_rung(line) == now
    at(line, "2026-11-24", "08:59")
    assert now or not is_rung(line)
    at(line, "2026-11-24", "09:00")
    assert now or is_rung(line) == in_the_morning


def test_at_night_it_asks_once_however_often_it_rings(line: Line) -> None:
    at(line, "2026-11-23", "23:00")
    for _ in range(3):
        lets_ring(line)
        assert not is_rung(line, minutes=2)
    assert len(asked(line)) == 1


def test_at_night_with_texts_stopped_it_waits_for_the_morning(line: Line) -> None:
    meets(line)
    line.texts("remove")
    at(line, "2026-11-23", "23:00")
    lets_ring(line)
    lets_ring(line)
    assert not is_rung(line)
    assert asked(line) == []
    at(line, "2026-11-24", "08:59")
    assert not is_rung(line)
    at(line, "2026-11-24", "09:00")
    assert is_rung(line)
    line.carrier.answer(ASHA).hang_up()
    assert not is_rung(line, minutes=20)


def test_a_text_call_me_asks_and_rings(line: Line) -> None:
    meets(line)
    assert "costs you nothing" in line.texts("call me")[0]
    assert "ring in a moment" in line.texts("1")[0]
    assert is_rung(line)
    line.carrier.answer(ASHA).hang_up()
    line.texts("Call me!")
    assert "a moment ago" in line.texts("1")[0]
    assert not is_rung(line)


def test_a_text_call_me_may_be_for_the_morning(line: Line) -> None:
    meets(line)
    line.texts("call me")
    assert "in the morning" in line.texts("2")[0]
    assert not is_rung(line)
    at(line, "2026-11-24", "09:00")
    assert is_rung(line)


def test_a_stranger_may_text_call_me_first(quick: Line) -> None:
    assert "costs you nothing" in quick.texts("call me")[0]
    quick.texts("1")
    assert is_rung(quick)


def plead(line: Line, body: str, sender: str = "PleaseCall", sid: str = "SM1") -> bytes:
    return line.post("/twilio/sms", [("MessageSid", sid), ("From", sender), ("To", LINE), ("Body", body)])


@pytest.mark.parametrize(
    ("sender", "body"),
    [
        ("PleaseCall", "Please call me. 0711000002"),
        ("22141", "+254711000002 requests you to call."),
        ("Safaricom", "Pls call me on 0711 000 002, thank you"),
    ],
)
def test_the_carriers_own_please_call_me_is_believed_once(quick: Line, sender: str, body: str) -> None:
    for _ in range(2):
        assert b"<Message" not in plead(quick, body, sender)
    assert is_rung(quick, BARAKA)
    assert rung(quick) == [f"{LINE} {BARAKA}"]


def test_it_is_believed_on_both_databases(line: Line) -> None:
    plead(line, "Please call me. 0711000002")
    plead(line, "Please call me. 0711000002", sid="SM2")
    assert is_rung(line, BARAKA)
    assert rung(line) == [f"{LINE} {BARAKA}"]


def test_a_plea_from_a_phone_with_somebody_elses_number_is_not_believed(quick: Line) -> None:
    meets(quick)
    quick.texts("Please call me. 0711000002")
    assert not is_rung(quick, BARAKA)
    assert rung(quick) == []


@pytest.mark.parametrize("body", ["Please call me. +447700900123", "Please call me", "Please call me. 12345678901234"])
def test_a_plea_for_nobody_whom_the_line_may_ring_rings_nobody(quick: Line, body: str) -> None:
    plead(quick, body)
    assert not is_rung(quick)
    assert rung(quick) == []


@pytest.mark.parametrize("body", ["Please call me", "please call me!", "pls call me"])
def test_a_plea_from_a_phone_is_its_owners(quick: Line, body: str) -> None:
    meets(quick)
    assert "costs you nothing" in quick.texts(body)[0]
