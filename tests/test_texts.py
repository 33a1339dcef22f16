"""What texters read: answers by number and by word, STOP, danger, and what waits a day."""

import json

import pytest
from people import ASHA, BARAKA, Line, a_line

from ivr.channels.segments import segments
from ivr.models import Conversation, OptOut, Schedule

DAY = 86_400_000


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def at_the_menu(line: Line, number: str = ASHA) -> None:
    line.texts("hello", number)
    line.texts("1", number)
    line.texts("no", number)


def ours(texts: list[str]) -> list[str]:
    """Without the sentences that the carrier itself adds to STOP and START words."""
    return [text for text in texts if "subscribed" not in text]


@pytest.mark.parametrize("answer", ["1", " 1. ", "one", "ONE!", "1)", "how are you today", "How are you today?", "１"])
def test_a_choice_can_be_made_by_number_or_by_word(line: Line, answer: str) -> None:
    at_the_menu(line)
    assert "How did you sleep" in line.texts(answer)[0]


@pytest.mark.parametrize("answer", ["bad", "it was BAD again", "awful, really", "3", "badly"])
def test_whole_words_inside_free_text_are_found(line: Line, answer: str) -> None:
    at_the_menu(line)
    line.texts("1")
    assert "think too much" in line.texts(answer)[0]


def test_two_choices_in_one_text_are_asked_again(line: Line) -> None:
    at_the_menu(line)
    line.texts("1")
    assert "1 = Good" in line.texts("good or bad, i do not know")[0]


def test_an_answer_may_come_a_day_later_and_what_waits_is_in_the_row(line: Line) -> None:
    at_the_menu(line)
    line.texts("1")
    row = line.rows(Conversation)[0]
    assert row.waits_until - row.updated_at == DAY
    line.later(hours=23)
    assert "think too much" in line.texts("2")[0]


def test_after_the_wait_a_text_begins_anew(line: Line) -> None:
    at_the_menu(line)
    line.texts("1")
    line.later(hours=25)
    assert "How did you sleep" not in line.texts("2")[0]


@pytest.mark.parametrize(("word", "language"), [("ACHA", "sw"), ("alto", "es"), ("Baja.", "es"), ("simamisha", "sw")])
def test_our_own_stop_words_stop_and_are_confirmed_once(line: Line, word: str, language: str) -> None:
    at_the_menu(line)
    confirmation = line.texts(word)
    assert len(confirmation) == 1
    assert "+254700000100" in confirmation[0].replace(" ", "") or "254" in confirmation[0]
    assert "Warmline" not in confirmation[0]
    assert [(row.channel, row.ended_at) for row in line.rows(OptOut)] == [("sms", None)]


@pytest.mark.parametrize("word", ["STOP", "end", "Quit", "UNSUBSCRIBE"])
def test_the_carriers_own_stop_words_are_answered_by_the_carrier_alone(line: Line, word: str) -> None:
    at_the_menu(line)
    assert ours(line.texts(word)) == []
    assert len(line.rows(OptOut)) == 1


def test_start_brings_texts_back(line: Line) -> None:
    at_the_menu(line)
    line.texts("ACHA")
    line.texts("START")
    assert all(row.ended_at is not None for row in line.rows(OptOut))  # the calls' START is noted too


@pytest.mark.parametrize(
    "text",
    ["I want to kill myself", "i want to KILL MYSELF!!", "quiero morirme", "nataka kufa", "no puedo mas, quiero morir"],
)
def test_danger_is_heard_in_every_language_and_answered_first(line: Line, text: str) -> None:
    at_the_menu(line)
    first, *rest = line.texts(text)
    assert "999" in first
    assert segments(first).count == 1
    assert len(rest) <= 1


def test_a_first_text_in_danger_is_answered_at_once(line: Line) -> None:
    assert "999" in line.texts("nataka kujiua")[0]


def test_danger_and_stop_in_one_both_count(line: Line) -> None:
    at_the_menu(line)
    form = [
        ("MessageSid", "SM77"),
        ("From", ASHA),
        ("To", "+254700000100"),
        ("Body", "i want to die"),
        ("OptOutType", "STOP"),
    ]
    assert b"999" in line.post("/twilio/sms", form)
    assert len(line.rows(OptOut)) == 1


@pytest.mark.parametrize(("word", "expected"), [("nipigie", "sw"), ("llámame", "es"), ("call me", "en")])
def test_a_flows_own_word_opens_it_in_the_language_of_the_word(line: Line, word: str, expected: str) -> None:
    line.texts(word, BARAKA)
    assert [row.language for row in line.rows(Conversation)] == [expected]
    assert line.rows(Conversation)[0].state is not None


@pytest.mark.parametrize(
    ("text", "expected"), [("nataka kufa", "sw"), ("quiero morirme", "es"), ("nipigie", "sw"), ("overdose", "en")]
)
def test_a_stranger_is_answered_in_the_language_of_the_word_even_while_asked_for_one(
    line: Line, text: str, expected: str
) -> None:
    line.texts(text)
    line.texts("hello", BARAKA)
    line.texts(text, BARAKA)
    assert [row.language for row in line.rows(Conversation)] == [expected] * 2


def test_a_language_that_was_chosen_stays_whatever_word_comes(line: Line) -> None:
    at_the_menu(line)
    assert "If your life is in danger" in line.texts("nataka kufa")[0]


def test_pictures_are_met_kindly(line: Line) -> None:
    at_the_menu(line)
    form = [("MessageSid", "SM77"), ("From", ASHA), ("To", "+254700000100"), ("Body", ""), ("NumMedia", "1")]
    assert b"words only" in line.post("/twilio/sms", form)


@pytest.mark.parametrize("word", ["0", "O", "0.", "a person"])
def test_zero_is_a_person_even_where_nothing_is_being_talked_about(line: Line, word: str) -> None:
    assert "999" in line.texts(word)[0]


def test_leaving_by_text_is_quiet(line: Line) -> None:
    at_the_menu(line)
    assert line.texts("8") == ["Thank you. Goodbye."]
    assert "sleep" not in line.texts("1")[0]


def test_every_text_fits(line: Line) -> None:
    at_the_menu(line)
    for word in ("2", "4", "1", "hello", "1", "yes", "3", "0", "2", "crisis"):
        for text in line.texts(word):
            assert segments(text).count <= 3, text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow 7", "19:00"),
        ("tomorrow at 11", "11:00"),
        ("mañana a las 10", "10:00"),
        ("kesho saa nne asubuhi", "10:00"),
        ("tomorrow i am busy", ""),
        ("mañana no puedo", ""),
    ],
)
def test_tomorrow_with_a_time_behind_it_is_a_wish_and_without_one_it_is_not(
    line: Line, text: str, expected: str
) -> None:
    answer = " ".join(line.texts(text, BARAKA))
    assert (expected in answer) if expected else not line.rows(Schedule)
    assert [json.loads(row.rule)["at"] for row in line.rows(Schedule)] == ([expected] if expected else [])
