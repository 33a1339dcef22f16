"""Commands for those who run the line: `flask db upgrade`, `flask flows check`, `flask callbacks`, `flask keys` …"""

import base64
import json
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from ivr import (
    callbacks,
    checking,
    contacts,
    erasures_report,
    holdings,
    migrating,
    outbox_report,
    phone,
    rotation,
    sound,
)
from ivr.db import Transaction
from ivr.engine.model import Flows
from ivr.i18n import Language
from ivr.moments import moment_of
from ivr.outbox import counts
from ivr.runtime import HOME, Runtime
from ivr.synthesis import ToolMissing

# Between batches: SQLite has one writer, and nobody who waits on the line shall wait for this. Seconds at least; and so
# many times what the batch took.
BREATH, TIMES = 0.1, 4

database = AppGroup("db", help="The schema of the database.")
flows = AppGroup("flows", help="The conversations.")
audio = AppGroup("audio", help="Recordings for languages.")


@click.group("keys", cls=AppGroup, invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Keys for .env; `flask keys` alone prints fresh ones."""
    if context.invoked_subcommand is None:
        context.invoke(make_keys)


def register(app: Flask) -> None:
    """Adds the commands to the app."""
    for command in (database, flows, audio, list_callbacks, show_outbox, show_person, show_erasures, keys):
        app.cli.add_command(command)


def _runtime() -> Runtime:
    runtime: Runtime = current_app.extensions["runtime"]
    return runtime


@database.command("upgrade")
def upgrade() -> None:
    """Bring the schema to the newest version."""
    migrating.upgrade(_runtime().database.url)


@flows.command("check")
def check_flows() -> None:
    """Prove what can be proved of flows and languages; exit code 1 and file:line where not."""
    sys.exit(checking.main(HOME))


@audio.command("report")
def report_recordings() -> None:
    """Say for each language with recordings what is missing, out of date, or waits for a speaker."""
    for code, language, flows in _recorded_languages():
        found = sound.report(flows, language)
        counts = len(found.missing), len(found.stale), len(found.placeholders)
        click.echo("{}: {} missing, {} stale, {} placeholders".format(code, *counts))
        for text in found.missing:
            click.echo(f"  missing  {text}")
        for row in found.stale:
            click.echo(f"  stale    {row.file}  {row.text}")


@audio.command("record")
@click.argument("code")
def record_placeholders(code: str) -> None:
    """Have espeak-ng say what has no recording in the language CODE, and drop its recordings of texts that are gone."""
    language, flows = _runtime().content.languages[code], _runtime().content.flows[code]
    found = sound.report(flows, language)
    gone = sound.remove_stale(language, found)
    try:
        new = sound.record_placeholders(language, found.missing)
    except ToolMissing as missing:
        sys.exit(str(missing))
    click.echo(f"{code}: {len(new)} recorded, {len(gone)} removed")


def _recorded_languages() -> Iterator[tuple[str, Language, Flows]]:
    """Those that the carrier has no voice for: they need a recording of every text."""
    content = _runtime().content
    for code, language in content.languages.items():
        if language.sound.voice is None:
            yield code, language, content.flows[code]


@click.command("callbacks")
def list_callbacks() -> None:
    """List who asked to be rung and has not been, the longest wait first. Numbers are shown in full."""
    runtime = _runtime()
    with runtime.database.transaction() as tx:
        waiting = callbacks.waiting(tx)
    for request in waiting:
        number = runtime.vault.open("numbers.sealed", request.number_id, request.sealed).decode()
        since = moment_of(request.created_at)
        wanted = runtime.vault.open(callbacks.WANTED, request.id, request.wanted).decode() or "any time"
        line = f"{since:%Y-%m-%d %H:%M}Z  {number:<16}  {request.language}  {wanted:<10}  asked {request.asked}x"
        click.echo(f"{line}  {request.why}")
    click.echo(f"{len(waiting)} waiting")


@click.command("outbox")
@click.option("--watch", is_flag=True, help="Stay, with a bar, until nothing is due any more.")
def show_outbox(watch: bool) -> None:
    """Say what is due, stuck or failed of what goes out, and why."""
    runtime = _runtime()
    if watch:
        _drain(runtime)
    with runtime.database.transaction() as tx:
        for line in outbox_report.lines(tx, runtime.now()):
            click.echo(line)


def _drain(runtime: Runtime) -> None:
    """A bar that fills while what is due goes out."""
    most = left = _due(runtime)
    with click.progressbar(length=max(most, 1), label="going out") as bar:
        while left:
            time.sleep(1)
            now_left = _due(runtime)
            bar.update(max(left - now_left, 0))
            left = now_left


def _due(runtime: Runtime) -> int:
    with runtime.database.transaction() as tx:
        return counts.due(tx, runtime.now())


@click.command("person")
@click.argument("number")
def show_person(number: str) -> None:
    """Print all that is kept about whoever answers to NUMBER, for those who owe them a copy. Nothing is left sealed."""
    runtime = _runtime()
    who = phone.parse(number, runtime.config.country)
    with runtime.database.transaction() as tx:
        contact = contacts.find(tx, runtime.vault, who) if who else None
        found = holdings.whole(tx, runtime.vault, contact) if contact else None
    if found is None:
        sys.exit("nothing is kept about that number")
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@click.command("erasures")
@click.argument("receipt", required=False)
def show_erasures(receipt: str | None) -> None:
    """Say how it stands with copies at the carrier of people who were erased; or what went under the code RECEIPT."""
    runtime = _runtime()
    with runtime.database.transaction() as tx:
        for line in erasures_report.lines(tx, receipt, runtime.now()):
            click.echo(line)


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
    vault, newest = _runtime().vault, _runtime().config.data_keys[0][0]
    batches = list(_batches(lambda tx, shelf, after: rotation.reseal(tx, vault, shelf, after)))
    click.echo(f"{sum(each.resealed for each in batches)} values were sealed anew with {newest}")
    if unreadable := sum(each.unreadable for each in batches):
        sys.exit(f"{unreadable} values cannot be opened with any of DATA_KEYS; they were left as they are")


@keys.command("check")
def check_keys() -> None:
    """Say what each key has sealed, and which may go; exit code 1 when something was sealed with one that is gone."""
    names = [name for name, _ in _runtime().config.data_keys]
    sealed: Counter[str] = sum((uses.sealed for uses in _batches(rotation.uses)), Counter())
    for name in names:
        advice = " and may be taken out of DATA_KEYS" if name != names[0] and not sealed[name] else ""
        click.echo(f"{name}  has sealed {sealed[name]} values{advice}")
    gone = sorted(sealed.keys() - set(names))
    for name in gone:
        click.echo(f"{name}  is not in DATA_KEYS, and nobody can read the {sealed[name]} values that it has sealed")
    sys.exit(1 if gone else 0)


B = TypeVar("B", rotation.Batch, rotation.Uses)


def _batches(work: Callable[[Transaction, rotation.Shelf, str], B]) -> Iterator[B]:
    """All sealed columns, a few rows a transaction, with a breath between them."""
    for shelf in rotation.SHELVES:
        last: str | None = ""
        while last is not None:
            began = time.monotonic()
            with _runtime().database.transaction() as tx:
                done = work(tx, shelf, last)
            yield done
            last = done.last
            time.sleep(max(BREATH, TIMES * (time.monotonic() - began)))
