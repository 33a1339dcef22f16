"""Kills, or freezes, a worker at a named point of its work, by chance or at the nth passage.

The service has no hooks for this: its functions are wrapped, in the process that shall die.
"""

import asyncio
import random
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from ivr import outgoing
from ivr.carriers.answers import Answer
from ivr.carriers.api import Api
from ivr.outbox import claims, outcomes
from workers import looking
from workers.sending import Round

POINTS = ("before claim", "after claim", "after intent", "in the request", "after the answer", "after commit")
ELSEWHERE = ("before recording", "while recording", "while looking")
REQUEST = 0.6  # seconds within which a worker dies that is to die in a request

P = ParamSpec("P")
R = TypeVar("R")


class Killer:
    """`chances` by point; one at or above 1 strikes at that passage, once. `how`: the signal. `may` is asked before."""

    under_way = 0  # requests of this process

    def __init__(self, chances: dict[str, float], seed: int, may: Callable[[str], bool], how: int) -> None:
        self._chances, self._may, self._signal = chances, may, how
        self._dice = random.Random(seed)
        self._passed = dict.fromkeys(chances, 0)

    def passes(self, point: str) -> None:
        """Whoever comes by here may not come any further."""
        if self.draws(point):
            self.strike(point)

    def draws(self, point: str) -> bool:
        """Whether it strikes at this passage."""
        chance = self._chances.get(point, 0.0)
        if not chance:
            return False
        self._passed[point] += 1
        return self._passed[point] == chance if chance >= 1 else self._dice.random() < chance

    def strike(self, point: str) -> None:
        """No farewell, no `finally`."""
        if self._may(point):
            # To this very thread: one that is frozen by way of another may still open a transaction.
            signal.pthread_kill(threading.get_ident(), self._signal)

    def strike_idle(self, point: str) -> None:
        """Unless a request began just now: what is half sent when a process is frozen is sent when it wakes."""
        if self._may(point) and not Killer.under_way:
            signal.pthread_kill(threading.get_ident(), self._signal)

    def strike_soon(self, point: str) -> None:
        """At some moment of a request that begins now."""
        asyncio.get_running_loop().call_later(self._dice.uniform(0, REQUEST), self.strike, point)


def beset(killer: Killer) -> None:
    """From now on the killer waits at all points of this process."""
    claims.claim = _before(killer, "before claim", claims.claim)
    outgoing.prepare = _before(killer, "after claim", outgoing.prepare)
    claims.submit = _before(killer, "while intending", claims.submit)
    Round._ask_all = _before(killer, "after intent", Round._ask_all)  # type: ignore[method-assign]
    outcomes.record = _after(killer, "while recording", outcomes.record)
    looking._settle = _before(killer, "while looking", looking._settle)
    _beset_requests(killer)
    _beset_records(killer)


def _before(killer: Killer, point: str, function: Callable[P, R]) -> Callable[P, R]:
    def wrapped(*arguments: P.args, **named: P.kwargs) -> R:
        killer.passes(point)
        return function(*arguments, **named)

    return wrapped


def _after(killer: Killer, point: str, function: Callable[P, R]) -> Callable[P, R]:
    def wrapped(*arguments: P.args, **named: P.kwargs) -> R:
        result = function(*arguments, **named)
        killer.passes(point)
        return result

    return wrapped


def _beset_requests(killer: Killer) -> None:
    post = Api._post

    async def wrapped(self: Api, url: str, fields: Sequence[tuple[str, str]], may_go: Callable[[], bool]) -> Answer:
        if killer.draws("in the request"):
            killer.strike_soon("in the request")
        Killer.under_way += 1
        try:
            answer = await post(self, url, fields, may_go)
        finally:
            Killer.under_way -= 1
        killer.passes("after the answer")
        return answer

    Api._post = wrapped  # type: ignore[method-assign]


def _beset_records(killer: Killer) -> None:
    record: Any = Round._record

    def wrapped(self: Round) -> None:
        had = bool(self.record.answered)
        if had:
            killer.passes("before recording")
        if had and not Killer.under_way and killer.draws("between requests"):
            killer.strike_idle("between requests")
        record(self)
        if had:
            killer.passes("after commit")

    Round._record = wrapped  # type: ignore[method-assign]
