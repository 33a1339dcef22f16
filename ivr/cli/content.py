"""Commands about what the line says: conversations, recordings, the numbers to call, the carrier's own copy."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from ivr import (
    checking,
    fallback,
    settings,
    sound,
)
from ivr.cli.current import runtime
from ivr.engine.model import Flows
from ivr.hotlines import Emergency, Line
from ivr.i18n import Language
from ivr.moments import moment_of
from ivr.runtime import HOME
from ivr.synthesis import ToolMissing

flows = AppGroup("flows", help="The conversations.")
audio = AppGroup("audio", help="Recordings for languages.")
hotlines = AppGroup("hotlines", help="The numbers to call now.")


@flows.command("check")
def check_flows() -> None:
    """Prove what can be proved of flows and languages; exit code 1 and file:line where not."""
    sys.exit(checking.main(HOME))


@hotlines.command("check")
def check_hotlines() -> None:
    """Show each line with who rang it when; a mistake in the file has ended this with 1 before, and said where."""
    today = moment_of(runtime().now()).date()
    row = "{:<8}{:<16}{:<32}{:<34}{}".format
    click.echo(row("country", "dial", "what", "verified", "state"))
    for code, country in runtime().content.hotlines.countries.items():
        numbers: list[tuple[str, Emergency | Line]] = [("emergency number", country.emergency)]
        for what, each in (*numbers, *((line.name, line) for line in country.lines)):
            seen = f"{each.verified} by {', '.join(each.by)}" if each.verified else "never"
            click.echo(row(code, each.dial, what, seen, each.state(today)))


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else settings.url(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no address where the carrier finds files; {error}") from error


@click.command("fallback")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--sounds", callback=_address, help="Where the carrier will find the sound files that this lists: https://….twil.io"
)
@click.option("--check", is_flag=True, help="Only say what in FOLDER is not what would be written today.")
def write_fallback(folder: Path, sounds: str | None, check: bool) -> None:
    """Write what the carrier itself says while this service is down, to upload there: see docs/operators.md."""
    house = runtime()
    made = fallback.made(house.content, house.config.country, sounds)
    wrong = [*fallback.differing(folder, made)] if check else fallback.write(folder, made, house.content)
    for line in [*wrong, *fallback.where(house.config.service_number, house.config.default_language)]:
        click.echo(line)
    sys.exit(1 if wrong else 0)


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
    language, flows = runtime().content.languages[code], runtime().content.flows[code]
    found = sound.report(flows, language)
    gone = sound.remove_stale(language, found)
    try:
        new = sound.record_placeholders(language, found.missing)
    except ToolMissing as missing:
        sys.exit(str(missing))
    click.echo(f"{code}: {len(new)} recorded, {len(gone)} removed")


def _recorded_languages() -> Iterator[tuple[str, Language, Flows]]:
    """Those that the carrier has no voice for: they need a recording of every text."""
    content = runtime().content
    for code, language in content.languages.items():
        if language.sound.voice is None:
            yield code, language, content.flows[code]


COMMANDS = (flows, audio, hotlines, write_fallback)
