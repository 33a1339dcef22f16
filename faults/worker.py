"""`python -m faults.worker ORDER.json clock|routine|prompt`: production's programs, by a run's clock, and killed."""

import random
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from faults.killers import Killer, beset
from faults.notes import Notes
from faults.orders import Order
from ivr import queue
from ivr.config import Config
from ivr.runtime import Runtime
from workers import __main__ as program
from workers import clock, looking, sending

QUEUES = {"routine": [queue.PROMPT, queue.ROUTINE], "prompt": [queue.PROMPT]}


def main(file: str, role: str) -> None:
    """The clock is not killed: a crew's sweeper, which does the same, is."""
    order = Order.read(Path(file))
    live_by(order)
    if role == "clock":
        clock.main()
        return
    beset(Killer(order.kills, random.SystemRandom().getrandbits(32), Notes(order).may_strike, signal.SIGKILL))
    program.main(QUEUES[role])


def live_by(order: Order) -> None:
    """From now on this process knows the time of the run only."""
    order.clock.rule()

    def from_env(environment: Mapping[str, str]) -> Runtime:
        return Runtime.of(Config.from_env(environment), now=order.clock.now)

    Runtime.from_env = from_env  # type: ignore[method-assign]
    for module in (sending, looking, clock):
        vars(module)["monotonic"] = order.clock.monotonic


if __name__ == "__main__":
    main(*sys.argv[1:])
