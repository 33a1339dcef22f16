"""A counselor's call while something is broken: nothing personal is said, nothing counts twice, no request is lost."""

from contextlib import suppress

import pytest
from calling import OURS, PERSON, PERSONAL, PHONE, book, has_one, is_called, made, request, ring, set_pin
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import Line, a_reaching_line

from faults import breaking
from ivr.callbacks import calls, talks
from ivr.db import Transaction
from ivr.models import Call, PinTries
from ivr.runtime import Runtime
from ivr.team import audit
from simulator.faults import Fault

FAILS = {"en": "Something does not work", "es": "Algo no funciona", "sw": "Kuna kitu hakifanyi kazi"}
STEPS = ["", "key", "key-none", "again", "again-none", "pin1", "pin2", "pin1-none"]
EVENTS = st.lists(st.sampled_from(["completed", "no-answer", "busy", "over"]), min_size=1, max_size=5)


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


def test_a_machine_hears_nothing_while_the_database_is_away(line: Line) -> None:
    connects(line)
    call = line.rows(Call)[0].id
    form = [("CallSid", "CA77"), ("From", OURS), ("To", PERSON), ("AnsweredBy", "machine_start")]
    with breaking.gone(line.runtime):
        assert b"<Response><Hangup/></Response>" in line.post(f"/twilio/voice/call/en/{call}", form)


@pytest.mark.parametrize("number", [PERSON, "+34612000001"])
@pytest.mark.parametrize("step", ["key", "again", "pin1", "pin2"])
def test_key_0_says_where_help_is_and_is_no_pin(quick: Line, step: str, number: str) -> None:
    connects(quick)
    set_pin(quick)
    call = quick.rows(Call)[0].id
    form = [("CallSid", "CA77"), ("From", OURS), ("To", number), ("Digits", "0")]
    before = [row.misses for row in quick.rows(PinTries)]
    for _ in range(3):
        said = quick.post(f"/twilio/voice/call/en/{call}?{step}", form).decode()
        assert said.count("9, 9, 9" if number == PERSON else "1, 1, 2") == 2
        assert "<Gather" in said and f"?{step}" in said and not any(word in said for word in PERSONAL)
    assert [row.misses for row in quick.rows(PinTries)] == before
    assert "9, 9, 9" not in picks_up(quick, step, "9").decode()
    assert "Goodbye" in picks_up(quick, step, "8").decode() and "<Gather" not in picks_up(quick, step, "8").decode()


def picks_up(line: Line, step: str = "", digits: str = "", language: str = "en") -> bytes:
    """A webhook of the person's leg."""
    call = max(line.rows(Call), key=lambda call: call.rung_at)
    return posts(line, call.id, step, digits, language)


def posts(line: Line, call: str, step: str, digits: str, language: str) -> bytes:
    form = [("CallSid", "CA77"), ("From", OURS), ("To", PERSON), *([("Digits", digits)] if digits else [])]
    return line.post(f"/twilio/voice/call/{language}/{call}" + (f"?{step}" if step else ""), form)


def connects(line: Line) -> None:
    """The counselor has taken their phone and rings the person."""
    who, id = has_one(line)
    ring(line, who, id)
    line.ticks()
    line.carrier.answer(PHONE).press("1").press("1")


@pytest.mark.parametrize("language", ["en", "es", "sw"])
@pytest.mark.parametrize("digits", ["", "1", "2", "0", "4711"])
def test_while_the_database_is_away_the_person_hears_one_sentence(line: Line, language: str, digits: str) -> None:
    """And where to ring in danger, once they have pressed a key that says that it is for them."""
    connects(line)
    call = line.rows(Call)[0].id
    with breaking.gone(line.runtime):
        answers = {posts(line, call, step, digits, language) for step in STEPS}
    (said,) = answers
    text = said.decode()
    assert FAILS[language] in text or (language == "sw" and "<Play>" in text)
    assert "Gather" not in text
    assert not any(word in text for word in (*PERSONAL, "0, 7, 2, 2"))
    assert language == "sw" or text.count("9, 9, 9") == (0 if digits in ("", "2") else 2)
    row = request(line)
    assert (row.state, bool(row.counselor_id), line.rows(Call)[0].taken_at) == ("claimed", True, None)


def test_while_the_database_is_away_the_counselor_hears_so_and_keeps_the_request(line: Line) -> None:
    who, id = has_one(line)
    ring(line, who, id)
    line.ticks()
    with breaking.gone(line.runtime):
        desk = line.carrier.answer(PHONE)
        said = desk.listen()
        desk.hang_up()
    assert said
    assert not line.carrier.ringing(PERSON)
    assert (request(line).state, request(line).counselor_id) == ("claimed", who.id)


