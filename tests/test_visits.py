"""Whoever comes again and again is offered a person, gently and not each time; and whoever is asked may be counted."""

import pytest
from people import Line, a_line

from ivr.care.visits import OFTEN
from ivr.models import Consent
from simulator.calls import Call

OFFER = {"en": "You have come often today", "es": "Hoy ha venido muchas veces", "sw": "Leo umekuja mara nyingi"}
KEYS = {"en": "1", "es": "2", "sw": "3"}


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


def first_call(line: Line, language: str = "en") -> None:
    """Chooses a language, does not want answers to be kept, and leaves."""
    line.rings().press(KEYS[language]).press("2").press("8")


def rings_again(line: Line, minutes: int = 30) -> Call:
    """Past the greeting."""
    line.later(minutes=minutes)
    return line.rings().press("1")


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_a_person_is_offered_at_each_sixth_visit_of_a_day(line: Line, language: str) -> None:
    first_call(line, language)
    offered = []
    for _ in range(2, 2 * OFTEN):
        call = rings_again(line)
        offered.append(OFFER[language] in call.prompt)
        call.press("8")
    assert offered == [visit == OFTEN for visit in range(2, 2 * OFTEN)]


def test_a_no_is_as_welcome_as_a_yes(line: Line) -> None:
    first_call(line)
    for _ in range(OFTEN - 2):
        rings_again(line).press("8")
    call = rings_again(line)
    assert "What would help now?" in call.press("2").prompt


def test_a_yes_leads_to_a_person(line: Line) -> None:
    first_call(line)
    for _ in range(OFTEN - 2):
        rings_again(line).press("8")
    call = rings_again(line).press("1")
    assert "9, 9, 9" in call.listen() + call.prompt


def test_who_comes_now_and_then_is_not_asked(line: Line) -> None:
    first_call(line)
    for _ in range(2 * OFTEN):
        call = rings_again(line, minutes=24 * 60 // (OFTEN - 1) + 1)
        assert OFFER["en"] not in call.prompt
        call.press("8")


def test_calls_of_others_do_not_count(line: Line) -> None:
    first_call(line)
    for n in range(2 * OFTEN):
        line.rings(f"+25472200000{n % 7}").press("1").press("2").press("8")
    assert OFFER["en"] not in rings_again(line).prompt


@pytest.mark.parametrize(("answer", "given"), [("yes", True), ("no", False)])
@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_whether_somebody_is_counted_is_their_own_word(line: Line, language: str, answer: str, given: bool) -> None:
    said = {"en": ("yes", "no"), "es": ("si", "no"), "sw": ("ndio", "hapana")}[language]
    asked = {"en": ("settings", "2", "3"), "es": ("ajustes", "2", "3"), "sw": ("mipangilio", "2", "3")}[language]
    first_call(line, language)
    for words in (*asked, said[answer == "no"]):
        assert line.texts(words)
    rows = [row for row in line.rows(Consent) if row.purpose == "statistics"]
    assert [(row.given, row.language, row.channel, len(row.words)) for row in rows] == [(given, language, "sms", 64)]
