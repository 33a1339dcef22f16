"""What is kept about a person: in figures, for themselves; and whole, for an organisation that owes them a copy."""

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, String, bindparam, func, select

from ivr.db import Statement, Transaction
from ivr.memory.replays import REPLIES
from ivr.models import Callback, Checkin, Contact, Conversation, Exercise, Message, Schedule
from ivr.models.belongings import belongings
from ivr.vault import Vault

DAY = 86_400_000  # ms


class Holdings(NamedTuple):
    """How many of each, and since when; reminders and requests that still stand."""

    checkins: int
    exercises: int
    texts: int
    reminders: int
    calls_wanted: int
    since: int

    def days(self, now: int) -> int:
        """Since the first of it, begun ones included."""
        return max(0, now - (self.since or now)) // DAY + 1


_contact: BindParameter[str] = bindparam("contact", type_=String)
_HOLDINGS = Statement(
    select(
        select(func.count()).where(Checkin.contact_id == _contact).scalar_subquery(),
        select(func.count()).where(Exercise.contact_id == _contact).scalar_subquery(),
        select(func.count())
        .select_from(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.contact_id == _contact)
        .scalar_subquery(),
        select(func.count()).where(Schedule.contact_id == _contact, Schedule.next_at.is_not(None)).scalar_subquery(),
        select(func.count())
        .where(Callback.contact_id == _contact, Callback.closed_at.is_(None), Callback.asked > 0)
        .scalar_subquery(),
        Contact.created_at,
    ).where(Contact.id == _contact)
)


def of(tx: Transaction, contact: str | None) -> Holdings | None:
    """What is kept; None for nobody."""
    row = tx.one(_HOLDINGS, contact=contact) if contact else None
    return Holdings(*row) if row else None


_ROWS = [(table, Statement(select(table).where(rows))) for table, rows in belongings("contacts")]


def whole(tx: Transaction, vault: Vault, contact: str) -> dict[str, list[dict[str, Any]]]:
    """Every row that hangs on this person, by table, readable: what `vanishing.erase` would take away."""
    found = {}
    for table, statement in _ROWS:
        names = table.columns.keys()
        rows = [dict(zip(names, row, strict=True)) for row in tx.all(statement, root=contact)]
        if rows:
            (key,) = table.primary_key.columns.keys()
            found[table.name] = [_readable(vault, table.name, row[key], row) for row in rows]
    return found


def _readable(vault: Vault, table: str, id: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _opened(vault, f"{table}.{name}", id, value) for name, value in row.items()}


def _opened(vault: Vault, place: str, id: str, value: object) -> object:
    if isinstance(value, bytes):
        return vault.open(place, id, value).decode("utf-8", "replace")
    return list(_replies(vault, id, str(value))) if place == REPLIES else value


def _replies(vault: Vault, id: str, lines: str) -> Iterator[str]:
    """What each turn of a call was answered: see `replays.line`."""
    for line in lines.splitlines():
        turn, _, sealed = line.partition(" ")
        yield vault.open(REPLIES, f"{id}.{turn}", base64.b64decode(sealed)).decode("utf-8", "replace")
