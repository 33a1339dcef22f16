"""Calls: make, list, fetch, end or send elsewhere, delete."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from simulator.dates import rfc2822
from simulator.legs import Leg
from simulator.refusals import Refusal
from simulator.rest.guard import network, not_found
from simulator.rest.numbers import recipient, sender
from simulator.rest.pages import in_days, old_enough, page
from simulator.twiml import Document, TwimlError, read_voice

INLINE = 4000
EVENTS = ("initiated", "ringing", "answered", "completed")


def register(api: Blueprint) -> None:
    """Adds the routes."""
    part = Blueprint("calls", __name__)
    part.post("/Calls.json")(make)
    part.get("/Calls.json")(listed)
    part.get("/Calls/<sid>.json")(fetched)
    part.post("/Calls/<sid>.json")(changed)
    part.delete("/Calls/<sid>.json")(deleted)
    api.register_blueprint(part)


def make() -> tuple[Response, int]:
    """A call of the service. 201 with status `queued`; then it rings at the phone."""
    to = recipient(missing=21201)
    from_ = sender(missing=21213, not_ours=21210)
    url, twiml = _instructions()
    if request.form.get("StatusCallbackMethod", "POST") != "POST" or request.form.get("Method", "POST") != "POST":
        raise Refusal(400, 20001, "Only POST is played here")
    events = request.form.getlist("StatusCallbackEvent") or ["completed"]
    wishes = {
        "callback": request.form.get("StatusCallback", ""),
        "events": " ".join(event for given in events for event in given.split() if event in EVENTS),
        "machine_detection": _machine_detection(),
        "timeout": _timeout(),
    }
    leg = network().dial(to, from_, url, twiml, **wishes)
    return jsonify(shown(leg) | {"status": "queued"}), 201


def listed() -> Response:
    """All calls that fit the filters, newest first."""
    found = [leg for leg in list(network().calls.values()) if _fits(leg)]
    return page("calls", found[::-1], shown)


def fetched(sid: str) -> Response:
    """One call."""
    return jsonify(shown(_call(sid)))


def changed(sid: str) -> Response:
    """Status completed or canceled ends the call; Url or Twiml sends it elsewhere."""
    leg, status = _call(sid), request.form.get("Status", "")
    if status not in ("", "completed", "canceled"):
        raise Refusal(400, 20001, f"{status} is no status that a call can be given")
    if leg.ended:
        raise Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
    if status == "completed" or (status == "canceled" and leg.started is None):
        leg.drop("canceled" if leg.started is None else "completed")
    elif not status:
        leg.redirect(_document(leg))
    return jsonify(shown(leg))


def deleted(sid: str) -> tuple[str, int]:
    """Forgets a call that is over."""
    leg = _call(sid)
    if not leg.ended:
        raise Refusal(400, 20009, "Cannot delete a call that is still in progress")
    del network().calls[leg.sid]
    return "", 204


def shown(leg: Leg) -> dict[str, Any]:
    """The resource as Twilio writes it."""
    account = network().settings.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Calls/{leg.sid}"
    began = leg.started
    return {
        "account_sid": account,
        "answered_by": leg.answered_by or None,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": rfc2822(leg.created),
        "date_updated": rfc2822(leg.ended_at or began or leg.created),
        "direction": leg.direction,
        "duration": str(leg.duration) if leg.ended else None,
        "end_time": rfc2822(leg.ended_at),
        "forwarded_from": None,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "group_sid": None,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "phone_number_sid": "",
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": leg.sid,
        "start_time": rfc2822(began or (leg.created if leg.ended else None)),
        "status": leg.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": leg.to,
        "to_formatted": leg.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def _instructions() -> tuple[str, str]:
    url, twiml = request.form.get("Url", ""), request.form.get("Twiml", "")
    if not url and not twiml:
        raise Refusal(400, 21205, "Url parameter is required.")
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise Refusal(400, 21205, f"Url is not a valid URL: {url}")
    if len(twiml) > INLINE:
        raise Refusal(400, 32018, f"Twiml has more than {INLINE} characters")
    return url, twiml


def _machine_detection() -> str:
    wish = request.form.get("MachineDetection", "")
    if wish not in ("", "Enable", "DetectMessageEnd"):
        raise Refusal(400, 20001, f"MachineDetection {wish} is not known")
    return wish


def _timeout() -> str:
    given = request.form.get("Timeout", "60")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= 600):
        raise Refusal(400, 20001, "Timeout must be between 1 and 600 seconds")
    return given


def _document(leg: Leg) -> Document:
    url, twiml = _instructions()
    if url:
        return leg.fetch(url, [])
    try:
        return read_voice("", "text/xml", twiml.encode())
    except TwimlError as error:
        raise Refusal(400, error.code, error.message) from error


def _fits(leg: Leg) -> bool:
    wished = {name: request.args.get(name) for name in ("To", "From", "Status", "ParentCallSid")}
    has = {"To": leg.to, "From": leg.from_, "Status": leg.status, "ParentCallSid": leg.parent.sid if leg.parent else ""}
    known = all(value in (None, "", has[name]) for name, value in wished.items())
    return known and in_days("StartTime", leg.started or leg.created) and old_enough(leg.created)


def _call(sid: str) -> Leg:
    leg: Leg | None = network().calls.get(sid)
    if leg is None:
        raise not_found()
    return leg
