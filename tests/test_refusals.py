"""STOP in people's own words, in every language at once: what says so stops, what may mean it is asked."""

from functools import cache

import pytest
from detecting import CODES, at_once, measure, refusals, sets
from detecting import shipped as read_sayings
from hypothesis import given
from hypothesis import strategies as st
from people import ASHA, Line, a_line
from reaching import meets

from ivr.hearing.refusals import Refusals
from ivr.models import Alert, OptOut
from ivr.people.resting import UNASKED

EMERGENCY = "999"
YES = {"en": "yes", "es": "sí", "sw": "ndiyo"}
LIMITED = {
    "en": ("dont text me at night", "please do not call before nine", "no calls on sundays, dont ring me then"),
    "es": ("no me escriban de noche", "no me llamen antes de las nueve", "los domingos no me llamen"),
    "sw": ("msinitumie ujumbe usiku", "msinipigie kabla ya saa tatu", "jumapili usinipigie simu"),
}
ALL = [(code, words) for code in CODES for words in LIMITED[code]]


@cache
def shipped() -> Refusals:
    return refusals()


def hears(text: str, _: str):
    return shipped().find(text)


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def stopped(line: Line) -> list[str]:
    """What they have stopped themselves."""
    return sorted(row.channel for row in line.rows(OptOut) if row.ended_at is None and row.channel != UNASKED)


@pytest.mark.parametrize("at", range(len(CODES)), ids=CODES)
def test_it_is_heard_in_free_words_and_not_in_feelings(at: int) -> None:
    heard, sure = (measure("stop", each)[at] for each in (hears, at_once(hears)))
    assert heard.recall >= 0.95, heard.missed
    assert sure.recall >= 0.65, sure.missed
    assert sure.false == []


@pytest.mark.parametrize("at", range(len(CODES)), ids=CODES)
def test_most_wishes_of_others_are_heard_and_hardly_anything_else_stops(at: int) -> None:
    """For which nothing was written."""
    heard, sure = (measure("others.stop", each)[at] for each in (hears, at_once(hears)))
    assert heard.recall >= 0.80 and len(sure.false) <= sure.negatives / 12


def test_what_people_write_of_other_things_stops_nothing() -> None:
    said = [text for each in measure("others.danger", at_once(hears)) for text in (*each.missed, *each.false)]
    stops = [text for text in said if (found := shipped().find(text)) and found.sure]
    assert len(stops) <= len(said) / 100, stops


def test_a_wish_for_nothing_more_is_not_taken_for_danger() -> None:
    """It would get help instead of what it asks for."""
    sayings = read_sayings()
    wishes = [text for kind in ("stop", "others.stop") for _, heard, _ in sets(kind) for text in heard]
    in_danger = [text for text in wishes if (found := sayings.danger(text, "en")) and found.sure]
    assert len(in_danger) <= len(wishes) / 50, in_danger


@given(st.text(max_size=300))
def test_any_text_can_be_listened_to(text: str) -> None:
    shipped().find(text)


@given(st.sampled_from(ALL), st.sampled_from(["", "please ", "hi. ", "asante. ", "hola, "]))
def test_a_wish_of_some_hours_is_never_taken_for_one_of_all(limited: tuple[str, str], before: str) -> None:
    found = shipped().find(before + limited[1])
    assert found is None or not found.sure


@pytest.mark.parametrize(("code", "words"), ALL)
def test_a_wish_of_some_hours_is_asked_about_and_stops_nothing_by_itself(quick: Line, code: str, words: str) -> None:
    meets(quick)
    (asked,) = quick.texts(words)
    assert "?" in asked and stopped(quick) == []
    quick.texts("no")
    assert stopped(quick) == []


@pytest.mark.parametrize("code", CODES)
def test_a_yes_to_the_question_stops_all_and_says_so_once(line: Line, code: str) -> None:
    meets(line, language=str(1 + CODES.index(code)))
    line.texts(LIMITED[code][0])
    *_, answer = line.texts(YES[code])  # "yes" brings a word of the carrier's own before, to whom it is START
    assert stopped(line) == ["sms", "voice"]
    assert "+254700000100" in answer and "Warmline" not in answer


def test_a_yes_to_another_question_brings_no_texts_back(line: Line) -> None:
    """To the carrier it is a word for START, and it says so."""
    meets(line)
    line.texts("leave me alone")
    line.texts("i want to die")
    yes = [("MessageSid", "SM77"), ("From", ASHA), ("To", "+254700000100"), ("Body", "YES"), ("OptOutType", "START")]
    line.post("/twilio/sms", yes)
    assert (stopped(line), [request.asked for request in line.waiting()]) == (["sms"], [1])


def test_silence_to_the_question_stops_no_answers(quick: Line) -> None:
    meets(quick)
    quick.texts(LIMITED["en"][0])
    quick.later(days=2)
    assert "0 = " in quick.texts("hello")[-1] and stopped(quick) == []


@pytest.mark.parametrize(
    ("words", "channels"),
    [
        ("please stop texting me", ["sms"]),
        ("ya no me manden mensajes por favor", ["sms"]),
        ("acheni kunitumia ujumbe", ["sms"]),
        ("stop calling me", ["voice"]),
        ("usinipigie tena", ["voice"]),
        ("stop calling me and stop texting me", ["sms", "voice"]),
    ],
)
def test_a_wish_for_no_more_is_followed_and_answered_once_with_a_number(line: Line, words: str, channels: list) -> None:
    meets(line)
    [answer] = line.texts(words)
    assert stopped(line) == channels
    assert "700 000 100" in answer or "+254700000100" in answer
    assert "Warmline" not in answer


@pytest.mark.parametrize("yes", ["1", "yes"])
@pytest.mark.parametrize(
    "words", ["they stop texting me and I want to die", "he wont leave me alone, I'm scared he will kill me"]
)
def test_with_danger_help_comes_first_and_nothing_is_stopped_unasked(line: Line, words: str, yes: str) -> None:
    meets(line)
    assert EMERGENCY in line.texts(words)[0]
    assert stopped(line) == []
    answers = line.texts("2")  # no counselor's call
    assert "Shall texts from this number stop?" in answers[-1]
    line.texts(yes)
    assert stopped(line) == ["sms"]


def test_with_danger_a_no_leaves_the_texts_as_they_are(quick: Line) -> None:
    meets(quick)
    for words in ("stop texting me I want to die", "2", "2"):
        quick.texts(words)
    assert stopped(quick) == []
    assert len(quick.rows(Alert)) == 1


def test_start_brings_the_texts_back(quick: Line) -> None:
    meets(quick)
    quick.texts("leave me alone")
    assert stopped(quick) == ["sms"]
    quick.texts("unstop")
    assert stopped(quick) == []
