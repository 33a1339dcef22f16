"""A hundred people ring at once while PostgreSQL is frozen: on the server as the Procfile starts it, by the wall."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.server import served
from faults import breaking, dead, steps
from faults.dead import Figures
from faults.steps import Step
from ivr.config import Config
from ivr.runtime import Runtime

NAME, MANY = "a frozen database, 100 rings at once, on the server", 100
WELL_AGAIN = 10.0  # seconds after which the line must be there again by itself
FIRST = 50_000  # the person who rings first


class Crowd(NamedTuple):
    """What they heard, and how many seconds after the thaw the first one was helped on as always."""

    figures: Figures
    recovered: float

    @property
    def is_well(self) -> bool:
        """All in time, and the line came back."""
        return dead.is_well(self.figures, works=False) and self.recovered < WELL_AGAIN


def ring(database_url: str, many: int = MANY) -> Crowd:
    """They ring at the same moment."""
    with _line(database_url) as (runtime, port):
        assert not _rings(runtime, port, _step(0)).is_helped  # all is well, and nobody is told of trouble
        with breaking.frozen(runtime), ThreadPoolExecutor(many) as callers:
            answers = list(callers.map(lambda each: _rings(runtime, port, _step(each)), range(1, many + 1)))
        return Crowd(Figures(answers), _recovered(runtime, port, many))


def _recovered(runtime: Runtime, port: int, first: int) -> float:
    """Nobody does anything but ring."""
    began = time.monotonic()
    for each in range(first + 1, first + 1000):
        if _rings(runtime, port, _step(each)).is_turn or time.monotonic() - began > 2 * WELL_AGAIN:
            break
        time.sleep(0.1)
    return time.monotonic() - began


def _rings(runtime: Runtime, port: int, step: Step) -> dead.Answer:
    webhook = steps.rung(step)
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"X-Twilio-Signature": webhook.signature, "Content-Type": "application/x-www-form-urlencoded"}
    with closing(connection):
        connection.request("POST", webhook.path, webhook.body, headers)
        answer = connection.getresponse().read()
    return dead.judged(runtime, step, answer, time.monotonic() - began)


def _step(person: int) -> Step:
    return Step(FIRST + person, "voice", ("en", "es", "sw")[person % 3], "", "")


@contextmanager
def _line(database_url: str) -> Iterator[tuple[Runtime, int]]:
    with TemporaryDirectory() as spool:
        environment = steps.SETTINGS | {"DATABASE_URL": database_url, "SPOOL": spool}
        runtime = Runtime.of(Config.from_env(environment))
        with closing(runtime.database), served("wsgi:app", environment) as server:
            yield runtime, server.port


def tried(url: str) -> tuple[tuple[str, ...], bool]:
    """A line of the table, and whether all is well."""
    crowd = ring(url)
    return (*dead.cells(NAME, "postgresql", crowd.figures)[:-1], f"{crowd.recovered:.1f} s"), crowd.is_well
