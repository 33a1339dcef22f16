"""A webhook as it arrives, bytes and all, and the proof that the carrier sent it."""

from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from ivr.carriers import twilio
from ivr.db import Transaction
from ivr.runtime import Runtime

# A person's own requests can overtake each other several times; but somebody waits on the line, and the carrier no
# longer than 15 seconds.
TRIES, PATIENCE = 5, 2.5


TWIML = "text/xml; charset=utf-8"
LARGEST = 4_000_000  # bytes of a request: more is read from nobody, signed or not


class Forged(Exception):
    """The request is not signed by the carrier: 403, and nothing else happens."""

    def __str__(self) -> str:
        return "This request is not signed by the carrier.\n"


class Overtaken(Exception):
    """Another request of the same conversation was quicker; this one did nothing."""


class Webhook(NamedTuple):
    """What the web server saw: path and query as they were sent, the raw body, and the headers that sign them."""

    path: str
    query: str
    body: bytes
    signature: str
    signature_settings: str = ""


def verified(runtime: Runtime, webhook: Webhook) -> twilio.Form:
    """The fields of a webhook that the carrier signed for our public address. Raises Forged."""
    form = twilio.read_form(webhook.body)
    url = runtime.config.public_base_url + webhook.path + ("?" + webhook.query if webhook.query else "")
    tokens = runtime.config.twilio_auth_token
    if not twilio.is_signed(tokens, url, form, webhook.signature, webhook.signature_settings):
        raise Forged
    return form


def in_transaction(runtime: Runtime, turn: Callable[[Transaction], bytes]) -> bytes:
    """What `turn` answers, in one transaction; when another request was quicker, what it answers after that one.

    A turn that is tried again finds the answer that the same request was given, so it does nothing twice.
    """
    until = monotonic() + PATIENCE
    worth_a_try: tuple[type[Exception], ...] = (*runtime.database.conflicts, Overtaken)
    for left in range(TRIES, 0, -1):
        try:
            with runtime.database.transaction() as tx:
                return turn(tx)
        except worth_a_try:
            if left == 1 or monotonic() > until:
                raise
    raise AssertionError  # the last try has returned or raised
