"""Which rows hang on a person or on a number: read from the foreign keys, so that a new table needs no line here."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Column, ColumnElement, Select, Table, and_, bindparam, or_, select

from ivr.models.base import Base


def belongings(root: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table with rows that hang on a row of `root`, and the condition of those rows; who refers comes before whom.

    The row of `root` is bound as `root`; it comes last itself. What hangs on a person too is theirs, and no number's.
    """
    for table in reversed(Base.metadata.sorted_tables):
        condition = _hang(table, root)
        if condition is not None:
            yield table, condition


def with_decoys(table: Table) -> Select[str]:
    """The ids of the person bound as `root`, of the empty place that a second PIN of theirs opens, and of what was made
    in it in turn.
    """
    theirs = select(table.c.id, table.c.number_id).where(table.c.id == bindparam("root")).cte("theirs", True, True)
    beside = (table.c.number_id == theirs.c.number_id) & (table.c.decoy_of == theirs.c.id)
    return select(theirs.union(select(table.c.id, table.c.number_id).join(theirs, beside)).c.id)


def sealed_columns() -> Iterator[tuple[Table, Column[bytes]]]:
    """What is stored as bytes is sealed; its place is `table.column` and its row the primary key, everywhere."""
    for table in Base.metadata.sorted_tables:
        yield from ((table, column) for column in table.columns if column.type.python_type is bytes)


@cache
def _hang(table: Table, root: str) -> ColumnElement[bool] | None:
    if table.name == root:
        return table.c.id.in_(with_decoys(table)) if "decoy_of" in table.c else table.c.id == bindparam("root")
    ways = []
    for key in table.foreign_keys:
        parent = key.column.table
        above = _hang(parent, root) if parent is not table else None
        if above is not None:
            ways.append(key.parent.in_(select(key.column).where(above)))
    if not ways:
        return None
    theirs = root != "contacts" and "contact_id" in table.c
    return and_(or_(*ways), table.c.contact_id.is_(None)) if theirs else or_(*ways)
