"""Trouble on order: what the next API requests, texts, calls and status callbacks run into, or those of one number."""

import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

Work = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """One request's, text's, call's or callback's trouble.

    `kind`: of requests, 429, 500, 503 or one of Twilio's codes as 21610 (nothing is accepted), refuse (the connection
    is cut before anything is read), hang (so long, then cut), accepted-500, accepted-503, accepted-reset,
    accepted-hang, wrong-json, slow (`seconds` before the answer), drip (`seconds` from byte to byte), early (the
    callbacks come before the answer); of accepted texts undelivered and failed, with their `code`; of calls busy,
    no-answer and unreachable; of status callbacks duplicate, shuffle and lost; none. `lag` hides what is younger than
    `seconds` from all later lists.

    `to`: it holds for all that goes to this number, until `none` is ordered for it or it was so many `times`.
    """

    kind: str
    seconds: float = 0.0
    code: int = 0
    to: str = ""
    times: int = 0


NONE = Fault("none")
REQUESTS = frozenset(
    ["429", "500", "503", "refuse", "hang", "accepted-500", "accepted-503", "accepted-reset", "accepted-hang"]
) | {"wrong-json", "slow", "drip", "early", "none"}
KINDS = {
    "requests": REQUESTS,
    "texts": frozenset(["undelivered", "failed"]),
    "calls": frozenset(["busy", "no-answer", "unreachable"]),
    "callbacks": frozenset(["duplicate", "shuffle", "lost"]),
    "lists": frozenset(["lag"]),
}
CODE = re.compile(r"[1-9]\d{4}")


@dataclass
class Faults:
    """What was ordered for a number comes first; all else takes the next of its list; with none left all is well."""

    lag: float = 0.0
    _next: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _standing: dict[tuple[str, str], Fault] = field(default_factory=dict)
    _held: defaultdict[str, list[Work]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, faults: Sequence[Fault]) -> None:
        """Adds to the lists. Raises ValueError for a kind that is none."""
        for fault in faults:
            _group(fault.kind)
        with self._lock:
            for fault in faults:
                self._put(fault)

    def for_request(self, to: str = "") -> Fault:
        """This request's trouble."""
        return self._take("requests", to)

    def for_text(self, to: str) -> Fault:
        """What becomes of an accepted text."""
        return self._take("texts", to)

    def for_call(self, to: str) -> Fault:
        """What becomes of an accepted call."""
        return self._take("calls", to)

    def for_callback(self, work: Work, to: str = "", last: bool = False) -> list[Work]:
        """What is posted in its stead: itself, itself twice, or nothing yet and later in the wrong order.

        A number whose callbacks are all shuffled gets them with the `last` one, backwards.
        """
        fault = self._take("callbacks", to)
        with self._lock:
            if fault.kind == "lost":
                return []
            if fault.kind == "shuffle" and not (fault.to and last):
                self._held[fault.to].append(work)
                return []
            held = self._held.pop(fault.to, [])[::-1]
        return [work, work, *held] if fault.kind == "duplicate" else [work, *held]

    def _take(self, group: str, to: str) -> Fault:
        with self._lock:
            fault = self._standing.get((group, to)) if to else None
            if fault is None:
                return self._next[group].popleft() if self._next[group] else NONE
            if fault.times == 1:
                del self._standing[group, to]
            elif fault.times:
                self._standing[group, to] = replace(fault, times=fault.times - 1)
            return fault

    def _put(self, fault: Fault) -> None:
        group = _group(fault.kind)
        if group == "lists":
            self.lag = fault.seconds
        elif not fault.to:
            self._next[group].append(fault)
        elif fault == Fault("none", to=fault.to):
            for each in KINDS:
                self._standing.pop((each, fault.to), None)
        else:
            self._standing[group, fault.to] = fault


def _group(kind: str) -> str:
    if CODE.fullmatch(kind):
        return "requests"
    for group, kinds in KINDS.items():
        if kind in kinds:
            return group
    known = ", ".join(sorted(kind for kinds in KINDS.values() for kind in kinds))
    raise ValueError(f"{kind!r} is no fault: write a code of Twilio's or one of {known}")
