"""Looks through the carrier's lists: for rows of which nobody knows whether they went out, and for texts that came in
while no webhook could be answered.
"""

import asyncio
from time import monotonic

from ivr.apart import apart
from ivr.carriers.api import Api, Listed, day
from ivr.outbox import doubts
from ivr.outbox.doubts import Doubt
from ivr.runtime import Runtime
from workers.carrier import carrier

SLACK = 5_000  # ms by which the carrier's clock may be behind ours
SOON = 60_000  # ms: a call that was accepted that long after its intent was another one
LONGEST = 60.0  # seconds of one round: after it nothing more is taken on


def look(runtime: Runtime) -> int:
    """Settles all rows in doubt, while the carrier's lists can be read; how many were looked for."""
    count, until = 0, monotonic() + LONGEST
    while monotonic() < until:
        with runtime.database.transaction() as tx:
            taken = doubts.take(tx, runtime.now())
        count += len(taken)
        if not taken or not asyncio.run(_look(runtime, taken)):
            break
    return count


async def _look(runtime: Runtime, taken: list[Doubt]) -> bool:
    """All at once, as many as `take` gives: one at a time, an hour of doubts would take as long. Whether all went."""
    async with carrier(runtime) as api:
        return all(await asyncio.gather(*(_settled(runtime, api, doubt) for doubt in taken)))


async def _settled(runtime: Runtime, api: Api, doubt: Doubt) -> bool:
    """One that nobody can look for, for its number cannot be opened, does not keep the others waiting."""
    with apart(f"looking for a row of kind {doubt.kind}"):
        return await _settle(runtime, api, doubt)
    return True


async def _settle(runtime: Runtime, api: Api, doubt: Doubt) -> bool:
    """False when the list could not be read."""
    try:
        candidates = await _candidates(runtime, api, doubt)
    except OSError:
        with runtime.database.transaction() as tx:
            doubts.not_looked(tx, doubt, runtime.now())
        return False
    with runtime.database.transaction() as tx:
        if not any(doubts.found(tx, doubt, each.sid) for each in candidates):
            doubts.not_found(tx, doubt, runtime.now())
    return True


async def _candidates(runtime: Runtime, api: Api, doubt: Doubt) -> list[Listed]:
    """What the list has that may be this row, the oldest first. Raises OSError."""
    number = runtime.vault.open("numbers.sealed", doubt.number_id, doubt.number).decode()
    since = day(doubt.submitted_at - SLACK)
    if doubt.channel == "voice":
        listed = [each async for each in api.calls(To=number, From=doubt.sender, **{"StartTime>": since})]
    else:
        listed = [each async for each in api.texts(To=number, From=doubt.sender, **{"DateSent>": since})]
    return [each for each in reversed(listed) if _fits(runtime, doubt, each)]


def _fits(runtime: Runtime, doubt: Doubt, listed: Listed) -> bool:
    """Since the intent; and the very words, or a call that began at once."""
    since = listed.created_at - doubt.submitted_at
    if since < -SLACK or not listed.direction.startswith("outbound"):
        return False
    return since < SOON if doubt.channel == "voice" else runtime.vault.index(listed.body) == doubt.said
