"""Texts that no webhook brought are found in the carrier's list and answered once; the outbox says what holds it up."""

from datetime import timedelta

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line

from ivr import cli
from ivr.models import Message, OptOut, Outgoing
from ivr.outbox import counts
from simulator.faults import Fault

NUMBER = "+254700000100"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


def lost_text(line: Line, body: str, number: str = ASHA) -> None:
    """A text that reaches the carrier, whose webhook never reaches us."""
    line.carrier.office._new(number, NUMBER, number, NUMBER, body, "inbound", "received")


def flask(line: Line, command: str) -> str:
    app = line.client.application
    with app.app_context():
        return app.test_cli_runner().invoke(args=[command]).output


def inbox(line: Line, number: str = ASHA) -> list[str]:
    return [text.body for text in line.carrier.inbox(number)]


def test_a_text_whose_webhook_was_lost_is_answered_once(line: Line) -> None:
    lost_text(line, "I want to die")
    line.sweeps()
    assert inbox(line) == []  # its webhook may still be under way
    for _ in range(3):
        line.later(minutes=6)
        line.sweeps()
        line.ticks()
    (answer,) = inbox(line)
    assert "0722 178 177" in answer
    assert len(line.rows(Message)) == 1


def test_a_text_that_its_webhook_brought_is_not_answered_again(line: Line) -> None:
    line.texts("hello")
    lost_text(line, "hello", BARAKA)
    for _ in range(2):
        line.later(minutes=6)
        line.sweeps()
        line.ticks()
    assert (len(inbox(line)), len(inbox(line, BARAKA))) == (1, 1)


def test_a_lost_stop_stops_and_is_told_so_by_nobody_but_the_carrier(line: Line) -> None:
    lost_text(line, "STOP")
    line.later(minutes=6)
    line.sweeps()
    line.ticks()
    assert inbox(line) == []
    assert line.rows(Outgoing) == []


def test_while_the_list_cannot_be_read_nothing_is_lost(line: Line) -> None:
    lost_text(line, "hello")
    line.later(minutes=6)
    line.carrier.faults.order([Fault("503")])
    line.sweeps()
    line.later(minutes=1)
    line.sweeps()
    line.ticks()
    assert len(inbox(line)) == 1


def test_the_outbox_says_what_waits_and_why(line: Line) -> None:
    cli.register(line.client.application)
    assert "the clock does not tick" in flask(line, "outbox")
    lost_text(line, "hello")
    line.later(minutes=6)
    line.sweeps()
    line.carrier.faults.order([Fault("20003", to=ASHA)])
    line.ticks()
    with line.runtime.database.transaction() as tx:
        counts.mark(tx, "tick", line.clock.now())
    said = flask(line, "outbox")
    assert "HELD UP  sms by +254700000100" in said
    assert "operator 20003" in said
    assert "answer" in said
    assert ASHA not in said
    metrics = line.client.get("/metrics").text
    assert 'warmline_outbox_rows{channel="sms",kind="answer",state="pending",why="operator"} 1.0' in metrics
    assert "warmline_senders_paused 1.0" in metrics
    line.carrier.faults.order([Fault("none", to=ASHA)])
    line.clock.moment += timedelta(minutes=2)
    line.ticks()
    assert len(inbox(line)) == 1
    assert "warmline_senders_paused 0.0" in line.client.get("/metrics").text


STOP_WORD, START_WORD = "acha", "start"


def brought(line: Line, body: str, **late: float) -> None:
    """A text whose webhook comes at once."""
    line.later(**late)
    line.texts(body)


def lost_then(line: Line, body: str, **later: float) -> None:
    """A text whose webhook never comes, some time before what comes next."""
    lost_text(line, body)
    line.later(**later)


def is_stopped(line: Line) -> bool:
    return any(row.ended_at is None for row in line.rows(OptOut))


def looked_for(line: Line) -> None:
    line.later(minutes=6)
    line.sweeps()
    line.ticks()


@pytest.mark.parametrize(("lost", "newer"), [(STOP_WORD, START_WORD), (START_WORD, STOP_WORD)])
def test_of_stop_and_start_the_one_that_was_said_last_holds_however_late_the_other_is_found(
    line: Line, lost: str, newer: str
) -> None:
    line.texts("hello")
    line.texts("1")
    brought(line, START_WORD if lost == START_WORD else STOP_WORD, minutes=1)  # so that both have something to change
    brought(line, STOP_WORD if lost == START_WORD else START_WORD, minutes=1)
    line.later(minutes=1)
    lost_then(line, lost, minutes=1)
    brought(line, newer)
    looked_for(line)
    assert is_stopped(line) == (newer == STOP_WORD)


def test_a_stop_that_was_lost_before_the_first_start_does_not_stop(line: Line) -> None:
    line.texts("hello")
    lost_then(line, STOP_WORD, minutes=1)
    brought(line, START_WORD)
    looked_for(line)
    assert not is_stopped(line)


def test_stop_and_start_that_were_both_lost_count_in_their_order(line: Line) -> None:
    line.texts("hello")
    for word in (START_WORD, STOP_WORD, START_WORD, STOP_WORD):
        lost_then(line, word, seconds=30)
    looked_for(line)
    assert is_stopped(line)


def test_an_old_text_is_no_answer_to_what_was_asked_since_and_leaves_the_thread_where_it_is(line: Line) -> None:
    line.texts("hello")
    lost_then(line, "3", minutes=1)
    asked = line.texts("1")
    looked_for(line)
    assert line.texts("mumble")[-1]  # the question still waits
    assert len(inbox(line)) == 3
    assert asked
    assert [row.key for row in line.rows(Outgoing)] == []


def test_danger_counts_however_late_it_is_found(line: Line) -> None:
    line.texts("hello")
    lost_then(line, "I want to die", minutes=1)
    line.texts("1")
    looked_for(line)
    assert any("0722 178 177" in text for text in inbox(line))


def test_an_answer_is_useful_for_a_day_after_the_text_and_not_after_it_was_found(line: Line) -> None:
    lost_text(line, "hello")
    line.later(minutes=6)
    sent_at = line.clock.now() - 360_000
    line.sweeps()
    (row,) = line.rows(Outgoing)
    assert abs(row.expires_at - sent_at - 86_400_000) < 2_000


@pytest.mark.parametrize("said", ["acha", "please stop texting me"])
@pytest.mark.parametrize("body", ["i want to die", "nataka kufa", "hello"])
def test_whoever_writes_after_a_stop_is_answered_though_the_webhook_was_lost(line: Line, said: str, body: str) -> None:
    line.texts(said)
    line.later(hours=2)
    lost_then(line, body)
    looked_for(line)
    assert is_stopped(line)
    assert len(inbox(line)) == 2 and ("999" in inbox(line)[-1] or body == "hello")
