"""Keys that come and go: what an older data key has sealed is sealed anew with the newest, a few rows at a time.

Traffic goes on meanwhile. A row that changes between reading and writing is left to its change, which seals with the
newest key by itself. Whoever stops in the middle begins again where rows of older keys are left.
"""

import base64
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Column, LargeBinary, Table, bindparam, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from ivr.db import Row, Statement, Transaction
from ivr.memory.replays import REPLIES
from ivr.models import Conversation
from ivr.models.belongings import sealed_columns
from ivr.vault import NAME, Unreadable, Vault

AT_ONCE = 50


class Shelf(NamedTuple):
    """One column of sealed values, and the statements that go through it."""

    place: str
    rows: Statement
    write: Statement


class Batch(NamedTuple):
    """What came of a few rows: the last one's id (None: there are no more), how many were sealed anew, and how many
    no key opens.
    """

    last: str | None
    resealed: int
    unreadable: int


class Uses(NamedTuple):
    """How many values each key has sealed among a few rows, by the key's name."""

    last: str | None
    sealed: Counter[str]


def _shelf(table: Table, column: "Column[bytes] | Column[str]", old: ColumnElement[bool]) -> Shelf:
    (key,) = table.primary_key.columns
    rows = (
        select(key, column)
        .where(key > bindparam("after"), column.is_not(None), old)
        .order_by(key)
        .limit(bindparam("many"))
    )
    write = update(table).where(key == bindparam("row"), column == bindparam("old")).values({column: bindparam("new")})
    return Shelf(f"{table.name}.{column.name}", Statement(rows), Statement(write))


def _older(column: "Column[bytes]") -> ColumnElement[bool]:
    """Not sealed with the newest key; with b'' for its name, all."""
    return func.substr(column, 1, NAME) != bindparam("newest", type_=LargeBinary)


_replies = Conversation.__table__.c.replies
SHELVES = [
    *(_shelf(table, column, _older(column)) for table, column in sealed_columns()),
    _shelf(Conversation.__table__, _replies, _replies != ""),  # type: ignore[arg-type]
]


def reseal(tx: Transaction, vault: Vault, shelf: Shelf, after: str, many: int = AT_ONCE) -> Batch:
    """The next rows of a shelf, behind the row `after`."""
    rows = tx.all(shelf.rows, after=after, newest=vault.newest, many=many)
    resealed = unreadable = 0
    for id, old in rows:
        try:
            new = _resealed(vault, shelf.place, id, old)
        except Unreadable:
            unreadable += 1
        else:
            resealed += new != old and tx.run(shelf.write, row=id, old=old, new=new)
    return Batch(_last(rows, many), resealed, unreadable)


def _resealed(vault: Vault, place: str, id: str, old: bytes | str) -> bytes | str:
    if isinstance(old, str):
        return "".join(_line(vault, id, line) for line in old.splitlines())
    return vault.seal(place, id, vault.open(place, id, bytes(old)))


def _line(vault: Vault, id: str, line: str) -> str:
    """One reply of a call: see `replays.line`."""
    turn, _, sealed = line.partition(" ")
    old = base64.b64decode(sealed)
    if old[:NAME] == vault.newest:
        return line + "\n"
    place = f"{id}.{turn}"
    return f"{turn} {base64.b64encode(vault.seal(REPLIES, place, vault.open(REPLIES, place, old))).decode()}\n"


def uses(tx: Transaction, shelf: Shelf, after: str) -> Uses:
    """What the keys have sealed of the next rows of a shelf, behind the row `after`."""
    rows = tx.all(shelf.rows, after=after, newest=b"", many=AT_ONCE)
    names = (sealed[:NAME].decode("ascii", "replace") for _, value in rows for sealed in _values(value))
    return Uses(_last(rows, AT_ONCE), Counter(names))


def _values(stored: bytes | str) -> list[bytes]:
    """One value of a column; all replies of a call."""
    if isinstance(stored, str):
        return [base64.b64decode(line.partition(" ")[2]) for line in stored.splitlines()]
    return [bytes(stored)]


def _last(rows: Sequence[Row], many: int) -> str | None:
    return rows[-1][0] if len(rows) == many else None
