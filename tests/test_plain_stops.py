"""STOP with a word or two around it, START for all that was stopped, and words that only look like "not for me"."""

import pytest
from people import ASHA, BARAKA, Line, a_line, a_reaching_line
from reaching import by_text, meets
from test_refusals import stopped


@pytest.fixture
def quick(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


@pytest.mark.parametrize(
    "words",
    ["please stop", "STOP IT", "stop now please", "s t o p", "S.T.O.P", "alto por favor", "ACHA SASA", "end please"],
)
def test_a_stop_with_fillers_is_a_stop(quick: Line, words: str) -> None:
    meets(quick)
    [answer] = quick.texts(words)
    assert stopped(quick) == ["sms"] and "+254700000100" in answer


@pytest.mark.parametrize("words", ["stop crying", "please", "now", "everything", "thank you"])
def test_fillers_alone_and_other_words_stop_nothing(quick: Line, words: str) -> None:
    meets(quick)
    quick.texts(words)
    assert stopped(quick) == []


def test_what_is_wished_twice_is_no_question_any_more(quick: Line) -> None:
    meets(quick)
    quick.texts("dont text me at night")
    quick.texts("do not text me at night i said")
    assert stopped(quick) == ["sms", "voice"]


@pytest.mark.parametrize(
    ("words", "said"), [("ACHA", "Tumesitisha"), ("ALTO", "Listo"), ("no me manden mas mensajes", "Listo")]
)
def test_a_stranger_is_answered_in_the_language_of_the_stop(quick: Line, words: str, said: str) -> None:
    assert quick.texts(words)[0].startswith(said)


def test_start_brings_calls_back_too(quick: Line) -> None:
    meets(quick)
    quick.texts("stop calling me")
    assert stopped(quick) == ["voice"]
    quick.texts("unstop")
    assert stopped(quick) == []


def test_a_call_that_is_cancelled_stops_no_calls(quick: Line) -> None:
    meets(quick)
    for words in ("my call", "1", "1", "2", "cancel my call"):
        quick.texts(words)
    assert stopped(quick) == []


@pytest.mark.parametrize(
    "words", ["everything went wrong today", "I took the wrong medicine for my headache", "my mother died an hour ago"]
)
def test_a_story_in_answer_to_a_reminder_is_no_choice(sqlite_url: str, words: str) -> None:
    with a_reaching_line(sqlite_url) as line:
        meets(line)
        by_text(line)
        line.later(hours=2, minutes=30)
        line.ticks()
        (answer,) = line.texts(words)
        assert stopped(line) == [] and "4 = Not for me" in answer  # it is asked again


@pytest.mark.parametrize("stop", ["stop calling me", "stop calling me and stop texting me"])
def test_whoever_asks_for_a_call_after_stopping_calls_is_rung(sqlite_url: str, stop: str) -> None:
    with a_reaching_line(sqlite_url) as line:
        meets(line)
        line.texts(stop)
        line.texts("call me")
        assert "will ring" in line.texts("1")[0]
        for _ in range(5):
            line.later(seconds=1)
            line.ticks()
        assert line.carrier.ringing(ASHA) is not None
        assert stopped(line) == (["sms"] if "text" in stop else [])


def test_a_counselor_rings_them_without_a_reason_and_a_number_that_they_name_stays_stopped(quick: Line) -> None:
    meets(quick)
    meets(quick, BARAKA)
    for number in (ASHA, BARAKA):
        quick.texts("stop calling me", number)
    quick.texts("i want to die")
    quick.texts("yes")
    assert len(quick.waiting()) == 1 and stopped(quick) == ["voice"]  # Baraka's
