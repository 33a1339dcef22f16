"""Somebody may be in danger: those on duty are told, again and again, by text and by call, until one of them has it."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import meets

from ivr import cli
from ivr.app import create_app
from ivr.models import Alert, Outgoing
from simulator.calls import Call
from simulator.faults import Fault

FIRST, SECOND, CHIEF = "+254722000001", "+254722000002", "+254722000003"
ON_DUTY = {"ON_DUTY": f"{FIRST},{SECOND}:sw", "SUPERVISORS": CHIEF}
ANSWERS = ["1", "2", "no", "yes", "acha", "8", "9", "7", "0", "I want to die", "hello", "not any more"]
HOTLINE = "0, 7, 2, 2"  # of the crisis line
STRANGERS = count(10_000)
ALERT, IN_SWAHILI = "may be in danger", "yuko hatarini"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url, **ON_DUTY) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    """On one database only: what is tried in many ways."""
    with a_reaching_line(sqlite_url, **ON_DUTY) as line:
        yield line


def alerted(line: Line, number: str) -> int:
    """How many texts told this one of danger."""
    return sum(ALERT in text.body or IN_SWAHILI in text.body for text in line.carrier.inbox(number))


def rung(line: Line, number: str) -> int:
    """How often this one's phone was rung."""
    return sum(entry["kind"] == "call" and entry["to"] == number for entry in line.carrier.ledger)


def told(line: Line) -> list[tuple[int, int]]:
    """Texts and calls to each of the three."""
    return [(alerted(line, number), rung(line, number)) for number in (FIRST, SECOND, CHIEF)]


def passes(line: Line, minutes: int) -> None:
    """So much later; phones that rang have stopped."""
    line.later(minutes=minutes)
    line.ticks()
    for number in (FIRST, SECOND, CHIEF):
        while line.carrier.ringing(number):
            line.carrier.decline(number)


def heard_on(call: Call) -> str:
    """All that was heard since the call began."""
    return " ".join(heard.text for heard in call.heard)


def code(line: Line) -> str:
    return line.rows(Alert)[-1].code


@pytest.mark.parametrize("words", ["I want to die", "quiero morirme", "nataka kujiua"])
def test_whoever_writes_of_danger_is_answered_and_those_on_duty_are_told(line: Line, words: str) -> None:
    assert "999" in line.texts(words)[0]
    passes(line, minutes=0)
    assert told(line) == [(1, 1), (0, 0), (0, 0)]
    assert ASHA not in line.carrier.inbox(FIRST)[0].body


def test_again_after_five_minutes_a_second_one_after_ten_a_supervisor_after_fifteen(line: Line) -> None:
    line.texts("I want to die")
    passes(line, minutes=0)
    seen = []
    for _ in range(4):
        passes(line, minutes=5)
        seen.append(told(line))
    assert seen == [
        [(2, 2), (0, 0), (0, 0)],
        [(3, 3), (1, 1), (0, 0)],
        [(4, 4), (2, 2), (1, 1)],
        [(5, 5), (3, 3), (2, 2)],
    ]
    assert IN_SWAHILI in line.carrier.inbox(SECOND)[0].body


def test_nobody_is_told_any_more_once_somebody_has_it_by_text(line: Line) -> None:
    line.texts("I want to die")
    passes(line, minutes=0)
    assert "You look after" in line.texts(f"OK {code(line)}", FIRST)[0]
    before = told(line)
    for _ in range(5):
        passes(line, minutes=5)
    assert told(line) == before
    assert "look after" in line.texts(f"ok {code(line)}", FIRST)[0]  # said twice is not said wrong
    assert "Mtu mwingine" in line.texts(code(line), SECOND)[0]  # "somebody else", in Swahili


def test_whoever_runs_the_line_sees_who_it_is(line: Line) -> None:
    line.texts("I want to die")
    line.texts("nataka kujiua", BARAKA)
    line.texts(f"OK {code(line)}", FIRST)
    app = create_app(line.runtime)
    cli.register(app)
    with app.app_context():
        shown = app.test_cli_runner().invoke(args=["alerts"]).output.splitlines()
    assert "OPEN" in shown[0]
    assert {number for line in shown for number in (ASHA, BARAKA) if number in line} == {ASHA, BARAKA}
    assert "answered 07:" in shown[1] and "wrote of danger, 1x" in shown[1]
    assert shown[-1] == "1 open"


def test_a_plain_ok_is_enough_while_there_is_one(quick: Line) -> None:
    quick.texts("I want to die")
    assert "You look after" in quick.texts("ok", FIRST)[0]
    quick.texts("I want to die", BARAKA)
    quick.texts("nataka kujiua", "+254711000003")
    assert "There are several" in quick.texts("OK", FIRST)[0]
    assert [row.acknowledged_at is None for row in quick.rows(Alert)].count(True) == 2


def test_a_key_on_the_call_does_it_too(line: Line) -> None:
    line.texts("I want to die")
    line.ticks()
    call = line.carrier.answer(FIRST)
    assert "for those on duty" in call.listen()
    assert "You look after it now" in call.press("1").listen()
    call.hang_up()
    before = told(line)
    passes(line, minutes=5)
    assert told(line) == before


def test_a_machine_that_takes_the_call_hears_nothing_and_ends_nothing(quick: Line) -> None:
    quick.texts("I want to die")
    quick.ticks()
    call = quick.carrier.answer(FIRST, machine=True)
    assert not call.listen()
    passes(quick, minutes=5)
    assert told(quick)[0] == (2, 2)


