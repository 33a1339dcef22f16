"""What cannot wait: alerts until somebody has heard them, and counselors' phones that are rung for somebody."""

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.models.base import Base, an_id


class Alert(Base):
    """Somebody may be in danger: told to those on duty again and again, until one of them has the request for it."""

    __tablename__ = "alerts"
    id: Mapped[str] = an_id()
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"), index=True)  # of whoever may be in danger
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    callback_id: Mapped[str | None] = mapped_column(ForeignKey("callbacks.id"), index=True)  # what stands at the desk
    service_number: Mapped[str] = mapped_column(String(20))  # by which those on duty are reached
    why: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(8))  # by which those on duty name it: the request's short number
    times: Mapped[int] = mapped_column(Integer)  # how often it was said while this was open
    rounds: Mapped[int] = mapped_column(Integer)  # how often it was told; 0: it rests until the moment of `next_at`
    created_at: Mapped[int]
    next_at: Mapped[int | None]  # none: somebody has it
    acknowledged_at: Mapped[int | None]
    # The id of whoever has it, or of their number. No reference: it is no reason to keep or to erase either of them.
    acknowledged_by: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (
        Index(
            "ix_alerts_code",
            "code",
            unique=True,
            postgresql_where=text("next_at IS NOT NULL"),
            sqlite_where=text("next_at IS NOT NULL"),
        ),
    )


class Bridge(Base):
    """A counselor's phone that was rung for somebody on the line, and whether it was taken."""

    __tablename__ = "bridges"
    id: Mapped[str] = an_id()
    conversation_id: Mapped[str] = mapped_column(String(32), index=True)  # whose row may be written after this one
    number_id: Mapped[str | None] = mapped_column(ForeignKey("numbers.id"))  # of whoever is on the line
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    counselor_id: Mapped[str] = mapped_column(String(32), index=True)  # number's id of the phone that is rung
    language: Mapped[str] = mapped_column(String(12))  # in which they are asked
    rung_at: Mapped[int]
    heard_at: Mapped[int | None]  # when they were asked whether they take it
    taken_at: Mapped[int | None]
    ended_at: Mapped[int | None]
