"""Answers of the API that are none, or that do not get there."""

import json

from bench.loopback.trouble import BEFORE, Fault
from bench.loopback.wire import Reply

NOT_ACCEPTED = BEFORE
_CODES = {429: (20429, "Too Many Requests"), 500: (20500, "Internal Server Error"), 503: (20503, "Service Unavailable")}
_STATUSES = {"20003": 401, "20404": 404, "20429": 429, "20500": 500, "20503": 503}
_MANNERS = {"reset-after": "reset", "hang-after": "hang", "drip": "drip", "close": "close"}


def refused(status: int, code: int, message: str) -> Reply:
    """An error in Twilio's shape."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Reply(status, json.dumps({"code": code, "message": message, "more_info": more, "status": status}).encode())


def failed(fault: Fault) -> Reply:
    """Nothing was accepted."""
    if fault.kind == "reset-before":
        return Reply(503, b"", "reset")
    if fault.kind == "hang":
        return Reply(503, b"", "hang")
    if fault.kind in ("429", "500", "503"):
        return refused(int(fault.kind), *_CODES[int(fault.kind)])
    return refused(_STATUSES.get(fault.kind, 400), int(fault.kind), "as was ordered")


def bent(good: Reply, fault: Fault) -> Reply:
    """It was accepted, and the answer says something else or does not arrive."""
    if fault.kind in ("500-accepted", "503-accepted"):
        return failed(Fault(fault.kind.removesuffix("-accepted")))
    if fault.kind == "wrong-json":
        return good._replace(body=good.body[: len(good.body) // 2])
    return good._replace(manner=_MANNERS.get(fault.kind, "whole"), pace=fault.seconds or good.pace)
