"""What the carrier tells about calls and texts: where ours have got to, and that a call is over."""

import logging
from urllib.parse import parse_qs

from ivr.callbacks import calls, talks, transfers
from ivr.carriers.twilio import Form
from ivr.db import Transaction
from ivr.memory import positions
from ivr.outbox import bridges, statuses
from ivr.outbox.follow_ups import follow_up
from ivr.outbox.statuses import Ended, Told
from ivr.runtime import Runtime
from ivr.transactions import in_transaction
from ivr.web.webhooks import NOTHING, Webhook, verified

log = logging.getLogger(__name__)

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})  # Twilio's last words on a call


def answer(runtime: Runtime, webhook: Webhook) -> bytes:
    """An empty answer. Raises Forged, and nothing else: what is not noted is found in the carrier's lists."""
    form = verified(runtime, webhook)
    row = parse_qs(webhook.query).get("o", [""])[0]
    try:
        in_transaction(runtime, lambda tx: _told(runtime, tx, form, row[:32]))
    except Exception:  # the one place for statuses
        log.exception("a status was not noted")
    return NOTHING


def _told(runtime: Runtime, tx: Transaction, form: Form, row: str) -> bytes:
    now = runtime.now()
    if form.get("CallStatus") in OVER:
        positions.end_call(tx, form.get("CallSid")[:64], now)
        talks.call_over(tx, runtime.vault, runtime.content.hours.zone, form.get("CallSid")[:64], now)
        transfers.over(tx, runtime.vault, bridges.end_of_call(tx, form.get("CallSid")[:64], now), now)
    told = Told(row, _sid(form), form.get("MessageStatus") or form.get("CallStatus"), form.get("ErrorCode"))
    if row or form.get("MessageStatus"):  # calls that people made are none of ours
        tell(runtime, tx, told, now)
    return NOTHING


def tell(runtime: Runtime, tx: Transaction, told: Told, now: int) -> None:
    """Writes a word of the carrier, and what follows from it."""
    if ended := statuses.tell(tx, told, now):
        follow(runtime, tx, ended, now)


def follow(runtime: Runtime, tx: Transaction, ended: Ended, now: int) -> None:
    """What follows from the end of something that went out."""
    follow_up(tx, ended, runtime.rings, now)
    if ended.kind == calls.KIND:
        talks.leg_over(tx, runtime.vault, runtime.content.hours.zone, ended.about, now)


def _sid(form: Form) -> str:
    return (form.get("MessageSid") or form.get("CallSid"))[:64]
