"""PINs: several people on one number, each with what is theirs. Whoever guesses learns nothing, and is slowed.

The salt of a hash is the number's own and needs INDEX_KEY: a try costs one hash, however many people share the number,
and a stolen database cannot be tried out. Five misses at a number, on whatever channel, and for a quarter of an hour no
PIN opens anything there. The right one during that pause, a wrong one and one where there is none are all the same.
"""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, literal_column, select, update

from ivr.db import Statement, Transaction
from ivr.models import (
    Callback,
    Checkin,
    Contact,
    Exercise,
    Number,
    PinTries,
    Schedule,
    SignInTries,
    new_id,
)
from ivr.people import arrivals, consents, contacts, tries
from ivr.people.contacts import Party
from ivr.vault import Vault

TRIES, PAUSE = 5, 900_000  # ms
SHORTEST, LONGEST = 4, 6  # digits
FLOW = "pin"  # and the name of the words that open it
CLOSED = "-"  # in place of a hash: nobody opens this one any more
_RUN = "01234567890 09876543210"


class Tries(NamedTuple):
    """Misses since a moment, and until when nothing opens."""

    misses: int
    since: int
    paused_until: int


_WHOSE = Statement(select(Contact.id).where(Contact.number_id == bindparam("number"), Contact.pin == bindparam("hash")))
_PIN = Statement(select(Contact.pin).where(Contact.id == bindparam("row")))
_SET = Statement(update(Contact).where(Contact.id == bindparam("row")).values(pin=bindparam("new_pin"), leaves_at=None))
_SINCE = Statement(select(Contact.created_at).where(Contact.id == bindparam("row")))
_DECOY = Statement(select(Contact.id).where(Contact.decoy_of == bindparam("owner")))
_OWNER = Statement(select(Contact.decoy_of).where(Contact.id == bindparam("row")))
_DEFAULT = Statement(select(Contact.id).where(Contact.number_id == bindparam("number"), Contact.pin.is_(None)))
_ANY = Statement(select(Contact.id).where(Contact.number_id == bindparam("number"), Contact.pin.is_not(None)).limit(1))
_KEPT = Statement(
    select(literal_column("1")).where(
        exists().where(Checkin.contact_id == bindparam("contact"))
        | exists().where(Exercise.contact_id == bindparam("contact"))
        | exists().where(Callback.contact_id == bindparam("contact"))
        | exists().where(Schedule.contact_id == bindparam("contact"))
    )
)
_TRIES = Statement(
    select(PinTries.misses, PinTries.since, PinTries.paused_until).where(PinTries.number_id == bindparam("number"))
)
_ADD = Statement(insert(PinTries))
_REMOVE = Statement(delete(PinTries).where(PinTries.number_id == bindparam("number")))
_SET_ASIDE = Statement(
    select(SignInTries.misses, SignInTries.since)
    .join(Number, Number.found_by == SignInTries.key)
    .where(Number.id == bindparam("number"))
)
_NOTE = Statement(
    update(PinTries)
    .where(PinTries.number_id == bindparam("number"))
    .values(misses=bindparam("new_misses"), since=bindparam("new_since"), paused_until=bindparam("new_pause"))
)


def opens(tx: Transaction, vault: Vault, number_id: str | None, pin: str, now: int) -> str | None:
    """Whose PIN this is; None for nobody's, and for everybody's during a pause. A miss is counted."""
    hashed = vault.stretched(pin, number_id or "")
    found, is_paused = _tried(tx, number_id, hashed, now)
    return None if is_paused else found


def choose(tx: Transaction, vault: Vault, party: Party, pin: str, now: int) -> bool:
    """From now on this is the PIN of this person; the number has a new default. False when it cannot be, or not now."""
    hashed = vault.stretched(pin, party.number_id or "")
    if not (party.contact_id and party.number_id) or not _free(tx, party.number_id, pin, hashed, party.contact_id, now):
        return False
    was_default = not has_pin(tx, party.contact_id)
    tx.run(_SET, row=party.contact_id, new_pin=hashed)
    if was_default:
        _leave_place(tx, party.number_id)
    return True


def choose_second(tx: Transaction, vault: Vault, party: Party, pin: str, words: str, now: int) -> bool:
    """From now on this PIN opens an empty profile, which behaves as anybody's. False when it cannot be, or not now.

    `words`: the hash of those that ask whether answers may be kept, to which its person seems to have said no.
    """
    hashed = vault.stretched(pin, party.number_id or "")
    decoy = tx.one(_DECOY, owner=party.contact_id)
    own = decoy[0] if decoy else None
    if not (party.contact_id and party.number_id) or not _free(tx, party.number_id, pin, hashed, own, now):
        return False
    if own:
        tx.run(_SET, row=own, new_pin=hashed)
    else:  # there for as long as its owner, who is told since when something is kept
        (since,) = tx.one(_SINCE, row=party.contact_id) or (now,)
        contacts.add(tx, own := new_id(), party.number_id, since or now, hashed, party.contact_id)
    _furnish(tx, replace(party, contact_id=own), words, now)
    return True


