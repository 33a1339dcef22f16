"""The desk: who takes requests and when they are there, whom they rang, and the book of who did what."""

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.models.base import Base, an_id

_OPEN = text("closed_at IS NULL")
_WITH_PHONE = text("found_by IS NOT NULL")


class Counselor(Base):
    """Somebody who works at the desk. Their phone stands here and not among people's numbers: no erasure meets it."""

    __tablename__ = "counselors"
    id: Mapped[str] = an_id()
    login: Mapped[str] = mapped_column(String(32), unique=True)  # a short name that colleagues see
    role: Mapped[str] = mapped_column(String(16))  # counselor, supervisor, administrator, auditor
    language: Mapped[str] = mapped_column(String(12))  # in which the desk speaks to them
    speaks: Mapped[str] = mapped_column(String(64))  # codes of the languages in which they can help, with blanks
    gender: Mapped[str | None] = mapped_column(String(8))  # woman, man; none: not said
    found_by: Mapped[str | None] = mapped_column(String(64))  # keyed hash of their phone's number
    phone: Mapped[bytes | None]  # sealed
    pin: Mapped[str | None] = mapped_column(String(200))  # slow hash; none: the phone commands nothing
    password: Mapped[str | None] = mapped_column(String(200))  # Argon2id; none: no page
    totp: Mapped[bytes | None]  # sealed
    totp_used: Mapped[int]  # the last time step whose code was taken: a code counts once
    invite: Mapped[str | None] = mapped_column(String(64))  # hash of the word by which they choose a password; once
    invited_at: Mapped[int | None]
    epoch: Mapped[int] = mapped_column(Integer)  # what was signed in under an older one is over
    created_at: Mapped[int]
    ended_at: Mapped[int | None]
    __table_args__ = (
        Index("ix_counselors_phone", "found_by", unique=True, postgresql_where=_WITH_PHONE, sqlite_where=_WITH_PHONE),
    )


class SignIn(Base):
    """Somebody at the page, under the hash of the word that their browser holds."""

    __tablename__ = "sign_ins"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    counselor_id: Mapped[str] = mapped_column(ForeignKey("counselors.id"), index=True)
    epoch: Mapped[int] = mapped_column(Integer)  # that of the counselor when it began
    began_at: Mapped[int] = mapped_column(index=True)
    seen_at: Mapped[int]


class SignInTries(Base):
    """How often it was tried in vain to sign in: under a name, or from an address, each as a keyed hash."""

    __tablename__ = "sign_in_tries"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    misses: Mapped[int] = mapped_column(Integer)
    since: Mapped[int] = mapped_column(index=True)


class Shift(Base):
    """From when until when somebody is on duty: planned, or begun and ended by their own word."""

    __tablename__ = "shifts"
    id: Mapped[str] = an_id()
    counselor_id: Mapped[str] = mapped_column(ForeignKey("counselors.id"), index=True)
    starts_at: Mapped[int]
    ends_at: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[int]


