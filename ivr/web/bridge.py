"""A counselor's phone was picked up: a key puts them through to whoever is on the line. A machine presses none."""

import logging

from ivr.callbacks import alerts, transfers
from ivr.carriers.twilio import Form
from ivr.channels.voice import Urls
from ivr.db import Transaction
from ivr.engine.model import Choice, Menu, Wait
from ivr.engine.run import phrase
from ivr.outbox import bridges
from ivr.runtime import Runtime
from ivr.transactions import in_transaction
from ivr.web.out import HANG_UP
from ivr.web.webhooks import Webhook, verified

log = logging.getLogger(__name__)

THROUGH = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
TAKE = "1"
WAIT = Wait(voice=8, sms=0)  # seconds: whoever rang hears it ring


def answer(runtime: Runtime, webhook: Webhook, bridge: str) -> bytes:
    """The TwiML for this webhook. Raises Forged, and nothing else: whatever breaks, the next phone is rung."""
    form = verified(runtime, webhook)
    try:
        return in_transaction(runtime, lambda tx: _answered(runtime, tx, bridge[:32], webhook.query, form))
    except Exception:  # the one place for counselors' phones
        log.exception("a call could not be put through to a counselor")
        return HANG_UP


def _answered(runtime: Runtime, tx: Transaction, id: str, query: str, form: Form) -> bytes:
    between, now = bridges.find(tx, id), runtime.now()
    if between is None or between.ended_at:
        return HANG_UP
    if not query:
        bridges.heard(tx, id, now)
        return _asked(runtime, id, between.language)
    if form.get("Digits") != TAKE or not bridges.take(tx, id, now):
        return HANG_UP
    if between.contact:
        alerts.end_of(tx, between.contact, between.counselor, now)
        transfers.begun(tx, runtime.vault, between, now)
    return THROUGH


def _asked(runtime: Runtime, id: str, spoken: str) -> bytes:
    """In their own language: somebody waits; to talk with them, press one."""
    language = runtime.content.known(spoken)
    flows, address = runtime.content.flows[language], runtime.config.bridge_url(id)
    menu = Menu((Choice(TAKE, phrase(flows, "take_the_call").voice),), WAIT)
    urls = Urls(f"{address}?key", f"{address}?silence", f"{address}?key", f"{address}?key")
    return runtime.content.voices[language].render((phrase(flows, "somebody_waits"), menu), urls)
