"""STOPs and erasings in a file, for the day on which a backup is restored that does not know of them yet.

It holds keyed hashes and moments, no numbers: without INDEX_KEY it leads to nobody.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is SQLite's as well

from ivr.db import Statement, Transaction
from ivr.memory import positions
from ivr.models import Contact, Erased, Number, OptOut
from ivr.outbox import counts
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.privacy import vanishing
from ivr.vault import Vault

FORMAT = "warmline opt-outs 1"
RESTORED = "restored"  # mark: until then another life of this database has answered
STOP, GONE = "stop", "gone"

_STOPS = Statement(
    select(Number.found_by, OptOut.channel, OptOut.source, OptOut.created_at, OptOut.ended_at)
    .join(Number, Number.id == OptOut.number_id)
    .order_by(OptOut.created_at, OptOut.id)
)
_GONE = Statement(select(Erased.found_by, Erased.stopped).order_by(Erased.found_by))
_NUMBER = Statement(select(Number.id).where(Number.found_by == bindparam("index")))
_PEOPLE = Statement(
    select(Contact.id).where(
        Contact.number_id == bindparam("number"), Contact.created_at < bindparam("before"), Contact.decoy_of.is_(None)
    )
)
_IS_THERE = Statement(
    select(OptOut.id).where(
        OptOut.number_id == bindparam("number"),
        OptOut.channel == bindparam("channel_"),
        OptOut.source == bindparam("source_"),
        OptOut.created_at == bindparam("at"),
        func.coalesce(OptOut.ended_at, 0) == bindparam("ended"),
    )
)
_new = insert(Erased)
_HOLD = Statement(_new.on_conflict_do_update(index_elements=["found_by"], set_={"stopped": _new.excluded.stopped}))


class BadFile(Exception):
    """The file is none of ours, or was made with another INDEX_KEY; the text says which."""


class Applied(NamedTuple):
    """How many STOPs and STARTs were heard, people erased, and hashes kept of numbers that are not known here."""

    stops: int
    people: int
    kept: int


def export(tx: Transaction, vault: Vault, now: int) -> Iterator[str]:
    """The lines of the file."""
    yield json.dumps([FORMAT, now, _mark_of(vault)])
    yield from (json.dumps([STOP, *row]) for row in tx.all(_STOPS))
    yield from (json.dumps([GONE, *row]) for row in tx.all(_GONE))


def apply(tx: Transaction, vault: Vault, lines: Iterable[str], now: int) -> Applied:
    """What the file knows holds here too, and this database counts as restored. Twice is as good as once.

    Raises BadFile.
    """
    made_at, rows = _read(vault, lines)
    stops = [row for kind, *row in rows if kind == STOP]
    gone = {row[0]: row[1] for kind, *row in rows if kind == GONE}
    kept: dict[str, set[str]] = defaultdict(set)
    for index, channel, source, at, ended_at in stops:
        if number := _known(tx, index):
            _heard(tx, number, channel, source, at, ended_at)
        elif ended_at is None:
            kept[index].add(channel)
    people = sum(_erased(tx, index, stopped.split(), made_at, now, kept) for index, stopped in gone.items())
    for index, channels in kept.items():
        tx.run(_HOLD, found_by=index, stopped=" ".join(sorted(channels)), look_at=None)
    return Applied(len(stops), people, len(kept))


def restored(tx: Transaction, now: int) -> None:
    """From now on texts of before were answered by another life of this database, where the carrier says so."""
    counts.mark(tx, RESTORED, now)


def _heard(tx: Transaction, number: str, channel: str, source: str, at: int, ended_at: int | None) -> None:
    said = {"number": number, "channel_": channel, "source_": source, "at": at, "ended": ended_at or 0}
    if tx.one(_IS_THERE, **said):
        return
    if source != contacts.START:
        contacts.stop(tx, number, channel, source, at)
    if ended_at is not None:
        contacts.start_again(tx, number, channel, ended_at)


def _erased(tx: Transaction, index: str, channels: list[str], before: int, now: int, kept: dict[str, set[str]]) -> int:
    """Erases who was erased after the backup; whoever came after the file was made is somebody else. How many."""
    number = _known(tx, index)
    if number is None:
        kept[index].update(channels)
        return 0
    people = [row[0] for row in tx.all(_PEOPLE, number=number, before=before)]
    for channel in channels if people else ():
        contacts.stop(tx, number, channel, "erased", before)
    for person in people:
        vanishing.erase(tx, positions.fresh(Party("sms", "", "", number, person)), now)
    return len(people)


def _known(tx: Transaction, index: str) -> str | None:
    row = tx.one(_NUMBER, index=index)
    return str(row[0]) if row else None


def _mark_of(vault: Vault) -> str:
    """By which INDEX_KEY hashes were made."""
    return vault.index(FORMAT)[:16]


def _read(vault: Vault, lines: Iterable[str]) -> tuple[int, list[list[Any]]]:
    try:
        rows = [json.loads(line) for line in lines if line.strip()]
        name, made_at, key = rows[0]
    except (ValueError, IndexError, TypeError) as error:
        raise BadFile("this is no file of opt-outs: make one with optouts export") from error
    if name != FORMAT:
        raise BadFile("this is no file of opt-outs, or of another version")
    if key != _mark_of(vault):
        raise BadFile("it was made with another INDEX_KEY: set that one first, else nothing in it is found")
    return int(made_at), rows[1:]
