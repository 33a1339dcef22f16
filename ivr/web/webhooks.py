"""A webhook as it arrives, bytes and all, and the proof that the carrier sent it."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from ivr.carriers import twilio
from ivr.db import Transaction
from ivr.runtime import Runtime
from ivr.turns import Turn

T = TypeVar("T")

TRIES = 5  # a person's own requests can overtake each other several times
NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
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


def in_transaction(runtime: Runtime, work: Callable[[Transaction], T], hurries: Callable[[], bool] | None = None) -> T:
    """What `work` answers, in one transaction; when another request was quicker, what it answers after that one.

    Work that is tried again finds the answer that the same request was given, so it does nothing twice. Raises TooLate
    when there is none in time; `hurries` is asked early whether that is now.
    """

    def tried(turn: Turn[T]) -> T:
        return _tried(runtime, work, turn)

    return runtime.turns.take(tried, hurries)


def _tried(runtime: Runtime, work: Callable[[Transaction], T], turn: Turn[T]) -> T:
    worth_a_try: tuple[type[Exception], ...] = (*runtime.database.conflicts, Overtaken)
    for left in range(TRIES, 0, -1):
        try:
            with runtime.database.transaction() as tx:
                answer = work(tx)
                turn.must_be_in_time()
                return answer
        except worth_a_try:
            if left == 1 or turn.given_up:
                raise
    raise AssertionError  # the last try has returned or raised