def test_a_talk_whose_end_the_database_missed_is_known_when_the_counselor_hangs_up(line: Line) -> None:
    desk, person = is_called(line)
    person.press("1")
    with breaking.gone(line.runtime):
        person.hang_up(after=90)
    if not desk.ended:
        desk.hang_up()
    call = line.rows(Call)[0]
    assert call.taken_at
    assert request(line).counselor_id
    assert made(line) in (["talked"], [None])  # the very last word of the carrier may have been lost with the rest


@pytest.mark.parametrize("step", STEPS)
def test_the_same_webhook_of_the_person_gets_the_same_reply(quick: Line, step: str) -> None:
    connects(quick)
    set_pin(quick)
    picks_up(quick)
    if step.startswith("pin"):
        picks_up(quick, "key", "1")
    if step == "pin2":
        picks_up(quick, "pin1", "9999")
    assert len({picks_up(quick, step, "9999" if "pin" in step else "1") for _ in range(3)}) == 1


def test_a_doubled_pin_counts_once(line: Line) -> None:
    connects(line)
    set_pin(line)
    picks_up(line)
    picks_up(line, "key", "1")
    (before,) = [row.misses for row in line.rows(PinTries)]
    wrong = {picks_up(line, "pin1", "9999") for _ in range(4)}
    assert len(wrong) == 1
    assert [row.misses for row in line.rows(PinTries)] == [before + 1]
    through = {picks_up(line, "pin2", "4711") for _ in range(3)}
    assert through == {b'<?xml version="1.0" encoding="UTF-8"?><Response/>'}
    assert wrong == {picks_up(line, "pin1", "9999")}  # late


def test_webhooks_of_the_counselors_leg_get_the_same_reply(quick: Line) -> None:
    desk, person = is_called(quick)
    person.press("1").hang_up(after=60)
    form = [("CallSid", desk.sid), ("From", OURS), ("To", PHONE), ("DialCallStatus", "completed")]
    language_turn = "/twilio/voice/en/3"
    assert quick.post(language_turn, form) == quick.post(language_turn, form)
    desk.press("1")
    assert made(quick) == ["talked"]
    assert [what for what, _ in book(quick)].count("reached") == 1


@pytest.mark.parametrize("fault", ["duplicate", "shuffle"])
def test_statuses_that_come_twice_or_out_of_order_do_no_harm(line: Line, fault: str) -> None:
    line.carrier.faults.order([Fault(fault, to=PHONE)])
    _, person = is_called(line)
    person.press("2")
    line.carrier.settle()
    assert made(line) == ["somebody else"]
    assert [what for what, _ in book(line)].count("attempted") == 1


def test_an_unknown_call_or_step_does_no_harm(quick: Line) -> None:
    connects(quick)
    call = quick.rows(Call)[0].id
    assert b"Hangup" in posts(quick, "nothing", "", "", "en")
    assert b"Gather" not in posts(quick, call, "sesame", "1", "en")
    assert b"Gather" in posts(quick, call, "", "", "xx")  # a language that is no more


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.sampled_from(["taken", "told", "heard", "nothing"]))
def test_in_whatever_order_the_ends_come_the_first_counts_and_once(quick: Line, events: list[str], before: str) -> None:
    if not quick.rows(Call):
        connects(quick)
    house, now, first = quick.runtime, quick.clock.now(), quick.rows(Call)[0].id
    claimed = request(quick)
    with suppress(Undone), house.database.transaction() as tx:
        call = calls.find(tx, first)
        assert call
        talks.heard(tx, call, now) if before != "nothing" else None
        talks.told(tx, call, talks.NOT_THEM) if before == "told" else None
        assert before != "taken" or talks.take(tx, call, now)
        lines = len(audit.story(tx, claimed.id))
        outcomes = [came(house, tx, first, event, now) for event in events]
        assert outcomes == outcomes[:1] * len(events)
        assert before != "taken" or outcomes[0] == "talked"
        assert before != "told" or outcomes[0] == "somebody else"
        assert len(audit.story(tx, claimed.id)) - lines == (outcomes[0] != "left")
        raise Undone


class Undone(Exception):
    """Nothing of this is to be kept."""


def came(house: Runtime, tx: Transaction, id: str, event: str, now: int) -> str | None:
    """One more word of the carrier; how the call then stands."""
    home = house.content.hours.zone
    if event == "over":
        talks.leg_over(tx, house.vault, home, id, now)
    else:
        talks.dialled(tx, house.vault, home, id, event, now)
    call = calls.find(tx, id)
    return call.outcome if call else None
