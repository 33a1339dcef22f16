"""Webhooks as carriers really send them: forged, doubled, late, out of order, and full of nonsense."""

import threading
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import ASHA, Line, a_line
from sqlalchemy import text

from ivr.models import Callback, Checkin, Conversation, Message, Number

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


def test_webhooks_doubled_at_the_same_moment_have_one_effect(line: Line) -> None:
    """What is asked for once is kept once, however many requests carry it and however they race."""
    replies: list[bytes] = []

    def all_at_once(send) -> set[bytes]:
        replies.clear()
        threads = [threading.Thread(target=lambda: replies.append(send())) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(replies) == 5
        return set(replies)

    assert len(all_at_once(lambda: line.post("/twilio/voice", CALL))) == 1
    assert len(all_at_once(lambda: line.post("/twilio/sms", TEXT))) == 1
    line.clock.pass_by(5)
    line.texts("call me", ASHA)
    line.texts("2", ASHA)
    confirmed = [("MessageSid", "SM9"), *TEXT[1:3], ("Body", "1")]
    assert len(all_at_once(lambda: line.post("/twilio/sms", confirmed))) == 1
    assert [(row.asked, row.state) for row in line.rows(Callback)] == [(1, "requested")]
    assert len(line.rows(Number)) == 1


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


@pytest.mark.parametrize("language", ["en", "es", "sw"])
def test_when_nothing_works_the_number_is_still_said_in_the_callers_language(line: Line, language: str) -> None:
    with line.runtime.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE conversations RENAME TO gone"))
    heard = line.post(f"/twilio/voice/{language}/3", [*CALL, ("Digits", "1")])
    read = line.post("/twilio/sms", TEXT)
    assert heard == line.runtime.content.trouble[language].voice
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
