"""One run: people and rows, a carrier, a crew that is killed, and what it came to."""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from faults import carrier, counting, people, staff
from faults.carrier import Carrier
from faults.clocks import Clock
from faults.counting import Crowd, Tally
from faults.orders import Order
from faults.wishes import Wish
from ivr.runtime import HOME


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
    crowd: Crowd


def run(database_url: str, wish: Wish) -> Figures:
    """Until each row is at an end, or the patience is."""
    began = time.monotonic()
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, clock = Path(name), Clock(time.time(), speed=wish.speed)
        (wish.fill or people.fill)(database_url, clock, wish)
        rates = {"SEGMENTS_PER_SECOND": wish.rate, "CALLS_PER_SECOND": wish.rate}
        environment = {**os.environ, **people.SETTINGS, **rates, "DATABASE_URL": database_url}
        order = _order(wish, clock, folder)
        with carrier.running(folder, clock, environment, *_options(wish, order.door)) as line:
            environment["TWILIO_API_BASE_URL"] = line.url
            with (staff.working if wish.under_rq else working)(order, folder, environment):
                overdue = _await_the_end(database_url, wish, clock, line)
            drawn = line.drawn()
        notes = (folder / "notes").read_text().splitlines()
        ledger = line.ledger()
        tally = counting.tally(wish.count, counting.rows(database_url), ledger)
    strikes = Counter(note for note in notes if not note.startswith("!"))
    errors = Counter(note[2:] for note in notes if note.startswith("!"))
    seconds = time.monotonic() - began
    return Figures(wish, tally, strikes, errors, drawn, overdue, seconds, counting.crowd(ledger))


def _order(wish: Wish, clock: Clock, folder: Path) -> Order:
    chances = {"kills": wish.kills, "freezes": wish.freezes, "frozen": wish.frozen, "until": wish.until}
    about = {"mutations": wish.mutations, "door": _free_port()}
    return Order(clock, str(folder / "notes"), wish.seed, wish.workers, **chances, **about)  # type: ignore[arg-type]


def _options(wish: Wish, door: int) -> tuple[str, ...]:
    """Of the carrier."""
    told = ("--callbacks", f"http://127.0.0.1:{door}") if wish.told else ()
    return ("--rtt-ms", "300", "--lag", str(wish.lag), "--faults", wish.faults, "--seed", str(wish.seed), *told)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


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
        if seen.rows >= wish.count and not seen.open:
            break
        time.sleep(0.1)
    return overdue
