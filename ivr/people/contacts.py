"""Who is calling: numbers, the people behind them, what they agreed to and what they stopped."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, delete, func, insert, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from ivr.db import Statement, Transaction
from ivr.models import Contact, Conversation, Erased, Number, OptOut, new_id
from ivr.phone import Phone
from ivr.vault import Vault

# Sources of a STOP that nobody said. Whoever asks for something takes back "not for me" and no answer after 45 days;
# whoever writes or rings at all has shown that the number is in use.
WRONG_PERSON, SILENT, UNREACHABLE = "wrong person", "silent", "unreachable"


@dataclass(slots=True)
class Party:
    """The person on a call or behind a text, and the number of ours that they reached. Withheld: without ids."""

    channel: str
    service_number: str
    language: str
    number_id: str | None = None
    contact_id: str | None = None


def last_heard(number: Any) -> ScalarSelect[Any]:
    """When somebody at a number last pressed a key or wrote; NULL for never."""
    someone = aliased(Contact)
    heard = select(func.max(Conversation.pressed_at)).join(someone, someone.id == Conversation.contact_id)
    return heard.where(someone.number_id == number).scalar_subquery()


def standing_stop(number: Any, channel: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a STOP for a number on a channel that was not taken back."""
    return OptOut.number_id == number, OptOut.channel == channel, OptOut.ended_at.is_(None)


_FIND = Statement(
    select(Number.id, Contact.id, Contact.language)
    .join(Contact, Contact.number_id == Number.id)
    .where(Number.found_by == bindparam("index"), Contact.pin.is_(None))
)
_FIND_NUMBER = Statement(select(Number.id).where(Number.found_by == bindparam("index")))
_ADD_NUMBER = Statement(insert(Number))
_ADD_CONTACT = Statement(insert(Contact))
_COUNTRY = Statement(select(Number.country).where(Number.id == bindparam("row")))
_SEALED = Statement(select(Number.sealed).where(Number.id == bindparam("row")))
_SETTLE = Statement(
    update(Contact).where(Contact.id == bindparam("row"), Contact.zone.is_(None)).values(zone=bindparam("new_zone"))
)
_SPOKEN = Statement(select(Contact.language).where(Contact.id == bindparam("row")))
_HOLD = Statement(select(Contact.id).where(Contact.id == bindparam("row")).with_for_update(key_share=True))
_HOLD_NUMBER = Statement(select(Number.id).where(Number.id == bindparam("row")).with_for_update(key_share=True))
_SPEAK = Statement(update(Contact).where(Contact.id == bindparam("row")).values(language=bindparam("new_language")))
_STOP = Statement(insert(OptOut))
_STANDING = standing_stop(bindparam("number"), bindparam("channel_"))
_STOPPED = Statement(select(OptOut.id).where(*_STANDING))
_STOPPED_BEFORE = Statement(select(Erased.stopped).where(Erased.found_by == bindparam("index")))
_KNOWN_AGAIN = Statement(delete(Erased).where(Erased.found_by == bindparam("index"), Erased.look_at.is_(None)))


def _of(*sources: str) -> ColumnElement[bool]:
    return OptOut.source.in_([literal_column(f"'{source}'") for source in sources])


_is_said = ~_of(WRONG_PERSON, SILENT, UNREACHABLE)
_SAID_SINCE = Statement(  # what holds against a STOP that is heard of late: another one, or a START that came after it
    select(OptOut.id)
    .where(
        OptOut.number_id == bindparam("number"),
        OptOut.channel == bindparam("channel_"),
        or_(
            OptOut.ended_at.is_(None)
            & (OptOut.created_at >= bindparam("at"))
            & (_is_said | (OptOut.source == bindparam("source_"))),  # what is taken back so easily stands for no STOP
            OptOut.ended_at > bindparam("surely"),
        ),
    )
    .limit(1)
)
_RESUME = Statement(
    update(OptOut).where(*_STANDING, OptOut.created_at <= bindparam("at")).values(ended_at=bindparam("at"))
)
START = "start"  # the source of what is no STOP, but a START without one
UNDER_WAY = 15_000  # ms that a webhook may be under way: whoever said START so soon may have said it before
_take_back = (
    update(OptOut)
    .where(OptOut.number_id == bindparam("number"), OptOut.ended_at.is_(None), OptOut.created_at <= bindparam("at"))
    .values(ended_at=bindparam("at"))
)
_COME_BACK = Statement(_take_back.where(_of(WRONG_PERSON, SILENT)))
_HEARD_FROM = Statement(_take_back.where(_of(UNREACHABLE)))
_RANG = Statement(_take_back.where(_of(SILENT)))


def recognise(tx: Transaction, vault: Vault, phone: Phone | None, party: Party, now: int) -> Party:
    """The party with its ids: found by number, or added as somebody new; unchanged when the number is withheld."""
    if phone is None:
        return party
    row = tx.one(_FIND, index=vault.index(phone.number))
    if row is None:
        return _add(tx, vault, phone, party, now)
    party.number_id, party.contact_id, party.language = row[0], row[1], row[2] or party.language
    return party


def find(tx: Transaction, vault: Vault, phone: Phone) -> str | None:
    """The contact who answers to this number without a PIN; None for a stranger, who stays one."""
    row = tx.one(_FIND, index=vault.index(phone.number))
    return str(row[1]) if row else None


def _add(tx: Transaction, vault: Vault, phone: Phone, party: Party, now: int) -> Party:
    party.number_id, party.contact_id = number(tx, vault, phone, now), new_id()
    add(tx, party.contact_id, party.number_id, now)
    return party


