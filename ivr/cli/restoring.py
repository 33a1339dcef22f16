"""Commands for the day on which a backup is restored: what was stopped and erased since then holds all the same."""

import os
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from ivr.cli.current import runtime
from ivr.privacy import suppressions

optouts = AppGroup("optouts", help="STOPs and erasings, kept apart from backups: hashes and moments, no numbers.")
_file = click.Path(dir_okay=False, path_type=Path)


@optouts.command("export")
@click.argument("file", type=_file)
def export(file: Path) -> None:
    """Write them to FILE, whole or not at all. Run it often, and keep FILE where backups are not."""
    house = runtime()
    with house.database.transaction() as tx:
        lines = list(suppressions.export(tx, house.vault, house.now()))
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.touch(0o600)
    draft.write_text("\n".join(lines) + "\n", "utf-8")
    draft.replace(file)
    click.echo(f"{len(lines) - 1} lines")


@optouts.command("apply")
@click.argument("file", type=_file, required=False)
def apply(file: Path | None) -> None:
    """After a restore, before workers start: hear what FILE says. Without FILE, only note that this was restored."""
    house = runtime()
    lines = file.read_text("utf-8").splitlines() if file else None
    try:
        with house.database.transaction() as tx:
            done = suppressions.apply(tx, house.vault, lines, house.now()) if lines is not None else None
            suppressions.restored(tx, house.now())
    except suppressions.BadFile as error:
        sys.exit(f"{file}: {error}")
    if done:
        click.echo(f"{done.stops} STOPs and STARTs heard, {done.people} people erased, {done.kept} hashes kept")
    click.echo("texts that came before now and were answered are not answered again")


COMMANDS = (optouts,)
