"""Webhooks as carriers really send them: forged, doubled, late, out of order, and full of nonsense."""

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import ASHA, Line, a_line
from sqlalchemy import text

from ivr.models import Callback, Checkin, Consent, Conversation, Message, Number

CALL = [("CallSid", "CA1"), ("From", ASHA), ("To", "+254700000100")]
TEXT = [("MessageSid", "SM1"), ("From", ASHA), ("To", "+254700000100"), ("Body", "hello")]


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


@pytest.fixture(scope="module")
def quick_line(tmp_path_factory: pytest.TempPathFactory, migrated_file):
    file = tmp_path_factory.mktemp("quick") / "line.db"
    file.write_bytes(migrated_file.read_bytes())
    with a_line(f"sqlite:///{file}") as line:
        yield line


def presses(line: Line, turn: int, digits: str, sid: str = "CA1", query: str = "") -> bytes:
    line.clock.pass_by(5)
    form = [("CallSid", sid), ("From", ASHA), ("To", "+254700000100"), ("Digits", digits)]
    return line.post(f"/twilio/voice/en/{turn}{query}", form)


def next_turn(twiml: bytes) -> int:
    gather = ElementTree.fromstring(twiml).find(".//Gather[@action]")
    assert gather is not None
    return int(gather.get("action", "").split("?")[0].rpartition("/")[2])


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/en/1", "/twilio/sms", "/twilio/status"])
@pytest.mark.parametrize("signature", [None, "", "forged", "é" * 40])
def test_a_forged_webhook_is_refused_and_does_nothing(line: Line, path: str, signature: str | None) -> None:
    headers = {} if signature is None else {"X-Twilio-Signature": signature.encode().decode("latin-1")}
    response = line.client.post(path, data=dict(CALL + TEXT), headers=headers)
    assert response.status_code == 403
    assert not any(line.rows(model) for model in (Number, Conversation, Message))


def test_the_short_way_in_answers_as_flask_does(line: Line) -> None:
    """Both get a call of its own; the addresses in the answers differ by nothing but what differs in the requests."""
    app = line.client.application
    short, long = [], []
    for sid, sender, answers in (("CA-short", "+254711000051", short), ("CA-long", "+254711000052", long)):
        call = [("CallSid", sid), ("From", sender), CALL[2]]
        line.post("/twilio/voice", call)
        for turn, keys in enumerate("1132", 1):
            line.clock.pass_by(5)
            path, form = f"/twilio/voice/en/{turn}", [*call, ("Digits", keys)]
            headers = line.carrier.webhooks._headers(line.runtime.config.public_base_url + path, form)
            with app.test_request_context(path, method="POST", data=dict(form), headers=headers):
                response = app.full_dispatch_request() if sid == "CA-long" else None
            answers.append(response.data if response else line.post(path, form))
    assert short == long


def test_a_doubled_webhook_gets_the_same_bytes_and_does_nothing_twice(line: Line) -> None:
    first = line.post("/twilio/voice", CALL)
    assert line.post("/twilio/voice", CALL) == first
    again = [presses(line, 1, "1"), presses(line, 1, "1"), presses(line, 1, "2")]
    assert len(set(again)) == 1
    third = presses(line, 2, "1")
    assert presses(line, 1, "9") == again[0]
    assert presses(line, 2, "2") == third
    assert line.post("/twilio/voice", CALL) == first
    assert [row.turn for row in line.rows(Conversation)] == [3]


def test_a_doubled_text_gets_the_same_bytes_and_does_nothing_twice(line: Line) -> None:
    first = line.post("/twilio/sms", TEXT)
    assert line.post("/twilio/sms", TEXT) == first
    line.post("/twilio/sms", [("MessageSid", "SM2"), *TEXT[1:3], ("Body", "1")])
    assert line.post("/twilio/sms", TEXT) == first
    assert [row.turn for row in line.rows(Conversation)] == [2]
    assert len(line.rows(Message)) == 2