class Callback(Base):
    """A wish to be rung by a counselor, or somebody to be looked after who may be in danger. One open one a person."""

    __tablename__ = "callbacks"
    id: Mapped[str] = an_id()
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    number_id: Mapped[str] = mapped_column(ForeignKey("numbers.id"), index=True)  # the number to ring
    service_number: Mapped[str] = mapped_column(String(20))  # by which they reached us, and see us ring
    ref: Mapped[int] = mapped_column(Integer)  # by which counselors name it; no two open ones share one
    state: Mapped[str] = mapped_column(String(16))  # requested, claimed, attempted; reached, not_reached, cancelled …
    card: Mapped[bytes | None]  # sealed: how they can be rung safely; none: nothing was said of it
    language: Mapped[str] = mapped_column(String(12))
    wish: Mapped[str | None] = mapped_column(String(8))  # for a woman or a man
    channel: Mapped[str] = mapped_column(String(8))
    asked: Mapped[int] = mapped_column(Integer)  # how many times, while it was open; 0: they did not, see urgent_at
    urgent_at: Mapped[int | None]  # since when it is urgent: asked for as that, or said so; never taken back
    lane: Mapped[int] = mapped_column(Integer)  # 0 urgent, 1 all others
    place_at: Mapped[int]  # within its lane the earliest is next
    place_why: Mapped[str] = mapped_column(String(8))  # urgent, first, usual, often
    from_at: Mapped[int]  # not to be rung before; 0: at any time
    until_at: Mapped[int | None]  # nor from then on, until the next hours that are safe
    counselor_id: Mapped[str | None] = mapped_column(ForeignKey("counselors.id"), index=True)  # who has it
    leased_until: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(Integer)
    attempted_at: Mapped[int | None]  # the last one
    wrote_at: Mapped[int | None]  # since when something that they wrote to a counselor has not been read
    created_at: Mapped[int]
    closed_at: Mapped[int | None]
    __table_args__ = (
        Index("ix_callbacks_open", "contact_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_callbacks_ref", "ref", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_callbacks_queue", "lane", "place_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_callbacks_of", "contact_id", "closed_at"),
    )


class Note(Base):
    """What a counselor wrote about a request: for those who ring this person next."""

    __tablename__ = "notes"
    id: Mapped[str] = an_id()
    callback_id: Mapped[str] = mapped_column(ForeignKey("callbacks.id"), index=True)
    counselor_id: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes]  # sealed
    created_at: Mapped[int]


class DeskText(Base):
    """What a counselor wrote to somebody by text. What they answer is a message as any other of theirs."""

    __tablename__ = "desk_texts"
    id: Mapped[str] = an_id()
    callback_id: Mapped[str] = mapped_column(ForeignKey("callbacks.id"), index=True)
    counselor_id: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes]  # sealed
    given_at: Mapped[int | None]  # when they were told the words themselves
    brought_by: Mapped[str | None] = mapped_column(String(120))  # the key of what went out with them; none: an answer
    created_at: Mapped[int]


class Call(Base):
    """A counselor's phone and that of somebody who asked for a call: who was rung when, and what became of it."""

    __tablename__ = "calls"
    id: Mapped[str] = an_id()
    ring_id: Mapped[str] = mapped_column(String(32), index=True)  # the first one: theirs is the counselor's leg
    callback_id: Mapped[str] = mapped_column(ForeignKey("callbacks.id"), index=True)
    counselor_id: Mapped[str] = mapped_column(ForeignKey("counselors.id"))
    phone_id: Mapped[str] = mapped_column(String(32), index=True)  # number's id of the counselor's phone
    rung_at: Mapped[int]
    answered_at: Mapped[int | None]  # when the counselor pressed a key
    dialled_at: Mapped[int | None]  # when the person's phone was rung
    heard_at: Mapped[int | None]  # when somebody, or something, picked it up
    taken_at: Mapped[int | None]  # when they were put through
    pins: Mapped[int] = mapped_column(Integer)  # looked at in this call
    told: Mapped[str] = mapped_column(String(16))  # why they were not put through; empty: not known
    outcome: Mapped[str | None] = mapped_column(String(16))
    seconds: Mapped[int | None] = mapped_column(Integer)  # talked
    ended_at: Mapped[int | None]


class Entry(Base):
    """One line of the audit: who did what to what, when and why. Never content; never changed; each holds the last one.

    `about` is a request, a counselor, or what else it is the story of, as a random id: erasing a person leaves it.
    """

    __tablename__ = "audit"
    id: Mapped[str] = an_id()
    about: Mapped[str] = mapped_column(String(32))
    n: Mapped[int] = mapped_column(Integer)  # in the story of this, from 0
    who: Mapped[str] = mapped_column(String(32))  # a counselor's id; person, line, operator
    what: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(120))
    at: Mapped[int] = mapped_column(index=True)
    previous: Mapped[str] = mapped_column(String(64))  # the hash of the line before it
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("about", "n", name="uq_audit_about"),)


class Seal(Base):
    """The heads of all stories that moved, in one hash after the other: whoever takes away a whole story breaks it."""

    __tablename__ = "audit_seals"
    n: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[int]
    lines: Mapped[int] = mapped_column(Integer)  # how many it holds that no earlier one does
    hash: Mapped[str] = mapped_column(String(64))
