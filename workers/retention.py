"""Once a day: what is older than it need be goes, from the database and, as words, from the carrier's lists."""

import asyncio
import logging
from collections.abc import AsyncIterator

from ivr.carriers.api import Api, Listed, day
from ivr.outbox import counts
from ivr.outbox.statuses import LAST, RANKS
from ivr.privacy import forgotten, retention, vanishing
from ivr.runtime import Runtime
from workers import catching_up
from workers.carrier import carrier

log = logging.getLogger(__name__)

# Marks: when rows were last removed; until when the carrier's texts have no words any more; when that was last tried.
REMOVED, REDACTED, TRIED = "removed", "redacted", "tried to redact"
ON_ITS_WAY = "20009"  # the carrier never heard how it ended, and will not let go of it: many networks do not tell
DAY, HOUR = 86_400_000, 3_600_000  # ms
AGAIN = 2 * HOUR  # after a try at the carrier that did not go well
FIRST = 30 * DAY  # how far back the first look at the carrier goes
AT_ONCE = 20  # requests: nobody waits for them, and texts that go out need the carrier too


def keep(house: Runtime) -> None:
    """Both, when a day is over since the last time."""
    now = house.now()
    with house.database.transaction() as tx:
        removed, tried = counts.marked(tx, REMOVED), counts.marked(tx, TRIED)
    if removed is None or now - removed >= DAY:
        remove(house)
    if tried is None or now - tried >= AGAIN:
        redact(house)


def remove(house: Runtime) -> None:
    """From the database, a few rows a transaction."""
    for rule in retention.RULES:
        more = True
        while more:
            with house.database.transaction() as tx:
                more = retention.remove(tx, rule, house.config, house.now())
    while _one_is_erased(house):
        pass
    with house.database.transaction() as tx:
        counts.mark(tx, REMOVED, house.now())
        counts.mark(tx, vanishing.MARK, house.now())  # so that SQLite's journal is emptied as well


def _one_is_erased(house: Runtime) -> bool:
    """Whose PIN was said to be forgotten, and did not open anything in time."""
    with house.database.transaction() as tx:
        return forgotten.erase_next(tx, house.now())


def redact(house: Runtime) -> None:
    """The words of texts in both directions that have come to their end; a day at a time, and again what failed."""
    now = house.now()
    with house.database.transaction() as tx:
        counts.mark(tx, TRIED, now)
        done, taken_up = counts.marked(tx, REDACTED), counts.marked(tx, catching_up.MARK)
    # Whoever's text was not taken up yet has nothing here but the carrier's words.
    until = min(now - house.config.keep_carrier_hours * HOUR, (taken_up or 0) - catching_up.OVERLAP)
    since = done or until - FIRST
    if until - since < DAY:
        return
    try:
        failed = asyncio.run(_redacted(house, since - HOUR, until))
    except OSError as error:
        log.warning("old texts at the carrier cannot be redacted: %s", error)
        return
    if failed:
        log.warning("%s old texts at the carrier could not be redacted yet: %s", len(failed), failed[0])
        return
    with house.database.transaction() as tx:
        counts.mark(tx, REDACTED, until)


async def _redacted(house: Runtime, since: int, until: int) -> list[str]:
    """Why some could not be. Raises OSError when the list cannot be read."""
    places = asyncio.Semaphore(AT_ONCE)
    async with carrier(house) as api:
        tasks = [asyncio.create_task(_redact(api, text.sid, places)) async for text in _old(house, api, since, until)]
        return [why for task in tasks if (why := await task) not in ("", ON_ITS_WAY)]


async def _redact(api: Api, sid: str, places: asyncio.Semaphore) -> str:
    async with places:
        return await api.redact_text(sid)


async def _old(house: Runtime, api: Api, since: int, until: int) -> AsyncIterator[Listed]:
    for ours in house.config.service_number:
        for side in ("From", "To"):
            async for text in api.texts(**{side: ours.number, "DateSent>": day(since)}):
                if since <= text.created_at <= until and text.body and _has_ended(text.status):
                    yield text


def _has_ended(status: str) -> bool:
    """`sent` too: many carriers never say more."""
    return status in ("received", "sent") or RANKS.get(status, 0) >= LAST
