"""Trouble on order: what the next API requests and status callbacks run into."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Work = Callable[[], None]


@dataclass(frozen=True)
class Fault:
    """One request's trouble.

    `kind`: 429, 500, 503 (nothing is accepted), accepted-500, accepted-503, accepted-reset (it is), refuse (the
    connection is cut before anything is read), slow (`seconds` before the answer), wrong-json, none; for status
    callbacks duplicate and shuffle; `lag` hides what is younger than `seconds` from all later lists.
    """

    kind: str
    seconds: float = 0.0


REQUESTS = frozenset(
    ["429", "500", "503", "accepted-500", "accepted-503", "accepted-reset", "refuse", "slow", "wrong-json", "none"]
)
CALLBACKS = frozenset(["duplicate", "shuffle"])
KINDS = REQUESTS | CALLBACKS | {"lag"}


@dataclass
class Faults:
    """Each request, and each callback, takes the next of its list; with none left all is well."""

    lag: float = 0.0
    _requests: deque[Fault] = field(default_factory=deque)
    _callbacks: deque[Fault] = field(default_factory=deque)
    _held: list[Work] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, faults: Sequence[Fault]) -> None:
        """Adds to the lists. Raises ValueError for a kind that is none."""
        for fault in faults:
            if fault.kind not in KINDS:
                raise ValueError(f"{fault.kind!r} is no fault: write one of {', '.join(sorted(KINDS))}")
        with self._lock:
            for fault in faults:
                self._put(fault)

    def for_request(self) -> Fault:
        """This request's trouble."""
        with self._lock:
            return self._requests.popleft() if self._requests else Fault("none")

    def for_callback(self, work: Work) -> list[Work]:
        """What is posted in its stead: itself, itself twice, or nothing yet and later in the wrong order."""
        with self._lock:
            kind = self._callbacks.popleft().kind if self._callbacks else "none"
            if kind == "shuffle":
                self._held.append(work)
                return []
            held, self._held = self._held[::-1], []
        return [work, work, *held] if kind == "duplicate" else [work, *held]

    def _put(self, fault: Fault) -> None:
        if fault.kind == "lag":
            self.lag = fault.seconds
        elif fault.kind in CALLBACKS:
            self._callbacks.append(fault)
        else:
            self._requests.append(fault)
