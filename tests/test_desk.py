"""Who works at the desk: added, on duty, rung and alerted by their own phones; and the book that nobody can change."""

from collections.abc import Iterator

import pytest
from desk import a_counselor, somebody_asks
from people import ASHA, Line, a_line, a_reaching_line
from sqlalchemy import text as sql

from ivr import cli, migrating
from ivr.app import create_app
from ivr.callbacks import claims, outcomes, queue
from ivr.callbacks.wishes import Wish
from ivr.models import Alert, Bridge, Callback, Counselor, Entry, Note, Shift
from ivr.team import audit, duty
from workers import duties

PHONE, OTHER = "+254700000201", "+254700000202"


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_line(database_url) as line:
        yield line


def ask(line: Line, *words: str) -> tuple[int, str]:
    """What a command says to the operator."""
    app = create_app(line.runtime)
    cli.register(app)
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


def rung(line: Line) -> list[str]:
    """Whose phones would be rung now."""
    with line.runtime.database.transaction() as tx:
        found = duty.on_duty(tx, line.runtime.vault, line.runtime.config, line.clock.now())
    return [each.number for each in found]


def test_whoever_is_on_duty_is_rung_until_they_are_off(line: Line) -> None:
    code, said = ask(line, "counselors", "add", "first", "--phone", PHONE)
    assert (code, said.splitlines()[0]) == (0, "first is a counselor")
    assert rung(line) == []
    assert ask(line, "counselors", "on", "first")[0] == 0
    assert rung(line) == [PHONE]
    assert "on duty until 2026-11-23 15:00Z" in ask(line, "counselors", "list")[1]
    assert ask(line, "counselors", "off", "first")[0] == 0
    assert rung(line) == []


def test_a_shift_ends_by_itself(line: Line) -> None:
    ask(line, "counselors", "add", "first", "--phone", PHONE)
    ask(line, "counselors", "on", "first", "--hours", "2")
    line.later(hours=1, minutes=59)
    assert rung(line) == [PHONE]
    line.later(minutes=1)
    assert rung(line) == []


def test_the_desks_own_come_before_the_phones_of_the_setting(database_url: str) -> None:
    with a_line(database_url, ON_DUTY=OTHER) as line:
        assert rung(line) == [OTHER]
        ask(line, "counselors", "add", "first", "--phone", PHONE)
        ask(line, "counselors", "on", "first")
        assert rung(line) == [PHONE, OTHER]


@pytest.mark.parametrize("after", ["lost", "end"])
def test_a_phone_in_other_hands_is_rung_no_more(line: Line, after: str) -> None:
    ask(line, "counselors", "add", "first", "--phone", PHONE)
    ask(line, "counselors", "on", "first")
    ask(line, "counselors", after, "first")
    assert rung(line) == []
    assert [(row.phone, row.found_by, row.pin) for row in line.rows(Counselor)] == [(None, None, None)]


def test_who_presses_zero_is_put_through_to_whoever_is_on_duty(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        ask(line, "counselors", "add", "first", "--phone", PHONE, "--language", "sw")
        ask(line, "counselors", "on", "first")
        call = line.rings(ASHA).press("0")
        other = line.carrier.answer(PHONE)
        assert "Kuna mtu" in other.listen()  # "somebody is there", in their own language
        other.press("1").hang_up(after=60)
        assert "You can call here again" in call.listen()
        assert [row.taken_at is not None for row in line.rows(Bridge)] == [True]


def test_who_is_in_danger_alerts_whoever_is_on_duty_who_may_take_it(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        ask(line, "counselors", "add", "first", "--phone", PHONE)
        ask(line, "counselors", "on", "first")
        line.texts("I want to die")
        line.ticks()
        assert any("OK" in text.body for text in line.carrier.inbox(PHONE))
        line.texts("OK", PHONE)
        assert [row.acknowledged_at is not None for row in line.rows(Alert)] == [True]


def test_an_auditor_is_never_rung_and_takes_nothing(line: Line) -> None:
    ask(line, "counselors", "add", "reader", "--role", "auditor", "--phone", PHONE)
    code, said = ask(line, "counselors", "on", "reader")
    assert (code, "talks with nobody" in said) == (1, True)
    assert rung(line) == []
    assert line.rows(Shift) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "two words"), "letters and digits"),
        (("add", "first", "--phone", "12"), "write it as +254700000001"),
        (("add", "first", "--speaks", "xx"), "no such language: xx"),
        (("add", "taken"), "choose another short name"),
        (("add", "first", "--phone", OTHER), "one phone, one person"),
        (("on", "nobody"), "there is nobody called nobody"),
    ],
)
def test_what_cannot_be_says_why_and_leaves_nothing(line: Line, words: tuple[str, ...], said: str) -> None:
    ask(line, "counselors", "add", "taken", "--phone", OTHER)
    code, output = ask(line, "counselors", *words)
    assert (code, said in output) == (1, True), output
    assert [row.login for row in line.rows(Counselor)] == ["taken"]


