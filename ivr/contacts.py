"""Who is calling: numbers, the people behind them, what they agreed to and what they stopped."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, insert, or_, select, update

from ivr.db import Statement, Transaction
from ivr.models import Consent, Contact, Number, OptOut, new_id
from ivr.phone import Phone
from ivr.vault import Vault


@dataclass(slots=True)
class Party:
    """The person on a call or behind a text, and the number of ours that they reached. Withheld: without ids."""

    channel: str
    service_number: str
    language: str
    number_id: str | None = None
    contact_id: str | None = None


def newest_consent(contact: Any, purpose: Any) -> Select[bool, int]:
    """What was said last about a purpose, and when. Of a bound contact, or of each row of a statement around it."""
    return (
        select(Consent.given, Consent.created_at)
        .where(Consent.contact_id == contact, Consent.purpose == purpose)
        .order_by(Consent.created_at.desc(), Consent.id)
        .limit(1)
    )


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
_AGREE = Statement(insert(Consent))
_AGREED = Statement(newest_consent(bindparam("contact"), bindparam("purpose_")))
_STOP = Statement(insert(OptOut))
_STANDING = standing_stop(bindparam("number"), bindparam("channel_"))
_STOPPED = Statement(select(OptOut.id).where(*_STANDING))
_SAID_SINCE = Statement(  # what holds against a STOP that is heard of late: another one, or a START that came after it
    select(OptOut.id)
    .where(
        OptOut.number_id == bindparam("number"),
        OptOut.channel == bindparam("channel_"),
        or_(OptOut.ended_at.is_(None) & (OptOut.created_at >= bindparam("at")), OptOut.ended_at > bindparam("surely")),
    )
    .limit(1)
)
_RESUME = Statement(
    update(OptOut).where(*_STANDING, OptOut.created_at <= bindparam("at")).values(ended_at=bindparam("at"))
)
START = "start"  # the source of what is no STOP, but a START without one
UNDER_WAY = 15_000  # ms that a webhook may be under way: whoever said START so soon may have said it before


def recognise(tx: Transaction, vault: Vault, phone: Phone | None, party: Party, now: int) -> Party:
    """The party with its ids: found by number, or added as somebody new; unchanged when the number is withheld."""
    if phone is None:
        return party
    row = tx.one(_FIND, index=vault.index(phone.number))
    if row is None:
        return _add(tx, vault, phone, party, now)
    party.number_id, party.contact_id, party.language = row[0], row[1], row[2] or party.language
    return party


def _add(tx: Transaction, vault: Vault, phone: Phone, party: Party, now: int) -> Party:
    party.number_id, party.contact_id = number(tx, vault, phone, now), new_id()
    new = {"pin": None, "language": None, "zone": None, "hours": None}
    tx.run(_ADD_CONTACT, id=party.contact_id, number_id=party.number_id, created_at=now, **new)
    return party


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
    tx.run(_ADD_NUMBER, id=id, found_by=index, sealed=sealed, country=phone.country, created_at=now)
    return id


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


def has_chosen_language(tx: Transaction, party: Party) -> bool:
    """Whether this person has ever said which language they want."""
    row = tx.one(_SPOKEN, row=party.contact_id) if party.contact_id else None
    return bool(row and row[0])


def speak(tx: Transaction, party: Party, language: str) -> None:
    """From now on this person is spoken to in `language`."""
    party.language = language
    if party.contact_id:
        tx.run(_SPEAK, row=party.contact_id, new_language=language)


def agree(tx: Transaction, party: Party, purpose: str, given: bool, words: str, now: int) -> None:
    """Notes what was agreed or refused, and the hash of the words that were heard.

    It counts as later than what was said before, also within the same millisecond or when the clock was set back.
    What is withdrawn holds the number as STOP does: nothing is submitted any more after this is committed.
    """
    if party.contact_id:
        if not given:
            hold_number(tx, party.number_id)
        before = tx.one(_AGREED, contact=party.contact_id, purpose_=purpose)
        tx.run(
            _AGREE,
            id=new_id(),
            contact_id=party.contact_id,
            purpose=purpose,
            given=given,
            language=party.language,
            channel=party.channel,
            words=words,
            created_at=max(now, before[1] + 1) if before else now,
        )


def agreed(tx: Transaction, party: Party, purpose: str) -> bool | None:
    """What this person said last about a purpose; None when never asked, or withheld."""
    row = tx.one(_AGREED, contact=party.contact_id, purpose_=purpose) if party.contact_id else None
    return bool(row[0]) if row else None


def stop(tx: Transaction, number_id: str | None, channel: str, source: str, at: int) -> None:
    """STOP for this number on this channel, said at that moment, by the person or told by the carrier.

    It holds the number, as whatever is about to go out does: what is submitted after this is committed knows of it.
    """
    if number_id and hold_number(tx, number_id):
        said = {"number": number_id, "channel_": channel, "at": at, "surely": at + UNDER_WAY}
        if tx.one(_SAID_SINCE, **said) is None:
            _note(tx, number_id, channel, source, at, None)


def has_stopped(tx: Transaction, number_id: str, channel: str) -> bool:
    """Whether nothing may go out to this number on this channel."""
    return tx.one(_STOPPED, number=number_id, channel_=channel) is not None


def start_again(tx: Transaction, number_id: str | None, channel: str, at: int) -> None:
    """START, said at that moment: texts or calls may go out again, unless a STOP came after it.

    It is noted too where no STOP stands: one that came before it may be heard of later.
    """
    if number_id and not tx.run(_RESUME, number=number_id, channel_=channel, at=at):
        _note(tx, number_id, channel, START, at, at)


def _note(tx: Transaction, number_id: str, channel: str, source: str, at: int, ended_at: int | None) -> None:
    tx.run(_STOP, id=new_id(), number_id=number_id, channel=channel, source=source, created_at=at, ended_at=ended_at)
