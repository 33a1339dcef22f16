"""Phones that others use or read: what goes out says nothing, and stops when it reaches somebody else."""

from collections.abc import Iterator

import pytest
from people import ASHA, Line, a_line, a_reaching_line
from reaching import CALL, CHECKIN, HELLO, TEXT, at, by_text, meets, passes, states

from ivr import conversations
from ivr.engine.words import find
from ivr.models import Conversation, OptOut, Outgoing
from ivr.outbox import rows
from ivr.outbox.rows import Sending

LANGUAGES = {"en": "1", "es": "2", "sw": "3"}
COVERT, REPLY_ONLY, OPEN = "1", "2", "3"


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Line]:
    with a_reaching_line(sqlite_url) as line:
        yield line


def chooses(line: Line, level: str) -> str:
    """Asha says who uses her phone; what is answered."""
    line.texts("settings")
    return [line.texts(key) for key in ("3", "1", level)][-1][0]


def falls_due(line: Line, day: str = "2026-11-24", hour: str = "12:30") -> None:
    at(line, day, hour)
    for _ in range(3):
        line.later(seconds=1)
        line.ticks()


def test_who_wants_answers_only_gets_nothing_by_itself(line: Line) -> None:
    meets(line)
    by_text(line)
    assert "Nothing comes by itself" in chooses(line, REPLY_ONLY)
    assert passes(line, "2026-11-24", "12:30") == 0
    assert states(line)[-1] == ("suppressed", "reply only")
    assert line.texts("hello")  # but they are answered
    chooses(line, COVERT)
    assert passes(line, "2026-11-25", "12:30") == 1


def test_a_reminder_that_would_never_come_is_not_promised(quick: Line) -> None:
    meets(quick)
    chooses(quick, REPLY_ONLY)
    assert "nothing comes by itself" in by_text(quick)


def test_only_who_says_that_nobody_else_uses_the_phone_is_told_who_writes(line: Line) -> None:
    meets(line)
    by_text(line)
    chooses(line, OPEN)
    passes(line, "2026-11-24", "12:30")
    assert "Hello from Warmline." in line.carrier.inbox(ASHA)[-1].body
    chooses(line, COVERT)
    passes(line, "2026-11-25", "12:30")
    assert "Warmline" not in line.carrier.inbox(ASHA)[-1].body


def test_the_question_is_offered_once_with_the_first_reminder(quick: Line) -> None:
    meets(quick)
    assert "If others use this phone" in by_text(quick)
    quick.texts("reminders")
    again = [quick.texts(key) for key in ("4", CHECKIN, TEXT, "1", "1", "2")][-1][0]
    assert "If others use this phone" not in again


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", [CHECKIN, HELLO])
def test_no_text_that_goes_out_tells_what_it_is_about(sqlite_url: str, language: str, what: str) -> None:
    """Every kind of text that the line sends, in every language, as the phone shows it."""
    missed = "+254700000100:line:en, +254700000199:missed-call:en"
    with a_reaching_line(sqlite_url, SERVICE_NUMBER=missed) as line:
        for word in ("hello", LANGUAGES[language], "1"):
            line.texts(word)
        by_text(line, what=what)
        line.texts("1" if what == CHECKIN else "8")  # may a counselor look after them? yes
        line.texts("8")
        falls_due(line)
        line.later(hours=25)  # no answer: a second word
        line.sweeps()
        falls_due(line, "2026-11-26", "12:00")
        at(line, "2026-11-26", "23:30")
        line.rings(to="+254700000199")
        falls_due(line, "2026-11-26", "23:31")
        call = line.rings().press("1")
        for _ in range(40):
            if "2" in call.listen() or call.ended:
                break
        call.hang_up()
        falls_due(line, "2027-02-26", "12:30")  # the question after a long silence
        falls_due(line, "2027-02-26", "12:31")
        sent = [text.body for text in line.carrier.inbox(ASHA) if text.sid in {row.sid for row in line.rows(Outgoing)}]
        assert len({row.flow for row in line.rows(Outgoing)}) >= 3
        assert sent
        sensitive = line.runtime.content.sensitive
        told = {(word, body) for body in sent for words in sensitive.values() for word in find(words, body)}
        assert {each for each in told if each[0] not in ("dawa", "moyo")} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_that_tells_is_not_sent_though_a_flow_holds_it(sqlite_url: str, language: str) -> None:
    with a_reaching_line(sqlite_url) as line:
        for word in ("hello", LANGUAGES[language], "2"):
            line.texts(word)
        by_text(line)
        falls_due(line)
        row = line.rows(Outgoing)[-1]
        whom = (row.sender, row.number_id, row.contact_id)
        now, before = line.clock.now(), len(line.carrier.inbox(ASHA))
        for flow in ("crisis", "hello"):  # as if an author had let the line begin with danger
            with line.runtime.database.transaction() as tx:
                wish = Sending(f"confirmation|{flow}", "confirmation", "sms", *whom, flow, now, now + 60_000)
                rows.add(tx, wish, now)
        line.ticks()
        assert len(line.carrier.inbox(ASHA)) == before + 1  # the hello alone


