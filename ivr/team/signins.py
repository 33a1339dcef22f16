"""Who is signed in at the page: by password and code, for a time, and not after anything about them changed.

The browser holds a word of 256 bits, the database only its hash. Limits are those of OWASP ASVS 5.0, 7.3: half an hour
without a click, twelve hours in all. Ten misses under a name, or twenty from an address, and for a while nothing that
is typed there is looked at; nobody learns which of name, password and code was wrong, or whether there is such a name.
"""

import hashlib
import secrets
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from ivr.db import Statement, Transaction
from ivr.models import Counselor, SignIn
from ivr.people import tries
from ivr.team import audit, passwords
from ivr.team.counselors import COLUMNS, Member
from ivr.vault import Vault

MINUTE, HOUR = 60_000, 3_600_000  # ms
IDLE, LONGEST = 30 * MINUTE, 12 * HOUR
SEEN_EACH = MINUTE  # not each click is written down
TOTP = "counselors.totp"
BY_NAME, NAME_PAUSE = 10, 15 * MINUTE
BY_ADDRESS, ADDRESS_PAUSE = 20, HOUR


class Typed(NamedTuple):
    """What somebody typed in order to sign in, and from which address."""

    login: str
    password: str
    code: str
    address: str


class Stored(NamedTuple):
    """What is known of a name: its password's hash and its authenticator, sealed."""

    id: str
    password: str | None
    totp: bytes | None


_STORED = Statement(
    select(Counselor.id, Counselor.password, Counselor.totp).where(
        Counselor.login == bindparam("login_"), Counselor.ended_at.is_(None)
    )
)
_USE_CODE = Statement(  # a code counts once
    update(Counselor)
    .where(Counselor.id == bindparam("row"), Counselor.ended_at.is_(None), Counselor.totp_used < bindparam("step"))
    .values(totp_used=bindparam("step"))
)
_ADD = Statement(insert(SignIn))
_EPOCH = Statement(select(Counselor.epoch).where(Counselor.id == bindparam("row")))
_FIND = Statement(
    select(*COLUMNS, SignIn.seen_at)
    .join(SignIn, SignIn.counselor_id == Counselor.id)
    .where(
        SignIn.id == bindparam("key"),
        SignIn.epoch == Counselor.epoch,
        Counselor.ended_at.is_(None),
        SignIn.seen_at > bindparam("seen_after"),
        SignIn.began_at > bindparam("began_after"),
    )
)
_SEEN = Statement(update(SignIn).where(SignIn.id == bindparam("key")).values(seen_at=bindparam("now")))
_END = Statement(delete(SignIn).where(SignIn.id == bindparam("key")))
_FORGET = Statement(delete(SignIn).where(SignIn.began_at <= bindparam("began_after")))


def is_paused(tx: Transaction, vault: Vault, typed: Typed, now: int) -> bool:
    """Whether it was missed so often, under this name or from this address, that nothing is looked at now."""
    return any(tries.missed(tx, key, now, pause) >= most for key, most, pause in _keys(vault, typed))


def stored(tx: Transaction, login: str) -> Stored | None:
    """What is known of this name; None for one that nobody has."""
    row = tx.one(_STORED, login_=login)
    return Stored(*row) if row else None


def step(vault: Vault, of: Stored | None, typed: Typed, now: int) -> int | None:
    """The time step of the code, when password and code are right; None otherwise. Slow, and as slow for nobody."""
    fits = passwords.fits(of.password if of else None, typed.password)
    secret = vault.open(TOTP, of.id, of.totp).decode() if of and of.totp else passwords.new_secret()
    found = passwords.step(secret, typed.code, now)
    return found if fits and of and of.totp else None


def begin(tx: Transaction, vault: Vault, typed: Typed, of: Stored | None, step: int | None, now: int) -> str | None:
    """The word for their browser; None, and a miss is counted, when it was wrong, or the code was used before."""
    if of is None or step is None or not tx.run(_USE_CODE, row=of.id, step=step):
        _miss(tx, vault, typed, of, now)
        return None
    tries.clear(tx, _keys(vault, typed)[0][0])
    token, epoch = secrets.token_urlsafe(32), tx.one(_EPOCH, row=of.id)
    assert epoch
    tx.run(_ADD, id=stored_as(token), counselor_id=of.id, epoch=epoch[0], began_at=now, seen_at=now)
    audit.note(tx, of.id, of.id, "signed in", "", now)
    return token


def find(tx: Transaction, token: str, now: int, is_click: bool = True) -> Member | None:
    """Whose word this is; None when it is over, or never was. What a page asks for by itself is no click."""
    key = stored_as(token)
    row = tx.one(_FIND, key=key, seen_after=now - IDLE, began_after=now - LONGEST)
    if row is None:
        return None
    if is_click and row[-1] <= now - SEEN_EACH:
        tx.run(_SEEN, key=key, now=now)
    return Member(*row[:-1])


def end(tx: Transaction, who: Member, token: str, now: int) -> None:
    """This browser is signed in no more."""
    if tx.run(_END, key=stored_as(token)):
        audit.note(tx, who.id, who.id, "signed out", "", now)


def forget(tx: Transaction, now: int) -> int:
    """Removes what is over, and old misses; how many rows."""
    return tx.run(_FORGET, began_after=now - LONGEST) + tries.forget(tx, now - ADDRESS_PAUSE)


def _keys(vault: Vault, typed: Typed) -> tuple[tuple[str, int, int], ...]:
    name, address = vault.index(f"name|{typed.login.lower()}"), vault.index(f"address|{typed.address}")
    return (name, BY_NAME, NAME_PAUSE), (address, BY_ADDRESS, ADDRESS_PAUSE)


def _miss(tx: Transaction, vault: Vault, typed: Typed, of: Stored | None, now: int) -> None:
    for key, most, pause in _keys(vault, typed):
        misses = tries.miss(tx, key, now, pause)
        if of and most == BY_NAME and misses == most:
            audit.note(tx, of.id, "line", "sign-in paused", f"{most} misses", now)


def stored_as(token: str) -> str:
    """What the database holds of a word that only a browser, or whoever is invited, knows."""
    return hashlib.sha256(token.encode()).hexdigest()
