"""Slots that lie ahead: nothing is held for what cannot go soon, and no clock that was ahead holds anybody up."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import at, by_text, knocks, meets, states
from sqlalchemy import text

from ivr.db import LOCK_WAIT
from ivr.models import Outgoing, Sender
from ivr.outbox import counts, senders
from simulator.faults import Fault
from workers import catching_up, clock, duties, sending

OURS = "+254700000100"
TEXTS = sending.Line(OURS, "sms")
HOUR = 3_600_000  # ms


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """Asha has a reminder at half past twelve, which is now; a text takes a second."""
    with a_reaching_line(database_url, SEGMENTS_PER_SECOND="1") as line:
        meets(line)
        by_text(line)
        at(line, "2026-11-23", "12:30")
        duties.come_due(line.workers)
        yield line


def booked(line: Line, seconds: float) -> None:
    """Slots are taken until so much later."""
    with line.runtime.database.transaction() as tx:
        senders.book(tx, *TEXTS, round(seconds * 10), 10.0, line.clock.now())


@contextmanager
def ahead(line: Line) -> Iterator[None]:
    """What is written meanwhile is written by a clock that is an hour ahead."""
    line.later(hours=1)
    yield
    line.later(hours=-1)


@contextmanager
def asked_to_end(seconds: float) -> Iterator[None]:
    """The process is, after a while."""
    timer = threading.Timer(seconds, sending.stopping.set)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        sending.stopping.clear()


def test_what_cannot_go_soon_is_not_claimed_and_goes_when_its_slot_is_near(line: Line) -> None:
    booked(line, 100)
    began = time.monotonic()
    assert sending.send(line.workers, TEXTS) == 0
    assert time.monotonic() - began < 2
    assert [(row.state, row.attempt) for row in line.rows(Outgoing)] == [("pending", 0)]
    line.later(seconds=99)
    assert sending.send(line.workers, TEXTS) == 1
    line.carrier.settle()
    assert len(knocks(line)) == 1


def test_slots_that_a_clock_booked_which_was_ahead_are_not_believed(line: Line) -> None:
    with ahead(line):
        booked(line, 2)
    began = time.monotonic()
    assert sending.send(line.workers, TEXTS) == 1
    assert time.monotonic() - began < 2


def test_what_urgent_texts_have_used_in_advance_is_forgiven_after_five_minutes(line: Line) -> None:
    for _ in range(10):
        booked(line, 100)
    line.later(seconds=299)
    assert sending.send(line.workers, TEXTS) == 1


def test_a_pause_and_a_hint_of_a_clock_that_was_ahead_are_not_believed(line: Line) -> None:
    with ahead(line), line.runtime.database.transaction() as tx:
        senders.pause(tx, *TEXTS, "too many requests", line.clock.now(), 0.5)
        senders.busy(tx, *TEXTS, line.clock.now())
    clock.wake(line.workers, TEXTS)  # no Redis here: it sends by itself
    assert states(line)[0][0] == "accepted"


def test_a_mark_of_a_clock_that_was_ahead_does_not_keep_us_from_looking(line: Line) -> None:
    with ahead(line), line.runtime.database.transaction() as tx:
        counts.mark(tx, catching_up.MARK, line.clock.now())
    line.carrier.office._new(ASHA, OURS, ASHA, OURS, "hello", "inbound", "received")
    line.later(minutes=2)
    assert catching_up.catch_up(line.workers) == 1
    with line.runtime.database.transaction() as tx:
        assert counts.marked(tx, catching_up.MARK) == line.clock.now()


def test_who_is_asked_to_end_gives_back_what_was_never_asked_for(line: Line) -> None:
    booked(line, 2.5)
    began = time.monotonic()
    with asked_to_end(0.5):
        assert sending.send(line.workers, TEXTS) == 0
    assert time.monotonic() - began < 2
    assert [(row.state, row.submitted_at, row.claim) for row in line.rows(Outgoing)] == [("pending", None, None)]
    line.later(seconds=2)
    assert sending.send(line.workers, TEXTS) == 1


def test_what_has_its_slot_long_after_the_round_is_given_back(line: Line) -> None:
    """As when somebody else has booked slots since this worker looked."""
    booked(line, 2.5)
    assert sending.send(line.workers, TEXTS, seconds=-1) == 0
    assert states(line) == [("pending", "")]


def test_a_host_that_slept_between_intent_and_request_asks_for_nothing(line: Line) -> None:
    """Its monotonic clock stood still meanwhile."""
    booked(line, 1)
    timer = threading.Timer(0.4, lambda: line.later(hours=10))
    timer.start()
    sending.send(line.workers, TEXTS)
    timer.join()
    line.carrier.settle()
    assert knocks(line) == []
    assert states(line) == [("pending", "")]
    assert sending.send(line.workers, TEXTS) == 0
    assert states(line) == [("missed", "late")]


def test_what_was_looked_for_meanwhile_is_not_given_back(line: Line) -> None:
    booked(line, 1)
    timer = threading.Timer(0.4, lambda: (line.later(minutes=4), duties.sweep(line.workers)))
    timer.start()
    sending.send(line.workers, TEXTS)
    timer.join()
    assert states(line) == [("submitting", "")]


def holds_the_database(line: Line, seconds: float) -> None:
    """Somebody else writes the outbox for longer than we wait for a lock."""
    with line.runtime.database.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET why = why"))
        time.sleep(seconds)


def test_answers_that_a_locked_database_does_not_take_are_written_later(line: Line) -> None:
    """A 429 that is forgotten would stand as a text of which nobody knows, and end as missed."""
    line.carrier.faults.order([Fault("429", to=ASHA)])
    booked(line, 1.5)
    timer = threading.Timer(0.8, holds_the_database, [line, 3 * LOCK_WAIT / 1000])
    timer.start()
    with suppress(*line.runtime.database.conflicts):  # the round may have ended on it
        sending.send(line.workers, TEXTS)
    timer.join()
    assert states(line) == [("pending", "too many requests")]
    (sender,) = line.rows(Sender)
    assert (sender.why, sender.busy_until) == ("too many requests", 0)


def arrives(line: Line) -> None:
    """What has left the host is with the carrier: no sleep of the host holds that up."""
    until = time.monotonic() + 0.5
    while not line.carrier.ledger and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.parametrize("look", range(1, 9))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_before_whichever_look_at_the_clock_a_host_falls_asleep_nothing_goes_by_an_old_intent(
    line: Line, look: int
) -> None:
    """Between the look and the request too: the request looks once more when its connection is there."""
    looks = itertools.count(1)

    def now() -> int:
        if next(looks) == look:
            arrives(line)
            line.later(minutes=3)
        return line.clock.now()

    sending.send(replace(line.workers, now=now), TEXTS)
    for row in line.rows(Outgoing):
        asked = [entry["at"] for entry in line.carrier.ledger if entry["kind"] == "message"]
        assert all(at - row.submitted_at <= 60_000 for at in asked), asked
