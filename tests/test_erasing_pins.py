"""Whoever has set a PIN is erased whole: what it left beside them is nobody, and keeps neither number nor tries."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import at, by_text, knocks
from sqlalchemy import func, select
from test_copies import half_hours_pass, of_asha
from test_forgotten import days_pass, is_forgotten
from test_pins import A_PIN, CHOOSE, NO_MORE, PIN, SECOND, SECOND_ONE, THIS_PHONE, WRONG, chooses, heard, locked, writes
from test_vanishing import left

from ivr.models import Base, Checkin, Contact, Erased, PinTries, Receipt, SignInTries
from ivr.privacy import holdings

TABLES = ("numbers", "contacts", "pin_tries", "conversations", "consents", "checkins", "schedules", "outbox")
ERASES = ("erase", "2", "1", "1")
THIRD = "914052"
CHOOSES = ("settings", THIS_PHONE, A_PIN, CHOOSE)


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


def rows(line: Line) -> dict[str, int]:
    """How many there are, by table, as the database itself counts them."""
    with line.runtime.database.engine.connect() as connection:
        tables = (Base.metadata.tables[name] for name in TABLES)
        counts = {each.name: connection.scalar(select(func.count()).select_from(each)) for each in tables}
    return {name: count for name, count in counts.items() if count}


def erased_by_text(line: Line, pin: str, number: str = ASHA) -> str:
    """What is answered at the end."""
    return writes(line, f"pin {WRONG}", "1", pin, *ERASES, number=number)


def erased_by_keypad(line: Line, pin: str, number: str = ASHA) -> str:
    return heard(line, "6", pin + "#", "4", "2", "2", "2", "1", "1", number=number)


HOW = pytest.mark.parametrize("erases", [erased_by_text, erased_by_keypad])


def has_a_decoy_in_a_decoy(line: Line) -> None:
    """Whoever forced the second PIN set a second one there."""
    locked(line, second=SECOND)
    writes(line, f"pin {SECOND}", "settings", THIS_PHONE, A_PIN, SECOND_ONE, THIRD, THIRD, "8")
    line.later(minutes=20)


def has_no_pin_any_more(line: Line) -> None:
    """And sets another one after it: the place without one and the empty one are shut for good."""
    locked(line, second=SECOND)
    writes(line, f"pin {PIN}", "4", THIS_PHONE, A_PIN, NO_MORE, "8")
    chooses(line)
    writes(line, "8")
    line.later(days=2)


def shows_the_decoy(line: Line) -> None:
    """Somebody was made to use it: texts and a call of theirs are kept, and lie at the carrier."""
    locked(line, second=SECOND)
    writes(line, f"pin {SECOND}", "mood", "8")
    heard(line, "6", SECOND + "#", "1")
    line.later(minutes=20)


def rings_and_hangs_up(line: Line) -> None:
    locked(line)
    line.rings().hang_up()
    line.later(minutes=20)


def is_reminded(line: Line) -> None:
    """A text of ours waits for the PIN, in a thread of whoever has none."""
    writes(line, "hello", "1", "2")
    by_text(line)
    writes(line, "8")
    chooses(line)
    writes(line, "8")
    at(line, "2026-11-24", "12:30")
    for _ in range(3):
        line.later(seconds=1)
        line.ticks()
    assert len(knocks(line)) == 1


@HOW
@pytest.mark.parametrize(
    "has",
    [locked, shows_the_decoy, has_a_decoy_in_a_decoy, has_no_pin_any_more, rings_and_hangs_up, is_reminded],
)
def test_nothing_is_left_of_who_had_a_pin_but_the_hash(line: Line, has: Callable, erases: Callable) -> None:
    has(line)
    assert line.rows(PinTries)
    assert "is erased" in erases(line, PIN).lower()
    line.later(days=2)  # a call that asks is kept for a day, as nobody's
    line.sweeps()
    assert rows(line) == left(line) == {}
    assert [row.found_by for row in line.rows(Erased)] == [line.runtime.vault.index(ASHA)]
    (receipt,) = line.rows(Receipt)
    assert json.loads(receipt.removed).get("schedules" if has is is_reminded else "checkins") == 1


@HOW
def test_what_was_said_behind_the_second_pin_goes_at_the_carrier_too(line: Line, erases: Callable) -> None:
    shows_the_decoy(line)
    line.rings().hang_up()
    assert of_asha(line)
    erases(line, PIN)
    half_hours_pass(line, 4)
    assert of_asha(line) == []


def says_hello(line: Line) -> None:
    """Somebody else takes the phone, and has not even chosen a language yet."""
    writes(line, "hello", "8")


def keeps_nothing(line: Line) -> None:
    writes(line, "hello", "1", "2", "8")


def has_another_pin(line: Line) -> None:
    keeps_nothing(line)
    chooses(line, THIRD)
    writes(line, "8")


@HOW
@pytest.mark.parametrize("other", [says_hello, keeps_nothing, has_another_pin])
def test_a_second_person_keeps_the_number_and_what_is_theirs(line: Line, other: Callable, erases: Callable) -> None:
    locked(line, second=SECOND)
    other(line)
    line.later(minutes=20)
    ours = mine(line)
    theirs = {row.id for row in line.rows(Contact)} - ours
    assert "is erased" in erases(line, PIN).lower()
    assert {row.id for row in line.rows(Contact)} == theirs
    assert rows(line).keys() >= {"numbers", "pin_tries"}  # nobody gets new tries at the PIN of somebody else
    assert line.rows(Erased) == []


def mine(line: Line) -> set[str]:
    """Asha herself, who has the check-in, and her empty place."""
    people = {row.contact_id for row in line.rows(Checkin)}
    return people | {row.id for row in line.rows(Contact) if row.decoy_of in people}


@HOW
def test_erased_from_the_empty_place_nothing_tells_that_more_was_there(line: Line, erases: Callable) -> None:
    """Baraka has one PIN, and no more behind it than Asha's second one shows."""
    locked(line, second=SECOND)
    writes(line, "hello", "1", "2", "hello", "4", THIS_PHONE, A_PIN, CHOOSE, SECOND, SECOND, "8", number=BARAKA)
    line.later(minutes=20)
    (owner,) = {row.contact_id for row in line.rows(Checkin)}
    before = whole(line, owner)
    said = [same(erases(line, SECOND, number)) for number in (ASHA, BARAKA)]
    assert said[0] == said[1]
    steps = (f"pin {SECOND}", "2", "8", "hello", "1", "2", "my data", "1", "settings", THIS_PHONE, A_PIN, "4", "8")
    after = [[writes(line, step, number=number) for step in steps] for number in (ASHA, BARAKA)]
    assert after[0] == after[1]
    assert [json.loads(row.removed).get("contacts") for row in line.rows(Receipt)] == [1, 1]
    assert [row for row in line.rows(Contact) if row.decoy_of] == []
    assert whole(line, owner) == before
    writes(line, f"pin {PIN}")
    assert "1 check-ins" in writes(line, "my data", "1")


