"""A webhook as it arrives, bytes and all, and the proof that the carrier sent it."""

from typing import NamedTuple

from ivr.carriers import twilio
from ivr.runtime import Runtime

NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
TWIML = "text/xml; charset=utf-8"
LARGEST = 4_000_000  # bytes of a request: more is read from nobody, signed or not


class Forged(Exception):
    """The request is not signed by the carrier: 403, and nothing else happens."""

    def __str__(self) -> str:
        return "This request is not signed by the carrier.\n"


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
