"""What the carrier keeps of people who were erased: taken away over its API, copy by copy, until it is gone."""

import asyncio
import logging
from time import monotonic

from ivr import erasures
from ivr.carriers.api import Api, day
from ivr.erasures import CALL, TEXT, Copy
from ivr.outbox import counts
from ivr.privacy import vanishing
from ivr.runtime import Runtime
from workers.carrier import carrier

log = logging.getLogger(__name__)

OVERWRITTEN = "overwritten"  # when SQLite's journal was last emptied after an erasing
HOUR = 3_600_000  # ms
LONGEST = 20.0  # seconds of one round
SLACK = 3_600_000  # ms of the carrier's list that are looked through beyond what is kept there


def erase(house: Runtime) -> int:
    """All copies whose turn it is; how many are gone now."""
    overwrite(house)
    seek(house)
    gone, until = 0, monotonic() + LONGEST
    while monotonic() < until:
        with house.database.transaction() as tx:
            taken = erasures.take(tx, house.now())
        if not taken:
            break
        outcomes = asyncio.run(_erased(house, taken))
        with house.database.transaction() as tx:
            erasures.record(tx, outcomes, house.now())
        gone += sum(not error for _, error in outcomes)
    with house.database.transaction() as tx:
        erasures.forget(tx, house.now())
    return gone


async def _erased(house: Runtime, taken: list[Copy]) -> list[tuple[Copy, str]]:
    async with carrier(house) as api:
        return list(await asyncio.gather(*(_erase(api, copy) for copy in taken)))


async def _erase(api: Api, copy: Copy) -> tuple[Copy, str]:
    request = api.erase_call if copy.kind == CALL else api.erase_text
    return copy, await request(copy.sid)


def seek(house: Runtime) -> None:
    """Answers that went out with a webhook have ids that nobody told us: they are found by the hash of their number."""
    with house.database.transaction() as tx:
        sought = vanishing.looked_for(tx, house.now())
    if not sought:
        return
    since = min(sought.values()) - house.config.keep_carrier_hours * HOUR - SLACK
    try:
        found = asyncio.run(_answers(house, sought, since))
    except OSError as error:
        log.warning("copies at the carrier cannot be looked for: %s", error)
        return
    with house.database.transaction() as tx:
        erasures.add(tx, TEXT, found, house.now(), house.now())
        vanishing.looked(tx, sought)


async def _answers(house: Runtime, sought: dict[str, int], since: int) -> list[str]:
    """The ids of texts of ours to these numbers. Raises OSError."""
    async with carrier(house) as api:
        return [
            text.sid
            for ours in house.config.service_number
            async for text in api.texts(From=ours.number, **{"DateSent>": day(since)})
            if house.vault.index(text.to) in sought
        ]


def overwrite(house: Runtime) -> None:
    """After an erasing nothing of it is left in the journal either."""
    with house.database.transaction() as tx:
        erased, done = counts.marked(tx, vanishing.MARK), counts.marked(tx, OVERWRITTEN)
        now = house.now()
    if erased is None or (done or 0) > erased or not house.database.overwrite():
        return
    with house.database.transaction() as tx:
        counts.mark(tx, OVERWRITTEN, max(now, erased + 1))
