"""Numbers, the people behind them, and what they agreed to or stopped."""

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.models.base import Base, an_id


class Number(Base):
    """A line: several people may share it."""

    __tablename__ = "numbers"
    id: Mapped[str] = an_id()
    found_by: Mapped[str] = mapped_column(String(64), unique=True)  # keyed hash of the E.164 number
    sealed: Mapped[bytes]
    country: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[int]
    heard_at: Mapped[int | None]  # when somebody was last heard in what is kept no more


class OptOut(Base):
    """STOP, for a number and a channel. Append-only but for `ended_at`."""

    __tablename__ = "opt_outs"
    id: Mapped[str] = an_id()
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"), index=True)
    channel: Mapped[str] = mapped_column(String(8))  # sms, voice; unasked: what the line starts by itself
    source: Mapped[str] = mapped_column(String(16))  # person, carrier, unreachable, wrong person, silent, unanswered
    created_at: Mapped[int]
    ended_at: Mapped[int | None]


class Contact(Base):
    """A person. The one without a PIN is the number's default."""

    __tablename__ = "contacts"
    id: Mapped[str] = an_id()
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"), index=True)
    pin: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(12))
    zone: Mapped[str | None] = mapped_column(String(64))  # IANA, see zones; none: where their number is from
    hours: Mapped[str | None] = mapped_column(String(11))  # HH:MM-HH:MM, when they may be disturbed; none: as usual
    openness: Mapped[str | None] = mapped_column(String(12))  # covert, reply_only or open; none: covert, and not asked
    decoy_of: Mapped[str | None] = mapped_column(String(32))  # whose second PIN opens this one
    leaves_at: Mapped[int | None]  # the PIN was said to be forgotten: when all of it is erased, see forgotten
    created_at: Mapped[int]  # when they first came; 0: nobody has
    __table_args__ = (
        Index(
            "ix_contacts_default",
            "number_id",
            unique=True,
            postgresql_where=text("pin IS NULL"),
            sqlite_where=text("pin IS NULL"),
        ),
        Index(
            "ix_contacts_leaves",
            "leaves_at",
            postgresql_where=text("leaves_at IS NOT NULL"),
            sqlite_where=text("leaves_at IS NOT NULL"),
        ),
    )


class PinTries(Base):
    """How often a PIN was tried in vain at a number, by whatever channel."""

    __tablename__ = "pin_tries"
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"), primary_key=True)
    misses: Mapped[int] = mapped_column(Integer)
    since: Mapped[int]  # the first of these misses
    paused_until: Mapped[int]


class Consent(Base):
    """What a person agreed to or refused, per purpose, in which words. Append-only: the newest row holds."""

    __tablename__ = "consents"
    id: Mapped[str] = an_id()
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    purpose: Mapped[str] = mapped_column(String(16))
    given: Mapped[bool]
    language: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(String(64))  # SHA-256 of the words that were heard
    created_at: Mapped[int]
    __table_args__ = (Index("ix_consents_newest", "contact_id", "purpose", "created_at"),)
