"""The database broken in each way while it is in use: frozen, gone, locked by a stopped process, full; and a bug."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from ivr.db import Statement, Transaction
from ivr.engine import run
from ivr.runtime import Runtime

Fault = Callable[[Runtime], AbstractContextManager[None]]

_HOLD_SQLITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
_HOLD_POSTGRESQL = """
import psycopg, sys
connection = psycopg.connect(sys.argv[1])
connection.execute("LOCK TABLE conversations, contacts, numbers, messages IN ACCESS EXCLUSIVE MODE")
print("held", flush=True)
sys.stdin.read()
"""
SMALL = 4096  # bytes that a file may still grow to on a full disk


@contextmanager
def nothing(_runtime: Runtime) -> Iterator[None]:
    """All is well; Redis is not there all the same."""
    yield


@contextmanager
def frozen(runtime: Runtime) -> Iterator[None]:
    """PostgreSQL with all its processes stopped: it accepts connections, and never says a word."""
    stopped = [_server(runtime)]
    os.kill(stopped[0], signal.SIGSTOP)
    stopped += _children(stopped[0])
    try:
        for process in stopped[1:]:
            os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


@contextmanager
def locked(runtime: Runtime) -> Iterator[None]:
    """What every turn writes is held by a process that was stopped in the midst of its transaction."""
    if runtime.database.dialect == "sqlite":
        command = [sys.executable, "-c", _HOLD_SQLITE, str(_file(runtime))]
    else:
        command = [sys.executable, "-c", _HOLD_POSTGRESQL, _plain(runtime)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        holder.send_signal(signal.SIGSTOP)
        yield
    finally:
        holder.kill()
        holder.communicate()


@contextmanager
def gone(runtime: Runtime) -> Iterator[None]:
    """SQLite's file is no file any more; PostgreSQL has ended all connections and takes no new ones."""
    if runtime.database.dialect == "sqlite":
        runtime.database.close()
        file = _file(runtime)
        file.rename(aside := file.with_suffix(".aside"))
        file.mkdir()
        try:
            yield
        finally:
            file.rmdir()
            aside.rename(file)
    else:
        _accept(runtime, "false")
        try:
            yield
        finally:
            _accept(runtime, "true")


@contextmanager
def full(runtime: Runtime) -> Iterator[None]:
    """No file of SQLite can grow. PostgreSQL's disk belongs to the system: there the driver says what it would say."""
    if runtime.database.dialect == "sqlite":
        old = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, old[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, old)
    else:
        with patch.object(Transaction, "_execute", _no_space):
            yield


@contextmanager
def bug(_runtime: Runtime) -> Iterator[None]:
    """A turn that always ends in a mistake of ours."""
    with patch.object(run, "advance", _mistaken), patch.object(run, "start", _mistaken):
        yield


def _mistaken(*_: object) -> None:
    raise KeyError("a bug")


_execute = Transaction._execute


def _no_space(tx: Transaction, statement: Statement, values: dict[str, object]) -> None:
    if not statement.sql["postgresql"].startswith("SELECT"):
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")
    _execute(tx, statement, values)


def _file(runtime: Runtime) -> Path:
    return Path(make_url(runtime.config.database_url).database or "")


def _plain(runtime: Runtime) -> str:
    return runtime.config.database_url.replace("postgresql+psycopg://", "postgresql://", 1)


def _server(runtime: Runtime) -> int:
    """The process of the embedded server, whose folder is also that of its socket."""
    folder: Any = make_url(runtime.config.database_url).query["host"]
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _accept(runtime: Runtime, whether: str) -> None:
    url = make_url(runtime.config.database_url)
    name = str(url.database)
    admin = _plain(runtime).replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(name), sql.SQL(whether))
        connection.execute(allow)
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
