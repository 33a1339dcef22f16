"""What the carrier tells later, in any order, doubled, too early, of rows unknown; and what each error asks for."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import ASHA, Line, a_reaching_line
from reaching import states

from ivr.carriers import answers
from ivr.models import OptOut, Outgoing, Sender, Status, new_id
from ivr.outbox import report, rows
from ivr.outbox.rows import Sending
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import Phone
from simulator.faults import Fault

OURS = "+254700000100"
HOUR = 3_600_000
CODES = answers._CODES
STAND = {"queued": "accepted", "initiated": "accepted", "sending": "sent", "ringing": "sent", "in-progress": "sent"}
STAND |= {"completed": "delivered", "busy": "undelivered", "no-answer": "undelivered", "canceled": "cancelled"}
RUNS = [
    ("queued", "sending", "sent", "delivered"),
    ("queued", "sending", "sent", "undelivered"),
    ("queued", "sending", "sent", "failed"),
    ("queued", "initiated", "ringing", "completed"),
    ("queued", "initiated", "ringing", "busy"),
    ("initiated", "ringing", "in-progress", "completed"),
]


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory, migrated_file):
    file = tmp_path_factory.mktemp("quick") / "line.db"
    file.write_bytes(migrated_file.read_bytes())
    with a_reaching_line(f"sqlite:///{file}") as line:
        yield line


def put(line: Line, number: str = ASHA, kind: str = "ring_back", channel: str = "sms") -> str:
    """Something for this number is due now: the id of its row."""
    now, party = line.clock.now(), Party(channel, OURS, "en")
    with line.runtime.database.transaction() as tx:
        contacts.recognise(tx, line.runtime.vault, Phone(number, "KE"), party, now)
        whom = (OURS, party.number_id, party.contact_id)
        rows.add(tx, Sending(key := new_id(), kind, channel, *whom, "hello", now, now + 6 * HOUR), now)
    return next(row.id for row in line.rows(Outgoing) if row.key == key)


def sent(line: Line, answer: str, channel: str = "sms") -> tuple[str, str]:
    """It is with the carrier, whose callbacks are lost, and perhaps its answer too. The ids: ours, the carrier's."""
    reset = [Fault("accepted-reset", to=ASHA)] if answer == "lost" else []
    line.carrier.faults.order([Fault("lost", to=ASHA), *reset])
    row = put(line, channel=channel)
    line.ticks()
    line.carrier.faults.order([Fault("none", to=ASHA)])
    return row, str(line.carrier.ledger[-1]["sid"])


def tell(line: Line, row: str, sid: str, status: str, error: str = "") -> None:
    """One callback, at its address or without our id."""
    kind = "Call" if sid.startswith("CA") else "Message"
    form = [(kind + "Sid", sid), (kind + "Status", status), ("ErrorCode", error)]
    line.post("/twilio/status" + (f"?o={row}" if row else ""), form)


def stands(line: Line, id: str) -> Outgoing:
    return next(row for row in line.rows(Outgoing) if row.id == id)


def channel_of(run: tuple[str, ...]) -> str:
    return "voice" if "ringing" in run else "sms"


@pytest.mark.parametrize("answer", ["known", "lost"])
@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run[2]}-{run[3]}")
def test_in_any_order_and_doubled_it_ends_as_in_order(line: Line, run: tuple[str, ...], answer: str) -> None:
    last = STAND.get(run[-1], run[-1])
    for order in list(itertools.permutations(run))[:: 1 if answer == "known" else 5]:
        row, sid = sent(line, answer, channel_of(run))
        seen = []
        for status in (*order, *order[::2], order[0]):
            tell(line, row, sid, status)
            seen.append(stands(line, row).rank)
        found = stands(line, row)
        assert (found.state, found.sid) == (last, sid), order
        assert seen == sorted(seen), order


@given(
    st.lists(st.sampled_from([*dict.fromkeys(sum(RUNS[:3], ())), "read", "nonsense", ""]), max_size=12),
    st.sampled_from(["known", "lost"]),
)
@settings(max_examples=60)
def test_whatever_is_told_it_never_goes_back_and_the_furthest_word_holds(
    quick: Line, told: list[str], answer: str
) -> None:
    row, sid = sent(quick, answer)
    ranks = [stands(quick, row).rank]
    for status in told:
        tell(quick, row, sid, status)
        ranks.append(stands(quick, row).rank)
    assert ranks == sorted(ranks)
    ends = [status for status in told if status in ("delivered", "undelivered", "failed", "read")]
    if ends:
        assert stands(quick, row).state == {"read": "delivered"}.get(ends[0], ends[0])
    else:
        furthest = max((status for status in told if status in RUNS[0]), key=RUNS[0].index, default="")
        nothing = "accepted" if answer == "known" else "submitting"
        assert stands(quick, row).state == STAND.get(furthest, furthest or nothing)


