"""A counselor with a basic phone and somebody who asked for a call write to each other."""

import pytest
from people import Line, a_reaching_line
from test_correspondence import BACK, KNOCK, WORDS, asks, last, reads, says
from test_desk_texts import PHONE, desk, open_phone

from ivr.models import Message


@pytest.fixture
def line(sqlite_url: str):
    with a_reaching_line(sqlite_url) as line:
        yield line


def test_by_text_from_a_basic_phone(line: Line) -> None:
    open_phone(line)
    ref = asks(line)
    assert f"{ref} is yours" in desk(line, f"take {ref}")
    assert desk(line, f"text {ref} {WORDS}") == f"It goes to {ref}."
    assert KNOCK in last(line)
    says(line, "1")
    says(line, BACK)
    assert f"{ref} wrote. Answer: read {ref}" in last(line, PHONE)
    before = len(reads(line, PHONE))
    says(line, "And on Friday too")
    assert len(reads(line, PHONE)) == before  # once in five minutes
    story = desk(line, f"read {ref}")
    assert BACK in story and WORDS in story and "And on Friday too" in story
    assert "Say it without: counselor" in desk(line, f"text {ref} Your counselor wrote this")
    assert "did you mean" not in desk(line, "read").lower()
    assert f"{ref + 50} is not yours" in desk(line, f"text {ref + 50} hello")


def test_what_was_read_by_text_is_not_kept_among_texts(line: Line) -> None:
    open_phone(line)
    ref = asks(line)
    desk(line, f"take {ref}")
    desk(line, f"text {ref} {WORDS}")
    last(line)
    says(line, "1")
    says(line, BACK)
    assert BACK in desk(line, f"read {ref}")
    vault, texts = line.runtime.vault, line.rows(Message)
    assert not any(BACK in vault.open("messages.reply", text.sid, text.reply).decode() for text in texts)
    assert not any(WORDS in vault.open("messages.body", text.sid, text.body).decode() for text in texts)
