"""A PIN is kept nowhere but as a slow hash: not in what was written, in what is waited for, nor in what was said."""

import base64
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import ASHA, Line, a_line
from sqlalchemy import select
from test_pins import A_PIN, CHOOSE, PIN, SECOND, SECOND_ONE, THIS_PHONE, WRONG, chooses, heard, meets, writes

from ivr.memory.replays import REPLIES
from ivr.models import Alert, Conversation, Message
from ivr.models.belongings import sealed_columns

DIGITS = (PIN, SECOND, WRONG)


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Line]:
    with a_line(sqlite_url) as line:
        meets(line)
        chooses(line)
        writes(line, "8")
        yield line


def unsealed(line: Line) -> Iterator[str]:
    """All that is sealed in the database, opened."""
    vault = line.runtime.vault
    with line.runtime.database.engine.connect() as connection:
        for table, column in sealed_columns():
            key = next(iter(table.primary_key))
            for id, sealed in connection.execute(select(key, column).where(column.is_not(None))):
                yield vault.open(f"{table.name}.{column.name}", id, sealed).decode()
    for row in line.rows(Conversation):
        for written in row.replies.splitlines():
            turn, _, sealed = written.partition(" ")
            yield vault.open(REPLIES, f"{row.id}.{turn}", base64.b64decode(sealed)).decode()


def texts(line: Line) -> list[str]:
    """The words of texts that came in."""
    vault = line.runtime.vault
    return [vault.open("messages.body", row.sid, row.body).decode() for row in line.rows(Message)]


def bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def is_found(line: Line, digits: str) -> bool:
    return any(digits in bare(text) for text in unsealed(line))


def none_is_found(line: Line) -> None:
    everything = list(unsealed(line))
    assert len(everything) > 10
    assert [(each, text) for each in DIGITS for text in everything if each in bare(text)] == []


def test_a_pin_that_is_chosen_entered_or_missed_by_text_is_kept_nowhere(line: Line) -> None:
    meets(line)
    for text in ("hello", "4", THIS_PHONE, A_PIN, CHOOSE, PIN):
        writes(line, text)
        none_is_found(line)
    assert "That is your PIN now" in writes(line, PIN)
    none_is_found(line)
    said = writes(line, "8", f"pin {PIN}", "4", THIS_PHONE, A_PIN, SECOND_ONE, SECOND, SECOND)
    assert "empty place" in said
    none_is_found(line)
    writes(line, "8", "pin", WRONG, WRONG, "2", "8", "hello")
    none_is_found(line)


def test_a_pin_that_is_chosen_or_entered_by_keypad_is_kept_nowhere(line: Line) -> None:
    meets(line)
    said = heard(line, "1", "4", THIS_PHONE, A_PIN, CHOOSE, PIN + "#", PIN + "#")
    assert "That is your PIN now" in said
    none_is_found(line)
    heard(line, "1", "4", THIS_PHONE, A_PIN, CHOOSE, WRONG + "#")  # once only, and hung up
    none_is_found(line)
    heard(line, "6", WRONG + "#", "1", PIN + "#")
    none_is_found(line)


def test_two_that_differ_are_no_pin_and_kept_nowhere(line: Line) -> None:
    meets(line)
    said = writes(line, "hello", "4", THIS_PHONE, A_PIN, CHOOSE, PIN, WRONG)
    assert "not the same" in said
    none_is_found(line)


@pytest.mark.parametrize("code", ["1", "2", "3"])
@pytest.mark.parametrize("word", ["pin", "clave", "nip", "siri", "PIN:", "my pin is", "mi clave es"])
def test_in_whatever_words_it_is_written(line: Line, code: str, word: str) -> None:
    meets(line, code)
    chooses(line)
    writes(line, "8", f"{word} {PIN}", "hello", f"{word}{PIN}")
    none_is_found(line)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.text("abc xyz,.!\n", max_size=20),
    gaps=st.lists(st.sampled_from(["", " ", "-", ".", ", "]), min_size=5, max_size=5),
    after=st.text("abc xyz,.!\n", max_size=20),
    stands=st.sampled_from(["", "hello", "pin", "mood", "reminders"]),
)
def test_wherever_and_however_it_is_written_while_somebody_has_one(
    quick: Line, before: str, gaps: list[str], after: str, stands: str
) -> None:
    writes(quick, "8", *([stands] if stands else []))
    quick.texts(before + "".join(map("".join, zip(PIN, [*gaps, ""], strict=True))) + after, ASHA)
    assert not is_found(quick, PIN)


def test_a_word_of_danger_beside_it_is_heard_and_stays(line: Line) -> None:
    meets(line)
    chooses(line)
    for text in (f"pin {PIN} I want to die", f"{PIN} I want to die"):
        assert "call" in writes(line, text).lower()
    assert sum("I want to die" in text for text in texts(line)) == 2
    assert len(line.rows(Alert)) == 1
    none_is_found(line)


@pytest.mark.parametrize(
    "text", ["my number is 0711 000 009", "I live at house 12", "it happened in 2019", "tomorrow 7:30"]
)
def test_what_is_no_pin_stays_where_nobody_has_one(line: Line, text: str) -> None:
    meets(line)
    writes(line, text)
    assert text in texts(line)
