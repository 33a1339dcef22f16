"""A forgotten PIN: nothing opens without it, nobody learns anything, and the old one keeps what is theirs."""

from collections.abc import Iterator

import pytest
from calling import PERSON, is_called, set_pin
from click.testing import Result
from people import ASHA, BARAKA, Line, a_reaching_line
from test_pins import A_PIN, CHOOSE, PIN, SECOND, SECOND_ONE, THIS_PHONE, chooses, heard, meets, writes

from ivr import cli
from ivr.app import create_app
from ivr.models import Callback, Checkin, Contact, Entry, Exercise, Receipt, Schedule
from ivr.privacy import forgotten

OTHER = "914052"
DAYS = 31


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


def is_forgotten(line: Line, number: str = ASHA) -> str:
    """What the operator is told to say."""
    shown = asks(line, number)
    assert shown.exit_code == 0, shown.output
    return shown.output


def asks(line: Line, number: str) -> Result:
    app = create_app(line.runtime)
    cli.register(app)
    with app.app_context():
        return app.test_cli_runner().invoke(args=["pin-forgotten", number])


def days_pass(line: Line, days: int = DAYS) -> None:
    for _ in range(days):
        line.later(days=1)
        line.sweeps()


def two_people(line: Line) -> None:
    """Asha and another one, each with a heavy check-in behind a PIN, on one phone."""
    for pin in (PIN, OTHER):
        meets(line)
        chooses(line, pin)
        writes(line, "8")
        line.later(minutes=20)


def kept(line: Line) -> list[str]:
    return sorted(row.contact_id for row in line.rows(Checkin))


def test_nothing_opens_and_after_the_time_what_was_behind_it_is_gone(line: Line) -> None:
    two_people(line)
    meets(line)  # a third one, without a PIN
    assert len(kept(line)) == 3
    assert "read it to whoever" not in is_forgotten(line)
    assert len(kept(line)) == 3
    new = "660431"
    assert "That is your PIN now" in writes(line, "hello", "4", THIS_PHONE, A_PIN, CHOOSE, new, new)
    days_pass(line, 29)
    assert len(kept(line)) == 3
    days_pass(line, 2)
    (left,) = kept(line)
    (mine,) = [row for row in line.rows(Contact) if row.id == left]
    assert mine.pin not in (None, "-")  # of the third one, whose PIN was chosen after it was said
    assert len(line.rows(Receipt)) == 2
    assert "opens nothing" in writes(line, "8", f"pin {PIN}")


@pytest.mark.parametrize("pin", [PIN, SECOND])
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_who_enters_the_pin_in_time_keeps_what_is_theirs(line: Line, channel: str, pin: str) -> None:
    meets(line)
    chooses(line)
    writes(line, "8", f"pin {PIN}", "4", THIS_PHONE, A_PIN, SECOND_ONE, SECOND, SECOND, "8")
    line.later(minutes=20)
    is_forgotten(line)
    days_pass(line, 20)
    if channel == "sms":
        writes(line, f"pin {pin}", "8")
    else:
        heard(line, "6", pin + "#")
    days_pass(line)
    assert len(kept(line)) == 1
    assert line.rows(Receipt) == []


def test_who_enters_it_when_a_counselor_calls_keeps_it_too(line: Line) -> None:
    _, phone = is_called(line)
    set_pin(line)
    is_forgotten(line, PERSON)
    assert [row.leaves_at for row in line.rows(Contact) if row.pin] != [None]
    phone.press("1").press("4711#")
    assert [row.leaves_at for row in line.rows(Contact) if row.pin] == [None]


def test_of_several_people_each_keeps_theirs_by_their_own_pin_and_who_has_none_keeps_theirs(line: Line) -> None:
    two_people(line)
    meets(line)
    is_forgotten(line)
    days_pass(line, 3)
    writes(line, f"pin {OTHER}", "8")
    days_pass(line)
    assert len(kept(line)) == 2
    assert {row.id for row in line.rows(Contact) if row.pin != "-"} == set(kept(line))


def test_the_operator_is_told_the_same_whoever_is_there(line: Line) -> None:
    stranger = is_forgotten(line, "+254711999999")
    meets(line)
    without = is_forgotten(line)
    chooses(line)
    assert stranger == without == is_forgotten(line) == is_forgotten(line)
    written = [(row.who, row.what, row.why) for row in line.rows(Entry)]
    assert set(written) == {("operator", "pin forgotten", "")}


def test_to_ask_again_neither_hurries_nor_delays_it(line: Line) -> None:
    meets(line)
    chooses(line)
    for _ in range(6):
        is_forgotten(line)
        days_pass(line, 4)
    assert len(kept(line)) == 1
    days_pass(line, 7)
    assert kept(line) == []


def test_who_waits_for_a_call_stays_until_that_is_over(line: Line) -> None:
    meets(line)
    chooses(line)
    writes(line, f"pin {PIN}", "ask for a call", "1", "1", "1", "1", "8")
    assert [row.closed_at for row in line.rows(Callback)] == [None]
    is_forgotten(line)
    line.later(days=DAYS)

    def one_goes() -> bool:
        with line.runtime.database.transaction() as tx:
            return forgotten.erase_next(tx, line.clock.now())

    assert not one_goes()
    line.sweeps()  # nobody could meet it, and it ends; the person is no longer waited for
    assert [row.closed_at is None for row in line.rows(Callback)] in ([False], [])
    one_goes()
    assert kept(line) == []


def test_others_on_other_numbers_are_not_touched(line: Line) -> None:
    meets(line)
    chooses(line)
    for text in ("hello", "1", "1", "1", "3", "3", "3", "3", "2", "3", "8"):
        line.texts(text, BARAKA)
    is_forgotten(line)
    days_pass(line)
    (left,) = line.rows(Checkin)
    assert left.contact_id in {row.id for row in line.rows(Contact)}
    assert line.rows(Exercise) == line.rows(Schedule) == []


def test_a_word_that_is_no_number_is_said_to_be_none(line: Line) -> None:
    shown = asks(line, "nobody")
    assert shown.exit_code == 1
    assert "no number" in shown.output
