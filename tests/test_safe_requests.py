"""Asking for a safe call: each answer counts when it is given; whoever asked hears how it stands, and that it ended."""

import json

import pytest
from desk import a_counselor
from people import ASHA, BARAKA, Line, a_line, a_reaching_line
from reaching import meets

from ivr.callbacks import claims, outcomes
from ivr.callbacks.outcomes import MOST
from ivr.models import Callback, Number, Outgoing
from ivr.team.counselors import Member
from workers import duties

CALL = "my call"
ENDED = "did not work out this time"
MORE = "A few questions would make the call safer."


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        meets(line)
        yield line


@pytest.fixture
def reaching(database_url: str):
    with a_reaching_line(database_url) as line:
        meets(line)
        yield line


def says(line: Line, *texts: str, number: str = ASHA) -> str:
    """What they read after the last of these."""
    return " ".join([" ".join(line.texts(text, number)) for text in texts][-1:])


def asks(line: Line, number: str = ASHA) -> None:
    """For a call soon, at this number; no more questions."""
    says(line, CALL, "1", "1", "2", number=number)


def card(line: Line) -> dict[str, str]:
    """What stands on the card of the only request."""
    (row,) = line.rows(Callback)
    return json.loads(line.runtime.vault.open("callbacks.card", row.id, row.card))


def rung(line: Line) -> str:
    """The number that would be rung."""
    (row,) = line.rows(Callback)
    (number,) = [each for each in line.rows(Number) if each.id == row.number_id]
    return line.runtime.vault.open("numbers.sealed", number.id, number.sealed).decode()


def taken(line: Line) -> tuple[Member, str]:
    """By a counselor, whoever may have it."""
    who, ref = a_counselor(line), line.waiting()[0].ref
    with line.runtime.database.transaction() as tx:
        claim = claims.take(tx, who, ref, line.clock.now())
    assert isinstance(claim, claims.Claim)
    return who, claim.id


def closes(line: Line, state: str) -> None:
    who, id = taken(line)
    with line.runtime.database.transaction() as tx:
        assert outcomes.close(tx, who, id, state, line.clock.now())


def ended(line: Line, number: str = ASHA) -> int:
    """How many texts told this number that it has ended."""
    line.ticks()
    return sum(ENDED in text.body for text in line.carrier.inbox(number))


ANSWERS = (
    ("1", {"alone": "yes"}),
    ("2", {"voicemail": "no"}),
    ("1", {"ring_again": "yes"}),
    ("2", {"counselor": "woman"}),
    ("Mama Asha", {"name": "Mama Asha"}),
    ("the roof fell in", {"topic": "the roof fell in"}),
)


@pytest.mark.parametrize("left_after", range(len(ANSWERS) + 1))
def test_whoever_leaves_in_the_midst_has_said_what_they_have_said(line: Line, left_after: int) -> None:
    assert MORE in says(line, CALL, "1", "1")
    says(line, "1")
    expected = {"when": "now"}
    for text, kept in ANSWERS[:left_after]:
        says(line, text)
        expected |= kept
    says(line, "8")
    assert card(line) == expected
    assert len(line.waiting()) == 1
    assert line.rows(Callback)[0].asked == 1


@pytest.mark.parametrize("word", ["no", "No.", "2"])
def test_no_is_no_name_and_no_topic(line: Line, word: str) -> None:
    says(line, CALL, "1", "1", "1", "1", "2", "1", "1", word, word)
    assert {"name", "topic"} & set(card(line)) == set()


def test_what_was_wished_can_be_taken_back(line: Line) -> None:
    says(line, CALL, "2", "3", "1", "1", "1", "1", "1", "3", "no", "no")
    assert (card(line)["counselor"], card(line)["when"], card(line)["day"]) == ("man", "morning", "2026-11-24")
    assert line.rows(Callback)[0].wish == "man"
    says(line, CALL, "2", "4", "1", "1", "1", "2", "2", "1", "no", "no")  # another time: evening, any day
    found = card(line)
    assert (found["when"], found["alone"], found["voicemail"]) == ("evening", "yes", "no")
    assert {"day", "counselor"} & set(found) == set()
    assert line.rows(Callback)[0].wish is None


def test_another_number_is_rung_and_the_request_stays_one(line: Line) -> None:
    says(line, CALL, "1", "2", "0722 000 321", "2")
    assert rung(line) == "+254722000321"
    says(line, CALL, "3", "2", "0722 000 322", "8")
    assert rung(line) == "+254722000322"
    assert len(line.rows(Callback)) == 1


