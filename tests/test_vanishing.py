"""The right to vanish: to hear what is kept, and to have it erased, by keypad and by text, so that nothing is left."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from canaries import everything
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import NOON, by_text, meets

from ivr.models import (
    Base,
    Callback,
    Checkin,
    Contact,
    Conversation,
    Erased,
    Erasure,
    Message,
    Number,
    OptOut,
    Outgoing,
    Receipt,
)
from ivr.models.belongings import belongings
from ivr.privacy import vanishing

LANGUAGES = {"en": "1", "es": "2", "sw": "3"}
ERASED = {"en": "is erased", "es": "borrado", "sw": "yamefutwa"}


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


def lives(line: Line, number: str = ASHA) -> None:
    """A check-in, an exercise, a reminder, a request for a call, and a call that broke off."""
    for text in ("hello", "1", "1", "mood", "1", "1", "1", "1"):
        line.texts(text, number)
    line.texts("reminders", number)
    for text in ("3", "1", "1", NOON):
        line.texts(text, number)
    for text in ("ask for a call", "1", "1", "2"):
        line.texts(text, number)
    line.rings(number).press("11").hang_up()


def erases(line: Line, number: str = ASHA) -> list[str]:
    """Every answer on the way to being erased, by text."""
    return [answer for word in ("erase", "2", "1", "1") for answer in line.texts(word, number)]


def left(line: Line) -> dict[str, int]:
    """Rows by table, of those that hang on a person or a number."""
    tables = {table.name for root in ("contacts", "numbers") for table, _ in belongings(root)}
    nobodys = sum(
        row.conversation_id is None for row in line.rows(Message)
    )  # a last answer, in case its text comes again
    models = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ in tables]
    found = {model.__tablename__: len(line.rows(model)) for model in models}
    return {name: rows for name, rows in (found | {"messages": found["messages"] - nobodys}).items() if rows}


def receipt_in(text: str) -> str:
    return re.sub(r"\D", "", text)[:6]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_erased_by_text(line: Line, language: str) -> None:
    for word in ("hello", LANGUAGES[language], "1"):
        line.texts(word)
    line.texts("mood")
    line.texts("1")
    said = erases(line)
    assert ERASED[language] in said[-1].lower()
    assert left(line) == {}
    assert len(line.rows(Message)) == 1  # the last answer, for when the same text comes again; without what it answers
    (last,) = line.rows(Message)
    assert line.runtime.vault.open("messages.body", last.sid, last.body) == b""


def test_nothing_of_a_full_life_is_left_but_a_hash_and_a_receipt(line: Line) -> None:
    lives(line)
    assert {"checkins", "callbacks", "schedules", "messages", "conversations", "consents"} <= left(line).keys()
    calls = [row.call_sid for row in line.rows(Conversation) if row.call_sid]
    texts = [row.sid for row in line.rows(Message)]
    said = erases(line)
    assert left(line) == {}
    (gone,) = line.rows(Erased)
    assert gone.found_by == line.runtime.vault.index(ASHA)
    (receipt,) = line.rows(Receipt)
    assert receipt.code == receipt_in(said[-1])
    assert receipt.day == "2026-11-23"
    assert json.loads(receipt.removed)["checkins"] == 1
    copies = {row.sid for row in line.rows(Erasure)}
    assert copies >= {*calls, *texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_erased_by_keypad_and_the_call_ends_kindly(line: Line, language: str) -> None:
    call = line.rings().press(LANGUAGES[language]).press("1")
    call.press("4").press("2").press("2")  # settings, what is kept, to hear or erase
    call.press("1")  # what is kept
    call.press("2").press("1").press("1")  # erase, yes, yes
    assert call.ended
    said = call.prompt
    (receipt,) = line.rows(Receipt)
    if language == "en":
        digits = re.findall(r"\d", said)
        assert "".join(digits[:6]) == "".join(digits[6:12]) == receipt.code
    (kept,) = line.rows(Conversation)
    assert (kept.contact_id, kept.number_id, kept.state) == (None, None, None)
    assert left(line).keys() <= {"conversations"}
    assert [row.sid for row in line.rows(Erasure)] == [kept.call_sid]


def test_one_no_of_two_keeps_everything(line: Line) -> None:
    lives(line)
    before = left(line)
    for answers in (("erase", "2", "2"), ("erase", "2", "1", "2"), ("erase", "3")):
        for word in answers:
            said = line.texts(word)
        assert said == ["All right. Nothing was erased."] or "Nothing was erased" in said[0]
    assert {**left(line), "messages": 0, "conversations": 0} == {**before, "messages": 0, "conversations": 0}


def test_what_is_told_is_what_is_kept(line: Line) -> None:
    lives(line)
    line.later(days=3)
    for word in ("my data", "1"):
        said = line.texts(word)
    kept = len(line.rows(Message)) - 1  # this text was not kept yet
    assert f"Kept for 4 days: 1 check-ins, 0 exercises, {kept} texts, 1 reminders, 1 requests for a call." in said[0]


def test_the_same_text_again_gets_the_same_answer_and_brings_nobody_back(line: Line) -> None:
    lives(line)
    for word in ("erase", "2", "1"):
        line.texts(word)
    earlier = line.rows(Message)[0].sid
    form = [("MessageSid", "SM" + "7" * 32), ("From", ASHA), ("To", "+254700000100"), ("Body", "1")]
    first = line.post("/twilio/sms", form)
    assert b"is erased" in first
    assert line.post("/twilio/sms", form) == first
    again = line.post("/twilio/sms", [("MessageSid", earlier), *form[1:]])
    assert b"Message" not in again
    assert left(line) == {}
    assert len(line.rows(Receipt)) == 1


def test_a_doubled_key_on_the_phone_gets_the_same_words(line: Line) -> None:
    call = line.rings().press("11").press("4").press("2").press("2").press("2").press("1")
    form = [("CallSid", call.sid), ("From", ASHA), ("To", "+254700000100"), ("Digits", "1")]
    turn = next(row.turn for row in line.rows(Conversation)) - 1
    line.later(seconds=5)
    answers = [line.post(f"/twilio/voice/en/{turn + 1}", form) for _ in range(3)]
    assert len(set(answers)) == 1
    assert b"It is erased" in answers[0]
    assert len(line.rows(Receipt)) == 1
    line.later(seconds=5)
    line.post(f"/twilio/voice/en/{turn + 9}", form)  # presses on before the line is cut
    assert left(line).keys() == {"conversations"}


def test_a_stop_outlives_the_erasing_until_start(line: Line) -> None:
    meets(line)
    line.texts("hello", BARAKA)
    line.texts("STOP")
    line.carrier.office.blocked.clear()
    erases(line)
    assert line.rows(OptOut) == []
    assert [row.stopped for row in line.rows(Erased)] == ["sms"]
    line.texts("hello")
    (stop,) = [row for row in line.rows(OptOut) if row.ended_at is None and row.source == "erased"]
    assert stop.channel == "sms"
    line.texts("START")
    assert all(row.ended_at for row in line.rows(OptOut) if row.source == "erased")


def test_a_number_that_another_person_shares_stays_theirs(line: Line) -> None:
    lives(line)
    (number,) = line.rows(Number)
    with line.runtime.database.engine.begin() as connection:
        other = {"id": "o" * 32, "number_id": number.id, "pin": "x", "created_at": 1}
        connection.execute(Contact.__table__.insert().values(**other))
    erases(line)
    assert [row.id for row in line.rows(Contact)] == ["o" * 32]
    assert left(line) == {"numbers": 1, "contacts": 1}
    assert line.rows(Erased) == []


def test_what_somebody_else_asked_for_at_that_number_stays(line: Line) -> None:
    """Baraka wants to be rung at Asha's phone."""
    meets(line)
    meets(line, BARAKA)
    numbers = {line.runtime.vault.open("numbers.sealed", row.id, row.sealed): row.id for row in line.rows(Number)}
    for word in ("ask for a call", "1", "1"):
        line.texts(word, BARAKA)
    with line.runtime.database.engine.begin() as connection:
        connection.execute(Callback.__table__.update().values(number_id=numbers[ASHA.encode()]))
    erases(line)
    assert len(line.waiting()) == 1
    assert len(line.rows(Number)) == 2
    assert len(line.rows(Contact)) == 1