def test_words_on_ids_never_seen_are_kept_and_joined_when_the_row_is_known(line: Line) -> None:
    for order in itertools.permutations(("queued", "sending", "sent", "delivered")):
        row, sid = sent(line, "lost")
        for status in order:
            tell(line, "", sid, status)
            tell(line, "", sid, status)
        assert stands(line, row).state == "submitting"
        assert len(line.rows(Status)) == 4
        line.later(minutes=3)
        line.sweeps()  # finds it in the carrier's list
        line.sweeps()  # joins what was told
        assert stands(line, row).state == "delivered"
        assert line.rows(Status) == []


def test_a_text_that_failed_before_its_row_was_known_is_followed_up(line: Line) -> None:
    row, sid = sent(line, "lost")
    tell(line, "", sid, "undelivered", "30005")
    line.later(minutes=3)
    line.sweeps()
    line.sweeps()
    assert stands(line, row).state == "undelivered"
    assert [row.source for row in line.rows(OptOut)] == ["unreachable"]


def test_words_that_nobody_ever_asked_for_are_forgotten_after_two_days(line: Line) -> None:
    tell(line, "", "SM" + "7" * 32, "delivered")
    tell(line, "no-such-row", "SM" + "8" * 32, "sent")
    assert len(line.rows(Status)) == 2
    line.later(hours=47)
    line.sweeps()
    assert len(line.rows(Status)) == 2
    line.later(hours=2)
    line.sweeps()
    assert line.rows(Status) == []


def test_another_text_cannot_speak_for_a_row_that_has_its_own(line: Line) -> None:
    row, sid = sent(line, "known")
    tell(line, row, "SM" + "9" * 32, "failed", "30005")
    assert stands(line, row).state == "accepted"
    tell(line, row, sid, "delivered")
    assert stands(line, row).state == "delivered"
    assert line.rows(OptOut) == []


def test_what_was_answered_before_the_carriers_own_answer_stays(line: Line) -> None:
    line.carrier.faults.order([Fault("early", to=ASHA)])
    row = put(line)
    line.ticks()
    assert stands(line, row).state == "delivered"
    assert stands(line, row).sid == line.carrier.ledger[-1]["sid"]


# What each error asks for --------------------------------------------------------------------------------------------


def due(line: Line, meaning: str) -> dict[int, str]:
    """A text for each code of this meaning, to a number of its own: code -> row."""
    return {code: put(line, number(code)) for code in CODES[meaning]}


def number(code: int) -> str:
    return f"+2547110{code}"


def stopped(line: Line) -> set[str]:
    return {row.source for row in line.rows(OptOut) if row.channel == "sms" and row.ended_at is None}


def goes_on(line: Line, many: int, **span: float) -> None:
    """So often a while later, everything that is due goes out."""
    for _ in range(many):
        line.later(**span)
        line.ticks()


def ordered(line: Line, meaning: str, how: str, times: int = 0) -> dict[int, str]:
    """Texts that run into these errors: when the carrier is asked, or afterwards."""
    for code in CODES[meaning]:
        kind = str(code) if how == "at once" else "undelivered"
        line.carrier.faults.order([Fault(kind, code=code, to=number(code), times=times)])
    found = due(line, meaning)
    line.ticks()
    return found


def texts_to(line: Line, code: int) -> int:
    return len([entry for entry in line.carrier.ledger if entry["to"] == number(code)])


HOW = pytest.mark.parametrize("how", ["at once", "afterwards"])
ENDS = {"at once": "failed", "afterwards": "undelivered"}


@HOW
@pytest.mark.parametrize(("meaning", "source"), [(answers.STOPPED, "carrier"), (answers.UNREACHABLE, "unreachable")])
def test_a_number_that_is_not_to_be_reached_is_left_alone(line: Line, meaning: str, source: str, how: str) -> None:
    found = ordered(line, meaning, how)
    assert {stands(line, row).state for row in found.values()} == {ENDS[how]}
    assert stopped(line) == {source}
    assert len(line.rows(OptOut)) == len(found)
    again = due(line, meaning)
    goes_on(line, 3, minutes=10)
    assert {(stands(line, row).state, stands(line, row).why) for row in again.values()} == {("suppressed", "stopped")}


@HOW
@pytest.mark.parametrize("meaning", [answers.FILTERED, answers.CONTENT, answers.BARRED])
def test_what_no_repetition_mends_is_not_repeated(line: Line, meaning: str, how: str) -> None:
    found = ordered(line, meaning, how)
    goes_on(line, 4, minutes=10)
    assert {stands(line, row).state for row in found.values()} == {ENDS[how]}
    assert len(line.rows(Outgoing)) == len(found)
    assert stopped(line) == set()
    assert {stands(line, row).error for row in found.values()} == {str(code) for code in found}


