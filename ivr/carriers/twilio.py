"""What Twilio sends us: forms, their signature, and its own words for STOP. Somleng and SignalWire speak the same."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from twilio.request_validator import RequestValidator, get_signature_algorithm

# Twilio answers these itself and blocks the number; a further text of ours would fail with error 21610.
# Source: Twilio's documentation of default opt-out keywords for long codes.
STOPS = frozenset(["stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"])


class Form(NamedTuple):
    """The fields of a webhook, as the bytes that were signed; and the first value of each."""

    pairs: Sequence[tuple[bytes, bytes]]
    first: Mapping[bytes, bytes]

    def get(self, name: str, default: str = "") -> str:
        """The first value of a field, `default` where it is missing. Broken UTF-8 is replaced, not refused.

        NUL is left out: no database keeps it.
        """
        value = self.first.get(name.encode())
        return default if value is None else value.decode("utf-8", "replace").replace("\0", "")


def read_form(body: bytes) -> Form:
    """The fields of an urlencoded body; whatever is none becomes a field without a value."""
    pairs = []
    for part in body.replace(b"+", b" ").split(b"&"):
        name, _, value = part.partition(b"=")
        if b"%" in part:
            name, value = unquote_to_bytes(name), unquote_to_bytes(value)
        if part:
            pairs.append((name, value))
    return Form(pairs, dict(reversed(pairs)))


def is_signed(tokens: Sequence[str], url: str, form: Form, signature: str, settings: str = "") -> bool:
    """Whether the carrier signed this request with one of our tokens.

    The common case is a few lines, held to the library by a test; what they do not accept, the library judges
    (ports written or left out, other algorithms). Source: Twilio's "Webhooks security".
    """
    if not signature:
        return False
    content = url.encode() + b"".join(chain.from_iterable(_in_order(form)))
    given = signature.encode("utf-8", "replace")
    if any(hmac.compare_digest(given, _sign(token, content)) for token in tokens):
        return True
    return any(_library_accepts(token, url, form, signature, settings) for token in tokens)


def _in_order(form: Form) -> list[tuple[bytes, bytes]]:
    """Sorted by name; a field that comes twice with one value counts once."""
    return sorted(form.pairs if len(form.first) == len(form.pairs) else set(form.pairs))


def _sign(token: str, content: bytes) -> bytes:
    return base64.b64encode(hmac.digest(token.encode(), content, hashlib.sha1))


def _library_accepts(token: str, url: str, form: Form, signature: str, settings: str) -> bool:
    fields: dict[str, list[str]] = {}
    for name, value in form.pairs:
        fields.setdefault(name.decode("utf-8", "replace"), []).append(value.decode("utf-8", "replace"))
    try:
        algorithm = get_signature_algorithm(settings) if settings else None
        return bool(RequestValidator(token).validate(url, _Fields(fields), signature, algorithm=algorithm))
    except (TypeError, ValueError):  # the library's own way of saying that this is nothing a carrier sends
        return False


class _Fields(dict[str, list[str]]):
    """The multi-dictionary that the library asks for."""

    def getlist(self, name: str) -> list[str]:
        return self[name]
