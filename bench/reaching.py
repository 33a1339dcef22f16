"""A line that reaches out, as it is measured: its clock, its database, and the processes that production runs."""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import bindparam, func, select

from bench import line
from bench.carrier import Carrier
from bench.server import running
from bench.webhooks import NUMBER
from ivr import migrating
from ivr.config import Config
from ivr.db import Statement
from ivr.models import Outgoing
from ivr.runtime import HOME, Runtime, wall_clock
from workers.sending import Line

HOUR, DAY = 3_600_000, 86_400_000  # ms
MORNING = 7 * HOUR  # UTC: ten o'clock in Nairobi
PATIENCE = 120  # seconds
LINE = Line(NUMBER, "sms")
_COUNT = Statement(select(func.count()).where(Outgoing.state == bindparam("state_")))


def this_morning() -> Callable[[], int]:
    """A clock that goes like every other, but has just come to ten o'clock in Nairobi: reminders may go out."""
    begun = wall_clock()
    return lambda: begun // DAY * DAY + MORNING + wall_clock() - begun


def settings(folder: Path, carrier: Carrier, redis_url: str = line.NO_REDIS, rate: float = 9999) -> dict[str, str]:
    """A line whose texts go to that carrier."""
    own = {"TWILIO_API_BASE_URL": carrier.url, "SEGMENTS_PER_SECOND": str(rate)}
    return line.settings(folder, redis_url) | own


@contextmanager
def opened(environment: dict[str, str], now: Callable[[], int] = wall_clock) -> Iterator[Runtime]:
    """The line in this process."""
    migrating.upgrade(environment["DATABASE_URL"])
    runtime = Runtime.of(Config.from_env(environment), HOME, now)
    gc.freeze()  # as workers do
    with closing(runtime.database):
        yield runtime


@contextmanager
def run(environment: dict[str, str], *modules: str) -> Iterator[None]:
    """Programs of production, as `workers prompt`, until the end of the block."""
    with ExitStack() as programs:
        for module in modules:
            command = [sys.executable, "-m", *module.split()]
            programs.enter_context(running(command, environment, programs.enter_context(TemporaryFile())))
        yield


def count(runtime: Runtime, state: str) -> int:
    """How many rows of the outbox stand so."""
    with runtime.database.transaction() as tx:
        row = tx.one(_COUNT, state_=state)
    return int(row[0]) if row else 0


def wait_for(is_so: Callable[[], bool], pause: float = 0.1) -> None:
    """Raises TimeoutError when it does not become so."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("this takes too long")
        time.sleep(pause)
