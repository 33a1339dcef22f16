"""Webhooks as Twilio sends them when a key was pressed on a call: 28 fields, over 600 bytes, each correctly signed."""

from functools import cache
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

TOKEN = "a-token-for-the-bench"
PUBLIC = "https://line.example.org"
NUMBER = "+254700000100"
TYPE = "application/x-www-form-urlencoded; charset=UTF-8"
_PLACE = {"City": "NAIROBI WESTLANDS", "Country": "KE", "State": "NAIROBI COUNTY", "Zip": "00100"}


class Webhook(NamedTuple):
    """One request: where it goes, its body, and what signs both."""

    path: str
    body: bytes
    signature: str


def of_call(number: int, turn: int, key: str) -> Webhook:
    """The webhook of turn `turn` (0: it rings) of the call with that number, on which `key` was pressed."""
    path = f"/twilio/voice/en/{turn}" if turn else "/twilio/voice"
    return _signed(path, _call(number) | ({"Digits": key, "FinishedOnKey": "", "msg": "Gather End"} if turn else {}))


def of_text(number: int, turn: int, body: str) -> Webhook:
    """The webhook of the `turn`-th text of the person with that number."""
    ids = {"MessageSid": f"SM{number:026x}{turn:06x}", "NumMedia": "0", "NumSegments": "1", "Body": body}
    return _signed("/twilio/sms", _between(number) | ids)


def as_sent(webhook: Webhook, host: str) -> bytes:
    """The request on the wire, on a connection that is kept open as a proxy keeps it."""
    head = (
        f"POST {webhook.path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: {TYPE}\r\nContent-Length: {len(webhook.body)}\r\n"
        f"X-Twilio-Signature: {webhook.signature}\r\n\r\n"
    )
    return head.encode() + webhook.body


def as_environ(webhook: Webhook) -> dict[str, Any]:
    """The same as a WSGI server hands it on."""
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": webhook.path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": TYPE,
        "CONTENT_LENGTH": str(len(webhook.body)),
        "HTTP_HOST": "127.0.0.1",
        "HTTP_USER_AGENT": "TwilioProxy/1.1",
        "HTTP_ACCEPT": "*/*",
        "HTTP_X_TWILIO_SIGNATURE": webhook.signature,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(webhook.body),
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _call(number: int) -> dict[str, str]:
    ids = {"CallSid": f"CA{number:032x}", "CallStatus": "in-progress", "Direction": "inbound"}
    theirs = {"Caller": _theirs(number), "Called": NUMBER}
    return _between(number) | ids | theirs | _places("Caller") | _places("Called")


def _between(number: int) -> dict[str, str]:
    account = {"AccountSid": "AC" + "0" * 32, "ApiVersion": "2010-04-01", "From": _theirs(number), "To": NUMBER}
    return account | _places("From") | _places("To")


def _theirs(number: int) -> str:
    return f"+254711{number:06}"


def _places(whose: str) -> dict[str, str]:
    return {whose + field: value for field, value in _PLACE.items()}


@cache
def _validator() -> RequestValidator:
    return RequestValidator(TOKEN)


def _signed(path: str, fields: dict[str, str]) -> Webhook:
    signature = _validator().compute_signature(PUBLIC + path, fields)
    return Webhook(path, urlencode(fields).encode(), signature)
