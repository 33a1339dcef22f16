"""Missed calls that came in while nothing could be noted: found in the carrier's list, and seen to as is still due."""

import asyncio
import logging

from ivr import missed_calls, phone
from ivr.apart import apart
from ivr.carriers.api import Listed, day
from ivr.config import MISSED_CALL
from ivr.db import Transaction
from ivr.memory import positions
from ivr.outbox import counts
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import Phone
from ivr.runtime import Runtime
from workers.carrier import carrier
from workers.catching_up import FRESH, due_since

log = logging.getLogger(__name__)

MARK = "missed calls"


def catch_up(house: Runtime) -> int:
    """Looks through the list every five minutes, where there is a door for them; how many calls were looked at."""
    doors = [each.number for each in house.config.service_number if each.role == MISSED_CALL]
    now = house.now()
    since = due_since(house, MARK, now) if doors else None
    if since is None:
        return 0
    try:
        found = asyncio.run(_listed(house, doors, since))
    except OSError as error:
        log.warning("missed calls that nobody noted cannot be looked for: %s", error)
        return 0
    recent = [each for each in found if since <= each.created_at <= now - FRESH]
    for each in recent:
        with apart("seeing to a missed call that nobody noted"):
            _see_to(house, each)
    with house.database.transaction() as tx:
        counts.mark(tx, MARK, now)
    return len(recent)


async def _listed(house: Runtime, doors: list[str], since: int) -> list[Listed]:
    """Calls to these numbers since that day, the newest first: it says how long ago somebody rang. Raises OSError."""
    async with carrier(house) as api:
        calls = [each for door in doors async for each in api.calls(To=door, **{"StartTime>": day(since)})]
    inbound = (each for each in calls if each.direction == "inbound")
    return sorted(inbound, key=lambda each: each.created_at, reverse=True)


def _see_to(house: Runtime, listed: Listed) -> None:
    sender = phone.caller(listed.sender, house.config.country)
    if sender is None:
        return
    with house.database.transaction() as tx:
        if not contacts.was_erased(tx, house.vault.index(sender.number)):
            _found(house, tx, listed, sender)


def _found(house: Runtime, tx: Transaction, listed: Listed, sender: Phone) -> None:
    now, line = house.now(), house.line
    party = Party("voice", line.number, house.content.known(house.service(listed.to).language, line.language))
    contacts.recognise(tx, house.vault, sender, party, now)
    contacts.heard_from(tx, party.number_id, listed.created_at)
    missed_calls.found_late(house.scene(tx, positions.fresh(party), now), listed.sid, listed.created_at)
