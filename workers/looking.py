"""Looks through the carrier's lists: for rows of which nobody knows whether they went out, and for texts that came in
while no webhook could be answered.
"""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

from ivr.apart import apart
from ivr.carriers.api import PAGE, Api, Listed, day
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
    lists: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in taken:
        lists.setdefault((doubt.channel, doubt.sender), []).append(doubt)
    async with carrier(runtime) as api:
        return all(await asyncio.gather(*(_looked(runtime, api, doubts) for doubts in lists.values())))


async def _looked(runtime: Runtime, api: Api, those: list[Doubt]) -> bool:
    """Those of one list, which is read once for all of them. False when it could not be read."""
    try:
        listed = await _listed(api, those)
    except OSError:
        with runtime.database.transaction() as tx:
            for doubt in those:
                doubts.not_looked(tx, doubt, runtime.now())
        return False
    for doubt in those:  # one whose number cannot be opened, so that nobody can look for it, holds up no other
        with apart(f"looking for a row of kind {doubt.kind}"):
            _settle(runtime, doubt, listed)
    return True


async def _listed(api: Api, those: list[Doubt]) -> list[Listed]:
    """What went out from their number of ours since the first of them, the oldest first. Raises OSError.

    The carrier is not asked by the number of a person: an address is written into logs that are not ours.
    """
    channel, sender, since = those[0].channel, those[0].sender, min(each.submitted_at for each in those) - SLACK
    found = (
        api.calls(From=sender, **{"StartTime>": day(since)})
        if channel == "voice"
        else api.texts(From=sender, **{"DateSent>": day(since)})
    )
    return [each async for each in _recent(found, since)][::-1]


async def _recent(listed: AsyncIterator[Listed], since: int) -> AsyncIterator[Listed]:
    """Up to where all is older, not the whole day. What was sent late stands before what was asked for after it, so a
    single older one is no end: a whole page of them is.
    """
    older = 0
    async for each in listed:
        older = 0 if each.created_at >= since else older + 1
        if not older:
            yield each
        if older >= PAGE:
            return


def _settle(runtime: Runtime, doubt: Doubt, listed: list[Listed]) -> None:
    number = runtime.vault.open("numbers.sealed", doubt.number_id, doubt.number).decode()
    candidates = [each for each in listed if each.to == number and _fits(runtime, doubt, each)]
    with runtime.database.transaction() as tx:
        if not any(doubts.found(tx, doubt, each.sid) for each in candidates):
            doubts.not_found(tx, doubt, runtime.now())


def _fits(runtime: Runtime, doubt: Doubt, listed: Listed) -> bool:
    """Since the intent; and the very words, or a call that began at once."""
    since = listed.created_at - doubt.submitted_at
    if since < -SLACK or not listed.direction.startswith("outbound"):
        return False
    return since < SOON if doubt.channel == "voice" else runtime.vault.index(listed.body) == doubt.said
