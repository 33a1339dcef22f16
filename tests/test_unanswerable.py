"""A text that nobody got asked nothing: what is written afterwards is no answer to it."""

from collections.abc import Iterator

import pytest
from people import ASHA, Line, a_reaching_line
from reaching import CHECKIN, at, by_text, knocks, meets, states

from ivr.models import Conversation
from simulator.faults import Fault

ANSWERED = "sleep"  # the check-in's first question comes when its knock was answered


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """Asha has a check-in by text at half past twelve, which is now."""
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, what=CHECKIN)
        at(line, "2026-11-23", "12:30")
        yield line


def goes_out(line: Line, *faults: Fault, many: int = 1, **span: float) -> None:
    line.carrier.faults.order(list(faults))
    for _ in range(many):
        line.ticks()
        line.later(**span)


def is_asked(line: Line) -> bool:
    """Whether a `1` is taken for the answer to the knock."""
    return any(ANSWERED in said for said in line.texts("1"))


def waits(line: Line) -> bool:
    return any(row.state for row in line.rows(Conversation) if row.channel == "sms")


def test_what_was_delivered_is_answered(line: Line) -> None:
    goes_out(line)
    assert len(knocks(line)) == 1
    assert is_asked(line)


@pytest.mark.parametrize("code", ["30007", "21602", "21408", "30005", "99999"])
def test_what_the_carrier_refuses_was_never_asked(line: Line, code: str) -> None:
    goes_out(line, Fault(code, to=ASHA))
    assert states(line)[0][0] == "failed"
    assert not waits(line)
    assert not is_asked(line)


@pytest.mark.parametrize("code", [30003, 30007, 30036])
@pytest.mark.parametrize("kind", ["undelivered", "failed"])
def test_what_the_carrier_cannot_bring_was_never_asked(line: Line, kind: str, code: int) -> None:
    goes_out(line, Fault(kind, code=code, to=ASHA))
    assert states(line)[0][0] == kind
    assert not is_asked(line)


def test_what_is_missed_since_nobody_knows_was_never_asked(line: Line) -> None:
    goes_out(line, Fault("500", to=ASHA))
    for _ in range(3):
        line.later(minutes=3)
        line.sweeps()
    assert states(line)[0] == ("missed", "unknown")
    assert not waits(line)
    assert not is_asked(line)


@pytest.mark.parametrize("code", ["429", "20003", "30003"])
def test_what_goes_out_later_is_asked_then_and_not_before(line: Line, code: str) -> None:
    goes_out(line, Fault(code, to=ASHA, times=1))
    assert states(line)[0][0] == "pending"
    assert not is_asked(line)
    goes_out(line, many=3, minutes=4)
    assert len(knocks(line)) == 1
    assert is_asked(line)


def test_whoever_has_answered_has_got_it_whatever_the_carrier_says(line: Line) -> None:
    goes_out(line, Fault("lost", to=ASHA))
    sid = str(line.carrier.ledger[-1]["sid"])
    assert is_asked(line)
    line.post("/twilio/status", [("MessageSid", sid), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")])
    assert waits(line)
