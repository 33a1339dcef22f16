"""Looks through the carrier's lists: for rows of which nobody knows whether they went out, and for texts that came in
while no webhook could be answered.
"""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ivr.carriers.api import Api, Listed, connected
from ivr.outbox import doubts
from ivr.outbox.doubts import Doubt
from ivr.runtime import Runtime

SLACK = 5_000  # ms by which the carrier's clock may be behind ours
SOON = 60_000  # ms: a call that was accepted that long after its intent was another one


def look(runtime: Runtime) -> int:
    """Settles rows in doubt; how many were looked for."""
    with runtime.database.transaction() as tx:
        taken = doubts.take(tx, runtime.now())
    if taken:
        asyncio.run(_look(runtime, taken))
    return len(taken)


async def _look(runtime: Runtime, taken: list[Doubt]) -> None:
    config = runtime.config
    token = config.twilio_auth_token[0]
    async with connected(config.twilio_api_base_url, config.twilio_account_sid, token) as api:
        for doubt in taken:
            await _settle(runtime, api, doubt)


async def _settle(runtime: Runtime, api: Api, doubt: Doubt) -> None:
    try:
        candidates = await _candidates(runtime, api, doubt)
    except OSError:
        with runtime.database.transaction() as tx:
            doubts.not_looked(tx, doubt, runtime.now())
        return
    with runtime.database.transaction() as tx:
        if not any(doubts.found(tx, doubt, each.sid) for each in candidates):
            doubts.not_found(tx, doubt, runtime.now())


async def _candidates(runtime: Runtime, api: Api, doubt: Doubt) -> list[Listed]:
    """What the list has that may be this row, the oldest first. Raises OSError."""
    number = runtime.vault.open("numbers.sealed", doubt.number_id, doubt.number).decode()
    day = datetime.fromtimestamp((doubt.submitted_at - SLACK) / 1000, UTC).strftime("%Y-%m-%d")
    if doubt.channel == "voice":
        listed = [each async for each in api.calls(To=number, From=doubt.sender, **{"StartTime>": day})]
    else:
        listed = [each async for each in api.texts(To=number, From=doubt.sender, **{"DateSent>": day})]
    return [each for each in reversed(listed) if _fits(runtime, doubt, each)]


def _fits(runtime: Runtime, doubt: Doubt, listed: Listed) -> bool:
    """Since the intent; and the very words, or a call that began at once."""
    since = _ms(listed.created) - doubt.submitted_at
    if since < -SLACK or not listed.direction.startswith("outbound"):
        return False
    return since < SOON if doubt.channel == "voice" else runtime.vault.index(listed.body) == doubt.said


def _ms(moment: str) -> int:
    try:
        return round(parsedate_to_datetime(moment).timestamp() * 1000)
    except ValueError:
        return 0
