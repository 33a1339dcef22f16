"""Texts that came in while no webhook could be answered: found in the carrier's list, taken up once, answered."""

import asyncio
import logging

from ivr import phone
from ivr.apart import apart
from ivr.carriers.api import Api, Listed, day
from ivr.db import Transaction
from ivr.memory import messages
from ivr.outbox import counts, rows
from ivr.outbox.rows import Sending
from ivr.privacy import suppressions
from ivr.runtime import Runtime
from ivr.texts import LONG_AGO, Text
from ivr.web import sms
from workers.carrier import carrier

log = logging.getLogger(__name__)

MARK = "inbound"
EVERY = 300_000  # ms
OVERLAP = 900_000  # ms before the last look that are looked at again: lists lag
FRESH = 60_000  # ms for which a webhook may still be under way
FIRST = 3_600_000  # ms that the very first look goes back
USEFUL = LONG_AGO  # ms after a text: an answer comes late rather than never


def catch_up(house: Runtime) -> int:
    """Looks through the list every five minutes; how many texts were taken up."""
    now = house.now()
    since = due_since(house, MARK, now)
    if since is None:
        return 0
    with house.database.transaction() as tx:
        restored = counts.marked(tx, suppressions.RESTORED) or 0
    try:
        found = asyncio.run(_listed(house, since))
        answered = asyncio.run(_answered(house, since, restored)) if since < restored else {}
    except OSError as error:
        log.warning("texts that a webhook may have missed cannot be looked for: %s", error)
        return 0
    taken = 0
    for each in found:
        if since <= each.created_at <= now - FRESH:
            with apart("taking up a text that no webhook brought"):
                is_old = each.created_at <= answered.get(each.sender, 0)
                taken += _heed(house, each) if is_old else _take_up(house, each)
    with house.database.transaction() as tx:
        counts.mark(tx, MARK, now)
    return taken


def due_since(house: Runtime, mark: str, now: int) -> int | None:
    """From when on a list is to be looked through that has this mark; None: it was not long ago."""
    with house.database.transaction() as tx:
        last = counts.marked(tx, mark)
    if last is None or last > now:  # a mark of a clock that was ahead says nothing
        last = now - FIRST
    return last - OVERLAP if now - last >= EVERY else None


async def _listed(house: Runtime, since: int) -> list[Listed]:
    """Texts to our numbers since that day, the oldest first. Raises OSError."""
    async with carrier(house) as api:
        found = [each for ours in house.config.service_number for each in await _to(api, ours.number, since)]
    return sorted(found, key=lambda each: each.created_at)


async def _to(api: Api, number: str, since: int) -> list[Listed]:
    listed = api.texts(To=number, **{"DateSent>": day(since)})
    return [each async for each in listed if each.direction == "inbound"]


async def _answered(house: Runtime, since: int, until: int) -> dict[str, int]:
    """To whom texts of ours went since that day, before a backup was restored: the last moment. Raises OSError.

    Whoever wrote before it was answered then, and this database does not know of it.
    """
    last: dict[str, int] = {}
    async with carrier(house) as api:
        for ours in house.config.service_number:
            async for each in api.texts(From=ours.number, **{"DateSent>": day(since)}):
                if each.created_at <= until:
                    last[each.to] = max(last.get(each.to, 0), each.created_at)
    return last


def _heed(house: Runtime, listed: Listed) -> bool:
    """A text of before a restore, which was answered: what it stopped is stopped, and nothing else happens. False."""
    text = _text(house, listed)
    with house.database.transaction() as tx:
        if not messages.is_known(tx, text.sid):
            sms.heed(house, tx, text, house.now())
    return False


def _text(house: Runtime, listed: Listed) -> Text:
    service = house.service(listed.to)
    sender = phone.caller(listed.sender, house.config.country)
    about = (sender, service.number, service.language, listed.body[: sms.LONGEST])
    return Text(listed.sid[:64], *about, "", False, listed.created_at)


def _take_up(house: Runtime, listed: Listed) -> bool:
    text = _text(house, listed)
    if not take_up(house, text):
        return False
    log.warning("a text that no webhook brought was found in the carrier's list, and taken up")
    return True


def take_up(house: Runtime, text: Text, surely: bool = False) -> bool:
    """As if its webhook had come now; the answer goes out as a text of ours. False when it was taken up before.

    `surely`: it goes out then too, unless it has: whoever took it up could not tell the answer.
    """
    with house.database.transaction() as tx:
        is_known = messages.is_known(tx, text.sid)
        if is_known and not surely:
            return False
        reply = messages.answer_given(tx, house.vault, text.sid) if is_known else sms.turn(house, tx, text, house.now())
        if messages.words(reply or b""):
            _answer_later(house, tx, text)
    return not is_known


def _answer_later(house: Runtime, tx: Transaction, text: Text) -> None:
    """A withheld number gets none: there is nobody to send it to."""
    conversation = messages.whose(tx, text.sid)
    if conversation is None:
        return
    number_id, contact_id = conversation
    now = house.now()
    whom = (text.service_number, number_id, contact_id)
    rows.add(
        tx, Sending(rows.answer_to(text.sid), "answer", "sms", *whom, "", now, text.at + USEFUL, about=text.sid), now
    )
