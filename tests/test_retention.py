"""What is older than it need be goes by itself; consent, STOP and what is open stay; the carrier loses words too."""

from collections.abc import Iterator

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import meets
from test_vanishing import left, lives

from ivr.models import (
    Callback,
    Checkin,
    Consent,
    Conversation,
    Message,
    Note,
    Number,
    OptOut,
    Outgoing,
    Schedule,
)
from simulator.faults import Fault

LONG = {f"KEEP_{kind}_DAYS": "3650" for kind in ("MESSAGES", "CONVERSATIONS", "CHECKINS", "CALLBACKS", "OUTBOX")}


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


def days_pass(line: Line, days: int) -> None:
    """In two steps; the second one is that of a day's duty."""
    line.later(days=days)
    line.sweeps()
    line.later(days=1, seconds=1)
    line.sweeps()


def words_at_the_carrier(line: Line) -> int:
    return sum(bool(text.body) for text in line.carrier.office.messages.values())


def test_everything_old_goes_but_consent_stop_and_what_is_open(line: Line) -> None:
    lives(line)
    line.texts("STOP")
    before = left(line)
    days_pass(line, 3600)
    after = left(line)
    gone = {"checkins", "exercises", "messages", "conversations"} & before.keys()
    assert gone - after.keys() == gone
    kept = ("consents", "opt_outs", "callbacks", "contacts", "numbers", "audit")
    assert {name: after.get(name) for name in kept} == {name: before.get(name) for name in kept}


def test_nothing_goes_early(line: Line) -> None:
    lives(line)
    before = left(line)
    days_pass(line, 28)
    assert {name: rows for name, rows in left(line).items() if name != "outbox"} == before


@pytest.mark.parametrize(
    ("setting", "model"),
    [
        ("KEEP_MESSAGES_DAYS", Message),
        ("KEEP_CHECKINS_DAYS", Checkin),
        ("KEEP_CONVERSATIONS_DAYS", Conversation),
        ("KEEP_CALLBACKS_DAYS", Callback),
        ("KEEP_OUTBOX_DAYS", Schedule),
    ],
)
def test_each_kind_has_its_own_time(database_url: str, setting: str, model: type) -> None:
    with a_reaching_line(database_url, **LONG | {setting: "8"}) as line:
        lives(line)
        many = len(line.rows(model))
        with line.runtime.database.engine.begin() as connection:
            table, calls = Schedule.__table__, Callback.__table__
            connection.execute(table.update().values(ended_at=table.c.created_at, next_at=None))
            connection.execute(calls.update().values(closed_at=calls.c.created_at, state="closed"))
        before = left(line)
        days_pass(line, 6)
        assert len(line.rows(model)) == many > 0
        days_pass(line, 3)
        assert len(line.rows(model)) < many
        others = left(line).keys() | {model.__tablename__, "audit", "outbox"}
        assert before.keys() <= others


def test_a_call_with_a_check_in_keeps_its_place_but_not_its_words(line: Line) -> None:
    line.rings().press("11").press("1").press("1").hang_up()
    days_pass(line, 40)
    (call,) = line.rows(Conversation)
    assert (call.replies, call.state, len(line.rows(Checkin))) == ("", None, 1)


def test_many_rows_go_in_batches(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    meets(line)
    (conversation, *_) = line.rows(Conversation)
    row = {"conversation_id": conversation.id, "body": b"x", "reply": b"x", "created_at": 1}
    with line.runtime.database.engine.begin() as connection:
        connection.execute(Message.__table__.insert(), [{**row, "sid": f"SM{at}"} for at in range(1203)])
    line.sweeps()
    assert len(line.rows(Message)) == 3


def test_what_belongs_to_nobody_is_kept_for_a_day(line: Line) -> None:
    line.rings(withheld="anonymous").press("1").hang_up()
    line.texts("hello", withheld="anonymous")
    assert (len(line.rows(Conversation)), len(line.rows(Message))) == (1, 1)
    days_pass(line, 1)
    assert left(line) == {}


def test_a_number_given_to_be_rung_at_goes_with_its_request(line: Line) -> None:
    call = line.rings(withheld="anonymous").press("1").press("31")
    call.press("0711000009#").hang_up()
    days_pass(line, 400)
    assert len(line.rows(Callback)) == len(line.rows(Number)) == 1  # it is open
    with line.runtime.database.engine.begin() as connection:
        connection.execute(Callback.__table__.update().values(closed_at=1, state="closed"))
    days_pass(line, 1)
    assert (line.rows(Callback), line.rows(Note), line.rows(Number)) == ([], [], [])


def test_what_waits_to_go_out_stays_however_old(line: Line) -> None:
    lives(line)
    line.later(days=1)
    line.ticks()
    with line.runtime.database.engine.begin() as connection:
        table = Outgoing.__table__
        connection.execute(table.update().values(state="pending", due_at=2**52, expires_at=2**53))
    waiting = {row.id for row in line.rows(Outgoing)}
    days_pass(line, 200)
    assert waiting and waiting <= {row.id for row in line.rows(Outgoing)}


def test_the_carrier_loses_the_words_of_texts_in_both_directions(line: Line) -> None:
    meets(line)
    line.sweeps()
    assert words_at_the_carrier(line) > 5
    line.later(hours=46)
    line.sweeps()
    line.texts("hello", BARAKA)
    line.later(hours=30)
    line.sweeps()
    left_there = [text for text in line.carrier.office.messages.values() if text.body]
    assert {text.phone for text in left_there} == {BARAKA}
    days_pass(line, 3)
    assert words_at_the_carrier(line) == 0
    assert len(line.carrier.office.messages) > 5  # the bill stays


def test_it_is_tried_again_where_the_carrier_failed(line: Line) -> None:
    meets(line)
    line.sweeps()
    line.later(days=4)
    line.carrier.faults.order([Fault("500")] * 4)
    line.sweeps()
    for _ in range(4):
        line.later(hours=2, minutes=1)
        line.sweeps()
    assert words_at_the_carrier(line) == 0


def test_a_text_that_was_not_taken_up_keeps_its_words(line: Line) -> None:
    """Its webhook was lost, and the list could not be read since: here nobody knows yet what it says."""
    meets(line)
    line.sweeps()
    line.carrier.office._new(ASHA, "+254700000100", ASHA, "+254700000100", "please", "inbound", "received")
    for _ in range(8):
        line.later(hours=12)
        line.carrier.faults.order([Fault("500")])  # of the look for such texts; the next list can be read
        line.sweeps()
    assert "please" in {text.body for text in line.carrier.office.messages.values()}


def test_consents_and_stops_of_years_still_hold(line: Line) -> None:
    meets(line)
    line.texts("STOP")
    days_pass(line, 3000)
    assert len(line.rows(Consent)) == len(line.rows(OptOut)) == 1
