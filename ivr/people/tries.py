"""How often something was tried in vain, under a keyed hash: until the misses are so many that nothing is looked at."""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from ivr.db import Statement, Transaction
from ivr.models import SignInTries

_TRIES = Statement(select(SignInTries.misses, SignInTries.since).where(SignInTries.key == bindparam("key_")))
_MISS = Statement(
    insert(SignInTries)
    .values(key=bindparam("key"), misses=1, since=bindparam("since"))
    .on_conflict_do_update(index_elements=["key"], set_={"misses": SignInTries.misses + 1, "since": bindparam("since")})
)
_KEEP = Statement(
    insert(SignInTries)
    .values(key=bindparam("key"), misses=bindparam("many"), since=bindparam("since"))
    .on_conflict_do_update(index_elements=["key"], set_={"misses": bindparam("many"), "since": bindparam("since")})
)
_CLEAR = Statement(delete(SignInTries).where(SignInTries.key == bindparam("key_")))
_FORGET = Statement(delete(SignInTries).where(SignInTries.since <= bindparam("since_")))


def missed(tx: Transaction, key: str, now: int, pause: int) -> int:
    """Misses of which the last one is less than `pause` ms ago."""
    row = tx.one(_TRIES, key_=key)
    return row[0] if row and row[1] > now - pause else 0


def miss(tx: Transaction, key: str, now: int, pause: int) -> int:
    """One more; how many they are by now."""
    before = missed(tx, key, now, pause)
    if not before:
        clear(tx, key)
    tx.run(_MISS, key=key, since=now)
    return before + 1


def keep(tx: Transaction, key: str, misses: int, since: int) -> None:
    """So many were counted elsewhere, where they are forgotten now."""
    tx.run(_KEEP, key=key, many=misses, since=since)


def clear(tx: Transaction, key: str) -> None:
    """It went well: none counts any more."""
    tx.run(_CLEAR, key_=key)


def forget(tx: Transaction, since: int) -> int:
    """Removes those whose last miss was before; how many."""
    return tx.run(_FORGET, since_=since)
