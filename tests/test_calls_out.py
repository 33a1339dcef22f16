"""Calls of ours: neutral before a key, silent to machines, rung again, taken before the answer came, doubled."""

import threading

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import CALL, CHECKIN, at, by_text, meets, passes, states

from faults import breaking
from ivr.models import Conversation, OptOut, Outgoing
from simulator.calls import Call
from simulator.faults import Fault

OURS = "+254700000100"
TAKEN = ("delivered", "")
BUSY, NO_ANSWER = ("undelivered", "busy"), ("undelivered", "no-answer")
HANG_UP = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
DOORS = "+254700000101:missed-call:en,+254700000100:line:en"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, how=CALL)
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    """On one database only: what is tried in many ways."""
    with a_reaching_line(sqlite_url) as line:
        meets(line)
        by_text(line, how=CALL)
        yield line


def waits(line: Line, **span: float) -> bool:
    """So much later: does Asha's phone ring?"""
    line.later(**span)
    for _ in range(2):
        line.later(seconds=1)
        line.ticks()
    return line.carrier.ringing(ASHA) is not None


def falls_due(line: Line, hour: str = "12:30") -> None:
    """Asha's phone rings because of her reminder."""
    at(line, "2026-11-23", hour)
    assert waits(line)


def words(call: Call) -> str:
    """All that was ever heard on it."""
    return " ".join(heard.text for heard in call.heard if heard.kind in ("say", "play"))


def placed(line: Line) -> list[dict]:
    """What the carrier accepted: calls."""
    return [entry for entry in line.carrier.ledger if entry["kind"] == "call"]


def test_before_a_key_it_says_nothing_about_anybody_and_after_it_begins_what_was_set(line: Line) -> None:
    falls_due(line)
    call = line.carrier.answer(ASHA)
    assert "If you expected this call" in call.listen()
    assert not any(word in call.listen() for word in ("Warmline", "counselor", "hello, as you wished", "reminder"))
    assert "Just a hello" in call.press("1").listen()
    assert states(line) == [TAKEN]
    assert not waits(line, hours=1)


def test_it_begins_a_check_in(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, how=CALL, what=CHECKIN)
        line.texts("2")
        falls_due(line)
        assert "How did you sleep" in line.carrier.answer(ASHA).press("1").listen()


def test_it_can_be_put_off_and_then_rings_in_an_hour(quick: Line) -> None:
    falls_due(quick)
    quick.carrier.answer(ASHA).press("2").hang_up()
    assert not waits(quick, minutes=58)
    assert waits(quick, minutes=3)


def test_whoever_it_is_not_for_is_left_alone(quick: Line) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA).press("3")
    assert call.listen() == "Thank you. Goodbye."
    assert not waits(quick, hours=2)


def test_who_says_nothing_hears_a_goodbye_and_is_not_rung_again(quick: Line) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA).wait().wait()
    assert call.ended
    assert "Goodbye" in call.listen()
    assert states(quick) == [TAKEN]


@pytest.mark.parametrize("machine", [True, "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"])
def test_a_machine_hears_nothing_at_all_and_it_rings_again(quick: Line, machine: bool | str) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA, machine=machine)
    assert call.ended
    assert words(call) == ""
    assert states(quick)[0] == NO_ANSWER
    assert quick.rows(Conversation)[1:] == []  # but for the thread in which it was set
    assert not waits(quick, minutes=29)
    assert waits(quick, minutes=1)


@pytest.mark.parametrize("guess", ["human", "unknown"])
def test_what_may_be_a_person_is_spoken_to(quick: Line, guess: str) -> None:
    falls_due(quick)
    assert "If you expected this call" in quick.carrier.answer(ASHA, machine=guess).listen()


@pytest.mark.parametrize(("refuse", "state"), [("decline", BUSY), ("ring_out", NO_ANSWER)])
def test_three_rings_half_an_hour_apart_and_no_more(line: Line, refuse: str, state: tuple[str, str]) -> None:
    falls_due(line)
    for _ in range(2):
        getattr(line.carrier, refuse)(ASHA)
        assert not waits(line, minutes=29, seconds=50)
        assert waits(line, seconds=10)
    getattr(line.carrier, refuse)(ASHA)
    assert not waits(line, minutes=31)
    assert states(line) == [state] * 3
    assert len(placed(line)) == 3


