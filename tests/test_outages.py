"""Whatever breaks, whoever rings or texts is answered in time with the numbers to call now, in their language."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from people import ASHA, Line, a_line

from faults import breaking, dead, hearing, steps
from ivr.config import Config
from ivr.models import Conversation
from ivr.outages.turns import HURRY, TooLate, Turn, Turns
from ivr.runtime import Runtime

CALL = [("CallSid", "CA1"), ("From", ASHA), ("To", "+254700000100")]
IN_TIME = dead.HEARD_BY  # the deadline is half of it; the machine is shared


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


@pytest.mark.parametrize(
    "name", [name for name in dead.FAULTS if name not in ("a frozen database", "locked by a stopped process")]
)
def test_the_whole_matrix(database_url: str, name: str) -> None:
    fault, _, works = dead.FAULTS[name]
    figures = dead.matrix(database_url, fault, each_waits=False)
    assert len(figures.answers) > 300
    assert dead.is_well(figures, works), [answer for answer in figures.answers if not answer.is_helped][:3]


@pytest.mark.parametrize(
    ("database_url", "name"),
    [("sqlite", "locked by a stopped process"), ("postgresql", "locked by a stopped process"),
     ("postgresql", "a frozen database")],
    indirect=["database_url"],
)  # fmt: skip
def test_the_matrix_of_what_never_answers(database_url: str, name: str) -> None:
    """Those who come first wait for the deadline; the others are answered at once. Nobody waits for long."""
    figures = dead.matrix(database_url, dead.FAULTS[name][0], each_waits=False)
    assert dead.is_well(figures, False), [answer for answer in figures.answers if not answer.is_helped][:3]
    assert figures.slowest < IN_TIME
    assert figures.share(0.5) < 0.5


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_hundred_calls_during_a_freeze_are_answered_and_the_line_recovers_by_itself(line: Line) -> None:
    def rings(number: int) -> tuple[float, bytes]:
        began = time.monotonic()
        answer = line.post("/twilio/voice", [("CallSid", f"CA{number}"), ("From", f"+2547110{number:05}"), CALL[2]])
        return time.monotonic() - began, answer

    line.post("/twilio/voice", CALL)
    with breaking.frozen(line.runtime), ThreadPoolExecutor(8) as people:
        heard = list(people.map(rings, range(100)))
    assert {answer for _, answer in heard} == {line.runtime.trouble("en", "KE").voice}
    assert max(seconds for seconds, _ in heard) < IN_TIME
    assert line.runtime.turns.is_open
    assert until(lambda: b"Gather" in rings(time.monotonic_ns() % 99_999)[1], 6.0)
    assert not line.runtime.turns.is_open
    assert b"Hello" in rings(1)[1]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_turn_that_was_given_up_on_never_happened(line: Line) -> None:
    line.post("/twilio/voice", CALL)
    (before,) = line.rows(Conversation)
    with breaking.frozen(line.runtime):
        heard = line.post("/twilio/voice/en/1", [*CALL, ("Digits", "1")])
    assert heard == line.runtime.trouble("en", "KE").voice
    time.sleep(0.5)  # what was held up goes on now
    (after,) = line.rows(Conversation)
    assert (after.turn, after.state, after.replies) == (before.turn, before.state, before.replies)
    line.clock.pass_by(2)
    assert until(lambda: b"Gather" in line.post("/twilio/voice/en/1", [*CALL, ("Digits", "1")]), 6.0)


@pytest.mark.parametrize(
    ("body", "said"),
    [("I want to die", "To talk with somebody, call 0722"), ("quiero morir", "Para hablar con alguien, llame al 0722")],
)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_danger_in_a_text_does_not_wait_for_a_frozen_database(line: Line, body: str, said: str) -> None:
    line.texts("hello")
    with breaking.frozen(line.runtime):
        began = time.monotonic()
        (answer,) = line.texts(body)
        first = time.monotonic() - began
    assert said in answer
    assert HURRY < first < HURRY + 0.5


def test_once_it_is_known_nobody_waits_at_all(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line, breaking.locked(line.runtime):
        line.post("/twilio/voice", CALL)
        began = time.monotonic()
        answers = {line.post("/twilio/voice", [("CallSid", f"CA{each}"), *CALL[1:]]) for each in range(2, 9)}
        assert time.monotonic() - began < 0.5
        assert answers == {line.runtime.trouble("en", "KE").voice}


def test_the_numbers_are_those_of_where_the_caller_is(line: Line) -> None:
    with breaking.bug(line.runtime):
        for sender, numbers in (("+34600111222", ("112", "024")), ("+255712345678", ("112", "112")), ("", ("999",))):
            heard = line.post("/twilio/voice/en/1", [CALL[0], ("From", sender), CALL[2], ("Digits", "1")])
            said = hearing.words(line.runtime.content, heard)
            assert all(", ".join(number) in said for number in numbers), said


def test_health_says_so_and_does_not_hang(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line, breaking.locked(line.runtime):
        began = time.monotonic()
        assert line.client.get("/readyz").status_code == 503
        assert line.client.get("/metrics").status_code == 503
        assert time.monotonic() - began < 2 * IN_TIME


# The threads beside ------------------------------------------------------------------------------------------------


def hang(held: threading.Event):
    def work(turn: Turn[str]) -> str:
        held.wait(20)
        turn.must_be_in_time()
        return "committed"

    return work


def test_what_nobody_can_interrupt_is_left_behind_and_no_more_of_it_than_a_few() -> None:
    """A disk that hangs: no signal, no closed socket ends that."""
    turns, held, ended = Turns(deadline=0.05), threading.Event(), []
    turns_before = threading.active_count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ivr.outages.turns.SLOW", 0.01)
        patch.setattr("ivr.outages.turns.AGAIN", 0.06)
        until_then = time.monotonic() + 2
        while time.monotonic() < until_then:
            with pytest.raises(TooLate):
                turns.take(hang(held))
            ended.append(1)
            time.sleep(0.005)
        assert threading.active_count() - turns_before <= 9
        assert len(ended) > 50
        held.set()
        assert until(lambda: answers(turns), 3.0)


def answers(turns: Turns) -> bool:
    try:
        return turns.take(lambda turn: "there") == "there"
    except TooLate:
        return False


def test_one_that_is_slow_while_others_go_well_says_nothing_about_the_database() -> None:
    turns, held = Turns(deadline=1.2), threading.Event()
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(turns.take, hang(held))
        time.sleep(0.6)
        assert turns.take(lambda turn: 1) == 1
        with pytest.raises(TooLate):
            slow.result()
    assert not turns.is_open
    held.set()


def test_what_a_turn_raises_is_raised_where_it_was_asked_for_and_opens_nothing() -> None:
    turns = Turns()
    for _ in range(50):
        with pytest.raises(ZeroDivisionError):
            turns.take(lambda turn: 1 // 0)
    assert not turns.is_open


def test_many_at_once_all_get_their_own(sqlite_url: str) -> None:
    turns = Turns()
    with ThreadPoolExecutor(40) as people:
        assert list(people.map(lambda each: turns.take(lambda turn: each * 2), range(5000))) == [
            each * 2 for each in range(5000)
        ]


def until(holds, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_in_every_language_and_country_trouble_is_short_enough_and_says_the_numbers(sqlite_url: str) -> None:
    with closing(Runtime.of(Config.from_env(steps.SETTINGS | {"DATABASE_URL": sqlite_url})).database):
        runtime = Runtime.of(Config.from_env(steps.SETTINGS | {"DATABASE_URL": sqlite_url}))
        for code, ready in runtime.content.troubles.items():
            for numbers, answer in ready.items():
                assert len(answer.voice) <= 4000
                for each in answer:
                    assert hearing.says_numbers(runtime.content, code, each, numbers), (code, numbers)