def test_a_text_on_its_way_is_erased_at_the_carrier_once_its_id_is_known(line: Line) -> None:
    meets(line)
    by_text(line)
    with line.runtime.database.engine.begin() as connection:
        (schedule,) = connection.execute(Base.metadata.tables["schedules"].select()).mappings()
        row = {
            **{column.name: 0 for column in Outgoing.__table__.columns if not column.nullable},
            **{"id": "f" * 32, "key": "k", "kind": "reminder", "channel": "sms", "sender": "+254700000100"},
            **{"number_id": schedule["number_id"], "contact_id": schedule["contact_id"], "flow": "reminder"},
            **{"then": "", "about": "", "state": "submitting", "why": "", "error": ""},
        }
        connection.execute(Outgoing.__table__.insert().values(**row))
    erases(line)
    assert line.rows(Outgoing) == []
    word = [("MessageSid", "SMlate"), ("MessageStatus", "delivered")]
    line.post(f"/twilio/status?o={'f' * 32}", word)
    assert "SMlate" in {each.sid for each in line.rows(Erasure)}
    assert line.rows(Base.registry._class_registry["Status"]) == []


def test_nobody_is_erased_who_is_not_known(line: Line) -> None:
    call = line.rings(withheld="anonymous").press("1").press("4").press("2").press("2")
    assert "Nothing is kept but a request for a call." in call.listen()
    assert line.rows(Receipt) == []


