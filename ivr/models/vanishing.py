"""What is left when somebody was erased: nothing that tells who it was."""

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.models.base import Base, an_id
from ivr.models.outgoing import where


class Erased(Base):
    """A number that is not known any more, by its keyed hash: what it had stopped, and when to look for copies."""

    __tablename__ = "erased"
    found_by: Mapped[str] = mapped_column(String(64), primary_key=True)
    stopped: Mapped[str] = mapped_column(String(32))  # channels, with blanks between them
    look_at: Mapped[int | None]  # for texts to it in the carrier's list; none: that is done


class Erasure(Base):
    """A text or call whose copy at the carrier shall go. No webhook that names it is taken for something new."""

    __tablename__ = "erasures"
    id: Mapped[str] = an_id()
    kind: Mapped[str] = mapped_column(String(8))  # text or call
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    row: Mapped[str | None] = mapped_column(String(32), index=True)  # of the outbox, where the carrier's id is to come
    tries: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[int]
    error: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[int]
    done_at: Mapped[int | None]
    __table_args__ = (Index("ix_erasures_due", "due_at", **where("done_at IS NULL")),)


class Receipt(Base):
    """What a person may show for it: how many rows of each kind went on which day. Nothing leads from it to anybody."""

    __tablename__ = "receipts"
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[str] = mapped_column(String(10))
    removed: Mapped[str] = mapped_column(Text)  # JSON: rows by table
