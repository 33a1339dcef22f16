"""Commands that show who asked for something, who may be in danger, and what is kept of them. Numbers in full."""

import json
import sys

import click

from ivr import phone
from ivr.callbacks import alerts, queue
from ivr.callbacks.wishes import Wish
from ivr.cli.current import runtime
from ivr.moments import moment_of
from ivr.people import contacts
from ivr.privacy import erasures_report, forgotten, holdings

WEEK = 604_800_000  # ms
TOLD = (
    "Noted. Nobody here can see whether there is a PIN at that number, or open anything without it. Whoever chooses a "
    "new PIN (settings, this phone, a PIN) begins with an empty place. What lies behind a PIN that nobody enters "
    "within 30 days is erased then; entering it once stops that."
)


@click.command("callbacks")
def list_callbacks() -> None:
    """List who asked to be rung and has not been, in the order of the desk. Numbers are shown in full."""
    house = runtime()
    with house.database.transaction() as tx:
        waiting = queue.waiting(tx)
    for request in waiting:
        number = house.vault.open("numbers.sealed", request.number_id, request.sealed).decode()
        since = moment_of(request.created_at)
        wanted = Wish.opened(house.vault, request.id, request.card).when or "any time"
        named = f"{request.ref:>3}  {since:%Y-%m-%d %H:%M}Z  {number:<16}  {request.language}"
        line = f"{named}  {wanted:<10}  asked {request.asked}x"
        click.echo(f"{line}  {'URGENT  ' if request.urgent_at else ''}{request.why}")
    click.echo(f"{len(waiting)} waiting")


@click.command("alerts")
def list_alerts() -> None:
    """List who may be in danger: what nobody has answered, then the last week. Numbers are shown in full."""
    house = runtime()
    with house.database.transaction() as tx:
        found = alerts.listed(tx, house.now() - WEEK)
    for each in found:
        number = house.vault.open("numbers.sealed", each.number_id, each.sealed).decode()
        stands = f"answered {moment_of(each.acknowledged_at):%H:%M}Z" if each.acknowledged_at else "OPEN"
        line = f"{moment_of(each.created_at):%Y-%m-%d %H:%M}Z  {number:<16}  {each.code}  {stands:<16}"
        click.echo(f"{line}  {each.why}, {each.times}x")
    click.echo(f"{sum(each.acknowledged_at is None for each in found)} open")


@click.command("person")
@click.argument("number")
def show_person(number: str) -> None:
    """Print all that is kept about whoever answers to NUMBER, for those who owe them a copy. Nothing is left sealed."""
    house = runtime()
    who = phone.parse(number, house.config.country)
    with house.database.transaction() as tx:
        contact = contacts.find(tx, house.vault, who) if who else None
        found = holdings.whole(tx, house.vault, contact) if contact else None
    if found is None:
        sys.exit("nothing is kept about that number")
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@click.command("pin-forgotten")
@click.argument("number")
def forget_pin(number: str) -> None:
    """Somebody at NUMBER forgot their PIN. Says the same whoever is there: read it to whoever asks."""
    house = runtime()
    who = phone.parse(number, house.config.country)
    if who is None:
        sys.exit("that is no number")
    with house.database.transaction() as tx:
        forgotten.note(tx, house.vault, who, house.now())
    click.echo(TOLD)


@click.command("erasures")
@click.argument("receipt", required=False)
def show_erasures(receipt: str | None) -> None:
    """Say how it stands with copies at the carrier of people who were erased; or what went under the code RECEIPT."""
    house = runtime()
    with house.database.transaction() as tx:
        for line in erasures_report.lines(tx, receipt, house.now()):
            click.echo(line)


COMMANDS = (list_callbacks, list_alerts, show_person, forget_pin, show_erasures)
