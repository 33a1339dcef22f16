"""The short way in for the webhook that comes most often, the next turn of a call: to its door without Flask.

Flask's routing, contexts and sessions cost a turn more instructions than all that the turn itself does. The route in
`routes` stays: it is what this one does, and what serves whatever this one does not recognise.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from ivr.runtime import Runtime
from ivr.web import voice
from ivr.web.webhooks import LARGEST, TWIML, Forged, Webhook

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

_TURN = re.compile(r"/twilio/voice/([\w-]{1,12})/(\d{1,9})", re.ASCII)


def shortened(app: Wsgi, runtime: Runtime) -> Wsgi:
    """`app`, with the turns of calls taken out before they reach it."""

    def front(environ: Environ, start: Start) -> Iterable[bytes]:
        turn = _TURN.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        body = _body(environ) if turn else None
        if turn is None or body is None:
            return app(environ, start)
        return _answered(runtime, _webhook(environ, body), turn[1], int(turn[2]), start)

    return front


def _body(environ: Environ) -> bytes | None:
    """The body, where its length is told and sane; all else is for Flask to judge."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit() and int(length) <= LARGEST):
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _webhook(environ: Environ, body: bytes) -> Webhook:
    return Webhook(
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        body,
        environ.get("HTTP_X_TWILIO_SIGNATURE", ""),
        environ.get("HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS", ""),
    )


def _answered(runtime: Runtime, webhook: Webhook, language: str, turn: int, start: Start) -> list[bytes]:
    try:
        status, kind, body = "200 OK", TWIML, voice.answer(runtime, webhook, language, turn)
    except Forged as forged:
        status, kind, body = "403 FORBIDDEN", "text/plain; charset=utf-8", str(forged).encode()
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