def _furnish(tx: Transaction, decoy: Party, words: str, now: int) -> None:
    """A place in which nobody ever chose a language would be met as a stranger's: that is how it would be known."""
    if not contacts.has_chosen_language(tx, decoy):
        contacts.speak(tx, decoy, decoy.language)
        consents.agree(tx, decoy, consents.KEEP, False, words, now)


def remove(tx: Transaction, party: Party) -> str:
    """This person needs no PIN any more: `removed`; `shared` while somebody else uses the number so; `none`."""
    if not has_pin(tx, party.contact_id):
        return "none"
    default = tx.one(_DEFAULT, number=party.number_id)
    if default and tx.one(_KEPT, contact=default[0]):
        return "shared"
    for row in (default, tx.one(_DECOY, owner=party.contact_id)):
        if row:
            tx.run(_SET, row=row[0], new_pin=CLOSED)
    tx.run(_SET, row=party.contact_id, new_pin=None)
    return "removed"


def stands_for(tx: Transaction, contact: str, whose: str) -> bool:
    """Whether somebody who is made to show what came for `whose` shows it so: as themselves, or by the second PIN. To
    find there that nothing was meant for them would tell that there is another place.
    """
    row = tx.one(_OWNER, row=contact)
    return whose in (contact, row[0] if row else None)


def has_pin(tx: Transaction, contact: str | None) -> bool:
    """Whether this person is found by a PIN only."""
    row = tx.one(_PIN, row=contact) if contact else None
    return bool(row and row[0])


def are_at(tx: Transaction, number_id: str | None) -> bool:
    """Whether anybody at this number has a PIN, or had one."""
    return number_id is not None and tx.one(_ANY, number=number_id) is not None


def default_of(tx: Transaction, number_id: str) -> str | None:
    """Who is meant at this number without a PIN."""
    row = tx.one(_DEFAULT, number=number_id)
    return str(row[0]) if row else None


def addressed(tx: Transaction, number_id: str, contact: str | None, has_pin: bool) -> tuple[str | None, dict[str, str]]:
    """Whose conversation it is that the line begins with somebody, and what is known in it.

    Whoever has a PIN must give it first: until then it is that of the person without one, who sees nothing of theirs.
    """
    if not (has_pin and contact):
        return contact, {}
    return default_of(tx, number_id) or _leave_place(tx, number_id), {"whose": contact}


def _leave_place(tx: Transaction, number_id: str) -> str:
    """For whoever has no PIN, and to whom answers to what comes for others belong until it is given."""
    contacts.add(tx, place := new_id(), number_id, arrivals.NOT_YET)
    return place


def set_aside(tx: Transaction, number_id: str, index: str) -> None:
    """The number is about to be forgotten; the misses at it hold for their time. Whoever erases what they found without
    a PIN would else see by a pause that ends, or does not, whether anybody else has one there.
    """
    before = Tries(*(tx.one(_TRIES, number=number_id) or (0, 0, 0)))
    if before.paused_until:
        tries.keep(tx, index, TRIES, before.paused_until - PAUSE)
    elif before.misses:
        tries.keep(tx, index, before.misses, before.since)
    tx.run(_REMOVE, number=number_id)


def _free(tx: Transaction, number_id: str, pin: str, hashed: str, own: str | None, now: int) -> bool:
    """Whether somebody can have this PIN, or has it. To learn whether it is taken is a try as any other."""
    found, is_paused = _tried(tx, number_id, hashed, now, counts=True)
    return found in (None, own) and not is_paused and not is_plain(pin)


def _tried(
    tx: Transaction, number_id: str | None, hashed: str, now: int, *, counts: bool = False
) -> tuple[str | None, bool]:
    """Whose PIN this is, and whether the number is paused. Each try reads and writes the same."""
    if not contacts.hold_number(tx, number_id):
        return None, False
    row = tx.one(_WHOSE, number=number_id, hash=hashed)
    before = _tries(tx, number_id)
    after = before if row and not counts else _missed(before, now)
    tx.run(_NOTE, number=number_id, new_misses=after.misses, new_since=after.since, new_pause=after.paused_until)
    return str(row[0]) if row else None, now < before.paused_until


def _tries(tx: Transaction, number_id: str | None) -> Tries:
    row = tx.one(_TRIES, number=number_id)
    if row is None:
        tx.run(_ADD, number_id=number_id, **(before := _as_before(tx, number_id))._asdict())
        return before
    return Tries(*row)


def _as_before(tx: Transaction, number_id: str | None) -> Tries:
    """What was set aside when this number was forgotten."""
    misses, since = tx.one(_SET_ASIDE, number=number_id) or (0, 0)
    return Tries(0, 0, since + PAUSE) if misses >= TRIES else Tries(misses, since, 0)


def _missed(before: Tries, now: int) -> Tries:
    """One more. A right PIN in between takes none back: else one's own would buy tries at those of others."""
    if now < before.paused_until:
        return before
    if now - before.since >= PAUSE:
        return Tries(1, now, 0)
    misses = before.misses + 1
    return Tries(0, 0, now + PAUSE) if misses >= TRIES else Tries(misses, before.since, 0)


def is_plain(pin: str) -> bool:
    """Too short, too long, or what a guesser tries first."""
    fits = SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdecimal()
    return not fits or pin in _RUN or len(set(pin)) == 1
