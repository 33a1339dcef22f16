"""A counselor calls somebody who asked for it: both phones ring, each says its key, and nobody else learns anything."""

import pytest
from calling import (
    KNOCK,
    OTHER,
    OURS,
    PERSON,
    PERSONAL,
    PHONE,
    book,
    has_one,
    is_called,
    made,
    request,
    ring,
    set_pin,
    takes,
)
from desk import a_counselor, somebody_asks
from people import ASHA, Line, a_reaching_line
from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.callbacks import calls, claims
from ivr.callbacks.requests import URGENT
from ivr.callbacks.wishes import Wish
from ivr.engine.run import phrase
from ivr.engine.words import find
from ivr.models import Call, Callback, Note, Outgoing
from ivr.people import contacts


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_both_phones_ring_and_a_key_on_each_puts_them_through(line: Line, language: str) -> None:
    who = a_counselor(line, phone=PHONE, language=language)
    somebody_asks(line, language=language, when="now", name="Amina", alone="yes", counselor="woman")
    id = takes(line, who)
    assert ring(line, who, id) == "ringing"
    line.ticks()
    desk = line.carrier.answer(PHONE)
    assert "Amina" not in desk.listen()
    assert not line.carrier.ringing(PERSON)
    card = desk.press("1").listen()
    assert {"en": "woman", "es": "mujer", "sw": "mwanamke"}[language] in card
    assert {"en": "They speak English", "es": "habla español", "sw": "Kiswahili"}[language] in card
    desk.press("1")
    person = line.carrier.answer(PERSON)
    assert KNOCK[language] in person.listen()
    assert not any(word.lower() in person.listen().lower() for word in PERSONAL)
    person.press("1").hang_up(after=63)
    done = desk.press("1").listen()
    assert {"en": "closed", "es": "cerrado", "sw": "limefungwa"}[language] in done
    assert made(line) == ["talked"]
    assert request(line).state == "reached"
    assert ("talked", "63 seconds") in book(line)


def test_each_sees_the_number_of_the_service_only(quick: Line) -> None:
    desk, person = is_called(quick)
    assert (desk.from_, person.from_) == (OURS, OURS)
    assert PERSON[1:] not in person.url
    assert PERSON not in desk.prompt


def test_what_was_not_said_is_told_as_the_careful_answer(quick: Line) -> None:
    who, id = has_one(quick)
    ring(quick, who, id)
    quick.ticks()
    card = quick.carrier.answer(PHONE).press("1").listen()
    assert "Say no name. Somebody else may pick up. A machine is told nothing." in card


@pytest.mark.parametrize("how", ["silence", "other keys", "a machine"])
def test_nobody_is_put_through_without_the_key(quick: Line, how: str) -> None:
    desk, person = is_called(quick, name="Amina", topic="my marriage")
    if how == "other keys":
        person.press("5").press("6")
    else:
        person.wait().wait()
    assert person.ended
    assert not any(word in " ".join(heard.text for heard in person.heard) for word in PERSONAL)
    assert "nobody pressed" in desk.listen()
    assert "back on the list" in desk.listen()
    assert made(quick) == ["nobody pressed"]
    assert (request(quick).state, request(quick).attempts) == ("attempted", 1)


def test_who_says_that_it_is_not_for_them_hears_nothing_more(quick: Line) -> None:
    desk, person = is_called(quick)
    assert person.press("2").listen().strip() == "Thank you. Goodbye."
    assert "Somebody else took the call" in desk.listen()
    assert book(quick)[-1] == ("attempted", "somebody else")


@pytest.mark.parametrize(("agreed", "guess", "hears"), [
    ("yes", "machine_end_beep", "We tried to reach you"),
    ("yes", "machine_start", ""),
    ("no", "machine_end_beep", ""),
    ("", "fax", ""),
])  # fmt: skip
def test_a_machine_is_told_what_was_agreed(quick: Line, agreed: str, guess: str, hears: str) -> None:
    who, id = has_one(quick, voicemail=agreed)
    ring(quick, who, id)
    quick.ticks()
    desk = quick.carrier.answer(PHONE).press("1").press("1")
    leg = quick.carrier.ringing(PERSON)
    assert leg
    leg.answered_by, leg.machine_detection = guess, ""
    said = quick.carrier.answer(PERSON).listen()
    assert (hears in said) if hears else said == ""
    assert "A machine took the call" in desk.listen()
    assert made(quick) == ["machine"]


@pytest.mark.parametrize(("how", "says", "why"), [
    ("decline", "Their phone is busy", "busy"),
    ("ring_out", "Nobody took the call", "no answer"),
])  # fmt: skip
def test_a_phone_that_is_not_taken_is_tried_again_later(line: Line, how: str, says: str, why: str) -> None:
    who, id = has_one(line)
    ring(line, who, id)
    line.ticks()
    desk = line.carrier.answer(PHONE).press("1").press("1")
    getattr(line.carrier, how)(PERSON)
    assert says in desk.listen()
    assert book(line)[-1] == ("attempted", why)
    assert request(line).counselor_id is None
    assert request(line).from_at > line.clock.now()