def add(tx: Transaction, contact: str, number_id: str, now: int, pin: str | None = None, of: str | None = None) -> None:
    """Somebody new at this number. `of`: the person whose second PIN opens them."""
    new = {"language": None, "zone": None, "hours": None, "openness": None, "leaves_at": None}
    tx.run(_ADD_CONTACT, id=contact, number_id=number_id, pin=pin, decoy_of=of, created_at=now, **new)


def hold(tx: Transaction, party: Party) -> None:
    """Until this transaction ends, no other one that holds this person goes on. (SQLite has one writer anyway.)"""
    tx.one(_HOLD, row=party.contact_id)


def hold_number(tx: Transaction, number_id: str | None) -> bool:
    """The same for a number, which several people may share. False when there is none."""
    return tx.one(_HOLD_NUMBER, row=number_id) is not None


def number(tx: Transaction, vault: Vault, phone: Phone, now: int) -> str:
    """The id of this number's row, which is added where there is none."""
    index = vault.index(phone.number)
    row = tx.one(_FIND_NUMBER, index=index)
    if row:
        return str(row[0])
    id = new_id()
    sealed = vault.seal("numbers.sealed", id, phone.number.encode())
    tx.run(_ADD_NUMBER, id=id, found_by=index, sealed=sealed, country=phone.country, created_at=now, heard_at=None)
    _stop_as_before(tx, id, index, now)
    return id


def _stop_as_before(tx: Transaction, number_id: str, index: str, now: int) -> None:
    """A STOP outlives the erasing of all else: whoever comes back has not taken it back."""
    erased = tx.one(_STOPPED_BEFORE, index=index)
    for channel in erased[0].split() if erased else ():
        stop(tx, number_id, channel, "erased", now)
    tx.run(_KNOWN_AGAIN, index=index)


def was_erased(tx: Transaction, index: str) -> bool:
    """Whether somebody at this number was erased, and has not come by themselves since."""
    return tx.one(_STOPPED_BEFORE, index=index) is not None


def country(tx: Transaction, number_id: str | None) -> str:
    """The country of a number, '' when unknown."""
    row = tx.one(_COUNTRY, row=number_id) if number_id else None
    return str(row[0]) if row else ""


def phone_number(tx: Transaction, vault: Vault, number_id: str) -> str:
    """The number itself, E.164. Raises LookupError for none."""
    row = tx.one(_SEALED, row=number_id)
    if row is None:
        raise LookupError("there is no such number")
    return vault.open("numbers.sealed", number_id, row[0]).decode()


def settle_zone(tx: Transaction, contact: str, zone: str) -> None:
    """Notes in which IANA zone this person lives, unless it is known."""
    tx.run(_SETTLE, row=contact, new_zone=zone)


def language(tx: Transaction, contact: str) -> str:
    """The language that this person chose; '' for none."""
    row = tx.one(_SPOKEN, row=contact)
    return row[0] or "" if row else ""


def has_chosen_language(tx: Transaction, party: Party) -> bool:
    """Whether this person has ever said which language they want."""
    return bool(party.contact_id and language(tx, party.contact_id))


def speak(tx: Transaction, party: Party, language: str) -> None:
    """From now on this person is spoken to in `language`."""
    party.language = language
    if party.contact_id:
        tx.run(_SPEAK, row=party.contact_id, new_language=language)


def stop(tx: Transaction, number_id: str | None, channel: str, source: str, at: int) -> None:
    """STOP for this number on this channel, said at that moment, by the person or told by the carrier.

    It holds the number, as whatever is about to go out does: what is submitted after this is committed knows of it.
    """
    if number_id and hold_number(tx, number_id):
        said = {"number": number_id, "channel_": channel, "source_": source, "at": at, "surely": at + UNDER_WAY}
        if tx.one(_SAID_SINCE, **said) is None:
            _note(tx, number_id, channel, source, at, None)


def has_stopped(tx: Transaction, number_id: str, channel: str) -> bool:
    """Whether nothing may go out to this number on this channel."""
    return tx.one(_STOPPED, number=number_id, channel_=channel) is not None


def come_back(tx: Transaction, number_id: str | None, now: int) -> None:
    """Somebody at this number asks for something themselves: what only kept the line from strangers is over."""
    if number_id:
        tx.run(_COME_BACK, number=number_id, at=now)


def rang(tx: Transaction, number_id: str | None, at: int) -> None:
    """Somebody let us ring, or it looks so: the number is in use. Whether by whom it was before, nobody has said."""
    if number_id:
        tx.run(_RANG, number=number_id, at=at)


def heard_from(tx: Transaction, number_id: str | None, at: int) -> None:
    """Somebody at this number wrote or rang at that moment: it can be reached, whatever the carrier said before."""
    if number_id:
        tx.run(_HEARD_FROM, number=number_id, at=at)


def start_again(tx: Transaction, number_id: str | None, channel: str, at: int) -> None:
    """START, said at that moment: texts or calls may go out again, unless a STOP came after it.

    It is noted too where no STOP stands: one that came before it may be heard of later.
    """
    if number_id and not tx.run(_RESUME, number=number_id, channel_=channel, at=at):
        _note(tx, number_id, channel, START, at, at)


def _note(tx: Transaction, number_id: str, channel: str, source: str, at: int, ended_at: int | None) -> None:
    tx.run(_STOP, id=new_id(), number_id=number_id, channel=channel, source=source, created_at=at, ended_at=ended_at)
