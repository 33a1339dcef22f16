"""Time that passes faster than on the wall, for a whole process: leases, deadlines and waits keep their ratios."""

import asyncio
import selectors
import time
from typing import Any, NamedTuple

MONDAY_MORNING = 1_795_417_200_000  # ms; 07:00 UTC, ten in Nairobi: nobody is disturbed at night


class Clock(NamedTuple):
    """`began`: the wall's seconds at which it showed `first` ms. It has the names that module `time` has."""

    began: float
    first: int = MONDAY_MORNING
    speed: float = 1.0

    def now(self) -> int:
        """Milliseconds since 1970."""
        return self.first + round((time.time() - self.began) * 1000 * self.speed)

    def time_ns(self) -> int:
        """Nanoseconds since 1970."""
        return self.now() * 1_000_000

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        """Seconds of its own."""
        time.sleep(seconds / self.speed)

    def rule(self) -> None:
        """From now on asyncio lives by it in this process: its sleeps, and the deadlines of requests."""
        asyncio.set_event_loop_policy(_Policy(self.speed))


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, speed: float) -> None:
        self._speed = speed
        super().__init__(_Selector(speed))

    def time(self) -> float:
        return super().time() * self._speed


class _Selector(selectors.DefaultSelector):
    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self._speed if timeout else timeout)


class _Policy(asyncio.DefaultEventLoopPolicy):
    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def new_event_loop(self) -> Any:
        return _Loop(self._speed)
