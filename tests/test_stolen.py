"""A database file in the wrong hands: without the index key no number is found in it, without data keys no word."""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from canaries import everything
from people import ASHA, a_line, a_reaching_line
from sqlalchemy.engine import make_url
from test_vanishing import left, lives

from ivr.cli.people import show_person
from ivr.models import Checkin, Contact, Message
from ivr.people import contacts
from ivr.phone import parse
from ivr.privacy import holdings
from ivr.vault import Unreadable, Vault

KEY = b"i" * 32  # the index key of the tests' settings
TRIED = 1_000_000


def numbers() -> Iterator[bytes]:
    """A million of one operator's prefix, hers among them."""
    return (f"+254711{last:06}".encode() for last in range(TRIED))


@pytest.fixture(scope="module")
def stolen(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """All text in a copy of the file of a line that Asha used."""
    file = tmp_path_factory.mktemp("stolen") / "line.db"
    file.write_bytes(migrated_file.read_bytes())
    with a_line(f"sqlite:///{file}") as line:
        line.texts("hello")
        line.texts("1")
    database = sqlite3.connect(file)
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {str(value) for table in tables for row in database.execute(f"SELECT * FROM {table}") for value in row}
    database.close()
    return found


WAYS: dict[str, Callable[[bytes], str]] = {
    "sha256": lambda number: hashlib.sha256(number).hexdigest(),
    "sha256 without +": lambda number: hashlib.sha256(number[1:]).hexdigest(),
    "the empty key": lambda number: hmac.digest(b"", number, "sha256").hex(),
    "another key": lambda number: hmac.digest(b"j" * 32, number, "sha256").hex(),
    "a data key": lambda number: hmac.digest(b"d" * 32, number, "sha256").hex(),
    "as it is": bytes.decode,
}


@pytest.mark.parametrize("way", WAYS)
def test_without_the_index_key_none_of_a_million_numbers_is_found(stolen: set[str], way: str) -> None:
    assert [number for number in numbers() if WAYS[way](number) in stolen] == []


def test_with_it_hers_is_found_among_a_million(stolen: set[str]) -> None:
    found = [number for number in numbers() if hmac.digest(KEY, number, "sha256").hex() in stolen]
    assert found == [ASHA.encode()]


def test_without_the_data_keys_nothing_is_read(sqlite_url: str) -> None:
    thief = Vault([("test", b"t" * 32)], KEY)
    with a_line(sqlite_url) as line:
        line.texts("hello")
        (text,) = line.rows(Message)
    with pytest.raises(Unreadable):
        thief.open("messages.body", text.sid, text.body)


def test_a_copy_for_the_person_is_all_that_is_stored(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        lives(line)
        lives(line, "+254711000002")
        with line.runtime.database.transaction() as tx:
            asha = contacts.find(tx, line.runtime.vault, parse(ASHA, "KE"))
            whole = holdings.whole(tx, line.runtime.vault, asha or "")
        stored = {name: rows for name, rows in left(line).items() if name not in ("numbers", "opt_outs")}
        assert {name: 2 * len(rows) for name, rows in whole.items()} == stored
        assert json.loads(whole["checkins"][0]["answers"]) == json.loads(line.opened(Checkin, "answers")[0])
        assert [row["body"] for row in whole["messages"]].count("mood") == 1
        assert "Warmline" in str(whole["conversations"])


def test_the_command_prints_it_and_makes_nobody_known(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line:
        app = line.client.application  # type: ignore[attr-defined]
        with app.app_context():
            ask = partial(app.test_cli_runner().invoke, show_person, ["0711 000 001"])
            assert ask().exit_code == 1
            assert line.rows(Contact) == []
            line.texts("a word of hers")
            assert "a word of hers" in ask().output


def test_the_raw_file_holds_no_number(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line:
        line.texts("hello")
        assert Path(make_url(sqlite_url).database or "").exists()
        assert ASHA[4:].encode() not in everything(line)
