"""Whether a counselor's phone may command the desk: once its PIN was given, for half a day, until it is lost."""

import secrets

from sqlalchemy import bindparam, delete, insert, select, update

from ivr.db import Statement, Transaction
from ivr.memory import pins
from ivr.models import Counselor, SignIn
from ivr.people import tries
from ivr.team import audit, signins
from ivr.team.counselors import Member, Refused
from ivr.vault import Vault

HOLDS = signins.LONGEST  # ms

_PIN = Statement(select(Counselor.pin).where(Counselor.id == bindparam("row")))
_SET = Statement(
    update(Counselor)
    .where(Counselor.id == bindparam("row"), Counselor.ended_at.is_(None), Counselor.found_by.is_not(None))
    .values(pin=bindparam("new_pin"))
)
_OPEN = Statement(
    select(SignIn.id).where(
        SignIn.id == bindparam("key"), SignIn.epoch == bindparam("epoch_"), SignIn.began_at > bindparam("since")
    )
)
_CLOSE = Statement(delete(SignIn).where(SignIn.id == bindparam("key")))
_BEGIN = Statement(insert(SignIn))


def has_pin(tx: Transaction, who: Member) -> bool:
    """Whether a PIN was chosen for it."""
    row = tx.one(_PIN, row=who.id)
    return bool(row and row[0])


def is_open(tx: Transaction, vault: Vault, who: Member, now: int) -> bool:
    """Whether the PIN was given lately."""
    return tx.one(_OPEN, key=_key(vault, who), epoch_=who.epoch, since=now - HOLDS) is not None


def unlock(tx: Transaction, vault: Vault, who: Member, pin: str, now: int) -> bool:
    """Opens it for half a day by this PIN. After five misses no PIN opens it for a quarter of an hour."""
    row, key = tx.one(_PIN, row=who.id), _key(vault, who)
    hashed = _hashed(vault, who.id, pin)
    if tries.missed(tx, key, now, pins.PAUSE) >= pins.TRIES:
        return False
    if not row or row[0] != hashed:
        if tries.miss(tx, key, now, pins.PAUSE) == pins.TRIES:
            audit.note(tx, who.id, "line", "PIN paused", f"{pins.TRIES} misses", now)
        return False
    tries.clear(tx, key)
    tx.run(_CLOSE, key=key)
    tx.run(_BEGIN, id=key, counselor_id=who.id, epoch=who.epoch, began_at=now, seen_at=now)
    return True


def set_pin(tx: Transaction, vault: Vault, who: Member, pin: str, by: str, now: int) -> None:
    """Chooses it; the phone is locked until it is given. Raises Refused: `pin` for a plain one, `phone` without one."""
    if pins.is_plain(pin):
        raise Refused("pin", "a PIN has 4 to 6 digits, not in a row and not all the same")
    if not tx.run(_SET, row=who.id, new_pin=_hashed(vault, who.id, pin)):
        raise Refused("phone", f"{who.login} has no phone: set one first")
    tx.run(_CLOSE, key=_key(vault, who))
    audit.note(tx, who.id, by, "PIN set", "", now)


def new_pin(tx: Transaction, vault: Vault, who: Member, by: str, now: int) -> str:
    """A PIN by chance, to be told to them once. Raises Refused without a phone."""
    pin = next(pin for pin in iter(_by_chance, "") if not pins.is_plain(pin))
    set_pin(tx, vault, who, pin, by, now)
    return pin


def _by_chance() -> str:
    return f"{secrets.randbelow(10**pins.LONGEST):0{pins.LONGEST}}"


def _hashed(vault: Vault, id: str, pin: str) -> str:
    return vault.stretched(pin, f"desk|{id}")


def _key(vault: Vault, who: Member) -> str:
    """Of a sign-in that no browser's word can ever be: those are hashed without our key."""
    return vault.index(f"phone|{who.id}")
