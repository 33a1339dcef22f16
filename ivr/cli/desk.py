"""Commands for the desk: who works at it, who is on duty, and whether the book of who did what is whole."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from ivr.cli.current import runtime
from ivr.db import Transaction
from ivr.desk import phones
from ivr.moments import moment_of
from ivr.runtime import Runtime
from ivr.team import audit, counselors, invitations, shifts
from ivr.team.counselors import GENDERS, ROLES, Member, New, Refused

OPERATOR = "operator"  # who does it, in the book
HOUR = 3_600_000  # ms
WEEK = 168 * HOUR
members = AppGroup("counselors", help="Who works at the desk.")
book = AppGroup("audit", help="The book of who did what at the desk.")
_login = click.argument("login")


@contextmanager
def _desk() -> Iterator[tuple[Runtime, Transaction]]:
    """The house and a transaction in it. What is refused is said, and leaves nothing."""
    house = runtime()
    try:
        with house.database.transaction() as tx:
            yield house, tx
    except Refused as refused:
        sys.exit(str(refused))


@members.command("add")
@_login
@click.option("--role", type=click.Choice(ROLES), default="counselor", show_default=True)
@click.option("--language", help="In which the desk speaks to them.")
@click.option("--speaks", help="Languages in which they can help: en,sw. Default: that of the desk.")
@click.option("--gender", type=click.Choice(GENDERS), help="For people who wish for a woman or a man.")
@click.option("--phone", default="", help="Their phone: +254700000001.")
def add(login: str, role: str, language: str | None, speaks: str | None, gender: str | None, phone: str) -> None:
    """Somebody new, with the short name LOGIN."""
    with _desk() as (house, tx):
        spoken = language or house.config.default_language
        helps = tuple(code.strip() for code in (speaks or spoken).split(","))
        if unknown := {spoken, *helps} - set(house.content.languages):
            there = ", ".join(house.content.languages)
            raise Refused("language", f"no such language: {', '.join(sorted(unknown))}; there are {there}")
        new = New(login, role, spoken, helps, gender, phone)
        link = _invited(house, tx, counselors.add(tx, house.vault, new, OPERATOR, house.now()))
    click.echo(f"{login} is a {role}\n{link}")


@members.command("invite")
@_login
def invite(login: str) -> None:
    """A new link for LOGIN, who forgot their password or lost their authenticator."""
    with _desk() as (house, tx):
        link = _invited(house, tx, _member(tx, login).id)
    click.echo(link)


@members.command("list")
def show() -> None:
    """Everybody, what they may, in which languages they help, and until when they are on duty."""
    with _desk() as (house, tx):
        for each in counselors.everybody(tx):
            until = shifts.until(tx, each, house.now())
            there = f"on duty until {moment_of(until):%Y-%m-%d %H:%M}Z" if until else ""
            has_phone = "phone" if each.phone else "no phone"
            click.echo(f"{each.login:<16}  {each.role:<13}  {each.speaks:<12}  {has_phone:<8}  {there}".rstrip())


@members.command("on")
@_login
@click.option("--hours", type=click.IntRange(1, 24), default=8, show_default=True)
def begin(login: str, hours: int) -> None:
    """LOGIN is on duty from now on: rung when somebody is in need, and alerted."""
    with _desk() as (house, tx):
        who = _member(tx, login)
        if not who.takes_requests:
            raise Refused("role", f"{login} is no counselor or supervisor, and talks with nobody")
        done = shifts.begin(tx, who, house.now(), hours * HOUR)
    click.echo(f"{login} is on duty" if done else f"{login} was on duty already")


@members.command("off")
@_login
def end_shift(login: str) -> None:
    """LOGIN is not on duty any more."""
    with _desk() as (house, tx):
        done = shifts.end(tx, _member(tx, login), house.now())
    click.echo(f"{login} is off duty" if done else f"{login} was not on duty")


@members.command("phone")
@_login
@click.argument("number")
def set_phone(login: str, number: str) -> None:
    """LOGIN is reached at NUMBER from now on."""
    with _desk() as (house, tx):
        counselors.set_phone(tx, house.vault, _member(tx, login).id, number, OPERATOR, house.now())
    click.echo(f"{login} has a new phone")


@members.command("pin")
@_login
def new_pin(login: str) -> None:
    """A new PIN for the phone of LOGIN, by which it commands the desk by text. Printed once; they can change it."""
    with _desk() as (house, tx):
        pin = phones.new_pin(tx, house.vault, _member(tx, login), OPERATOR, house.now())
    click.echo(f"the PIN of {login} is {pin}; they change it by texting: pin {pin} NEW")


@members.command("lost")
@_login
def lose_phone(login: str) -> None:
    """The phone of LOGIN is in other hands: it is rung no more, and nobody is signed in as them."""
    with _desk() as (house, tx):
        counselors.lose_phone(tx, _member(tx, login).id, OPERATOR, house.now())
    click.echo(f"the phone of {login} is not trusted any more; set a new one with: counselors phone {login} NUMBER")


@members.command("end")
@_login
def end(login: str) -> None:
    """LOGIN does not work at the desk any more. Their short name stays taken."""
    with _desk() as (house, tx):
        counselors.end(tx, _member(tx, login).id, OPERATOR, house.now())
    click.echo(f"{login} has left")


@book.command("verify")
def verify() -> None:
    """Read the whole book: exit code 1 when a line was changed, taken away or put in."""
    with _desk() as (_, tx):
        found = list(audit.faults(tx))
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(1)
    click.echo("the book is whole")


@book.command("show")
def lately() -> None:
    """The last week's lines, the newest first: who did what, and why. No content."""
    with _desk() as (house, tx):
        names = {each.id: each.login for each in counselors.everybody(tx)}
        for line in audit.lately(tx, house.now() - WEEK, 1000):
            who, about = names.get(line.who, line.who), names.get(line.about, line.about[:8])
            when = f"{moment_of(line.at):%Y-%m-%d %H:%M}Z"
            click.echo(f"{when}  {about:<16}  {who:<16}  {line.what}  {line.why}".rstrip())


def _invited(house: Runtime, tx: Transaction, id: str) -> str:
    word = invitations.invite(tx, id, OPERATOR, house.now())
    link = f"{house.config.public_base_url}/console/welcome/{word}"
    return f"where they choose a password, once, within a week; give it to nobody else: {link}"


def _member(tx: Transaction, login: str) -> Member:
    who = counselors.by_login(tx, login)
    if who is None:
        raise Refused("name", f"there is nobody called {login}: see counselors list")
    return who


COMMANDS = (members, book)