@pytest.mark.parametrize("words", ["ok", "OK 1234", "1234", "okay"])
def test_nobody_else_can_take_an_alert(quick: Line, words: str) -> None:
    quick.texts("I want to die")
    said = words.replace("1234", code(quick))
    quick.texts(said, BARAKA)
    assert quick.rows(Alert)[0].acknowledged_at is None


def test_what_is_said_again_while_it_is_open_is_counted_and_not_sent_again(quick: Line) -> None:
    for words in ("I want to die", "I mean it, I will kill myself", "nataka kujiua"):
        quick.texts(words)
    passes(quick, minutes=0)
    assert told(quick)[0] == (1, 1)
    assert [row.times for row in quick.rows(Alert)] == [3]


def test_a_call_asked_for_after_somebody_has_the_alert_is_told_too(quick: Line) -> None:
    quick.texts("I want to die")
    passes(quick, minutes=0)
    quick.texts("ok", FIRST)
    assert "Those on duty are being told" in " ".join(quick.texts("1"))
    passes(quick, minutes=0)
    assert told(quick)[0] == (2, 2)


def test_what_is_said_anew_later_is_a_new_alert(quick: Line) -> None:
    quick.texts("I want to die")
    quick.texts("ok", FIRST)
    quick.later(minutes=20)
    quick.texts("I want to die")
    assert len(quick.rows(Alert)) == 2


@pytest.mark.parametrize("settings", [{"SUPERVISORS": CHIEF}, {"ON_DUTY": CHIEF}])
def test_where_nobody_else_is_there_the_one_who_is_hears_at_once(sqlite_url: str, settings: dict) -> None:
    with a_reaching_line(sqlite_url, **settings) as line:
        line.texts("I want to die")
        passes(line, minutes=0)
        assert told(line) == [(0, 0), (0, 0), (1, 1)]


def test_where_nobody_is_set_the_person_is_helped_all_the_same(sqlite_url: str) -> None:
    with a_reaching_line(sqlite_url) as line:
        assert "999" in line.texts("I want to die")[0]
        assert "counselor sees it when next" in line.texts("1")[0]
        assert line.rows(Outgoing) == []
        assert len(line.rows(Alert)) == 1  # for whoever looks later


def test_a_carrier_that_is_busy_for_a_while_loses_no_alert(quick: Line) -> None:
    quick.carrier.faults.order([Fault("429"), Fault("429")])
    quick.texts("I want to die")
    for _ in range(3):
        passes(quick, minutes=1)
    assert told(quick)[0] == (1, 1)


def test_after_an_hour_it_is_told_every_hour_and_never_given_up(quick: Line) -> None:
    quick.texts("I want to die")
    for _ in range(13):
        passes(quick, minutes=5)
    before = told(quick)
    passes(quick, minutes=30)
    assert told(quick) == before
    passes(quick, minutes=30)
    assert told(quick) > before


def test_stop_beside_danger_stops_and_alerts(quick: Line) -> None:
    meets(quick)
    quick.texts("STOP I want to die")
    passes(quick, minutes=0)
    assert told(quick)[0] == (1, 1)


@given(answers=st.lists(st.sampled_from(ANSWERS), max_size=6))
def test_no_answer_ever_makes_it_less_urgent(quick: Line, answers: list[str]) -> None:
    """An alert that is open stays open, and an urgent request urgent, whatever the person answers."""
    number = f"+2547110{next(STRANGERS):05}"
    before = len(quick.rows(Alert))
    quick.texts("I want to die", number)
    quick.texts("1", number)  # a counselor shall call
    for answer in answers:
        quick.texts(answer, number)
    assert all(row.next_at for row in quick.rows(Alert)) and len(quick.rows(Alert)) == before + 1
    assert all(request.urgent_at for request in quick.waiting())


@given(answers=st.lists(st.sampled_from(["1", "2", "5", "#", "silence"]), max_size=12))
def test_whoever_is_asked_directly_hears_the_number_whatever_they_answer(quick: Line, answers: list[str]) -> None:
    call = quick.rings(f"+2547110{next(STRANGERS):05}").press("12").press("1")
    for _ in range(4):
        call.press("3")  # bad nights, thoughts, mood and day
    for answer in answers:
        if call.ended or HOTLINE in heard_on(call):
            break
        call.wait() if answer == "silence" else call.press(answer)
    while not call.ended and HOTLINE not in heard_on(call):
        call.wait()
    assert HOTLINE in heard_on(call)


def test_who_was_told_of_somebody_hears_that_they_had_all_of_it_erased(line: Line) -> None:
    line.texts("hello")
    line.texts("1")
    line.texts("I want to die")
    line.ticks()
    assert (alerted(line, FIRST), alerted(line, SECOND)) == (1, 0)
    line.texts("I want to die", BARAKA)  # somebody else: their alert stays
    for word in ("erase", "2", "1", "1"):
        line.texts(word)
    line.ticks()
    said = [text.body for text in line.carrier.inbox(FIRST)]
    assert sum("had everything erased" in text for text in said) == 1
    assert not any("had everything erased" in text.body for text in line.carrier.inbox(SECOND))  # was told of nobody
    assert len(line.rows(Alert)) == 1
    passes(line, 30)
    assert sum("had everything erased" in text.body for text in line.carrier.inbox(FIRST)) == 1