def test_a_counselors_phone_is_sealed(line: Line) -> None:
    ask(line, "counselors", "add", "first", "--phone", PHONE)
    assert line.opened(Counselor, "phone") == [PHONE]
    (row,) = line.rows(Counselor)
    assert PHONE[1:].encode() not in bytes(row.phone)


def a_story(line: Line) -> str:
    """A request that was taken, noted on and closed; its id."""
    who = a_counselor(line)
    somebody_asks(line, 1, when="now")
    with line.runtime.database.transaction() as tx:
        claim = claims.take_next(tx, who, line.clock.now())
        assert claim
        outcomes.write(tx, line.runtime.vault, who, claim.id, "Sleeps again. Rings on Friday.", line.clock.now())
        assert outcomes.close(tx, who, claim.id, "reached", line.clock.now())
    return claim.id


def test_each_change_stands_in_the_book_and_no_words_do(line: Line) -> None:
    id = a_story(line)
    story = [row for row in sorted(line.rows(Entry), key=lambda row: row.n) if row.about == id]
    assert [row.what for row in story] == ["requested", "claimed", "note", "reached"]
    assert all("Friday" not in row.why for row in line.rows(Entry))
    assert line.opened(Note, "body") == ["Sleeps again. Rings on Friday."]
    assert ask(line, "audit", "verify") == (0, "the book is whole\n")
    assert "first" in ask(line, "audit", "show")[1]


@pytest.mark.parametrize("table", ["audit", "audit_seals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = at + 1", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_book(line: Line, table: str, change: str) -> None:
    a_story(line)
    line.later(hours=1)
    duties.seal_the_book(line.runtime)
    with pytest.raises(Exception, match="what is written stays"), line.runtime.database.engine.begin() as connection:
        connection.execute(sql(change.format(table)))


def tampered(line: Line, statement: str) -> tuple[int, str]:
    """What `audit verify` says after somebody with the keys of the database took its guard off and ran that."""
    with line.runtime.database.engine.begin() as connection:
        if line.runtime.database.dialect == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(sql(f"DROP TRIGGER audit_{verb}"))
        else:
            connection.execute(sql("DROP TRIGGER audit_stays ON audit"))
        connection.execute(sql(statement))
    return ask(line, "audit", "verify")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET why = 'another reason' WHERE what = 'reached'",
        "UPDATE audit SET who = 'person' WHERE what = 'claimed'",
        "UPDATE audit SET at = at - 60000 WHERE what = 'claimed'",
        "DELETE FROM audit WHERE what = 'note'",
        "DELETE FROM audit WHERE what = 'requested'",
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_found(line: Line, statement: str) -> None:
    a_story(line)
    code, said = tampered(line, statement)
    assert code == 1
    assert "is not what was written" in said


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "DELETE FROM audit WHERE what = 'reached'"])
def test_a_story_that_vanished_is_found_by_the_seals(line: Line, statement: str) -> None:
    a_story(line)
    line.later(hours=1)
    duties.seal_the_book(line.runtime)
    somebody_asks(line, 2)
    line.later(hours=1)
    duties.seal_the_book(line.runtime)
    with line.runtime.database.transaction() as tx:
        assert list(audit.faults(tx)) == []
    code, said = tampered(line, statement)
    assert (code, "seal 0" in said) == (1, True)


OLD_REQUEST = (
    "INSERT INTO callbacks (id, contact_id, number_id, state, wanted, language, channel, asked, urgent_at, created_at)"
    " VALUES ('{id}', NULL, '{number}', 'requested', NULL, 'sw', 'voice', 1, {urgent}, {at})"
)
OLD_EVENT = (
    "INSERT INTO callback_events (id, callback_id, who, what, why, created_at)"
    " VALUES ('{id}{n}', '{id}', 'person', 'requested', 'asked for a call', {n})"
)


def test_requests_from_before_there_was_a_desk_stand_in_line_with_their_story(line: Line) -> None:
    url, engine = line.runtime.database.url, line.runtime.database.engine
    somebody_asks(line, 1)
    number = line.rows(Callback)[0].number_id
    line.runtime.database.close()
    migrating.downgrade(url, "0006")
    with engine.begin() as connection:
        connection.execute(sql("DELETE FROM callback_events"))
        connection.execute(sql("DELETE FROM callbacks"))
        for id, urgent, at in (("a", "NULL", 1000), ("b", 3000, 2000)):
            connection.execute(sql(OLD_REQUEST.format(id=id, number=number, urgent=urgent, at=at)))
            for n in (1, 2):
                connection.execute(sql(OLD_EVENT.format(id=id, n=n)))
    engine.dispose()
    migrating.upgrade(url)
    with line.runtime.database.transaction() as tx:
        assert [(each.id, each.place_why, each.is_free(0)) for each in queue.first(tx, 9)] == [
            ("b", "urgent", True),
            ("a", "usual", True),
        ]
        assert [each.what for each in audit.story(tx, "a")] == ["requested", "requested"]
        assert [Wish.opened(line.runtime.vault, each.id, each.card) for each in queue.waiting(tx)] == [Wish(), Wish()]
        assert list(audit.faults(tx)) == []
