"""The book of who did what, when and why: each line holds the hash of the one before it, so that none can be changed.

Each request, counselor or shift has a story of its own: writers of different ones never wait for each other. Now and
then the lines of all stories are sealed into one hash after the other, so that a whole story cannot vanish either. The
database refuses to change or remove a line. No content: that stands sealed elsewhere, and goes with the person.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql

from ivr.db import Statement, Transaction
from ivr.models import Entry, Seal, new_id

SETTLED = 600_000  # ms after which no transaction still holds a line back
START = ""  # what the first line of a story has before it


class Line(NamedTuple):
    """A line of a story. `who` is a counselor's id, or `person`, `line`, `operator`; `at` in milliseconds, UTC."""

    about: str
    n: int
    who: str
    what: str
    why: str
    at: int
    previous: str
    hash: str


_COLUMNS = (Entry.about, Entry.n, Entry.who, Entry.what, Entry.why, Entry.at, Entry.previous, Entry.hash)
_LAST = Statement(
    select(Entry.n, Entry.hash).where(Entry.about == bindparam("about_")).order_by(Entry.n.desc()).limit(1)
)
_ADD = Statement(insert(Entry))
_OF = Statement(select(*_COLUMNS).where(Entry.about == bindparam("about_")).order_by(Entry.n))
_ALL = Statement(select(*_COLUMNS).order_by(Entry.about, Entry.n))
_LATELY = Statement(
    select(*_COLUMNS).where(Entry.at > bindparam("since")).order_by(Entry.at.desc(), Entry.id).limit(bindparam("many"))
)
_BY = Statement(
    select(*_COLUMNS)
    .where(Entry.who == bindparam("who_"), Entry.at > bindparam("since"))
    .order_by(Entry.at.desc(), Entry.id)
    .limit(bindparam("many"))
)
_BETWEEN = Statement(
    select(Entry.hash).where(Entry.at > bindparam("after"), Entry.at <= bindparam("until")).order_by(Entry.at, Entry.id)
)
_SEALS = Statement(select(Seal.n, Seal.at, Seal.hash).order_by(Seal.n))
_LAST_SEAL = Statement(select(Seal.n, Seal.at, Seal.hash).order_by(Seal.n.desc()).limit(1))
# Of two clocks that seal at once, one does. ON CONFLICT is SQLite's as well.
_ADD_SEAL = Statement(postgresql.insert(Seal).on_conflict_do_nothing(index_elements=["n"]))


def note(tx: Transaction, about: str, who: str, what: str, why: str, at: int) -> None:
    """Writes the next line of this story. Whoever calls has just written the row that it is about, and so holds it."""
    last = tx.one(_LAST, about_=about)
    n, previous = (last[0] + 1, last[1]) if last else (0, START)
    said = {"about": about, "n": n, "who": who, "what": what, "why": why, "at": at, "previous": previous}
    tx.run(_ADD, id=new_id(), **said, hash=_hash(*said.values()))


def story(tx: Transaction, about: str) -> list[Line]:
    """What happened to it, the first line first."""
    return [Line(*row) for row in tx.all(_OF, about_=about)]


def lately(tx: Transaction, since: int, many: int) -> list[Line]:
    """The newest lines of all stories since then, at most so many, the newest first."""
    return [Line(*row) for row in tx.all(_LATELY, since=since, many=many)]


def of(tx: Transaction, who: str, since: int, many: int) -> list[Line]:
    """What somebody did since then, at most so many lines, the newest first."""
    return [Line(*row) for row in tx.all(_BY, who_=who, since=since, many=many)]


def seal(tx: Transaction, now: int) -> int:
    """Seals what was written since the last seal and has settled; how many lines that were."""
    last = tx.one(_LAST_SEAL)
    n, after, previous = (last[0] + 1, last[1], last[2]) if last else (0, 0, START)
    hashes = [row[0] for row in tx.all(_BETWEEN, after=after, until=now - SETTLED)]
    if hashes:
        tx.run(_ADD_SEAL, n=n, at=now - SETTLED, lines=len(hashes), hash=_hash(previous, *hashes))
    return len(hashes)


def faults(tx: Transaction) -> Iterator[str]:
    """What does not hold: a line that was changed, is missing, or was put in. Nothing when the book is whole."""
    lines = [Line(*row) for row in tx.all(_ALL)]
    for about, of in groupby(lines, lambda line: line.about):
        yield from _faults_of(about, of)
    after, previous = 0, START
    for n, at, stands in tx.all(_SEALS):
        if stands != _hash(previous, *(row[0] for row in tx.all(_BETWEEN, after=after, until=at))):
            yield f"seal {n}: lines up to {at} were taken away, put in or changed"
        after, previous = at, stands


def _faults_of(about: str, lines: Iterable[Line]) -> Iterator[str]:
    previous = START
    for n, line in enumerate(lines):
        if (line.n, line.previous, line.hash) != (n, previous, _hash(*line[:-1])):
            yield f"{about}: line {line.n} is not what was written after line {n - 1}"
        previous = line.hash


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
