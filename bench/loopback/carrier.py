"""The API of the loopback carrier: texts and calls are accepted, listed and fetched, with trouble as ordered."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from bench.loopback.callbacks import Callbacks
from bench.loopback.ledger import Entry, Ledger, parts, shown
from bench.loopback.lists import page
from bench.loopback.replies import NOT_ACCEPTED, bent, failed, refused
from bench.loopback.trouble import UNANSWERED, Fault, Trouble
from bench.loopback.wire import Reply, Request

KINDS = {"Messages": "message", "Calls": "call"}
NEEDED = {
    "message": (("To", 21604), ("From", 21603), ("Body", 21602)),
    "call": (("To", 21201), ("From", 21213), ("Url", 21205)),
}


def now() -> int:
    """The wall clock, in ms."""
    return time.time_ns() // 1_000_000


@dataclass
class Pace:
    """How many segments a second each sender may send; 0: as many as it likes."""

    rate: float = 0.0
    _free: dict[str, tuple[float, float]] = field(default_factory=dict)

    def allows(self, sender: str, segments: int) -> bool:
        """A bucket of one second; a long text may take it below zero."""
        if not self.rate:
            return True
        most, moment = max(1.0, self.rate), time.monotonic()
        free, since = self._free.get(sender, (most, moment))
        free = min(most, free + (moment - since) * self.rate)
        self._free[sender] = (free - segments if free >= 1 else free, moment)
        return free >= 1


@dataclass
class Carrier:
    """`lag`: seconds that lists are late; `rtt`: seconds before every answer of the API; `after`: before callbacks."""

    ledger: Ledger
    trouble: Trouble
    callbacks: Callbacks | None = None
    pace: Pace = field(default_factory=Pace)
    lag: float = 0.0
    rtt: float = 0.0
    after: float = 0.05
    requests: Counter[str] = field(default_factory=Counter)

    def answer(self, request: Request) -> Reply:
        """What goes back, and how."""
        path, _, query = request.target.partition("?")
        rooms = path.split("/")
        if rooms[1:3] == ["2010-04-01", "Accounts"] and len(rooms) > 4:
            return self._api(request, rooms[3], rooms[4:], query)
        return refused(404, 20404, f"{path} was not found")

    def _api(self, request: Request, account: str, rest: list[str], query: str) -> Reply:
        kind = KINDS.get(rest[0].removesuffix(".json"))
        self.requests[f"{request.method} {rest[0].removesuffix('.json')}"] += 1
        if kind is None:
            return refused(404, 20404, f"{request.target} was not found")
        if len(rest) > 1:
            return self._one(account, rest[1].removesuffix(".json"))
        return self._post(account, kind, request.body) if request.method == "POST" else self._list(request, kind, query)

    def _post(self, account: str, kind: str, body: bytes) -> Reply:
        wishes = parse_qsl(body.decode(), keep_blank_values=True)
        form = dict(wishes)
        for name, code in NEEDED[kind]:
            if not form.get(name):
                return refused(400, code, f"{name} is required")
        fault = self.trouble.draw("request", form["To"])
        if fault.kind in NOT_ACCEPTED or fault.kind.isdecimal():
            return self._late(failed(fault), 0.0)
        if not self.pace.allows(form["From"], parts(form.get("Body", ""))):
            self.trouble.drawn["too fast"] += 1
            return self._late(failed(Fault("429")), 0.0)
        entry = self._accept(kind, form)
        reply = bent(Reply(201, json.dumps(shown(entry, account, "queued")).encode()), fault)
        return self._late(self._told(entry, wishes, reply), fault.seconds if fault.kind == "slow" else 0.0)

    def _accept(self, kind: str, form: dict[str, str]) -> Entry:
        fate = self.trouble.draw("fate", form["To"]).kind
        if kind == "call":
            return self.ledger.accept(now(), kind, form, fate if fate in UNANSWERED else "completed", "")
        status, _, code = fate.partition("-") if fate not in UNANSWERED else ("", "", "")
        return self.ledger.accept(now(), kind, form, status or "delivered", code)

    def _told(self, entry: Entry, wishes: list[tuple[str, str]], reply: Reply) -> Reply:
        """With callbacks that come soon, or with the first before the answer was written."""
        if self.callbacks is None or not entry.callback:
            return reply
        callbacks, told = self.callbacks, self.callbacks.plan(entry, wishes)
        if self.trouble.draw("callback-early", entry.to).kind:
            return reply._replace(first=lambda: asyncio.wrap_future(callbacks.post(told)))
        asyncio.get_running_loop().call_later(self.rtt + self.after, callbacks.post, told)
        return reply

    def _list(self, request: Request, kind: str, query: str) -> Reply:
        given = dict(parse_qsl(query, keep_blank_values=True))
        fault = self.trouble.draw("list", given.get("To", ""))
        if fault.kind:
            return self._listed_badly(fault, request, kind, given)
        return self._late(self._page(request, kind, given), 0.0)

    def _listed_badly(self, fault: Fault, request: Request, kind: str, given: dict[str, str]) -> Reply:
        how = fault.kind.removeprefix("list-")
        if how == "slow":
            return self._late(self._page(request, kind, given), fault.seconds)
        return self._late(failed(Fault("reset-before" if how == "reset" else how)), 0.0)

    def _page(self, request: Request, kind: str, given: dict[str, str]) -> Reply:
        try:
            return Reply(200, json.dumps(page(self.ledger, kind, request.target, given, now(), self.lag)).encode())
        except ValueError as error:
            return refused(400, 20001, str(error))

    def _one(self, account: str, sid: str) -> Reply:
        entry = self.ledger.find(sid)
        if entry is None:
            return refused(404, 20404, f"{sid} was not found")
        return self._late(Reply(200, json.dumps(shown(entry, account, entry.status)).encode()), 0.0)

    def _late(self, reply: Reply, more: float) -> Reply:
        return reply._replace(wait=self.rtt + more) if self.rtt or more else reply

    def clear(self) -> None:
        """Forgets what was accepted and counted, and nothing that was ordered."""
        self.ledger.clear()
        self.trouble.drawn.clear()
        self.requests.clear()
        if self.callbacks:
            self.callbacks.counted.clear()
