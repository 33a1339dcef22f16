"""The database: migrations up and down, one owner for each claim, nothing half done."""

import threading
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import bindparam, func, insert, literal, select, update

from ivr import migrating
from ivr.db import Database, Statement
from ivr.models import Base, Number, new_id

ADD = Statement(insert(Number))
COUNT = Statement(select(func.count()).select_from(Number))
BUMP = Statement(update(Number).where(Number.id == bindparam("row")).values(created_at=Number.created_at + 1))
CLAIM = Statement(
    update(Number).where(Number.id == bindparam("row"), Number.created_at == bindparam("seen")).values(created_at=99)
)
READ = Statement(select(Number.created_at).where(Number.id == bindparam("row")))
ONE = Statement(select(literal(1)))


def add(database: Database) -> str:
    id = new_id()
    with database.transaction() as tx:
        tx.run(ADD, id=id, found_by=id * 2, sealed=b"x", country="KE", created_at=0, heard_at=None)
    return id


@pytest.fixture
def database(database_url: str):
    database = Database(database_url)
    yield database
    database.close()


def test_the_schema_of_the_migrations_is_that_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrations_go_down_and_up_again(database_url: str) -> None:
    migrating.downgrade(database_url)
    migrating.upgrade(database_url)


def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        tx.run(ADD, id=new_id(), found_by="a", sealed=b"x", country="KE", created_at=0, heard_at=None)
        raise ZeroDivisionError
    with database.transaction() as tx:
        assert tx.one(COUNT) == (0,)


def test_the_same_row_twice_is_a_conflict(database: Database) -> None:
    add(database)
    with pytest.raises(database.conflicts), database.transaction() as tx:
        for _ in range(2):
            tx.run(ADD, id=new_id(), found_by="same", sealed=b"x", country="KE", created_at=0, heard_at=None)


def test_a_claim_has_one_owner_and_no_update_is_lost(database: Database) -> None:
    """The mutation to keep in mind: reading first and writing without the condition gives several owners."""
    contested, counted = add(database), add(database)
    owners: list[int] = []

    def compete() -> None:
        for _ in range(10):
            with database.transaction() as tx:
                tx.run(BUMP, row=counted)
            with database.transaction() as tx:
                owners.append(tx.run(CLAIM, row=contested, seen=0))

    threads = [threading.Thread(target=compete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(owners) == 1
    with database.transaction() as tx:
        assert tx.one(READ, row=counted) == (40,)


def test_nobody_waits_for_a_lock_as_long_as_the_carrier_waits_for_us(database: Database) -> None:
    row = add(database)
    with database.transaction() as tx:
        tx.run(BUMP, row=row)
        began = time.monotonic()
        with pytest.raises(database.conflicts), database.transaction() as other:
            other.run(BUMP, row=row)
    assert time.monotonic() - began < 3


def test_a_transaction_after_a_broken_one_works(database: Database) -> None:
    with pytest.raises(Exception, match="syntax"), database.transaction() as tx:
        tx._cursor.execute("SELEC 1")
    with database.transaction() as tx:
        assert tx.one(ONE) == (1,)


def test_a_connection_that_is_in_use_when_the_database_is_closed_is_closed_after_it(database_url: str) -> None:
    """A turn that was given up on ends late, and leaves no connection behind."""
    database = Database(database_url)
    with database.transaction() as tx:
        cursor = tx._cursor
        database.close()
        assert tx.one(ONE) == (1,)
    with pytest.raises(Exception, match="closed"):
        cursor.connection.execute("SELECT 1")
