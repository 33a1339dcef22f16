"""Commands for those who run the line: `flask db upgrade`, `flask flows check`, `flask callbacks`, `flask keys` …"""

import base64
import os
import secrets
import sys
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from ivr import callbacks, checking, migrating
from ivr.runtime import HOME, Runtime

database = AppGroup("db", help="The schema of the database.")
flows = AppGroup("flows", help="The conversations.")
audio = AppGroup("audio", help="Recordings for languages.")


def register(app: Flask) -> None:
    """Adds the commands to the app."""
    for command in (database, flows, audio, list_callbacks, make_keys):
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
    problems = checking.check(HOME)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(f"{errors} errors, {len(problems) - errors} warnings")
    sys.exit(1 if errors else 0)


@click.command("callbacks")
def list_callbacks() -> None:
    """List who asked to be rung and has not been, the longest wait first. Numbers are shown in full."""
    runtime = _runtime()
    with runtime.database.transaction() as tx:
        waiting = callbacks.waiting(tx)
    for request in waiting:
        number = runtime.vault.open("numbers.sealed", request.number_id, request.sealed).decode()
        since = datetime.fromtimestamp(request.created_at / 1000, UTC)
        wanted = request.wanted or "any time"
        click.echo(f"{since:%Y-%m-%d %H:%M}Z  {number:<16}  {request.language}  {wanted:<10}  asked {request.asked}x")
    click.echo(f"{len(waiting)} waiting")


@click.command("keys")
def make_keys() -> None:
    """Print fresh DATA_KEYS, INDEX_KEY and SECRET_KEY for .env."""
    name = f"k{datetime.now(UTC):%y}" + secrets.choice("abcdefghijkmnpqrstuvwxyz")
    click.echo(f"DATA_KEYS={name}:{base64.b64encode(os.urandom(32)).decode()}")
    click.echo(f"INDEX_KEY={base64.b64encode(os.urandom(32)).decode()}")
    click.echo(f"SECRET_KEY={secrets.token_urlsafe(32)}")
