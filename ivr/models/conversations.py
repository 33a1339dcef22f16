"""What was talked about: conversations, texts, check-ins and exercises."""

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.models.base import Base, an_id


class Conversation(Base):
    """A call, or a thread of texts: where it stands and until when it waits."""

    __tablename__ = "conversations"
    id: Mapped[str] = an_id()
    service_number: Mapped[str] = mapped_column(String(20))
    number_id: Mapped[str | None] = mapped_column(ForeignKey("numbers.id"))  # none: withheld
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    channel: Mapped[str] = mapped_column(String(8))
    call_sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[bytes | None]  # sealed; none: over
    turn: Mapped[int] = mapped_column(Integer)  # the number of the turn that comes next
    replies: Mapped[str] = mapped_column(Text)  # what each turn answered, a sealed line each: `number base64`
    waits_until: Mapped[int | None]
    created_at: Mapped[int]
    updated_at: Mapped[int]
    pressed_at: Mapped[int | None]  # when the last key, or text, came
    ended_at: Mapped[int | None]  # when the call was over
    __table_args__ = (
        Index("ix_conversations_of", "contact_id"),  # without a column that every turn would have to move
        Index("ix_conversations_waiting", "waits_until"),
    )


class Message(Base):
    """A text that came in, under the carrier's id, with what we answered."""

    __tablename__ = "messages"
    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    body: Mapped[bytes]
    reply: Mapped[bytes]
    created_at: Mapped[int]


class Checkin(Base):
    """How somebody is: the answers of one going-through of a flow that keeps them; unfinished ones count as partial."""

    __tablename__ = "checkins"
    id: Mapped[str] = an_id()
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    answers: Mapped[bytes]
    created_at: Mapped[int]
    finished_at: Mapped[int | None]
    __table_args__ = (Index("ix_checkins_of", "contact_id", "created_at"),)


class Exercise(Base):
    """An exercise that somebody was led through, and whether it helped."""

    __tablename__ = "exercises"
    id: Mapped[str] = an_id()
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    name: Mapped[str] = mapped_column(String(64))
    helped: Mapped[bytes]  # sealed: yes, no, or empty
    created_at: Mapped[int]
    __table_args__ = (Index("ix_exercises_of", "contact_id", "created_at"),)
