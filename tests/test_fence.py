"""Workers that come too late, and several at once: of two that hold one row, one can write nothing."""

import threading
from collections.abc import Callable

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import at, by_text, knocks, meets

from ivr import outgoing
from ivr.carriers.answers import Accepted, Answer, NotSent, Refused
from ivr.models import Outgoing
from ivr.outbox import claims, outcomes
from ivr.outbox.outcomes import Asked
from ivr.people import consents
from ivr.people.contacts import Party
from workers import duties, sending

OURS = "+254700000100"
MINUTES = {"minutes": 3}


@pytest.fixture
def line(database_url: str):
    """Asha has a reminder at half past twelve, which is now."""
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line)
        at(line, "2026-11-23", "12:30")
        yield line


def claimed(line: Line) -> str | None:
    """What a worker does first: the name of its batch."""
    with line.runtime.database.transaction() as tx:
        return claims.claim(tx, OURS, "sms", 2, 100, line.clock.now())


def intended(line: Line, batch: str | None) -> list[outgoing.Ready]:
    """What it does then, as the last thing before the carrier is asked."""
    with line.runtime.database.transaction() as tx:
        return outgoing.prepare(line.workers, tx, batch, line.clock.now())


def all_at_once(*works: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_claim_whose_time_is_over_is_anybodys_and_its_worker_can_intend_nothing(line: Line) -> None:
    duties.come_due(line.workers)
    late = claimed(line)
    line.later(**MINUTES)
    line.sweeps()
    soon = claimed(line)
    assert intended(line, late) == []
    assert len(intended(line, soon)) == 1
    assert [row.attempt for row in line.rows(Outgoing)] == [2]


@pytest.mark.parametrize("answer", [Accepted("SM9"), NotSent("no connection"), Refused("30005"), Refused("30003")])
def test_an_answer_that_comes_after_somebody_looks_for_the_row_is_not_written(line: Line, answer: Answer) -> None:
    """Else what is just being looked for, or sent anew, would stand as if it had never been."""
    duties.come_due(line.workers)
    (ready,) = intended(line, claimed(line))
    line.later(**MINUTES)
    line.sweeps()
    (before,) = line.rows(Outgoing)
    with line.runtime.database.transaction() as tx:
        assert outcomes.record(tx, [Asked(ready.id, ready.attempt, answer)]) == 0
    (after,) = line.rows(Outgoing)
    assert (after.state, after.sid, after.due_at) == (before.state, None, before.due_at)
    assert after.state == "submitting"


def test_an_answer_in_time_is_written(line: Line) -> None:
    duties.come_due(line.workers)
    (ready,) = intended(line, claimed(line))
    with line.runtime.database.transaction() as tx:
        assert outcomes.record(tx, [Asked(ready.id, ready.attempt, Accepted("SM9"))]) == 1
        assert outcomes.record(tx, [Asked(ready.id, ready.attempt, Refused("30005"))]) == 0
    assert [(row.state, row.sid) for row in line.rows(Outgoing)] == [("accepted", "SM9")]


def test_what_nobody_can_find_at_the_carrier_is_missed_and_not_sent_again(line: Line) -> None:
    duties.come_due(line.workers)
    assert intended(line, claimed(line))  # and this worker is never heard of again
    for _ in range(3):
        line.later(**MINUTES)
        line.sweeps()
        line.ticks()
    assert [(row.state, row.why) for row in line.rows(Outgoing)] == [("missed", "unknown")]
    assert knocks(line) == []


def test_clocks_and_workers_all_at_once_send_it_once(line: Line) -> None:
    house = line.workers
    all_at_once(*[lambda: duties.come_due(house)] * 4)
    assert len(line.rows(Outgoing)) == 1
    all_at_once(*[lambda: sending.send(house, sending.Line(OURS, "sms"))] * 4)
    line.carrier.settle()
    assert len(knocks(line)) == 1
    assert [entry["to"] for entry in line.carrier.ledger if entry["kind"] == "message"].count(ASHA) == 1


def test_consent_is_not_withdrawn_while_an_intent_is_written(line: Line) -> None:
    """One of the two is first, as with STOP: else a reminder would go out that nobody wants any more."""
    duties.come_due(line.workers)
    batch = claimed(line)
    (row,) = line.rows(Outgoing)
    party = Party("sms", OURS, "en", row.number_id, row.contact_id)
    with line.runtime.database.transaction() as tx:
        assert len(outgoing.prepare(line.workers, tx, str(batch), line.clock.now())) == 1
        with pytest.raises(line.runtime.database.conflicts), line.runtime.database.transaction() as other:
            consents.agree(other, party, "reminders", False, "", line.clock.now())
