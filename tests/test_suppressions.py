"""A backup is restored: what was stopped, started or erased after it was taken holds, and old texts stay answered."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from people import ASHA, BARAKA, Line, a_reaching_line
from reaching import by_text, meets, passes
from sqlalchemy import delete
from sqlalchemy.engine import make_url

from ivr import cli
from ivr.app import create_app
from ivr.models import Alert, Contact, Erased, OptOut, Outgoing, Receipt

CHIKU = "+254711000003"
NUMBER = "+254700000100"
STOP = "please stop texting me"  # in words that the carrier does not know


@pytest.fixture
def line(sqlite_url: str) -> Iterator[Line]:
    with a_reaching_line(sqlite_url) as line:
        yield line


@pytest.fixture
def either(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


def flask(line: Line, *words: str) -> Result:
    app = create_app(line.runtime)
    cli.register(app)
    with app.app_context():
        return app.test_cli_runner().invoke(args=[*words])


def exports(line: Line, file: Path) -> str:
    done = flask(line, "optouts", "export", str(file))
    assert done.exit_code == 0, done.output
    return file.read_text()


def applies(line: Line, *file: Path) -> str:
    done = flask(line, "optouts", "apply", *map(str, file))
    assert done.exit_code == 0, done.output
    return done.output


class Backup:
    """A copy of the database, as an operator makes one."""

    def __init__(self, line: Line, folder: Path) -> None:
        self._line, self._copy = line, folder / "backup.db"
        self._file = make_url(line.runtime.database.url).database or ""
        self._copied(self._file, self._copy)

    def restore(self) -> None:
        self._line.runtime.database.close()
        self._copied(self._copy, self._file)

    def _copied(self, source: object, target: object) -> None:
        with closing(sqlite3.connect(str(source))) as here, closing(sqlite3.connect(str(target))) as there:
            here.backup(there)


def erases(line: Line, number: str) -> None:
    before = len(line.rows(Receipt))
    for word in ("erase", "2", "1", "1"):
        line.texts(word, number)
    assert len(line.rows(Receipt)) == before + 1


def sweeps(line: Line, minutes: int = 6) -> None:
    line.later(minutes=minutes)
    line.sweeps()
    line.ticks()


def lost(line: Line, body: str, number: str) -> None:
    """A text that reaches the carrier, whose webhook never reaches us."""
    line.carrier.office._new(number, NUMBER, number, NUMBER, body, "inbound", "received")


def test_a_stop_and_an_erasing_after_the_backup_hold_after_the_restore(line: Line, tmp_path: Path) -> None:
    for number in (ASHA, BARAKA, CHIKU):
        meets(line, number)
        by_text(line, number=number)
    line.texts(STOP, CHIKU)
    backup = Backup(line, tmp_path)
    line.later(hours=1)
    line.texts(STOP)
    line.texts(STOP, BARAKA)
    erases(line, BARAKA)
    line.texts("START", CHIKU)
    exports(line, tmp_path / "file")
    line.later(hours=1)
    backup.restore()
    assert len(line.rows(Contact)) == 3
    assert "1 people erased" in applies(line, tmp_path / "file")
    assert len(line.rows(Contact)) == 2
    assert [row.stopped for row in line.rows(Erased)] == ["sms"]
    assert [passes(line, "2026-11-24", "12:30", number=number) for number in (ASHA, BARAKA)] == [0, 0]
    assert [row.ended_at is None for row in line.rows(OptOut)].count(True) == 1  # Asha's; Chiku has come back
    meets(line, BARAKA)  # a stranger, who has not taken STOP back
    assert "START" in by_text(line, number=BARAKA)


def test_who_came_after_the_backup_and_stopped_is_not_forgotten(line: Line, tmp_path: Path) -> None:
    backup = Backup(line, tmp_path)
    meets(line)
    line.texts(STOP)
    exports(line, tmp_path / "file")
    backup.restore()
    applies(line, tmp_path / "file")
    assert line.rows(Contact) == []
    meets(line)
    assert [(row.channel, row.ended_at) for row in line.rows(OptOut)] == [("sms", None)]


def test_old_texts_are_not_answered_again_but_what_they_stopped_is_stopped(line: Line, tmp_path: Path) -> None:
    meets(line)
    meets(line, BARAKA)
    sweeps(line)
    backup = Backup(line, tmp_path)
    line.later(hours=1)
    line.texts("mood")
    line.texts("I want to die", CHIKU)
    line.texts(STOP, BARAKA)
    inboxes = {number: len(line.carrier.inbox(number)) for number in (ASHA, BARAKA, CHIKU)}
    line.later(hours=3)
    backup.restore()
    applies(line)
    for _ in range(3):
        sweeps(line)
    assert {number: len(line.carrier.inbox(number)) for number in inboxes} == inboxes
    assert line.rows(Alert) == line.rows(Outgoing) == []
    assert len(line.rows(Contact)) == 2  # Chiku is not brought back by words of hers that lie at the carrier
    assert [(row.channel, row.ended_at) for row in line.rows(OptOut)] == [("sms", None)]


def test_texts_that_nobody_answered_while_all_was_down_are_answered_once(line: Line, tmp_path: Path) -> None:
    meets(line)
    sweeps(line)
    backup = Backup(line, tmp_path)
    line.texts("mood")
    line.later(hours=2)
    lost(line, "I want to die", ASHA)
    lost(line, "hello", CHIKU)
    line.later(hours=1)
    before = {number: len(line.carrier.inbox(number)) for number in (ASHA, CHIKU)}
    backup.restore()
    applies(line)
    for _ in range(3):
        sweeps(line)
    assert {number: len(line.carrier.inbox(number)) - many for number, many in before.items()} == {ASHA: 1, CHIKU: 1}
    assert "0722 178 177" in line.carrier.inbox(ASHA)[-1].body
    assert len(line.rows(Alert)) == 1


def test_without_a_restore_texts_are_taken_up_as_ever(line: Line) -> None:
    meets(line)
    lost(line, "mood", ASHA)
    before = len(line.carrier.inbox(ASHA))
    for _ in range(3):
        sweeps(line)
    assert len(line.carrier.inbox(ASHA)) == before + 1


def test_the_file_names_nobody(either: Line, tmp_path: Path) -> None:
    meets(either)
    either.texts("STOP")
    meets(either, BARAKA)
    erases(either, BARAKA)
    written = exports(either, tmp_path / "file")
    assert len(written.splitlines()) >= 3
    for number in (ASHA, BARAKA):
        assert number[-9:] not in written
    ids = {row.id for row in either.rows(Contact)} | {row.number_id for row in either.rows(Contact)}
    assert not [id for id in ids if id in written]
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def stops(line: Line) -> list[tuple[str, str, int, int]]:
    return sorted((row.channel, row.source, row.created_at, row.ended_at or 0) for row in line.rows(OptOut))


def test_applied_where_all_is_known_it_changes_nothing(either: Line, tmp_path: Path) -> None:
    meets(either)
    for word in ("STOP", "START", "STOP"):
        either.later(hours=1)
        either.texts(word)
    meets(either, BARAKA)
    erases(either, BARAKA)
    exports(either, tmp_path / "file")
    either.later(hours=1)
    meets(either, BARAKA)  # who came back after the file was made
    before = stops(either)
    for _ in range(2):
        applies(either, tmp_path / "file")
    assert stops(either) == before
    assert len(either.rows(Contact)) == 2


def test_lost_stops_come_back_on_both_databases(either: Line, tmp_path: Path) -> None:
    meets(either)
    either.texts("STOP")
    exports(either, tmp_path / "file")
    with either.runtime.database.engine.begin() as connection:
        connection.execute(delete(OptOut))
    applies(either, tmp_path / "file")
    assert [each[:2] + each[3:] for each in stops(either)] == [("sms", "person", 0)]


@pytest.mark.parametrize(
    "content", ["", "{}", "hello", '["something else", 1, "a"]', '["warmline opt-outs 1", 1, "another key"]']
)
def test_a_file_that_is_none_of_ours_changes_nothing_and_is_said(line: Line, tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    done = flask(line, "optouts", "apply", str(tmp_path / "file"))
    assert done.exit_code == 1
    assert "file" in done.output