def test_a_receipt_tells_what_went_and_not_whose(line: Line) -> None:
    lives(line)
    code = receipt_in(erases(line)[-1])
    with line.runtime.database.transaction() as tx:
        day, removed = vanishing.receipt(tx, code) or ("", {})
        assert vanishing.receipt(tx, "000") is None
    assert (day, removed["callbacks"], removed["contacts"]) == ("2026-11-23", 1, 1)


def test_the_file_holds_nothing_of_who_was_erased(sqlite_url: str) -> None:
    """Not even sealed: rows that were there are overwritten, in the file and in its journal."""
    with a_reaching_line(sqlite_url) as line:
        meets(line, BARAKA)
        lives(line)
        traces = [row.sealed for row in line.rows(Number) if line.runtime.vault.index(ASHA) == row.found_by]
        traces += [row.answers for row in line.rows(Checkin)] + [row.card or b"" for row in line.rows(Callback)]
        asha = next(row.id for row in line.rows(Contact) if row.id in {each.contact_id for each in line.rows(Checkin)})
        assert all(trace in everything(line) for trace in traces)
        erases(line)
        line.sweeps()
        content = everything(line)
        assert not [trace for trace in (*traces, asha.encode()) if trace in content]
        assert Path(line.runtime.database.engine.url.database or "").stat().st_size > 0
        assert len(line.rows(Contact)) == 1


def test_texts_that_race_the_erasing_find_either_the_person_or_a_stranger(line: Line) -> None:
    for round_ in range(4):
        lives(line)
        old, receipts = {row.id for row in line.rows(Contact)}, len(line.rows(Receipt))
        for word in ("erase", "2", "1"):
            line.texts(word)
        forms = [("1", "SM1"), *((f"hello {at}", f"SM{at}") for at in range(2, 7))]
        fields = [
            [("MessageSid", f"{sid}r{round_}"), ("From", ASHA), ("To", "+254700000100"), ("Body", body)]
            for body, sid in forms
        ]
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda form: line.post("/twilio/sms", form), fields))
        assert [answer for answer in answers if b"not working" in answer] == []
        if len(line.rows(Receipt)) > receipts:
            assert not old & {row.id for row in line.rows(Contact)}
        assert {row.contact_id for row in line.rows(Checkin)} <= {row.id for row in line.rows(Contact)}
