"""What reaches the log: a line of JSON each, no whole number, and no exception that quotes what a person said."""

import http.client
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from conftest import SETTINGS
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ivr import logs
from ivr.db import Database
from ivr.runtime import HOME

SECRET = "my husband must not know"
ID = "9f86d081884c7d659a2feaa0c55ad015"


def logged(error: BaseException, *about: object) -> str:
    """What a log of this exception says."""
    try:
        raise error
    except BaseException:
        record = logging.LogRecord("ivr.web.sms", logging.ERROR, "", 0, "it broke: %s", about, sys.exc_info())
    return logs.Lines().format(record)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+254711000001", "***01"),
        ("0711 000 001", "***01"),
        ("(0711) 000-001", "(***01"),
        ("From=%2B254711000001&", "From=%2B***01&"),
        ("0711+000+001", "***01"),
        ("0711%20000%20001", "***01"),
        ("٠٧١١٠٠٠٠٠١", "***٠١"),
        ("tel:254711000001x", "tel:***01x"),
        ("Key (found_by)=(254711000001)", "Key (found_by)=(***01)"),
    ],
)
def test_numbers_are_masked_however_they_are_written(number: str, masked: str) -> None:
    assert logs.mask(f"a {number} b") == f"a {masked} b"


@given(st.integers(7, 15), st.data(), st.text(max_size=20), st.text(max_size=20))
def test_no_run_of_seven_digits_is_left(many: int, data: st.DataObject, before: str, after: str) -> None:
    digits = data.draw(st.text("0123456789", min_size=many, max_size=many))
    assert digits not in logs.mask(before + digits + after)


def test_what_an_operator_looks_up_is_left() -> None:
    for kept in (f"SM{ID}", ID, "error 30003", "port 5432", "/twilio/voice/en/12", "2026-11-23"):
        assert logs.mask(f"a {kept} b") in (f"a {kept} b", "a ***23 b")


@pytest.mark.parametrize(
    "error", [KeyError(SECRET), ValueError(SECRET), Exception(SECRET), UnicodeError(SECRET), AssertionError(SECRET)]
)
def test_an_exceptions_text_is_withheld_unless_its_kind_is_harmless(error: Exception) -> None:
    line = logged(error, error)
    assert SECRET not in line
    assert type(error).__name__ in line
    assert "test_logs.py" in line
    assert "Connection refused" in logged(ConnectionRefusedError(111, "Connection refused"), "x")


def test_those_that_led_to_it_are_told_and_withheld_as_well() -> None:
    cause = KeyError(SECRET)
    error = RuntimeError("b")
    error.__cause__ = cause
    line = logged(error, "x")
    assert SECRET not in line
    assert "KeyError" in line
    cause.__cause__ = error  # in a circle
    assert "RuntimeError" in logged(error, "x")


def test_a_log_line_cannot_be_forged() -> None:
    line = logged(OSError("x"), 'a\n{"level": "info"}\u2028')
    assert len(line.splitlines()) == 1
    assert json.loads(line)["level"] == "error"


def test_other_peoples_loggers_say_one_line() -> None:
    record = logging.LogRecord("rq.worker", logging.ERROR, "", 0, "job failed\nKeyError: %s", (SECRET,), None)
    assert json.loads(logs.Lines().format(record))["says"] == "job failed"


def test_the_databases_errors_quote_nothing(database_url: str) -> None:
    database = Database(database_url)
    statement = text("INSERT INTO marks (name, at) VALUES (:name, :at)")
    for values in ({"name": SECRET, "at": SECRET}, {"name": None, "at": SECRET}):
        with pytest.raises(DBAPIError) as raised, database.engine.begin() as connection:
            connection.execute(statement, values | {"at": values["at"] if "postgres" in database_url else None})
        assert SECRET not in logged(raised.value, raised.value)
    database.close()


def test_postgresql_tells_its_state_and_no_value(postgres: str) -> None:
    with psycopg.connect(postgres) as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(sql.SQL("SELECT {}::bigint").format(sql.Literal(SECRET)))
    assert SECRET in str(raised.value)  # it does quote
    line = logged(raised.value, raised.value)
    assert SECRET not in line
    assert "SQLSTATE 22P02" in line


def test_the_web_process_logs_lines_of_json_and_no_query(sqlite_url: str, tmp_path: Path) -> None:
    """gunicorn as in the Procfile, with its access log turned on."""
    door = tmp_path / "door"
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"unix:{door}", "--access-logfile", "-"]
    environment = {**os.environ, **SETTINGS, "DATABASE_URL": sqlite_url}
    with (tmp_path / "out").open("w+b") as out:
        web = subprocess.Popen([*command, "--no-control-socket"], cwd=HOME, env=environment, stdout=out, stderr=out)
        try:
            _asks(door, f"/healthz?From=%2B254711000001&Body={SECRET.replace(' ', '+')}")
        finally:
            web.send_signal(signal.SIGTERM)
            web.wait(30)
        out.seek(0)
        said = out.read().decode()
    lines = [json.loads(line) for line in said.splitlines()]
    assert any(line["from"] == "gunicorn.access" and "GET /healthz 200" in line["says"] for line in lines), said
    assert "000001" not in said
    assert "husband" not in said


def _asks(door: Path, path: str) -> None:
    until = time.monotonic() + 30
    while not door.exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    wire = socket.socket(socket.AF_UNIX)
    wire.connect(str(door))
    connection = http.client.HTTPConnection("localhost")
    connection.sock = wire
    connection.request("GET", path)
    assert connection.getresponse().status == 200
    time.sleep(0.3)
