"""What the carrier tells about a call: when it is over, a text may go on where it stood."""

import logging

from ivr import positions
from ivr.db import Transaction
from ivr.runtime import Runtime
from ivr.web.webhooks import Webhook, in_transaction, verified

log = logging.getLogger(__name__)

NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})  # Twilio's last words on a call


def answer(runtime: Runtime, webhook: Webhook) -> bytes:
    """An empty answer. Raises Forged, and nothing else: a status that is lost costs a text some minutes of waiting."""
    form = verified(runtime, webhook)
    try:
        if form.get("CallStatus") in OVER:
            in_transaction(runtime, lambda tx: _over(runtime, tx, form.get("CallSid")[:64]))
    except Exception:  # the one place for statuses
        log.exception("a call's end was not noted")
    return NOTHING


def _over(runtime: Runtime, tx: Transaction, call_sid: str) -> bytes:
    positions.end_call(tx, call_sid, runtime.now())
    return NOTHING