@pytest.mark.parametrize("how", [TEXT, CALL])
def test_not_for_me_ends_it_on_that_channel_until_somebody_comes_back(line: Line, how: str) -> None:
    meets(line)
    by_text(line, how=how)
    falls_due(line)
    if how == TEXT:
        assert line.texts("4") == ["All right. Nothing more comes."]
    else:
        said = line.carrier.answer(ASHA).press("3").listen()
        assert said == "Thank you. Goodbye."
    channel = "sms" if how == TEXT else "voice"
    assert [(row.channel, row.source) for row in line.rows(OptOut)] == [(channel, "wrong person")]
    falls_due(line, "2026-11-25")
    assert states(line)[-1] == ("suppressed", "stopped")
    for word in ("reminders", "1", "2"):  # the owner is back, and asks for it at noon
        line.texts(word)
    assert [row.ended_at is None for row in line.rows(OptOut)] == [False]
    falls_due(line, "2026-11-26")
    assert states(line)[-1][0] in ("sent", "delivered", "accepted")


@pytest.mark.parametrize("channel", ["voice", "sms"])
def test_leaving_quietly_leaves_nothing_to_go_on_from_anywhere(database_url: str, channel: str) -> None:
    with a_line(database_url) as line:
        for word in ("hello", "1", "1", "1"):
            line.texts(word)  # in the midst of a check-in, by text
        line.later(minutes=1)
        call = line.rings().press("1")
        assert "cut off" in call.listen()
        if channel == "voice":
            assert call.press("8").listen() == "Thank you for calling. Goodbye."
        else:
            call.hang_up()
            line.texts("8")
        line.later(minutes=1)
        again = line.rings()
        assert again.listen().startswith("Hello. You hear a recording.")
        assert "cut off" not in again.press("1").listen()
        again.hang_up()
        line.later(hours=2)
        assert "cut off" not in line.texts("hello")[0]


def test_what_follows_from_a_conversation_is_taken_back_when_it_is_left(quick: Line) -> None:
    meets(quick)
    quick.texts("1")
    thread = max(quick.rows(Conversation), key=lambda row: row.updated_at)
    whom = (thread.service_number, thread.number_id, thread.contact_id)
    with quick.runtime.database.transaction() as tx:
        for id in (thread.id, "another"):
            now = quick.clock.now()
            rows.add(tx, Sending(f"silence|{id}.3", "silence", "sms", *whom, "", now, now + 60_000, about=id), now)
    quick.texts("8")
    assert sorted((row.key.split("|")[1][:7], row.state) for row in quick.rows(Outgoing)) == sorted(
        [(thread.id[:7], "cancelled"), ("another", "pending")]
    )


def test_a_mailbox_is_spoken_to_only_where_that_was_agreed(line: Line) -> None:
    meets(line)
    by_text(line, how=CALL)
    falls_due(line)
    assert line.carrier.answer(ASHA, machine=True).listen() == ""
    line.texts("settings")
    for key in ("3", "4", "1"):
        line.texts(key)
    falls_due(line, "2026-11-25")
    said = line.carrier.answer(ASHA, machine=True).listen()
    assert said == "Hello. You hear a recording. We tried to reach you. Goodbye."


def test_every_flow_that_the_line_begins_is_looked_at() -> None:
    assert {"reminder", "nudge", "still_here", "missed_call", "written"} <= conversations.OUTGOING.keys()