def test_a_number_that_is_none_is_asked_for_again_and_nothing_is_kept_without_one(line: Line) -> None:
    says(line, CALL, "1", "2", "12", "34", "hello")
    assert line.waiting() == []


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (("1",), "Only until 20:00"),
        (("3", "1"), "Only on Monday, 12:00 to 17:00"),
        (("2", "3"), "Only on Tuesday, 08:00 to 12:00"),
        (("4", "4", "3"), "Only on Wednesday, 17:00 to 21:00"),
        (("4", "4", "4", "4"), "Only on Sunday, 17:00 to 21:00"),
    ],
)
def test_the_hours_in_which_they_are_rung_are_said(line: Line, when: tuple[str, ...], words: str) -> None:
    assert words in says(line, CALL, *when, "1")
    assert words in says(line, CALL)


def test_how_it_stands_is_told(line: Line) -> None:
    asks(line)
    assert "A counselor sees it when next at the desk." in says(line, CALL)
    who, id = taken(line)
    assert "Somebody looks after it now." in says(line, CALL)
    home = line.runtime.content.hours.zone
    with line.runtime.database.transaction() as tx:
        outcomes.tried(tx, line.runtime.vault, who, id, "no answer", home, line.clock.now())
    assert "nobody took the call. We try again." in says(line, CALL)
    assert "Your request is taken back." in says(line, "4")
    assert line.waiting() == []


@pytest.mark.parametrize("state", ["not_reached", "cancelled"])
def test_whoever_was_never_talked_with_is_told_that_it_has_ended(reaching: Line, state: str) -> None:
    asks(reaching)
    closes(reaching, state)
    assert ended(reaching) == 1
    assert ended(reaching) == 1


def test_after_a_talk_and_after_their_own_word_no_text_comes(reaching: Line) -> None:
    asks(reaching)
    closes(reaching, "reached")
    asks(reaching)
    says(reaching, CALL, "4")
    assert [each.state for each in reaching.rows(Callback)] in (["reached", "cancelled"], ["cancelled", "reached"])
    assert ended(reaching) == 0


def test_what_nobody_met_and_what_was_tried_too_often_ends_with_a_word(reaching: Line) -> None:
    asks(reaching)
    asks(reaching, BARAKA)
    reaching.later(days=14, minutes=1)
    duties.keep_the_queue(reaching.runtime)
    assert [each.state for each in reaching.rows(Callback)] == ["expired", "expired"]
    assert ended(reaching) == 1
    assert ended(reaching, BARAKA) in (0, 1)


def test_the_ninth_attempt_in_vain_ends_it_with_a_word(reaching: Line) -> None:
    asks(reaching)
    home = reaching.runtime.content.hours.zone
    who = a_counselor(reaching)
    for _ in range(MOST):
        reaching.later(days=1)
        ref = reaching.waiting()[0].ref
        with reaching.runtime.database.transaction() as tx:
            claim = claims.take(tx, who, ref, reaching.clock.now())
            assert isinstance(claim, claims.Claim)
            outcomes.tried(tx, reaching.runtime.vault, who, claim.id, "busy", home, reaching.clock.now())
    assert ended(reaching) == 1


@pytest.mark.parametrize("against", ["stop", "another number", "reply only", "night"])
def test_the_word_about_its_end_goes_only_where_it_may(reaching: Line, against: str) -> None:
    if against == "another number":
        says(reaching, CALL, "1", "2", "0722 000 321", "2")
    else:
        asks(reaching)
    if against == "stop":
        reaching.texts("STOP")
    if against == "reply only":
        with reaching.runtime.database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE contacts SET openness = 'reply_only'")
    if against == "night":
        reaching.later(hours=13)  # eleven at night
    closes(reaching, "not_reached")
    assert ended(reaching) == 0
    assert ended(reaching, "+254722000321") == 0
    if against == "night":
        reaching.later(hours=11)
        assert ended(reaching) == 1


def test_nobody_is_told_of_another_ones_request(reaching: Line) -> None:
    asks(reaching)
    asks(reaching, BARAKA)
    closes(reaching, "not_reached")
    rows = [row for row in reaching.rows(Outgoing) if row.kind == "call_closed"]
    (closed,) = [row for row in reaching.rows(Callback) if row.closed_at]
    assert [(row.number_id, row.contact_id) for row in rows] == [(closed.number_id, closed.contact_id)]
