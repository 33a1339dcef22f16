"""What goes out: schedules, the outbox, what the carrier told about it, and our numbers' pace."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.models.base import Base, an_id


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, on both databases."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Outgoing(Base):
    """A text or a call that goes out: a row before anybody is asked to carry it. One row is one text, or one ring."""

    __tablename__ = "outbox"
    id: Mapped[str] = an_id()
    key: Mapped[str] = mapped_column(String(120), unique=True)  # what it is: there is no second one of it
    kind: Mapped[str] = mapped_column(String(16))
    lane: Mapped[int] = mapped_column(Integer)  # the lower, the sooner: see outbox.rows
    channel: Mapped[str] = mapped_column(String(8))
    sender: Mapped[str] = mapped_column(String(20))  # our number
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    flow: Mapped[str] = mapped_column(String(64))  # the conversation that it opens
    then: Mapped[str] = mapped_column(String(64))  # the flow that was asked for, once somebody has pressed a key
    about: Mapped[str] = mapped_column(String(64))  # the row that this is about: a schedule, an earlier row
    tries: Mapped[int] = mapped_column(Integer)  # which ring of how many, or which sending after a passing failure
    state: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(String(32))  # for a state that needs a reason
    attempt: Mapped[int] = mapped_column(Integer)  # counts claims; whoever holds an old one can write nothing
    claim: Mapped[str | None] = mapped_column(String(32))  # the batch that holds it
    due_at: Mapped[int]
    expires_at: Mapped[int]  # of no use after that
    leased_until: Mapped[int | None]
    submitted_at: Mapped[int | None]
    looks: Mapped[int] = mapped_column(Integer)  # how often the carrier's lists were looked through for it
    said: Mapped[str | None] = mapped_column(String(64))  # keyed hash of the text, to know it again in such a list
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    rank: Mapped[int] = mapped_column(Integer)  # of the carrier's last word on it
    error: Mapped[str] = mapped_column(String(16))  # the carrier's code
    created_at: Mapped[int]
    raised_at: Mapped[int | None]  # when a counselor was told that it was not answered
    __table_args__ = (
        Index("ix_outbox_due", "sender", "channel", "lane", "due_at", **where("state = 'pending'")),
        Index("ix_outbox_leased", "leased_until", **where("state IN ('claimed', 'submitting')")),
        Index("ix_outbox_claim", "claim", **where("state IN ('claimed', 'submitting')")),
        Index("ix_outbox_of", "contact_id", "submitted_at"),
        Index("ix_outbox_about", "about"),
        Index("ix_outbox_made", "created_at"),  # for the counts of a day
        Index("ix_outbox_checkins", "submitted_at", **where("kind = 'reminder' AND \"then\" = 'checkin'")),
        Index("ix_outbox_nudges", "submitted_at", **where("kind = 'nudge' AND raised_at IS NULL")),
    )


class Status(Base):
    """A carrier's word on a text or call that we do not know (yet)."""

    __tablename__ = "statuses"
    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[str] = mapped_column(String(24), primary_key=True)
    error: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[int] = mapped_column(index=True)


class Sender(Base):
    """One of our numbers on one channel: its pace, and whether it is held up."""

    __tablename__ = "senders"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    slot_at: Mapped[int]  # microseconds: when the next segment, or call, may go
    busy_until: Mapped[int]  # until then somebody is at it; only a hint, so that the bell need not ring
    paused_until: Mapped[int]
    why: Mapped[str] = mapped_column(String(32))  # why it is paused
    backoff: Mapped[int] = mapped_column(Integer)  # ms of the last pause


class Schedule(Base):
    """What somebody asked to be reminded of, and when."""

    __tablename__ = "schedules"
    id: Mapped[str] = an_id()
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"))
    sender: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(8))
    flow: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str] = mapped_column(Text)  # see recurrence.frozen
    left: Mapped[int | None] = mapped_column(Integer)  # of a series
    last: Mapped[str | None] = mapped_column(String(10))  # the local date of the last one
    next_at: Mapped[int | None]  # none: ended, or not again
    next_on: Mapped[str | None] = mapped_column(String(10))  # its local date, by which it is known
    paused_until: Mapped[int | None]
    created_at: Mapped[int]
    ended_at: Mapped[int | None]
    __table_args__ = (
        Index("ix_schedules_due", "next_at", **where("next_at IS NOT NULL")),
        Index("ix_schedules_of", "contact_id"),
    )


class Mark(Base):
    """The last time that something regular was done: a tick, a look through the carrier's list."""

    __tablename__ = "marks"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[int]
