"""Transactions: SQLAlchemy describes and compiles the statements, the driver's own cursor runs those of a turn."""

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.url import make_url
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Row = Sequence[Any]

LOCK_WAIT = 1500  # ms for another writer to end; a turn that is tried once more then still stays below its deadline
# SQLite: FULL because consent, STOP and callbacks must survive a power cut; secure_delete because an erased row must be
# gone.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={LOCK_WAIT}",
    "foreign_keys=ON",
    "secure_delete=ON",
)

_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]
}


class Statement:
    """A statement of SQLAlchemy's Core, compiled once for each database. Its parameters are named."""

    def __init__(self, clause: Executable) -> None:
        assert isinstance(clause, ClauseElement)
        compiled = {name: clause.compile(dialect=dialect) for name, dialect in _DIALECTS.items()}
        self.sql = {name: str(each) for name, each in compiled.items()}
        # Each database numbers its constants in its own way.
        self.constants = {name: _constants(cast("SQLCompiler", each)) for name, each in compiled.items()}


def _constants(compiled: SQLCompiler) -> dict[str, Any]:
    return {compiled.bind_names[bind]: bind.value for bind in compiled.bind_names if not bind.required}


class Transaction:
    """One transaction on the driver's cursor. Whoever opened it commits it; nobody below does."""

    def __init__(self, cursor: Any, dialect: str) -> None:
        self._cursor, self._dialect = cursor, dialect

    def _execute(self, statement: Statement, values: dict[str, object]) -> None:
        if constants := statement.constants[self._dialect]:
            values.update(constants)
        self._cursor.execute(statement.sql[self._dialect], values)

    def one(self, statement: Statement, **values: object) -> Row | None:
        """The first row, as a tuple, or None."""
        self._execute(statement, values)
        row: Row | None = self._cursor.fetchone()
        return row

    def all(self, statement: Statement, **values: object) -> list[Row]:
        """All rows."""
        self._execute(statement, values)
        return list(self._cursor.fetchall())

    def run(self, statement: Statement, **values: object) -> int:
        """How many rows were written."""
        self._execute(statement, values)
        return int(self._cursor.rowcount)

    def many(self, statement: Statement, rows: Sequence[dict[str, Any]]) -> int:
        """Writes once for each of these rows of values; how many rows were written in all."""
        if not rows:
            return 0
        if constants := statement.constants[self._dialect]:
            rows = [row | constants for row in rows]
        self._cursor.executemany(statement.sql[self._dialect], rows)
        return int(self._cursor.rowcount)


class Database:
    """Connections to one database, alike on SQLite and PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        self.engine = _sqlite(url) if self.dialect == "sqlite" else _postgresql(url)
        self.begin = "BEGIN IMMEDIATE" if self.dialect == "sqlite" else ""
        # The driver's exceptions after which a transaction may go well when it is tried again: somebody else wrote the
        # row first; or the lock was not free in time, two locked each other out, or the connection had died.
        driver: Any = self.engine.dialect.loaded_dbapi
        self.conflicts: tuple[type[Exception], ...] = (driver.IntegrityError, driver.OperationalError)
        self._idle: list[PoolProxiedConnection] = []
        self._is_closed = False
        # SQLite lets one write at a time and has the others look again now and then, so that in a crowd somebody waits
        # for seconds. The threads of one process stand in line here instead.
        self._line = threading.Lock() if self.dialect == "sqlite" else None

    def close(self) -> None:
        """Closes all connections; one that is still in use, as soon as it is not."""
        self._is_closed = True
        self._drop()

    def _drop(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits at the end, rolls back when anything is raised. A connection that broke is thrown away."""
        return _Scope(self)

    def stand_in_line(self) -> None:
        """Until no other thread writes. Raises the driver's error of a lock that was not free in time."""
        if self._line and not self._line.acquire(timeout=LOCK_WAIT / 1000):
            raise sqlite3.OperationalError("database is locked by another thread")

    def leave_the_line(self) -> None:
        """The next one may write."""
        if self._line:
            self._line.release()

    def overwrite(self) -> bool:
        """Takes what was deleted out of SQLite's journal too. False when somebody reads: then it is tried again."""
        if self.dialect != "sqlite":
            return True
        connection = self.take()
        try:
            busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            self.give_up(connection)  # it wrote nothing that could be taken back
        return not busy

    def take(self) -> PoolProxiedConnection:
        """A connection that nobody uses. The pool's own way in and out of it costs a turn more than its statements."""
        try:
            return self._idle.pop()
        except IndexError:
            return self.engine.raw_connection()

    def give(self, connection: PoolProxiedConnection) -> None:
        """Puts a connection back, its transaction being over."""
        if self._is_closed:  # whoever was given up on comes late
            self._end(connection)
        else:
            self._idle.append(connection)

    def give_up(self, connection: PoolProxiedConnection) -> None:
        """Takes back what was not committed, and puts the connection back if it still lives."""
        try:
            connection.rollback()
        except Exception:  # the one place: a dead connection can do no more harm
            self._end(connection)
            self._drop()  # those that wait died with it, when the server was started anew
        else:
            self.give(connection)

    @staticmethod
    def _end(connection: PoolProxiedConnection) -> None:
        """For good: the pool would keep it."""
        connection.invalidate()
        connection.close()


class _Scope(AbstractContextManager[Transaction]):
    """A transaction from its begin to its end."""

    __slots__ = ("_connection", "_database")

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Transaction:
        self._database.stand_in_line()
        try:
            return self._begun()
        except BaseException:
            self._database.leave_the_line()
            raise

    def _begun(self) -> Transaction:
        database = self._database
        self._connection = database.take()
        try:
            cursor = self._connection.cursor()
            if database.begin:
                cursor.execute(database.begin)
        except BaseException:
            database.give_up(self._connection)
            raise
        return Transaction(cursor, database.dialect)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._end(kind)
        finally:
            self._database.leave_the_line()

    def _end(self, kind: type[BaseException] | None) -> None:
        if kind is not None:
            self._database.give_up(self._connection)
            return
        try:
            self._connection.commit()
        except BaseException:
            self._database.give_up(self._connection)
            raise
        self._database.give(self._connection)


def _postgresql(url: str) -> Engine:
    # A server whose machine is gone answers nothing, not even that: its connections end after so many seconds.
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
    limits = {"connect_timeout": 3, **alive}
    pool = {"pool_size": 8, "max_overflow": 8, "pool_timeout": 3}
    engine = create_engine(url, connect_args=limits, hide_parameters=True, **pool)
    event.listen(engine, "connect", _limit)
    return engine


def _limit(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = {LOCK_WAIT}")
    connection.commit()


def _sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # else the driver begins late, and two readers lose each other's writes
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