SHOWN = (*("1", "3", "3", "3", "3", "2", "3"), "settings", THIS_PHONE, A_PIN, "1", SECOND)  # what she did before it


@pytest.mark.parametrize("channel", ["sms", "voice"])
@pytest.mark.parametrize("first", [PIN, ""])
def test_it_takes_nothing_along_that_was_done_in_the_same_hour(line: Line, first: str, channel: str) -> None:
    """A check-in, and then somebody stood there and wanted to see: in the same thread, or on the same call."""
    locked(line, second=SECOND)
    if not first:
        writes(line, "hello", "1", "1", "8")
    kept = [row.id for row in line.rows(Checkin)]
    if channel == "sms":
        writes(line, f"pin {first}" if first else "hello", *SHOWN, *ERASES)
    else:
        opened = ("6", f"{first}#") if first else ("1",)
        keys = (*"1333323", "4", THIS_PHONE, A_PIN, "1", f"{SECOND}#", "4", "2", "2", "2", "1", "1")
        assert "is erased" in heard(line, *opened, *keys).lower()
    assert [row for row in line.rows(Contact) if row.decoy_of] == []
    assert len(line.rows(Checkin)) == len(kept) + 1
    writes(line, "8", f"pin {PIN}", *ERASES)
    assert [row.id for row in line.rows(Checkin) if row.id in kept] == []
    assert len(line.rows(Checkin)) == (0 if first else 1)


def same(said: str) -> str:
    """Without the digits of the receipt."""
    return re.sub(r"\d", "", said)


def whole(line: Line, owner: str) -> dict[str, list[str]]:
    """All that is kept of Asha behind her first PIN."""
    with line.runtime.database.transaction() as tx:
        kept = holdings.whole(tx, line.runtime.vault, owner)
    return {
        name: sorted(str(row) for row in rows if owner in (row.get("contact_id"), row.get("id")))
        for name, rows in kept.items()
    }


@pytest.mark.parametrize("pin", ["", SECOND])
def test_a_pause_tells_nobody_who_erases_whether_somebody_else_has_a_pin(line: Line, pin: str) -> None:
    """Somebody guesses, erases what they can show, and tries whether the pause has gone with it. Baraka is alone."""
    locked(line, second=SECOND)
    if pin:
        writes(line, "hello", "1", "2", "hello", "4", THIS_PHONE, A_PIN, CHOOSE, pin, pin, "8", number=BARAKA)
        line.later(minutes=20)
    said = [guesses_and_erases(line, pin, number) for number in (ASHA, BARAKA)]
    assert same(said[0]) == same(said[1])
    assert "cannot be had" in said[0]
    line.later(minutes=15)
    own = [writes(line, *CHOOSES, THIRD, THIRD, number=number) for number in (ASHA, BARAKA)]
    assert own[0] == own[1]
    assert "That is your PIN now" in own[0]


def guesses_and_erases(line: Line, pin: str, number: str) -> str:
    """All that is answered from the last try on."""
    writes(line, "hello", "1", "2", *[f"pin {WRONG}"] * 4, "8", number=number)
    writes(line, *([f"pin {pin}"] if pin else ["hello"]), number=number)
    steps = (*CHOOSES, "1111", "1111", *ERASES, "hello", "1", "2", *CHOOSES, THIRD, THIRD, "8")
    return "\n".join(writes(line, step, number=number) for step in steps)


def test_what_was_missed_at_a_number_is_forgotten_soon_after_it(line: Line) -> None:
    locked(line)
    erased_by_text(line, PIN)
    assert [row.misses for row in line.rows(SignInTries)] == [1]
    line.later(hours=2)
    line.sweeps()
    assert line.rows(SignInTries) == []


def test_what_is_forgotten_behind_a_pin_takes_the_number_along(line: Line) -> None:
    locked(line, second=SECOND)
    is_forgotten(line)
    days_pass(line)
    assert rows(line) == {}
    assert len(line.rows(Erased)) == 1
