"""What a test reads of the carrier and orders of it, from another process: the ledger, figures, trouble."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from bench.loopback.carrier import Carrier, Pace, now
from bench.loopback.replies import refused
from bench.loopback.trouble import Wrong
from bench.loopback.wire import Reply, Request


def answer(carrier: Carrier, request: Request) -> Reply:
    """An order's answer, or the API's."""
    path, _, query = request.target.partition("?")
    control = CONTROLS.get((request.method, path))
    return control(carrier, request, query) if control else carrier.answer(request)


def order(carrier: Carrier, wishes: dict[str, Any]) -> None:
    """Changes what is named and leaves the rest. Raises ValueError or TypeError."""
    if unknown := wishes.keys() - ORDERS.keys():
        raise Wrong(f"{', '.join(sorted(unknown))}: write some of {', '.join(ORDERS)}")
    for name, value in wishes.items():
        ORDERS[name](carrier, value)


def _lag(carrier: Carrier, seconds: float) -> None:
    carrier.lag = float(seconds)


def _rtt(carrier: Carrier, milliseconds: float) -> None:
    carrier.rtt = float(milliseconds) / 1000


def _rate(carrier: Carrier, rate: float) -> None:
    carrier.pace = Pace(float(rate))


ORDERS: dict[str, Callable[[Carrier, Any], None]] = {
    "seed": lambda carrier, seed: carrier.trouble.seed(int(seed)),
    "faults": lambda carrier, faults: carrier.trouble.order(faults),
    "to": lambda carrier, numbers: carrier.trouble.order_for(numbers),
    "lag": _lag,
    "rtt_ms": _rtt,
    "rate": _rate,
}


def _state(carrier: Carrier) -> dict[str, Any]:
    numbers = {number: f"{fault.kind}:{fault.seconds}" for number, fault in carrier.trouble.to.items()}
    pace = {"lag": carrier.lag, "rtt_ms": carrier.rtt * 1000, "rate": carrier.pace.rate}
    return {"faults": carrier.trouble.ordered, "to": numbers, "seed": carrier.trouble.seeded, **pace}


def _stats(carrier: Carrier) -> dict[str, Any]:
    ledger = carrier.ledger
    return {
        "at": now(),
        "requests": carrier.requests,
        "accepted": Counter(entry.kind for entry in ledger.entries),
        "segments": sum(entry.segments for entry in ledger.entries),
        "repeated": ledger.repeated(),
        "faults": carrier.trouble.drawn,
        "callbacks": carrier.callbacks.counted if carrier.callbacks else {},
        "seconds": ledger.per_second(),
        "senders": ledger.seconds,
    }


def _read_ledger(carrier: Carrier, _request: Request, query: str) -> Reply:
    after = dict(parse_qsl(query)).get("after", "0")
    return _json([entry.line() for entry in carrier.ledger.entries[int(after) if after.isdecimal() else 0 :]])


def _clear(carrier: Carrier, _request: Request, _query: str) -> Reply:
    carrier.clear()
    return _json({"cleared": True})


def _order(carrier: Carrier, request: Request, _query: str) -> Reply:
    try:
        order(carrier, json.loads(request.body))
    except (ValueError, TypeError, AttributeError) as error:
        return refused(400, 20001, str(error))
    return _json(_state(carrier))


def _json(what: object) -> Reply:
    return Reply(200, json.dumps(what).encode())


CONTROLS: dict[tuple[str, str], Callable[[Carrier, Request, str], Reply]] = {
    ("GET", "/ledger"): _read_ledger,
    ("DELETE", "/ledger"): _clear,
    ("GET", "/stats"): lambda carrier, _request, _query: _json(_stats(carrier)),
    ("GET", "/faults"): lambda carrier, _request, _query: _json(_state(carrier)),
    ("POST", "/faults"): _order,
}
