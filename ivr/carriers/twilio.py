"""What Twilio sends us: forms, their signature, and its own words for STOP. Somleng and SignalWire speak the same."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from twilio.request_validator import RequestValidator, get_signature_algorithm

# Twilio answers these itself and blocks the number; a further text of ours would fail with error 21610.
# Source: Twilio's documentation of default opt-out keywords for long codes.
STOPS = frozenset(["stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"])


class Form(NamedTuple):
    """The fields of a webhook, as the bytes that were signed."""

    pairs: Sequence[tuple[bytes, bytes]]

    def get(self, name: str, default: str = "") -> str:
        """The first value of a field, `default` where it is missing. Broken UTF-8 is replaced, not refused.

        NUL is left out: no database keeps it.
        """
        wanted = name.encode()
        for field, value in self.pairs:
            if field == wanted:
                return value.decode("utf-8", "replace").replace("\0", "")
        return default


def read_form(body: bytes) -> Form:
    """The fields of an urlencoded body; whatever is none becomes a field without a value."""
    parts = (part.partition(b"=") for part in body.replace(b"+", b" ").split(b"&") if part)
    return Form([(_unquote(name), _unquote(value)) for name, _, value in parts])


def is_signed(tokens: Sequence[str], url: str, form: Form, signature: str, settings: str = "") -> bool:
    """Whether the carrier signed this request with one of our tokens.

    The common case is a few lines, held to the library by a test; what they do not accept, the library judges
    (ports written or left out, other algorithms). Source: Twilio's "Webhooks security".
    """
    if not signature:
        return False
    content = url.encode() + b"".join(name + value for name, value in _in_order(form))
    given = signature.encode("utf-8", "replace")
    if any(hmac.compare_digest(given, _sign(token, content)) for token in tokens):
        return True
    return any(_library_accepts(token, url, form, signature, settings) for token in tokens)


def _in_order(form: Form) -> list[tuple[bytes, bytes]]:
    pairs = sorted(form.pairs)
    return pairs if len({name for name, _ in pairs}) == len(pairs) else sorted(set(pairs))


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


def _unquote(text: bytes) -> bytes:
    return unquote_to_bytes(text) if b"%" in text else text