def test_with_a_pin_only_the_pin_puts_through(line: Line) -> None:
    who, id = has_one(line)
    set_pin(line)
    ring(line, who, id)
    line.ticks()
    desk = line.carrier.answer(PHONE).press("1").press("1")
    person = line.carrier.answer(PERSON)
    assert "PIN" not in person.listen()
    assert "Your PIN, please" in person.press("1").listen()
    assert "That opens nothing" in person.press("9999#").listen()
    person.press("4711#").hang_up(after=40)
    assert "The talk is over" in desk.listen()
    assert made(line) == ["talked"]


def test_wrong_pins_reveal_nothing_and_the_five_of_all_calls_count(quick: Line) -> None:
    who, id = has_one(quick)
    set_pin(quick)
    for _ in range(2):
        assert ring(quick, who, id, "again") == "ringing"
        quick.ticks()
        desk = quick.carrier.answer(PHONE).press("1").press("1")
        person = quick.carrier.answer(PERSON).press("1").press("9999#")
        assert person.press("8888#").listen().strip() == "Thank you. Goodbye."
        assert "the PIN did not fit" in desk.listen()
        takes(quick, who)
    assert "wrong PIN" not in str(book(quick))
    assert ring(quick, who, id, "again") == "ringing"
    quick.ticks()
    quick.carrier.answer(PHONE).press("1").press("1")
    person = quick.carrier.answer(PERSON).press("1")
    assert (
        "That opens nothing, or not now" in person.press("4711#").listen()
    )  # the right one: to choose it was a try too
    assert not any(call.taken_at for call in quick.rows(Call))


def test_a_counselor_without_phone_claim_or_hour_rings_nobody(quick: Line) -> None:
    who, id = has_one(quick, phone="")
    other = a_counselor(quick, "second", phone=OTHER)
    assert ring(quick, who, id) == "no_phone"
    assert ring(quick, other, id) == "not_yours"
    quick.later(hours=13)  # eleven at night; the first one's time is over
    takes(quick, other)
    assert ring(quick, other, id) == "too_early"
    assert quick.rows(Outgoing) == []
    assert ring(quick, other, id, "they wrote that they are awake") == "ringing"
    assert book(quick)[-2:] == [("rings", "outside the safe hours"), ("note", "")]
    assert quick.opened(Note, "body") == ["they wrote that they are awake"]


def test_danger_does_not_wait_for_hours_that_nobody_named(quick: Line) -> None:
    who = a_counselor(quick, phone=PHONE)
    quick.later(hours=16)  # at night
    somebody_asks(quick, cause=URGENT)
    assert ring(quick, who, takes(quick, who)) == "ringing"


def test_danger_breaks_hours_that_somebody_named_with_a_reason_only(quick: Line) -> None:
    who = a_counselor(quick, phone=PHONE)
    quick.later(hours=16)
    somebody_asks(quick, cause=URGENT, when="morning")
    id = takes(quick, who)
    assert [ring(quick, who, id), ring(quick, who, id, "in danger")] == ["too_early", "ringing"]


def test_whoever_stopped_calls_is_rung_with_a_reason_only(quick: Line) -> None:
    who, id = has_one(quick)
    number = request(quick).number_id
    with quick.runtime.database.transaction() as tx:
        contacts.stop(tx, number, "voice", "person", quick.clock.now())
    assert [ring(quick, who, id), ring(quick, who, id, "asked for it by text")] == ["stopped", "ringing"]
    assert ("rings", "though they stopped calls") in book(quick)


def test_one_of_our_numbers_is_seen_though_that_which_they_rang_is_given_up(quick: Line) -> None:
    who, id = has_one(quick)
    with Session(quick.runtime.database.engine) as session:
        session.execute(update(Callback).values(service_number="+254700000999"))
        session.commit()
    assert ring(quick, who, id) == "ringing"
    assert [row.sender for row in quick.rows(Outgoing)] == [OURS]


def test_nothing_that_is_said_before_the_key_tells_what_the_line_is_for(quick: Line) -> None:
    names = ("expected_call", "expected_call_again", "take_expected_call", "not_for_me", "expected_pin")
    names += ("expected_pin_again", "expected_call_ends", "expected_call_fails", "voicemail")
    content = quick.runtime.content
    for code, flows in content.flows.items():
        said = [phrase(flows, name).voice for name in names]
        assert all(said)
        assert [find(content.sensitive[code], text) for text in said if find(content.sensitive[code], text)] == []


def test_a_phone_is_rung_once_however_often_the_button_is_pressed(line: Line) -> None:
    who, id = has_one(line)
    assert [ring(line, who, id) for _ in range(3)] == ["ringing", "busy", "busy"]
    assert len(line.rows(Outgoing)) == 1


def test_a_counselor_who_does_not_take_their_own_phone_keeps_the_request_and_may_try_again(line: Line) -> None:
    who, id = has_one(line)
    ring(line, who, id)
    line.ticks()
    line.carrier.decline(PHONE)
    line.carrier.settle()
    assert made(line) == ["left"]
    assert (request(line).counselor_id, request(line).attempts) == (who.id, 0)
    line.later(minutes=1)
    assert ring(line, who, id) == "ringing"


