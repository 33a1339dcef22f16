"""What a counselor knows of somebody before they ring: check-ins, exercises and what helped, texts, calls, notes."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import bindparam, select

from ivr.db import Row, Statement, Transaction
from ivr.memory import messages
from ivr.models import Callback, Checkin, Conversation, Counselor, DeskText, Exercise, Message, Note
from ivr.vault import Vault

MANY = 20  # of each kind, the newest
WHOLE = 3  # answers from which a check-in that was left says as much as one that was finished
CHECKIN, EXERCISE, TEXT, REQUEST, NOTE, DESK_TEXT = "checkin", "exercise", "text", "request", "note", "desk_text"
WAITS, UNASKED = "waits", "unasked"


class Moment(NamedTuple):
    """Something that was, at that time (ms, UTC).

    What `name` and `words` are depends on the kind: a check-in's flow and points, an exercise's and whether it helped,
    a text and what it was answered, a request's state and whether it was asked for, a note's or a counselor's text's
    writer and what it says.
    """

    at: int
    kind: str
    name: str
    words: str
    more: str = ""  # of a counselor's text: whether it waits to be read


_CHECKINS = Statement(
    select(Checkin.id, Checkin.name, Checkin.answers, Checkin.created_at)
    .where(Checkin.contact_id == bindparam("contact"))
    .order_by(Checkin.created_at.desc())
    .limit(MANY)
)
_EXERCISES = Statement(
    select(Exercise.id, Exercise.name, Exercise.helped, Exercise.created_at)
    .where(Exercise.contact_id == bindparam("contact"))
    .order_by(Exercise.created_at.desc())
    .limit(MANY)
)
_TEXTS = Statement(
    select(Message.sid, Message.body, Message.reply, Message.created_at)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .where(Conversation.contact_id == bindparam("contact"))
    .order_by(Message.created_at.desc())
    .limit(MANY)
)
_REQUESTS = Statement(
    select(Callback.state, Callback.asked, Callback.created_at)
    .where(Callback.contact_id == bindparam("contact"), Callback.id != bindparam("row"))
    .order_by(Callback.created_at.desc())
    .limit(MANY)
)
_note = (
    select(Note.id, Counselor.login, Note.body, Note.created_at)
    .join(Callback, Callback.id == Note.callback_id)
    .outerjoin(Counselor, Counselor.id == Note.counselor_id)
    .order_by(Note.created_at.desc())
    .limit(MANY)
)
_NOTES = Statement(_note.where(Callback.contact_id == bindparam("contact")))
_NOTES_OF = Statement(_note.where(Callback.id == bindparam("row"), Callback.contact_id.is_(None)))


_DESK_TEXTS = Statement(
    select(DeskText.id, Counselor.login, DeskText.body, DeskText.created_at, DeskText.given_at)
    .join(Callback, Callback.id == DeskText.callback_id)
    .outerjoin(Counselor, Counselor.id == DeskText.counselor_id)
    .where(Callback.contact_id == bindparam("contact"))
    .order_by(DeskText.created_at.desc())
    .limit(MANY)
)


def of(tx: Transaction, vault: Vault, contact: str | None, request: str) -> list[Moment]:
    """All of it, the newest first; of somebody without a number of their own only the notes about this request."""
    if contact is None:
        return list(_notes(vault, tx.all(_NOTES_OF, row=request)))
    found = [
        *_checkins(tx, vault, contact),
        *_exercises(tx, vault, contact),
        *_texts(tx, vault, contact),
        *_requests(tx.all(_REQUESTS, contact=contact, row=request)),
        *_notes(vault, tx.all(_NOTES, contact=contact)),
        *_desk_texts(tx, vault, contact),
    ]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _checkins(tx: Transaction, vault: Vault, contact: str) -> Iterator[Moment]:
    for id, name, sealed, at in tx.all(_CHECKINS, contact=contact):
        answers = json.loads(vault.open("checkins.answers", id, sealed)).values()
        if len(answers) >= WHOLE:
            yield Moment(at, CHECKIN, name, " ".join(answers))


def _exercises(tx: Transaction, vault: Vault, contact: str) -> Iterator[Moment]:
    for id, name, sealed, at in tx.all(_EXERCISES, contact=contact):
        yield Moment(at, EXERCISE, name, vault.open("exercises.helped", id, sealed).decode())


def _texts(tx: Transaction, vault: Vault, contact: str) -> Iterator[Moment]:
    for sid, body, reply, at in tx.all(_TEXTS, contact=contact):
        said = vault.open(messages.BODY, sid, body).decode("utf-8", "replace").strip()
        if said and not said.isdecimal():  # a key that was texted says nothing without its question
            yield Moment(at, TEXT, said, messages.words(messages.opened(vault, sid, reply)))


def _requests(rows: list[Row]) -> Iterator[Moment]:
    for state, asked, at in rows:
        yield Moment(at, REQUEST, state, "" if asked else UNASKED)


def _desk_texts(tx: Transaction, vault: Vault, contact: str) -> Iterator[Moment]:
    for id, login, sealed, at, given_at in tx.all(_DESK_TEXTS, contact=contact):
        words = vault.open("desk_texts.body", id, sealed).decode()
        yield Moment(at, DESK_TEXT, login or "", words, "" if given_at else WAITS)


def _notes(vault: Vault, rows: list[Row]) -> Iterator[Moment]:
    for id, login, sealed, at in rows:
        yield Moment(at, NOTE, login or "", vault.open("notes.body", id, sealed).decode())
