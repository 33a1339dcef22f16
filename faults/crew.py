"""`python -m faults.crew ORDER.json`: workers in processes of their own, killed as ordered, each replaced by a new one.

One process more sweeps up beside them. Settings come from the environment, as in production. Ends when it is told to.
"""

import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from werkzeug.serving import make_server

from faults.killers import Killer, beset
from faults.mutations import MUTATIONS
from faults.notes import Notes
from faults.orders import Order
from ivr.app import create_app
from ivr.config import Config
from ivr.runtime import Runtime
from workers import duties, looking, sending
from workers.clock import SWEEP
from workers.sending import Line

log = logging.getLogger(__name__)


class Crew:
    """Those who work, by process id; whoever is frozen wakes at a moment of `time.monotonic`."""

    def __init__(self, order: Order, house: Runtime) -> None:
        self.order, self.house = order, house
        self.dice = random.Random(order.seed)
        self.at_work: dict[int, Callable[[], None]] = {}
        self.asleep: dict[int, float] = {}
        self.notes = Notes(order)

    def run(self) -> None:
        """Until it is asked to stop. The content was read before: a fork has it at once."""
        for work in [self.work] * self.order.workers + [self.sweep, self.come_due, self.answer]:
            self.begin(work)
        while not sending.stopping.is_set():
            self.replace_the_dead()
            self.wake_the_frozen()
            time.sleep(0.005)
        self.end()

    def begin(self, work: Callable[[], None]) -> None:
        """A process more."""
        seed = self.dice.getrandbits(32)
        if worker := os.fork():
            self.at_work[worker] = work
            return
        try:
            self.may_die(seed)
            random.seed(seed)
            work()
        except BaseException:
            log.exception("a worker ended")
        finally:
            os._exit(0)

    def may_die(self, seed: int) -> None:
        """From here on this process is one that is killed, or frozen."""
        beset(Killer(self.order.kills, seed, self.notes.may_strike, signal.SIGKILL))
        beset(Killer(self.order.freezes, seed + 1, self.notes.may_strike, signal.SIGSTOP))

    def replace_the_dead(self) -> None:
        """And the frozen. At once: nobody waits for a lease to end because of us."""
        for worker, work in list(self.at_work.items()):
            ended, status = os.waitpid(worker, os.WNOHANG | os.WUNTRACED)
            if ended and os.WIFSTOPPED(status):
                self.asleep[worker] = time.monotonic() + self.order.frozen / self.order.clock.speed
                self.begin(work)
            elif ended:
                del self.at_work[worker]
                self.begin(work)

    def wake_the_frozen(self) -> None:
        """They go on as if nothing had been."""
        for worker, moment in list(self.asleep.items()):
            if time.monotonic() >= moment:
                del self.asleep[worker]
                os.kill(worker, signal.SIGCONT)

    def end(self) -> None:
        """All of them, whatever they are at."""
        for worker in self.at_work:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)

    def work(self) -> None:
        """What a worker does, without the bell: any line, at any moment."""
        numbers = [each.number for each in self.house.config.service_number]
        lines = [Line(number, channel) for number in numbers for channel in ("sms", "voice")]
        while True:
            line, prompt = random.choice(lines), random.random() < 0.3
            self.safely(partial(sending.send, self.house, line, prompt))
            self.order.clock.sleep(random.uniform(0.1, 1.0))

    def sweep(self) -> None:
        """What the clock has done each half minute."""
        while True:
            self.safely(partial(duties.sweep, self.house))
            self.order.clock.sleep(SWEEP)

    def come_due(self) -> None:
        """What the clock does each second."""
        while True:
            self.safely(partial(duties.come_due, self.house))
            self.order.clock.sleep(1.0)

    def answer(self) -> None:
        """The carrier's callbacks, in as many threads as come."""
        make_server("127.0.0.1", self.order.door, create_app(self.house), threaded=True).serve_forever()

    def safely(self, work: Callable[[], object]) -> None:
        """As RQ and the clock do it: a job that failed is a line in the log."""
        try:
            work()
        except Exception as error:  # the one place for the crew
            self.notes.failed(error)
            log.exception("a job failed")


def main(file: str) -> None:
    """The crew of that order."""
    order = Order.read(Path(file))
    order.clock.rule()
    for module in (sending, looking):
        vars(module)["monotonic"] = order.clock.monotonic
    for name in order.mutations:
        MUTATIONS[name]()
    signal.signal(signal.SIGTERM, lambda *_: sending.stopping.set())
    house = Runtime.of(Config.from_env(os.environ), now=order.clock.now)
    print("ready", flush=True)
    Crew(order, house).run()


if __name__ == "__main__":
    main(sys.argv[1])
