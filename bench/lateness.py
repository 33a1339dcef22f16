"""How late reminders are that fall due over a minute: the clock, the workers, Redis and the carrier, each a process."""

import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench import carrier, crowd, reaching
from bench.carrier import carrying
from bench.figures import Figure
from bench.server import redis
from ivr.db import Statement
from ivr.models import Outgoing
from ivr.runtime import wall_clock

REMINDERS, SECONDS, RATE = 1200, 60, 100
START_UP = 8  # seconds
_DUE = Statement(select(Outgoing.id, Outgoing.due_at))


def measure() -> list[Figure]:
    """From the moment at which each is due until the carrier has it; and what piles up there."""
    with TemporaryDirectory() as folder, ExitStack() as programs:
        network = programs.enter_context(carrying())
        address = programs.enter_context(redis(Path(folder)))
        environment = reaching.settings(Path(folder), network, address, RATE)
        house = programs.enter_context(reaching.opened(environment))
        first = wall_clock() + START_UP * 1000
        crowd.gather(house, range(REMINDERS), lambda who: first + who * SECONDS * 1000 // REMINDERS, crowd.ANY_HOUR)
        with reaching.run(environment, "workers", "workers.clock"):
            time.sleep(START_UP + SECONDS)
            reaching.wait_for(lambda: reaching.count(house, "accepted") == REMINDERS)
        with house.database.transaction() as tx:
            due = dict(tx.all(_DUE))
        carried = network.accepted()
    late = sorted((each.at - due[each.row]) / 1000 for each in carried)
    what = f"{REMINDERS:,} reminders due over a minute"
    queued = carrier.longest_queue(carried, RATE)
    return [
        Figure(f"{what}: how late, p50", "-", [late[len(late) // 2]], unit=" s"),
        Figure(f"{what}: how late, p99", "-", [late[len(late) * 99 // 100]], at_most=2.0, unit=" s"),
        Figure(f"{what}: waits at the carrier", "-", [queued], at_most=2.0, unit=" s"),
    ]
