"""What is older than it need be goes, some rows at a time. Consent and STOP stay, and whatever is open or under way.

A line here for each kind of data; how long each is kept is a setting.
"""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, func, literal_column, select, update
from sqlalchemy.orm import aliased

from ivr.config import Config
from ivr.db import Statement, Transaction
from ivr.models import (
    Alert,
    Base,
    Bridge,
    Call,
    Callback,
    Checkin,
    Contact,
    Conversation,
    DeskText,
    Exercise,
    Message,
    Note,
    Number,
    Outgoing,
    Schedule,
)
from ivr.outbox.claims import LEASED

AT_ONCE = 500
DAY = 86_400_000  # ms
NOBODYS = "1"  # day for what belongs to nobody: a withheld caller's call, the last answer to somebody who was erased

_before: ColumnElement[Any] = bindparam("before")
_over = func.coalesce(Conversation.waits_until, 0) < _before
_OLD_CALL = (Conversation.updated_at < _before) & _over


class Rule(NamedTuple):
    """Rows that go when they are older than so many days: the name of the setting, or the days themselves."""

    days: str
    statement: Statement


def _gone(days: str, table: Any, *conditions: ColumnElement[bool]) -> Rule:
    key = table.__mapper__.primary_key[0]
    some = select(key).where(*conditions).limit(AT_ONCE)
    return Rule(days, Statement(delete(table).where(key.in_(some))))


def _emptied() -> Statement:
    """A call that check-ins hang on stays as their place, without what was said on it."""
    some = select(Conversation.id).where(_OLD_CALL, Conversation.replies != literal_column("''")).limit(AT_ONCE)
    return Statement(update(Conversation).where(Conversation.id.in_(some)).values(replies="", state=None))


def _remembered() -> Statement:
    """That somebody was heard stays, for as long as their number does: silence is counted from it."""
    heard = select(func.max(Conversation.pressed_at)).join(Contact, Contact.id == Conversation.contact_id)
    older = (
        select(Contact.number_id)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .join(_known := aliased(Number), _known.id == Contact.number_id)
        .where(_OLD_CALL, Conversation.pressed_at > func.coalesce(_known.heard_at, 0))
        .limit(AT_ONCE)
    )
    latest = heard.where(Contact.number_id == Number.id).scalar_subquery()
    return Statement(update(Number).where(Number.id.in_(older)).values(heard_at=latest))


def _refers(table: Table, to: Any) -> list[ColumnElement[bool]]:
    keys = [key for key in table.foreign_keys if key.column.table is to.__table__]
    return [exists().where(key.parent == to.id) for key in keys]


def _unneeded(to: Any) -> list[ColumnElement[bool]]:
    """Nothing hangs on it any more, of any table."""
    return [~refers for table in Base.metadata.sorted_tables for refers in _refers(table, to)]


_closed = Callback.closed_at < _before
_at_rest = Outgoing.state.not_in([literal_column(f"'{state}'") for state in ("pending", *LEASED)])
RULES = (
    _gone(NOBODYS, Message, Message.conversation_id.is_(None), Message.created_at < _before),
    _gone(NOBODYS, Conversation, Conversation.contact_id.is_(None), _OLD_CALL, *_unneeded(Conversation)),
    _gone("keep_messages_days", Message, Message.created_at < _before),
    _gone("keep_checkins_days", Checkin, Checkin.created_at < _before),
    _gone("keep_checkins_days", Exercise, Exercise.created_at < _before),
    Rule("keep_conversations_days", _emptied()),
    Rule("keep_conversations_days", _remembered()),
    _gone("keep_conversations_days", Conversation, _OLD_CALL, *_unneeded(Conversation)),
    _gone("keep_callbacks_days", Note, exists().where(Callback.id == Note.callback_id).where(_closed)),
    _gone("keep_callbacks_days", DeskText, exists().where(Callback.id == DeskText.callback_id).where(_closed)),
    _gone("keep_callbacks_days", Call, exists().where(Callback.id == Call.callback_id).where(_closed)),
    _gone("keep_callbacks_days", Alert, Alert.next_at.is_(None), Alert.acknowledged_at < _before),
    _gone("keep_conversations_days", Bridge, Bridge.rung_at < _before),
    _gone("keep_callbacks_days", Callback, _closed, *_unneeded(Callback)),
    _gone("keep_outbox_days", Outgoing, _at_rest, Outgoing.created_at < _before),
    _gone("keep_outbox_days", Schedule, Schedule.ended_at < _before, *_unneeded(Schedule)),
    # A number that was given to be rung at, once the request is gone; whoever texts or rings has a contact.
    _gone(
        NOBODYS,
        Number,
        Number.created_at < _before,
        *_unneeded(Number),
    ),
)


def remove(tx: Transaction, rule: Rule, config: Config, now: int) -> bool:
    """Some of what is older than the rule allows; whether there may be more."""
    days = int(rule.days) if rule.days.isdecimal() else getattr(config, rule.days)
    return tx.run(rule.statement, before=now - days * DAY) == AT_ONCE
