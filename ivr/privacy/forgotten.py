"""PINs that were said to be forgotten: what lies behind them never opens without them, and goes after a waiting time.

Nobody can tell whether the one who says so is the one whose PIN it is, or only holds the phone. So nothing is shown and
nothing is handed over: a new PIN opens an empty place. Whoever enters the old one in time keeps what is theirs.
"""

from sqlalchemy import bindparam, exists, literal_column, select, update

from ivr.db import Statement, Transaction
from ivr.memory import pins, positions
from ivr.models import Alert, Callback, Contact, Number
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import Phone
from ivr.privacy import vanishing
from ivr.team import audit
from ivr.vault import Vault

WAIT = 30 * 86_400_000  # ms: longer than most stay away who come at all
OPERATOR = "operator"

_NUMBER = Statement(select(Number.id).where(Number.found_by == bindparam("index")))
_locked = Contact.pin != literal_column(f"'{pins.CLOSED}'")  # nor those without a PIN
_MARK = Statement(
    update(Contact)
    .where(Contact.number_id == bindparam("number"), _locked, Contact.decoy_of.is_(None), Contact.leaves_at.is_(None))
    .values(leaves_at=bindparam("then"))
)
_owner = select(Contact.decoy_of).where(Contact.id == bindparam("contact")).scalar_subquery()
_KEEP = Statement(
    update(Contact).where((Contact.id == bindparam("contact")) | (Contact.id == _owner)).values(leaves_at=None)
)
# Somebody who waits for a call, or for whom those on duty look, is reached first.
_waits = exists().where(Callback.contact_id == Contact.id, Callback.closed_at.is_(None))
_sought = exists().where(Alert.contact_id == Contact.id, Alert.next_at.is_not(None))
_OVERDUE = Statement(
    select(Contact.id, Contact.number_id)
    .where(Contact.leaves_at <= bindparam("now"), _locked, ~_waits, ~_sought)
    .order_by(Contact.leaves_at)
    .limit(1)
)


def note(tx: Transaction, vault: Vault, phone: Phone, now: int) -> None:
    """Somebody said that they forgot their PIN at this number. The same happens, and is written, whoever is there."""
    row = tx.one(_NUMBER, index=vault.index(phone.number))
    if row and contacts.hold_number(tx, row[0]):
        tx.run(_MARK, number=row[0], then=now + WAIT)
        audit.note(tx, row[0], OPERATOR, "pin forgotten", "", now)


def keep(tx: Transaction, contact: str) -> None:
    """A PIN of this person was entered, the one that shows an empty place included: what is theirs stays."""
    tx.run(_KEEP, contact=contact)


def erase_next(tx: Transaction, now: int) -> bool:
    """Erases one person whose PIN nobody entered in time; whether there was one."""
    found = tx.one(_OVERDUE, now=now)
    if found is None or not contacts.hold_number(tx, found[1]) or tx.one(_OVERDUE, now=now) != found:
        return False  # the PIN was entered at this very moment
    return bool(vanishing.erase(tx, positions.fresh(Party("sms", "", "", found[1], found[0])), now))
