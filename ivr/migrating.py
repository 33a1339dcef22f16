"""Brings a database to the newest schema, or back; on SQLite and PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic

from ivr.db import Database


def upgrade(url: str, to: str = "head") -> None:
    """Up to the revision `to`."""
    with _alembic(url) as config:
        command.upgrade(config, to)


def downgrade(url: str, to: str = "base") -> None:
    """Back to the revision `to`."""
    with _alembic(url) as config:
        command.downgrade(config, to)


def revision(url: str, message: str) -> None:
    """Writes a new migration from what the models have and the database has not."""
    with _alembic(url) as config:
        command.revision(config, message, autogenerate=True)


@contextmanager
def _alembic(url: str) -> Iterator[Alembic]:
    database = Database(url)
    with closing(database), database.engine.begin() as connection:
        config = Alembic(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        yield config
