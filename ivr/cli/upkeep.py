"""Commands that keep the house: the schema, what goes out, the keys."""

import base64
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import click
from flask.cli import AppGroup

from ivr import migrating
from ivr.cli.current import runtime
from ivr.db import Transaction
from ivr.outbox import counts, report
from ivr.privacy import rotation
from ivr.runtime import Runtime

WEEK = 604_800_000  # ms
# Between batches: SQLite has one writer, and nobody who waits on the line shall wait for this. Seconds at least; and so
# many times what the batch took.
BREATH, TIMES = 0.1, 4
database = AppGroup("db", help="The schema of the database.")


@click.group("keys", cls=AppGroup, invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Keys for .env; `flask keys` alone prints fresh ones."""
    if context.invoked_subcommand is None:
        context.invoke(make_keys)


@database.command("upgrade")
def upgrade() -> None:
    """Bring the schema to the newest version."""
    migrating.upgrade(runtime().database.url)


@click.command("outbox")
@click.option("--watch", is_flag=True, help="Stay, with a bar, until nothing is due any more.")
def show_outbox(watch: bool) -> None:
    """Say what is due, stuck or failed of what goes out, and why."""
    house = runtime()
    if watch:
        _drain(house)
    with house.database.transaction() as tx:
        for line in report.lines(tx, house.now()):
            click.echo(line)


def _drain(house: Runtime) -> None:
    """A bar that fills while what is due goes out."""
    most = left = _due(house)
    with click.progressbar(length=max(most, 1), label="going out") as bar:
        while left:
            time.sleep(1)
            now_left = _due(house)
            bar.update(max(left - now_left, 0))
            left = now_left


def _due(house: Runtime) -> int:
    with house.database.transaction() as tx:
        return counts.due(tx, house.now())


@keys.command("make")
def make_keys() -> None:
    """Print fresh DATA_KEYS, INDEX_KEY and SECRET_KEY for .env."""
    name = f"k{datetime.now(UTC):%y}" + secrets.choice("abcdefghijkmnpqrstuvwxyz")
    click.echo(f"DATA_KEYS={name}:{base64.b64encode(os.urandom(32)).decode()}")
    click.echo(f"INDEX_KEY={base64.b64encode(os.urandom(32)).decode()}")
    click.echo(f"SECRET_KEY={secrets.token_urlsafe(32)}")


@keys.command("rotate")
def rotate_keys() -> None:
    """Seal anew with the first of DATA_KEYS what older ones have sealed. Traffic may go on; may be run again."""
    vault, newest = runtime().vault, runtime().config.data_keys[0][0]
    batches = list(_batches(lambda tx, shelf, after: rotation.reseal(tx, vault, shelf, after)))
    texts = runtime().spool.reseal()
    click.echo(f"{sum(each.resealed for each in batches)} values were sealed anew with {newest}")
    click.echo(f"{texts.resealed} texts that are kept in SPOOL likewise")
    if unreadable := sum(each.unreadable for each in batches) + texts.unreadable:
        sys.exit(f"{unreadable} values cannot be opened with any of DATA_KEYS; they were left as they are")


@keys.command("check")
def check_keys() -> None:
    """Say what each key has sealed, and which may go; exit code 1 when something was sealed with one that is gone."""
    names = [name for name, _ in runtime().config.data_keys]
    sealed: Counter[str] = sum((uses.sealed for uses in _batches(rotation.uses)), Counter())
    texts = runtime().spool.sealed_with()
    for name in names:
        advice = " and may be taken out of DATA_KEYS" if name != names[0] and not sealed[name] + texts[name] else ""
        click.echo(f"{name}  has sealed {_count(sealed[name], texts[name])}{advice}")
    gone = sorted((sealed.keys() | texts.keys()) - set(names))
    for name in gone:
        held = _count(sealed[name], texts[name])
        click.echo(f"{name}  is not in DATA_KEYS, and nobody can read the {held} that it has sealed")
    sys.exit(1 if gone else 0)


def _count(values: int, texts: int) -> str:
    """Texts that are kept while the database is away are answered soon, and seldom there."""
    return f"{values} values" + (f" and {texts} texts in SPOOL" if texts else "")


B = TypeVar("B", rotation.Batch, rotation.Uses)


def _batches(work: Callable[[Transaction, rotation.Shelf, str], B]) -> Iterator[B]:
    """All sealed columns, a few rows a transaction, with a breath between them."""
    for shelf in rotation.SHELVES:
        last: str | None = ""
        while last is not None:
            began = time.monotonic()
            with runtime().database.transaction() as tx:
                done = work(tx, shelf, last)
            yield done
            last = done.last
            time.sleep(max(BREATH, TIMES * (time.monotonic() - began)))


COMMANDS = (database, show_outbox, keys)