def test_the_half_hour_runs_from_the_ring_and_not_from_the_queue(quick: Line) -> None:
    falls_due(quick, "12:50")
    quick.carrier.decline(ASHA)
    assert not waits(quick, minutes=29)
    assert waits(quick, minutes=1)


def test_who_takes_the_second_ring_is_not_rung_a_third_time(quick: Line) -> None:
    falls_due(quick)
    quick.carrier.decline(ASHA)
    assert waits(quick, minutes=30)
    quick.carrier.answer(ASHA).press("1")
    assert not waits(quick, minutes=31)
    assert states(quick) == [BUSY, TAKEN]


def test_after_two_hours_it_is_missed(database_url: str) -> None:
    with a_reaching_line(database_url, CALL_TRIES="9", CALL_AGAIN_MINUTES="50") as line:
        meets(line)
        by_text(line, how=CALL)
        falls_due(line)
        for _ in range(2):
            line.carrier.decline(ASHA)
            assert waits(line, minutes=50)
        line.carrier.decline(ASHA)
        assert not waits(line, minutes=50)
        assert states(line) == [BUSY] * 3 + [("missed", "late")]


def test_a_second_ring_is_not_rung_after_the_reminders_were_ended(line: Line) -> None:
    falls_due(line)
    line.carrier.decline(ASHA)
    line.texts("reminders")
    line.texts("3")
    assert not waits(line, minutes=31)
    assert states(line) == [BUSY, ("cancelled", "schedule ended")]


def test_nor_when_they_were_ended_while_it_rang(line: Line) -> None:
    falls_due(line)
    line.texts("reminders")
    line.texts("3")
    line.carrier.decline(ASHA)
    assert not waits(line, minutes=31)
    assert states(line)[0] == BUSY


def test_nor_when_they_were_paused_while_it_rang(line: Line) -> None:
    falls_due(line)
    line.texts("pause")
    line.carrier.decline(ASHA)
    assert not waits(line, minutes=31)
    assert states(line) == [BUSY, ("cancelled", "paused")]


def test_a_number_that_cannot_be_reached_is_rung_once_and_left_alone(line: Line) -> None:
    line.carrier.faults.order([Fault("21211", to=ASHA)])
    at(line, "2026-11-23", "12:30")
    assert not waits(line)
    assert [(row.channel, row.source) for row in line.rows(OptOut)] == [("voice", "unreachable")]
    assert passes(line, "2026-11-24", "12:30") == 0
    assert states(line) == [("failed", "unreachable"), ("suppressed", "stopped")]


def test_stop_by_text_ends_texts_but_no_calls(quick: Line) -> None:
    quick.texts("remove")
    falls_due(quick)


def test_what_is_told_before_the_answer_is_not_undone_by_it(line: Line) -> None:
    line.carrier.faults.order([Fault("early", to=ASHA)])
    falls_due(line)
    (row,) = line.rows(Outgoing)
    assert (row.state, row.sid) == ("accepted", line.carrier.ringing(ASHA).sid)
    line.carrier.answer(ASHA).press("1")
    assert states(line) == [TAKEN]


def test_a_call_whose_answer_was_lost_is_taken_and_never_placed_again(line: Line) -> None:
    line.carrier.faults.order([Fault("accepted-reset", to=ASHA), Fault("lost")])
    falls_due(line)
    assert states(line) == [("submitting", "")]
    call = line.carrier.answer(ASHA)
    assert "If you expected this call" in call.listen()
    call.press("1")
    for _ in range(3):
        line.later(minutes=3)
        line.sweeps()
        line.ticks()
    assert states(line) == [TAKEN]
    assert len(placed(line)) == 1


def taken(line: Line, row: str, sid: str, answered_by: str = "human") -> bytes:
    form = [("CallSid", sid), ("From", OURS), ("To", ASHA), ("CallStatus", "in-progress"), ("AnsweredBy", answered_by)]
    return line.post(f"/twilio/voice/out/en/{row}", form)