@HOW
@pytest.mark.parametrize("code", [21408, 21215, 13227, 21608, 21219])
def test_one_person_whom_our_account_may_not_reach_holds_up_nobody_else(
    line: Line, code: int, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    line.carrier.faults.order([Fault(str(code) if how == "at once" else "undelivered", code=code, to=number(code))])
    barred, other = put(line, number(code)), put(line)
    line.ticks()
    later = put(line)
    line.ticks()
    assert (stands(line, barred).state, stands(line, barred).error) == (ENDS[how], str(code))
    assert {stands(line, row).state for row in (other, later)} == {"delivered"}
    assert all(row.paused_until == 0 for row in line.rows(Sender))
    assert "our account may not reach" in caplog.text
    assert number(code) not in caplog.text
    with line.runtime.database.transaction() as tx:
        said = "\n".join(report.lines(tx, line.clock.now()))
    assert how == "afterwards" or "barred: our account may not reach" in said


@HOW
def test_what_passes_is_tried_three_times_in_all(line: Line, how: str) -> None:
    found = ordered(line, answers.PASSING, how)
    goes_on(line, 8, minutes=3)
    ends = [row for row in line.rows(Outgoing) if row.state in ("failed", "undelivered")]
    assert len(states(line)) == len(ends)
    assert stopped(line) == set()
    if how == "afterwards":
        assert {texts_to(line, code) for code in found} == {3}


@HOW
def test_what_has_passed_comes_after_all(line: Line, how: str) -> None:
    found = ordered(line, answers.PASSING, how, times=1)
    goes_on(line, 1, minutes=4)
    assert not any(row.state == "delivered" for row in line.rows(Outgoing))
    goes_on(line, 2, minutes=1)
    assert [row.state for row in line.rows(Outgoing)].count("delivered") == len(found)
    goes_on(line, 4, minutes=3)
    assert {texts_to(line, code) for code in found} == {1 if how == "at once" else 2}


@HOW
@pytest.mark.parametrize("meaning", [answers.OPERATOR, answers.BUSY])
def test_what_holds_up_a_number_of_ours_loses_nothing(line: Line, meaning: str, how: str) -> None:
    """Somebody must set the account right, or we were too fast: the number pauses, and all goes out in the end."""
    found = ordered(line, meaning, how, times=1)
    (sender,) = [row for row in line.rows(Sender) if row.channel == "sms"]
    assert sender.paused_until > line.clock.now()
    assert sender.why.startswith((meaning, "too many requests"))
    goes_on(line, 12, minutes=1.2)
    assert [row.state for row in line.rows(Outgoing)].count("delivered") == len(found)
    assert {texts_to(line, code) for code in found} == {1 if how == "at once" else 2}
    assert stopped(line) == set()


def test_a_wrong_token_holds_the_queue_and_keeps_all_rows(line: Line) -> None:
    line.carrier.faults.order([Fault("20003")] * 3)
    held = [put(line, number(code)) for code in range(30001, 30004)]
    line.ticks()
    other = put(line)
    line.ticks()
    assert {stands(line, row).state for row in (*held, other)} == {"pending"}
    assert line.carrier.ledger == []
    (sender,) = [row for row in line.rows(Sender) if row.channel == "sms"]
    assert sender.why == "operator 20003"
    goes_on(line, 3, minutes=2)
    assert {stands(line, row).state for row in (*held, other)} == {"delivered"}
    (sender,) = [row for row in line.rows(Sender) if row.channel == "sms"]
    assert (sender.paused_until, sender.why) == (0, "")


def test_each_pause_is_twice_the_last_up_to_a_minute(line: Line) -> None:
    line.carrier.faults.order([Fault("429", to=ASHA)])
    put(line)
    pauses = []
    for _ in range(9):
        line.ticks()
        (sender,) = [row for row in line.rows(Sender) if row.channel == "sms"]
        pauses.append((sender.paused_until - line.clock.now()) / 1000)
        line.clock.moment += timedelta(seconds=pauses[-1] + 0.01)
    usual = (1, 2, 4, 8, 16, 32, 60, 60, 60)
    assert all(0.9 <= pause / span <= 1.1 for pause, span in zip(pauses, usual, strict=True))
    assert line.carrier.ledger == []


def test_a_status_that_cannot_be_written_is_answered_all_the_same(quick: Line) -> None:
    for form in ([], [("MessageStatus", "delivered")], [("MessageSid", "SM1")], [("MessageSid", "x" * 999)]):
        assert quick.post("/twilio/status?o=" + "y" * 999, form).endswith(b"<Response/>")