def test_a_machine_on_the_counselors_phone_hears_nothing_of_the_card(quick: Line) -> None:
    who, id = has_one(quick)
    ring(quick, who, id)
    quick.ticks()
    assert quick.carrier.answer(PHONE, machine=True).listen() == ""
    assert not quick.carrier.ringing(PERSON)
    assert made(quick) == ["left"]


def test_a_counselor_who_hangs_up_before_leaves_the_person_alone(line: Line) -> None:
    desk, person = is_called(line)
    desk.hang_up()
    assert person.ended
    assert made(line) == ["left"]
    assert request(line).attempts == 0
    call = line.rows(Call)[0]
    form = [("CallSid", person.sid), ("From", OURS), ("To", PERSON), ("Digits", "1")]
    assert b"Goodbye" in line.post(f"/twilio/voice/call/en/{call.id}?key", form)
    assert not line.rows(Call)[0].taken_at


def test_a_counselor_who_hangs_up_after_the_talk_keeps_it_and_the_desk_shows_that_they_talked(line: Line) -> None:
    desk, person = is_called(line)
    person.press("1")
    desk.hang_up(after=2400)  # longer than any claim lasts by itself
    assert person.ended
    assert made(line) == ["talked"]
    row = request(line)
    assert row.counselor_id
    assert row.leased_until == line.clock.now() + claims.LEASE
    with line.runtime.database.transaction() as tx:
        last = calls.last(tx, row.id)
    assert last and (last.outcome, last.seconds) == ("talked", 2400)


def test_nobody_takes_the_request_away_while_they_talk(quick: Line) -> None:
    _, person = is_called(quick)
    person.press("1")
    quick.later(minutes=50)
    quick.ticks()
    other = a_counselor(quick, "second")
    with quick.runtime.database.transaction() as tx:
        assert claims.take_next(tx, other, quick.clock.now()) is None


def test_what_broke_off_is_rung_again_once_where_that_was_agreed(line: Line) -> None:
    desk, person = is_called(line, ring_again="yes")
    person.press("1").hang_up(after=5)
    desk.press("2")
    again = line.carrier.answer(PERSON)
    again.press("1").hang_up(after=5)
    assert "back on the list" in desk.press("2").listen()
    assert made(line) == ["talked", "talked"]
    assert book(line)[-1] == ("attempted", "broke off")


def test_what_broke_off_is_not_rung_again_where_that_was_not_agreed(quick: Line) -> None:
    desk, person = is_called(quick)
    person.press("1").hang_up(after=5)
    assert "did not ask to be rung again" in desk.press("2").listen()
    assert not quick.carrier.ringing(PERSON)
    assert request(quick).state == "reached"


@pytest.mark.parametrize(("key", "state"), [("3", "put off"), ("4", "given back")])
def test_who_was_reached_may_be_rung_later_or_by_somebody_else(quick: Line, key: str, state: str) -> None:
    desk, person = is_called(quick)
    person.press("1").hang_up(after=60)
    assert "back on the list" in desk.press(key).listen()
    assert book(quick)[-1][0] == state
    assert request(quick).counselor_id is None


def test_a_request_that_was_closed_meanwhile_rings_nobody(quick: Line) -> None:
    who, id = has_one(quick)
    ring(quick, who, id)
    quick.ticks()
    with quick.runtime.database.transaction() as tx:
        claims.give_back(tx, who, id, quick.clock.now())
    assert "not yours any more" in quick.carrier.answer(PHONE).press("1").listen()
    assert not quick.carrier.ringing(PERSON)


def test_the_card_of_a_wish_has_no_word_of_the_person_in_any_sentence(quick: Line) -> None:
    words = {name: f"zebra{name}" for name in Wish._fields if name in ("topic", "name")}
    who, id = has_one(quick, **words)
    ring(quick, who, id)
    quick.ticks()
    assert "zebra" not in quick.carrier.answer(PHONE).press("1").listen()


def test_somebody_whose_card_no_key_opens_is_rung_with_care(quick: Line) -> None:
    who, id = has_one(quick, alone="yes", voicemail="yes")
    with Session(quick.runtime.database.engine) as session:
        session.execute(update(Callback).values(card=b"gone" + bytes(40)))
        session.commit()
    assert ring(quick, who, id) == "ringing"
    quick.ticks()
    desk = quick.carrier.answer(PHONE).press("1")
    assert "Somebody else may pick up. A machine is told nothing." in desk.listen()
    desk.press("1")
    quick.carrier.answer(PERSON).press("1").hang_up(after=60)
    assert "closed" in desk.press("1").listen()


def test_numbers_are_in_no_address(quick: Line) -> None:
    is_called(quick)
    urls = [str(entry.get("url", "")) + str(entry.get("callback", "")) for entry in quick.carrier.ledger]
    assert not any(number[1:] in url for url in urls for number in (PHONE, PERSON, ASHA))
