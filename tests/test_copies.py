"""What the carrier keeps of somebody who was erased goes too, in a worker, tried until it is gone."""

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import NOON, at, by_text, meets
from test_vanishing import erases, lives

from ivr.models import Contact, Erased, Erasure
from ivr.privacy import erasures_report
from simulator.faults import Fault

LINE = "+254700000100"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


def of_asha(line: Line) -> list[str]:
    """What the carrier still has that names her: texts in and out, calls, recordings."""
    texts = [text.sid for text in line.carrier.office.messages.values() if ASHA in (text.from_, text.to)]
    calls = [leg.sid for leg in line.carrier.calls.values() if leg.phone == ASHA]
    return [*texts, *calls, *line.carrier.recordings.kept]


def half_hours_pass(line: Line, many: int) -> None:
    for _ in range(many):
        line.later(minutes=30)
        line.sweeps()


def waiting(line: Line) -> int:
    return sum(row.done_at is None for row in line.rows(Erasure))


def test_texts_answers_calls_and_recordings_go(line: Line) -> None:
    meets(line, BARAKA)
    lives(line)
    by_text(line, when=NOON)
    at(line, "2026-11-23", "12:30")
    line.ticks()
    call = next(leg for leg in line.carrier.calls.values() if leg.phone == ASHA)
    line.carrier.recordings.keep(call, 3.0, "")
    others = len(line.carrier.office.messages) - len(of_asha(line)) + 2  # the call and its recording are no messages
    assert len(of_asha(line)) > 20
    erases(line)
    half_hours_pass(line, 3)
    assert of_asha(line) == []
    assert len(line.carrier.office.messages) == others
    assert waiting(line) == 0
    assert [row.look_at for row in line.rows(Erased)] == [None]


@pytest.mark.parametrize(
    "fault", ["429", "500", "503", "refuse", "accepted-reset", "accepted-500", "20003", "wrong-json"]
)
def test_it_is_tried_until_it_is_gone(line: Line, fault: str) -> None:
    meets(line)
    erases(line)
    line.carrier.faults.order([Fault(fault)] * 30)
    half_hours_pass(line, 2)
    line.carrier.faults.order([Fault(fault)] * 10)
    half_hours_pass(line, 30)
    assert of_asha(line) == []
    assert waiting(line) == 0


def test_its_pauses_grow_and_the_report_says_what_the_carrier_says(line: Line) -> None:
    meets(line)
    erases(line)
    line.later(minutes=5)
    asked = []
    for _ in range(60):
        line.carrier.faults.order([Fault("20003")] * 500)
        before = line.rows(Erasure)
        line.sweeps()
        asked.append(sum(row.tries for row in line.rows(Erasure)) - sum(row.tries for row in before))
        line.later(minutes=10)
        line.carrier.faults._next.clear()
    assert sum(asked) <= 12 * len(line.rows(Erasure))
    with line.runtime.database.transaction() as tx:
        said = "\n".join(erasures_report.lines(tx, None, line.runtime.now()))
    assert "1 people were erased" in said
    assert "the carrier last said 20003" in said


def test_a_404_of_somebody_elses_is_no_proof(line: Line) -> None:
    """A proxy's, or that of a wrong address: the copy may still be there."""
    meets(line)
    erases(line)
    base = line.workers.config.twilio_api_base_url
    object.__setattr__(line.workers.config, "twilio_api_base_url", base + "/elsewhere")
    half_hours_pass(line, 2)
    assert waiting(line) > 0
    object.__setattr__(line.workers.config, "twilio_api_base_url", base)
    half_hours_pass(line, 10)
    assert (of_asha(line), waiting(line)) == ([], 0)


def test_a_text_still_on_its_way_is_erased_when_it_has_arrived(line: Line) -> None:
    meets(line)
    by_text(line)
    at(line, "2026-11-23", "12:30")
    settle, line.carrier.settle = line.carrier.settle, lambda: None
    line.ticks()
    line.carrier.settle = settle
    queued = [text for text in line.carrier.office.messages.values() if text.status == "queued"]
    assert queued
    erases(line)
    half_hours_pass(line, 8)
    assert of_asha(line) == []


def test_a_text_that_no_webhook_brought_is_not_taken_up_after_erasing(line: Line) -> None:
    """The carrier's list still has what was erased here, until it is erased there."""
    meets(line)
    erases(line)
    line.carrier.faults.order([Fault("500")] * 3)
    line.later(minutes=6)
    line.sweeps()
    line.sweeps()
    assert line.rows(Contact) == []


def test_ids_are_forgotten_a_week_after(line: Line) -> None:
    meets(line)
    erases(line)
    half_hours_pass(line, 3)
    assert line.rows(Erasure)
    line.later(days=8)
    line.sweeps()
    assert line.rows(Erasure) == []