def test_a_doubled_webhook_is_answered_alike_and_does_nothing_twice(line: Line) -> None:
    falls_due(line)
    (row,) = line.rows(Outgoing)
    replies: list[bytes] = []
    threads = [threading.Thread(target=lambda: replies.append(taken(line, row.id, row.sid))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 5
    assert len(set(replies)) == 1
    assert b"expected this call" in replies[0]
    assert [each.channel for each in line.rows(Conversation)].count("voice") == 1


def test_a_machine_that_is_told_twice_rings_again_once(line: Line) -> None:
    falls_due(line)
    (row,) = line.rows(Outgoing)
    assert [taken(line, row.id, row.sid, "machine_start") for _ in range(3)] == [HANG_UP] * 3
    assert states(line) == [NO_ANSWER, ("pending", "")]


def test_another_call_cannot_take_its_place(line: Line) -> None:
    falls_due(line)
    (row,) = line.rows(Outgoing)
    assert taken(line, row.id, "CA" + "9" * 32) == HANG_UP
    assert taken(line, "nothing", "CA" + "8" * 32) == HANG_UP
    line.carrier.answer(ASHA).press("1")
    assert states(line) == [TAKEN]


def test_a_call_of_ours_goes_on_though_the_door_for_missed_calls_stands_first(database_url: str) -> None:
    with a_reaching_line(database_url, SERVICE_NUMBER=DOORS) as line:
        meets_at(line, OURS)
        falls_due(line)
        assert placed(line)[-1]["from"] == OURS
        assert "Just a hello" in line.carrier.answer(ASHA).press("1").listen()


def meets_at(line: Line, ours: str) -> None:
    """Asha sets a daily call by texts to this number of ours."""
    for word in ("hello", "1", "2", "reminders", "3", "2", "1", "2"):
        line.texts(word, to=ours)


def test_no_reminder_for_a_number_that_is_withheld(sqlite_url: str) -> None:
    with a_reaching_line(sqlite_url) as line:
        call = line.rings(withheld="anonymous").press("1")
        call.press("4").press("4")
        assert "no reminder can reach you" in words(call)
        assert not waits(line, days=1)
        assert line.rows(Outgoing) == []


BETWEEN = [("From", OURS), ("To", ASHA)]
HELP = ("9, 9, 9", "0, 7, 2, 2", "danger", "talk")


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("guess", ["", "human", "unknown"])
def test_while_the_database_is_away_whoever_takes_it_hears_one_dull_word(quick: Line, code: str, guess: str) -> None:
    with breaking.gone(quick.runtime):
        said = quick.post(f"/twilio/voice/out/{code}/x", [("CallSid", "CA5"), *BETWEEN, ("AnsweredBy", guess)]).decode()
    assert {"en": "Something does not work", "es": "Algo no funciona"}[code] in said
    assert not any(word in said for word in HELP) and "<Gather" not in said


@pytest.mark.parametrize("guess", ["machine_start", "machine_end_beep", "fax"])
def test_and_a_mailbox_hears_nothing(quick: Line, guess: str) -> None:
    with breaking.gone(quick.runtime):
        said = quick.post("/twilio/voice/out/en/x", [("CallSid", "CA5"), *BETWEEN, ("AnsweredBy", guess)])
    assert said == HANG_UP


def test_silence_before_the_first_key_tells_nobody_anything_either(quick: Line) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA)
    with breaking.gone(quick.runtime):
        call.wait()
    assert "does not work" in call.prompt and not any(word in call.prompt for word in HELP) and call.ended


def test_a_key_brings_help(quick: Line) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA)
    with breaking.gone(quick.runtime):
        call.press("1")
    assert "9, 9, 9" in call.prompt and "0, 7, 2, 2" in call.prompt


def test_but_not_the_key_that_says_that_it_is_not_for_them(quick: Line) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA)
    with breaking.gone(quick.runtime):
        call.press("3")
    assert "does not work" in call.prompt and not any(word in call.prompt for word in HELP) and call.ended


def test_the_numbers_of_their_country_on_a_call_of_ours_too(quick: Line) -> None:
    tanzania = "+255712000001"
    meets(quick, tanzania)
    by_text(quick, how=CALL, number=tanzania)
    falls_due(quick)
    call = quick.carrier.answer(tanzania)
    with breaking.gone(quick.runtime):
        call.press("1")
    assert "1, 1, 2" in call.prompt and "9, 9, 9" not in call.prompt and "To talk" not in call.prompt


def test_and_so_does_silence_after_a_key(quick: Line) -> None:
    falls_due(quick)
    call = quick.carrier.answer(ASHA).press("9")
    with breaking.gone(quick.runtime):
        call.wait()
    assert "9, 9, 9" in call.prompt
