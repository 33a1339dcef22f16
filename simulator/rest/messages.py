"""Messages: send, list, fetch, redact, delete."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.dates import rfc2822
from simulator.refusals import MESSAGES, Refusal
from simulator.rest.guard import network, not_found
from simulator.rest.numbers import recipient, sender
from simulator.rest.pages import in_days, old_enough, page
from simulator.texts import Message


def register(api: Blueprint) -> None:
    """Adds the routes."""
    part = Blueprint("messages", __name__)
    part.post("/Messages.json")(send)
    part.get("/Messages.json")(listed)
    part.get("/Messages/<sid>.json")(fetched)
    part.post("/Messages/<sid>.json")(changed)
    part.delete("/Messages/<sid>.json")(deleted)
    api.register_blueprint(part)


def send() -> tuple[Response, int]:
    """A text of the service. 201 with status `queued`."""
    to = recipient(missing=21604)
    from_ = sender(missing=21603, not_ours=21606)
    body = request.form.get("Body", "")
    if not body:
        raise Refusal(400, 21602, "Message body is required.")
    text = network().send(to, from_, body, request.form.get("StatusCallback", ""))
    return jsonify(shown(text) | {"status": "queued"}), 201


def listed() -> Response:
    """All texts in both directions that fit the filters, newest first."""
    found = [text for text in list(network().office.messages.values()) if _fits(text)]
    return page("messages", found[::-1], shown)


def fetched(sid: str) -> Response:
    """One text."""
    return jsonify(shown(_message(sid)))


def changed(sid: str) -> Response:
    """An empty Body redacts the text; nothing else can be changed."""
    text = _message(sid)
    if request.form.get("Body") != "":
        raise Refusal(400, 20001, "Body must be empty: a message can only be redacted")
    _check_arrived(text)
    redacted = replace(text, body="", updated=network().clock())
    network().office.messages[text.sid] = redacted
    return jsonify(shown(redacted))


def deleted(sid: str) -> tuple[str, int]:
    """Forgets the text."""
    text = _message(sid)
    _check_arrived(text)
    del network().office.messages[text.sid]
    return "", 204


def _check_arrived(text: Message) -> None:
    if text.status not in ("delivered", "undelivered", "failed", "received"):
        raise Refusal(400, 20009, "Cannot redact or delete a message that is still on its way")


def shown(text: Message) -> dict[str, Any]:
    """The resource as Twilio writes it."""
    account = network().settings.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Messages/{text.sid}"
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": text.body,
        "date_created": rfc2822(text.created),
        "date_sent": rfc2822(text.sent or (text.created if text.direction == "inbound" else None)),
        "date_updated": rfc2822(text.updated or text.created),
        "direction": text.direction,
        "error_code": text.error_code,
        "error_message": MESSAGES.get(text.error_code or 0),
        "from": text.from_,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(text.segments),
        "price": None,
        "price_unit": "USD",
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.to,
        "uri": f"{uri}.json",
    }


def _fits(text: Message) -> bool:
    to, from_ = request.args.get("To"), request.args.get("From")
    sent = text.sent or text.created
    known = to in (None, "", text.to) and from_ in (None, "", text.from_)
    return known and in_days("DateSent", sent) and old_enough(text.created)


def _message(sid: str) -> Message:
    text = network().office.messages.get(sid)
    if text is None:
        raise not_found()
    return text
