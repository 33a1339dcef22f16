"""Whoever is rung back and did not ring says so with one key, learns nothing, and is left alone until they ask."""

from collections.abc import Iterator

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import at
from test_missed_calls import BARAKA, DOORS, LINE, asked, is_rung, lets_ring, plead, rung

from ivr.models import Number, OptOut
from ivr.people import contacts

NOT_FOR_ME = "5"
TELLING = ("Warmline", "counselor", "exercise", "mood", "keep")


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url, **DOORS) as line:
        yield line


def says_not_for_me(line: Line, key: str = NOT_FOR_ME) -> list[str]:
    """All that whoever picks up hears."""
    assert is_rung(line)
    call = line.carrier.answer(ASHA)
    said = [call.listen(), call.press(key).listen()]
    assert call.ended
    return said


def passes(line: Line) -> None:
    line.later(minutes=20)


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_it_is_offered_before_anything_else_and_reveals_nothing(database_url: str, language: str) -> None:
    numbers = {"SERVICE_NUMBER": DOORS["SERVICE_NUMBER"].replace(":en", f":{language}")}
    with a_reaching_line(database_url, **numbers) as line:
        lets_ring(line)
        said = says_not_for_me(line)
        offered = line.runtime.content.languages[language].gettext(
            "Hello. You hear a recording. Not for you: press five. A person: press zero."
        )
        assert said[0].startswith(offered)
        gettext = line.runtime.content.languages[language].gettext
        assert said[1] == gettext("Thank you. Goodbye.")
        assert not [word for word in TELLING for each in said if word in each]


def test_they_are_not_rung_again_for_missed_calls_but_asked_by_text_until_that_is_not_for_them_either(
    line: Line,
) -> None:
    lets_ring(line)
    says_not_for_me(line)
    for _ in range(3):
        passes(line)
        lets_ring(line)
        assert not is_rung(line)
    assert len(asked(line)) == 3
    line.texts("4")  # not for me
    passes(line)
    lets_ring(line)
    assert not is_rung(line)
    assert len(asked(line)) == 3
    assert {(row.channel, row.source) for row in line.rows(OptOut)} == {(c, "wrong person") for c in ("sms", "voice")}


def test_nor_for_somebody_elses_plea_nor_in_the_morning(line: Line) -> None:
    lets_ring(line)
    says_not_for_me(line)
    passes(line)
    plead(line, f"Please call me {ASHA}")
    assert not is_rung(line)
    at(line, "2026-11-24", "02:00")
    lets_ring(line)
    at(line, "2026-11-24", "09:30")
    assert not is_rung(line)
    assert rung(line) == [f"{LINE} {ASHA}"]


def test_whoever_asks_in_words_is_rung_again(line: Line) -> None:
    lets_ring(line)
    says_not_for_me(line)
    passes(line)
    line.texts("call me")
    assert "ring in a moment" in line.texts("1")[0]
    assert is_rung(line)


def test_a_yes_to_the_text_after_a_missed_call_is_asking(line: Line) -> None:
    lets_ring(line)
    says_not_for_me(line)
    passes(line)
    lets_ring(line)
    assert not is_rung(line)
    assert "ring in a moment" in line.texts("1")[0]
    assert is_rung(line)


def test_somebody_who_was_here_before_says_it_with_the_key_they_hear(line: Line) -> None:
    for word in ("hello", "1", "2"):
        line.texts(word)
    line.texts("8")
    lets_ring(line)
    said = says_not_for_me(line, "2")
    assert "If it is not for you" in said[0]
    passes(line)
    lets_ring(line)
    assert not is_rung(line)


def test_others_are_rung_as_before_and_whoever_calls_themselves_hears_no_such_key(line: Line) -> None:
    lets_ring(line)
    says_not_for_me(line)
    lets_ring(line, BARAKA)
    assert is_rung(line, BARAKA)
    call = line.rings("+254711000077")
    assert "Not for you" not in call.listen()
    call.hang_up()


def test_a_silent_number_that_rings_is_rung(line: Line) -> None:
    """What only kept the line from a number that nobody seemed to use is over when somebody uses it."""
    lets_ring(line)
    assert is_rung(line)
    line.carrier.decline(ASHA)
    (number,) = line.rows(Number)
    with line.runtime.database.transaction() as tx:
        for channel in ("sms", "voice"):
            contacts.stop(tx, number.id, channel, contacts.SILENT, line.clock.now())
    passes(line)
    lets_ring(line)
    assert is_rung(line)
