"""What is done each in a thread of its own, and waited for so long at most: what hangs holds up nothing beside it.

Nothing less holds always: a database that was stopped keeps its sockets open, and no timeout of its own ends that.
"""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from ivr.apart import apart
from ivr.runtime import Runtime

log = logging.getLogger(__name__)

HANGS = 30.0  # seconds after which the log says so
AGAIN = 60.0  # and so long until it says so again

_under_way: dict[tuple[int, str], "_Work"] = {}


class _Work(threading.Thread):
    """One of them. It ends with the process: what was not committed then is rolled back."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        super().__init__(name=name, daemon=True)
        self.began, self.tell_at = monotonic(), monotonic() + HANGS
        self._work = work

    def run(self) -> None:
        with apart(self.name):
            self._work()


def within(house: Runtime, name: str, work: Callable[[], object], seconds: float) -> None:
    """Does it, and returns when it is done, or after so long: then it goes on by itself, and is not begun again before
    it has ended. Raises nothing.
    """
    key = (id(house), name)
    old = _under_way.get(key)
    if old is not None and old.is_alive():
        _tell(old)
        return
    new = _under_way[key] = _Work(name, work)
    new.start()
    new.join(seconds)
    if not new.is_alive():
        del _under_way[key]


def _tell(work: _Work) -> None:
    now = monotonic()
    if now >= work.tell_at:
        work.tell_at = now + AGAIN
        log.error("this hangs for %.0f s, and all else goes on without it: %s", now - work.began, work.name)
