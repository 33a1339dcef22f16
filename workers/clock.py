"""The clock process: `python -m workers.clock`. It wakes a worker every half minute, or does the work itself."""

import logging
import signal
import threading

from ivr import queue
from workers import jobs
from workers.runtime import runtime

log = logging.getLogger(__name__)

EVERY = 30  # seconds


def tick() -> None:
    """One look at what is due. A broken database is a line in the log, not the end of the clock."""
    try:
        if not queue.sweep_later(runtime().config.redis_url):
            jobs.sweep()
    except Exception:  # the one place for the clock
        log.exception("a tick failed")


def main() -> None:
    """Ticks until it is told to stop."""
    runtime()
    stopped = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    while not stopped.is_set():
        tick()
        stopped.wait(EVERY)


if __name__ == "__main__":
    main()
