"""Whoever leaves with 8 may have lost the phone to somebody else: what a counselor writes waits as for a stranger."""

from collections.abc import Iterator

import pytest
from people import Line, a_reaching_line
from test_correspondence import CALL, KNOCK, STRAIGHT, WORDS, asks, holds, last, reads, writes
from test_pins import PIN, SECOND, locked


@pytest.fixture
def both(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


@pytest.mark.parametrize("by", ["text", "call"])
@pytest.mark.parametrize("pin", ["", PIN])
def test_after_leaving_quietly_nothing_goes_straight_to_the_phone(both: Line, pin: str, by: str) -> None:
    """Somebody came into the room, and has the phone in their hand now."""
    if pin:
        locked(both)
        both.texts(f"pin {pin}")
        for word in (CALL, "1", "1", "2", "8"):
            both.texts(word)
        both.later(minutes=20)
        ref = both.waiting()[0].ref
    else:
        ref = asks(both)
    page = holds(both, ref)
    if by == "text":
        both.texts(f"pin {pin}" if pin else "hello")
        both.texts("8")
    else:
        call = both.rings()
        call.press("6").press(pin + "#").press("8") if pin else call.press("1").press("8")
    both.later(minutes=1)
    assert STRAIGHT not in page.sees(f"/requests/{ref}")
    writes(page, ref)
    (knock,) = reads(both)[-1:]
    assert KNOCK in knock
    assert WORDS not in knock
    told = [*both.texts("1"), *(both.texts(pin) if pin else [])]
    assert WORDS in told[-1]
    assert (WORDS in told[0]) is not bool(pin)


def test_nor_while_somebody_is_shown_the_empty_place(both: Line) -> None:
    locked(both, second=SECOND)
    for word in (f"pin {PIN}", CALL, "1", "1", "2"):
        both.texts(word)
    ref = both.waiting()[0].ref
    page = holds(both, ref)
    for word in ("exercise", f"pin {SECOND}"):
        both.texts(word)
    writes(page, ref)
    assert KNOCK in last(both)
    assert all(WORDS not in text for text in reads(both))