def all_at_once(*sends: Callable[[], bytes]) -> list[bytes]:
    """What each was answered, when they all came at the same moment."""
    replies: list[bytes] = []
    threads = [threading.Thread(target=lambda send=send: replies.append(send())) for send in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == len(sends)
    return replies


def test_webhooks_doubled_at_the_same_moment_have_one_effect(line: Line) -> None:
    """What is asked for once is kept once, however many requests carry it and however they race."""
    assert len(set(all_at_once(*[lambda: line.post("/twilio/voice", CALL)] * 5))) == 1
    assert len(set(all_at_once(*[lambda: line.post("/twilio/sms", TEXT)] * 5))) == 1
    line.clock.pass_by(5)
    line.texts("ask for a call", ASHA)
    line.texts("1", ASHA)
    confirmed = [("MessageSid", "SM9"), *TEXT[1:3], ("Body", "1")]
    assert len(set(all_at_once(*[lambda: line.post("/twilio/sms", confirmed)] * 5))) == 1
    assert [(row.asked, row.state) for row in line.rows(Callback)] == [(1, "requested")]
    assert len(line.rows(Number)) == 1


def test_a_turn_raced_by_its_own_retries_is_taken_once(line: Line) -> None:
    for caller in range(8):
        form = [("CallSid", f"CA{caller}"), ("From", f"+25471100010{caller}"), ("To", "+254700000100")]
        line.post("/twilio/voice", form)
        line.clock.pass_by(5)
        line.post("/twilio/voice/en/1", [*form, ("Digits", "1")])
        line.clock.pass_by(5)
        start = threading.Barrier(4)

        def agree(form: list[tuple[str, str]] = form, start: threading.Barrier = start) -> None:
            start.wait()
            line.post("/twilio/voice/en/2", [*form, ("Digits", "1")])

        threads = [threading.Thread(target=agree) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(line.rows(Consent)) == 8


def test_many_texts_of_one_person_at_the_same_moment_are_all_answered_and_kept(line: Line) -> None:
    """As when a phone comes back into coverage, and all that was written meanwhile goes out."""
    line.texts("hello")
    texts = [partial(line.post, "/twilio/sms", [("MessageSid", f"SM{at}"), *TEXT[1:]]) for at in range(5)]
    assert line.runtime.trouble("en").sms not in all_at_once(*texts)
    assert len(line.rows(Message)) == 6


def test_two_texts_at_the_same_moment_begin_one_conversation(line: Line) -> None:
    line.texts("hello")
    line.texts("8")
    all_at_once(*[partial(line.post, "/twilio/sms", [("MessageSid", f"SM{at}"), *TEXT[1:]]) for at in range(4)])
    assert sorted(row.state is not None for row in line.rows(Conversation)) == [False, True]


def test_somebody_new_who_rings_and_texts_at_the_same_moment_is_helped_on_each(line: Line) -> None:
    calls = [partial(line.post, "/twilio/voice", [("CallSid", f"CA{at}"), *CALL[1:]]) for at in range(4)]
    replies = all_at_once(*calls, partial(line.post, "/twilio/sms", TEXT))
    assert sum(b"Gather" in reply for reply in replies) == 4
    assert line.runtime.trouble("en").sms not in replies
    assert len(line.rows(Number)) == 1


def test_connections_that_died_in_the_night_are_not_heard_by_callers(line: Line) -> None:
    if line.runtime.database.dialect != "postgresql":
        pytest.skip("a file has no connections that die")
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(line.runtime.database.transaction())
    with line.runtime.database.engine.connect() as connection:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
    assert b"Gather" in line.post("/twilio/voice", CALL)
    assert b"Gather" in line.post("/twilio/voice", [("CallSid", "CA2"), *CALL[1:]])


def test_a_long_press_that_begins_an_exercise_does_not_end_it(line: Line) -> None:
    line.post("/twilio/voice", CALL)
    for turn, key in enumerate("1122", start=1):
        begun = presses(line, turn, key)
    assert b"?early" in begun
    line.clock.pass_by(0.3)
    assert line.post("/twilio/voice/en/5?early", [*CALL, ("Digits", "2")]) == begun.replace(b"/en/5", b"/en/6")


def test_a_clock_that_is_set_back_swallows_no_key(line: Line) -> None:
    line.post("/twilio/voice", CALL)
    line.clock.pass_by(-3600)
    assert b"This is Warmline" in line.post("/twilio/voice/en/1", [*CALL, ("Digits", "1")])


def test_a_key_read_twice_from_one_long_press_answers_once(line: Line) -> None:
    line.post("/twilio/voice", CALL)
    presses(line, 1, "1")
    line.clock.pass_by(0.3)
    form = [*CALL, ("Digits", "1")]
    echoed = line.post("/twilio/voice/en/2", form)
    assert next_turn(echoed) == 3
    assert b"This is Warmline" in echoed
    line.clock.pass_by(3)
    assert line.post("/twilio/voice/en/2", form) == echoed  # its own retry, later, is still no answer
    assert b"What would help now" in presses(line, 3, "2")


def test_an_unknown_call_in_mid_air_is_helped_from_the_start(line: Line) -> None:
    assert b"Hello" in presses(line, 7, "1", sid="CA-never-heard-of")


def test_a_turn_from_the_future_is_asked_again(line: Line) -> None:
    line.post("/twilio/voice", CALL)
    assert b"Gather" in presses(line, 40, "77")


@pytest.mark.parametrize(
    "sender", ["anonymous", "", "+266696687", "Restricted", "MYBANK", "12345", "\x00", "+" + "9" * 80]
)
def test_whoever_has_no_number_is_helped_and_never_mixed_with_others(line: Line, sender: str) -> None:
    for sid in ("CA1", "CA2"):
        assert b"Gather" in line.post("/twilio/voice", [("CallSid", sid), ("From", sender), ("To", "+254700000100")])
    line.post("/twilio/sms", [("MessageSid", "SM1"), ("From", sender), ("To", "+254700000100"), ("Body", "hello")])
    assert all(row.contact_id is None for row in line.rows(Conversation))
    assert not line.rows(Number)


@pytest.mark.parametrize("sender", ["+870773111632", "+88312345678901", "+80012345678"])
def test_whoever_rings_from_no_country_is_helped(line: Line, sender: str) -> None:
    assert b"Gather" in line.post("/twilio/voice", [("CallSid", "CA1"), ("From", sender), CALL[2]])
    assert [row.country for row in line.rows(Number)] == [""]


def test_what_no_database_keeps_is_left_out(line: Line) -> None:
    assert b"Gather" in line.post("/twilio/voice", [("CallSid", "CA\x001"), *CALL[1:]])
    line.post("/twilio/sms", [("MessageSid", "SM\x001"), *TEXT[1:]])
    assert [row.sid for row in line.rows(Message)] == ["SM1"]


anything = st.one_of(
    st.text(max_size=80), st.sampled_from(["", "*#", "0", "1" * 500, "\ud800", "\x00", "💊🔪", "مرحبا"])
)
names = st.sampled_from(
    [
        "CallSid",
        "MessageSid",
        "From",
        "To",
        "Body",
        "Digits",
        "NumMedia",
        "OptOutType",
        "RecordingSid",
        "MediaUrl0",
        "x",
    ]
)
paths = st.sampled_from(
    ["/twilio/voice", "/twilio/voice/en/0", "/twilio/voice/es/1", "/twilio/voice/xx/2", "/twilio/voice/sw/3?silence",
     "/twilio/voice/en/1?early", "/twilio/voice/en/99999999999999", "/twilio/sms", "/twilio/status"]
)  # fmt: skip


@settings(max_examples=300)
@given(path=paths, form=st.lists(st.tuples(names, anything), max_size=12, unique_by=lambda field: field[0]))
def test_signed_nonsense_is_always_answered_with_twiml(quick_line: Line, path: str, form: list) -> None:
    legible = [(name, value.encode("utf-8", "replace").decode()) for name, value in form]
    quick_line.clock.pass_by(1)
    quick_line.post(path, legible)


@pytest.mark.parametrize(
    "body", ["x" * 1_000_000, "💊" * 2000, "", " ", "\x00\x0b", "1\ufe0f\u20e3", "<Response/>&amp;"]
)
def test_monstrous_texts_are_answered(line: Line, body: str) -> None:
    line.post("/twilio/sms", [("MessageSid", "SM1"), *TEXT[1:3], ("Body", body)])
    assert len(line.rows(Message)) == 1


def test_ten_thousand_fields_are_read(line: Line) -> None:
    line.post("/twilio/voice", [*CALL, *((f"x{number}", "y") for number in range(10_000))])


def test_what_is_larger_than_any_webhook_is_not_read(line: Line) -> None:
    assert line.client.post("/twilio/voice", data=b"x" * 5_000_000).status_code == 413


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_when_nothing_works_the_number_is_still_said_in_the_callers_language(line: Line, language: str) -> None:
    with line.runtime.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE conversations RENAME TO gone"))
    heard = line.post(f"/twilio/voice/{language}/3", [*CALL, ("Digits", "1")])
    read = line.post("/twilio/sms", TEXT)
    assert heard == line.runtime.trouble(language).voice
    assert b"999" in read
    assert heard.endswith(b"<Hangup/></Response>")


def test_a_language_that_was_taken_away_is_replaced(line: Line) -> None:
    line.post("/twilio/voice", CALL)
    with line.runtime.database.engine.begin() as connection:
        connection.execute(text("UPDATE contacts SET language = 'xx'"))
        connection.execute(text("UPDATE conversations SET language = 'xx'"))
    assert b"Gather" in presses(line, 1, "1")
    assert b"Hello" in line.post("/twilio/voice", [("CallSid", "CA2"), *CALL[1:]])
    line.post("/twilio/sms", TEXT)


@pytest.mark.parametrize("shape", [["welcome", "door", [], {}, 0, [], False, "of a later version"], [], None])
def test_whoever_stands_where_nothing_can_be_read_begins_anew(line: Line, shape: object) -> None:
    """After a deploy, or when a key of DATA_KEYS is gone: help from the start, and no word of trouble."""
    line.texts("hello")
    line.post("/twilio/voice", CALL)
    vault, rows = line.runtime.vault, line.rows(Conversation)
    with line.runtime.database.engine.begin() as connection:
        for row in rows:
            sealed = (
                vault.seal("conversations.state", row.id, json.dumps(shape).encode()) if shape else b"no key of ours"
            )
            connection.execute(text("UPDATE conversations SET state = :s WHERE id = :id"), {"s": sealed, "id": row.id})
    assert "This is an automated line" in line.texts("1")[0]
    assert b"Hello" in presses(line, 1, "1")


def test_what_people_say_is_not_readable_in_the_database(database_url: str) -> None:
    with a_line(database_url) as line:
        call = line.rings()
        for key in "1113":
            call.press(key)
        line.texts("my name is Zawadi and I am tired")
        with line.runtime.database.engine.connect() as connection:
            tables = ("numbers", "contacts", "conversations", "checkins", "messages", "callbacks", "consents")
            dump = " ".join(str(row) for table in tables for row in connection.execute(text(f"SELECT * FROM {table}")))
        for secret in (ASHA, ASHA[1:], "Zawadi", "tired", "sleep", "How did you sleep"):
            assert secret not in dump
        assert line.opened(Number, "sealed") == [ASHA]
        assert '{"sleep": "2"}' in line.opened(Checkin, "answers")
