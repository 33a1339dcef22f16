"""STOP racing a send: nothing whose intent was committed after the STOP was.

How commits are put in order. A STOP reads the row once more as the last thing in its own transaction. Each statement
reads what was committed before it began (on SQLite, which has one writer, what was committed before the transaction
did). So an intent that the STOP saw was committed first. One that it did not see, and that is there in the end, was
committed later: after the STOP as well, for the STOP holds the number until its own commit, and an intent waits for it.
Whoever slips in between, which the lock forbids, is counted as well. The count errs on the strict side only.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from sqlalchemy import bindparam, select

from faults import people
from faults.clocks import MONDAY_MORNING
from ivr import outgoing
from ivr.config import Config
from ivr.db import Statement, Transaction
from ivr.models import Outgoing
from ivr.outbox import claims, rows
from ivr.outbox.rows import Sending
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.runtime import Runtime

T = TypeVar("T")

NOW = MONDAY_MORNING
RACES = 10_000
PAIRS = 4  # races at the same time
APART = 0.008  # seconds by which the two begin at most after one another

_STATE = Statement(select(Outgoing.state).where(Outgoing.key == bindparam("key_")))


def race(database_url: str, count: int, seed: int = 1) -> Counter[str]:
    """How many races ended how: `submitting`, `suppressed`, or `after STOP`, of which there must be none."""
    config = Config.from_env(people.SETTINGS | {"DATABASE_URL": database_url})
    house = Runtime.of(config, now=lambda: NOW)
    with closing(house.database), ThreadPoolExecutor(PAIRS) as pairs:
        done = pairs.map(lambda pair: _races(house, range(pair, count, PAIRS), seed + pair), range(PAIRS))
        return sum(done, Counter[str]())


def _races(house: Runtime, persons: range, seed: int) -> Counter[str]:
    """One after the other, on a line of their own: what is claimed on it is what was just added."""
    dice, sender = random.Random(seed), f"+2547000009{seed:02}"
    with ThreadPoolExecutor(2) as two:
        return Counter(_race(house, two, sender, person, dice) for person in persons)


def _race(house: Runtime, two: ThreadPoolExecutor, sender: str, person: int, dice: random.Random) -> str:
    key = f"crisis|{person}"
    party = _committed(house, lambda tx: _add(house, tx, sender, person, key))
    intent = two.submit(_after, dice.uniform(0, APART / 2), lambda: _intend(house, sender))
    stop = two.submit(_after, dice.uniform(0, APART), lambda: _stop(house, party, key))
    intent.result()
    seen = stop.result()
    state = _committed(house, lambda tx: _state(tx, key))
    return "after STOP" if state == "submitting" and seen != "submitting" else state


def _add(house: Runtime, tx: Transaction, sender: str, person: int, key: str) -> Party:
    party = people.known(tx, house.vault, person, NOW)
    who = (sender, str(party.number_id), party.contact_id)
    rows.add(tx, Sending(key, "crisis", "sms", *who, "reminder", NOW, NOW + people.HOUR), NOW)
    return party


def _committed(house: Runtime, work: Callable[[Transaction], T]) -> T:
    """In a transaction, and in another one where that could not have the lock: eight threads write all the time."""
    while True:
        try:
            with house.database.transaction() as tx:
                return work(tx)
        except house.database.conflicts:
            continue


def _after(seconds: float, work: Callable[[], str]) -> str:
    time.sleep(seconds)
    return work()


def _intend(house: Runtime, sender: str) -> str:
    """What a worker does before it asks the carrier."""
    batch = _committed(house, lambda tx: claims.claim(tx, sender, "sms", 2, 1, NOW))
    assert batch
    _committed(house, lambda tx: outgoing.prepare(house, tx, batch, NOW))
    return batch


def _stop(house: Runtime, party: Party, key: str) -> str:
    """What the webhook of a STOP writes; and the state of the row as this transaction sees it last."""

    def stop(tx: Transaction) -> str:
        contacts.stop(tx, party.number_id, "sms", "person", NOW)
        return _state(tx, key)

    return _committed(house, stop)


def _state(tx: Transaction, key: str) -> str:
    row = tx.one(_STATE, key_=key)
    assert row
    return str(row[0])
