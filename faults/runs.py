"""One run: people and rows, a carrier, a crew that is killed, and what it came to."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from faults import carrier, counting, people
from faults.carrier import Carrier
from faults.clocks import Clock
from faults.counting import Tally
from faults.orders import Order
from ivr.runtime import HOME


@dataclass(frozen=True)
class Wish:
    """What is tried. Chances by point; `faults`: of the carrier, and `then` after so many seconds others; `until` and
    `patience`: seconds after which nobody is killed any more, and after which it is given up. All by the run's clock.
    """

    name: str
    count: int
    kind: str = ""
    rows_each: int = 1
    rate: str = "5"
    kills: dict[str, float] = field(default_factory=dict)
    freezes: dict[str, float] = field(default_factory=dict)
    frozen: float = 45.0
    faults: str = ""
    then: tuple[float, str] = (0.0, "")
    lag: float = 0.0
    mutations: tuple[str, ...] = ()
    workers: int = 4
    speed: float = 20.0
    seed: int = 1
    until: float = 600.0
    patience: float = 3600.0


@dataclass(frozen=True)
class Figures:
    """What came of it. `overdue`: ms by which the oldest lease was ever over; `errors`: jobs that failed."""

    wish: Wish
    tally: Tally
    strikes: Counter[str]
    errors: Counter[str]
    drawn: dict[str, int]
    overdue: int
    seconds: float


def run(database_url: str, wish: Wish) -> Figures:
    """Until each row is at an end, or the patience is."""
    began = time.monotonic()
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, clock = Path(name), Clock(time.time(), speed=wish.speed)
        people.fill(database_url, clock, wish.count, wish.kind, wish.rows_each)
        rates = {"SEGMENTS_PER_SECOND": wish.rate, "CALLS_PER_SECOND": wish.rate}
        environment = {**os.environ, **people.SETTINGS, **rates, "DATABASE_URL": database_url}
        options = ("--rtt-ms", "300", "--lag", str(wish.lag), "--faults", wish.faults, "--seed", str(wish.seed))
        with carrier.running(folder, clock, environment, *options) as line:
            environment["TWILIO_API_BASE_URL"] = line.url
            with working(_order(wish, clock, folder), folder, environment):
                overdue = _await_the_end(database_url, wish, clock, line)
            drawn = line.drawn()
        notes = (folder / "notes").read_text().splitlines()
        tally = counting.tally(wish.count, counting.rows(database_url), line.ledger())
    strikes = Counter(note for note in notes if not note.startswith("!"))
    errors = Counter(note[2:] for note in notes if note.startswith("!"))
    return Figures(wish, tally, strikes, errors, drawn, overdue, time.monotonic() - began)


def _order(wish: Wish, clock: Clock, folder: Path) -> Order:
    chances = {"kills": wish.kills, "freezes": wish.freezes, "frozen": wish.frozen, "until": wish.until}
    return Order(clock, str(folder / "notes"), wish.seed, wish.workers, mutations=wish.mutations, **chances)  # type: ignore[arg-type]


@contextmanager
def working(order: Order, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """A crew that is at work until the block ends."""
    (folder / "notes").touch()
    order.write(folder / "order.json")
    command = [sys.executable, "-m", "faults.crew", str(folder / "order.json")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=subprocess.PIPE, stderr=log)
        try:
            assert process.stdout
            process.stdout.readline()
            yield
            assert process.poll() is None, (folder / "log").read_text()
        finally:
            process.terminate()
            process.communicate()


def _await_the_end(database_url: str, wish: Wish, clock: Clock, line: Carrier) -> int:
    """By how much the oldest lease was over, ever."""
    overdue, (change, faults), began = 0, wish.then, clock.now()
    while (now := clock.now()) - began < wish.patience * 1000:
        if change and now - began > change * 1000:
            change = 0.0
            line.order(faults=faults)
        seen = counting.watch(database_url, now)
        overdue = max(overdue, seen.overdue)
        if not seen.open:
            break
        time.sleep(0.1)
    return overdue
