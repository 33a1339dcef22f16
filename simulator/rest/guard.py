"""Before and after every API request: who asks, what trouble was ordered, and errors in Twilio's shape."""

import hmac
import socket
import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.faults import Fault
from simulator.network import Network
from simulator.refusals import MESSAGES, STATUSES, Refusal

MORE = "https://www.twilio.com/docs/errors/"
TROUBLES = {
    "429": 20429,
    "500": 20500,
    "503": 20503,
}
HANGS, DRIPS = 20.0, 1.0  # seconds, where none were ordered
PUBLIC = "api.recordings.heard"  # the sound of a recording, whose long random address is its only secret, as at Twilio


def network() -> Network[Any]:
    """The network that this program serves."""
    net: Network[Any] = current_app.extensions["network"]
    return net


def guard(api: Blueprint) -> None:
    """Adds the checks to the API."""
    api.before_request(_let_in)
    api.before_request(_trouble_before)
    api.after_request(_trouble_after)
    api.register_error_handler(Refusal, _refused)
    api.register_error_handler(HTTPException, _not_so)


def not_found() -> Refusal:
    """Nothing is there."""
    return Refusal(404, 20404, f"The requested resource {request.path} was not found")


def _let_in() -> None:
    account = (request.view_args or {}).pop("account", "")
    if request.endpoint == PUBLIC:
        return
    settings, given = network().settings, request.authorization
    sid, token = (given.username or "", given.password or "") if given else ("", "")
    if not (_same(sid, settings.account_sid) and _same(token, settings.auth_token)):
        raise Refusal(401, 20003, "Authenticate")
    if account != settings.account_sid:
        raise not_found()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _trouble_before() -> Response | None:
    g.fault = fault = network().faults.for_request(request.form.get("To", ""))
    if fault.kind in ("slow", "hang"):
        time.sleep(fault.seconds or (HANGS if fault.kind == "hang" else 0))
    if fault.kind in ("refuse", "hang"):
        return _cut_off()
    return _ordered(fault.kind)


def _ordered(kind: str) -> Response | None:
    """The refusal of that name."""
    code = TROUBLES.get(kind) or (int(kind) if kind.isdecimal() else 0)
    return _error(STATUSES.get(code, 400), code, MESSAGES.get(code, "as was ordered")) if code else None


def _trouble_after(response: Response) -> Response:
    fault: Fault = g.pop("fault", Fault("none"))
    kind = fault.kind.removeprefix("accepted-")
    if kind == fault.kind:
        return _bent(response, fault)
    if kind == "hang":
        time.sleep(fault.seconds or HANGS)
    return _ordered(kind) or _cut_off()


def _bent(response: Response, fault: Fault) -> Response:
    """An answer that comes early, slowly or broken."""
    if fault.kind == "early" and response.status_code == 201:
        network().hurry(response.get_json()["sid"])
    if fault.kind == "wrong-json":
        response.set_data(b'{"sid": "SM')
    if fault.kind == "drip":
        drops = _drops(response.get_data(), fault.seconds or DRIPS)
        return Response(drops, response.status, response.headers)
    return response


def _drops(data: bytes, seconds: float) -> Iterator[bytes]:
    for byte in data:
        yield bytes((byte,))
        time.sleep(seconds)


def _cut_off() -> Response:
    """Cuts the connection under the client's feet; the response goes nowhere. Only a real server has a connection."""
    wire = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if wire is None:
        raise ConnectionResetError("cut off, as was ordered")
    wire.shutdown(socket.SHUT_RDWR)
    return Response(status=503)


def _refused(refusal: Refusal) -> Response:
    return _error(refusal.status, refusal.code, refusal.message)


def _not_so(error: HTTPException) -> Response:
    status = error.code or 500
    return _error(status, 20004 if status == 405 else 20404, error.description or error.name)


def _error(status: int, code: int, message: str) -> Response:
    response = jsonify(code=code, message=message, more_info=f"{MORE}{code}", status=status)
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response
