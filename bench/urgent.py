"""A text of the crisis lane while a hundred thousand reminders wait for the same number and go out, against one alone:
from its commit until the carrier has it, by the worker that is woken for what cannot wait.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import bindparam, select

from bench import crowd, reaching
from bench.carrier import Carrier, carrying
from bench.figures import Figure
from bench.server import redis
from ivr import queue
from ivr.db import Statement
from ivr.models import Outgoing
from ivr.outbox import rows
from ivr.runtime import Runtime, wall_clock
from workers import sending

BACKLOG, RATE = 100_000, 100
ROUNDS, TEXTS = 7, 5  # urgent texts in a round of each
START_UP, LEAD, APART = 5.0, 1.0, 0.55  # seconds: of the worker, of the reminders, from one text to the next
_ID = Statement(select(Outgoing.id).where(Outgoing.key == bindparam("key_")))


class Service(NamedTuple):
    """A line, and its carrier."""

    house: Runtime
    carrier: Carrier


def compare() -> list[Figure]:
    """Rounds of each in turn: in one the reminders go out meanwhile, in the other there are none."""
    with TemporaryDirectory() as folder, ExitStack() as programs:
        busy, idle = (programs.enter_context(_service(Path(folder) / name)) for name in ("busy", "idle"))
        crowd.put(busy.house, "reminder", range(BACKLOG))
        crowd.put(idle.house, "confirmation", range(1))
        sending.send(idle.house, reaching.LINE)
        time.sleep(START_UP)
        rounds = [(_beside_reminders(busy), _texts(idle)) for _ in range(ROUNDS + 1)][1:]
        sent = busy.carrier.count()
    ours, alone = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratios = [one / other for one, other in rounds]
    remark = f"{ours:.0f} ms against {alone:.0f}, today; {sent:,} went out in all"
    return [Figure(f"crisis text beside {BACKLOG:,} reminders, ms", "alone", ratios, at_most=1.2, remark=remark)]


@contextmanager
def _service(folder: Path) -> Iterator[Service]:
    """With the worker for what cannot wait; the other one is begun when it shall work."""
    folder.mkdir()
    with carrying() as carrier, redis(folder) as address:
        environment = reaching.settings(folder, carrier, address, RATE)
        with reaching.opened(environment) as house, reaching.run(environment, "workers prompt"):
            yield Service(house, carrier)


def _beside_reminders(service: Service) -> float:
    seconds = LEAD + (TEXTS + 1) * APART
    worker = threading.Thread(target=sending.send, args=[service.house, reaching.LINE, False, seconds])
    worker.start()
    time.sleep(LEAD)
    try:
        return _texts(service)
    finally:
        worker.join()


def _texts(service: Service) -> float:
    """Urgent texts, one after the other; the median of their ms from commit to acceptance."""
    committed = dict(_text(service.house) for _ in range(TEXTS))
    accepted = {each.row: each.at for each in service.carrier.accepted()}
    return statistics.median(accepted[row] - moment for row, moment in committed.items())


def _text(house: Runtime) -> tuple[str, int]:
    """Its row, and when it was committed."""
    with house.database.transaction() as tx:
        contact, number = tx.all(crowd.NEWEST, many=1)[0]
        sending = crowd.sending("crisis", number, contact, house.now())._replace(flow="crisis")
        rows.add(tx, sending, house.now())
        row = tx.one(_ID, key_=sending.key)
    moment = wall_clock()
    queue.send_later(house.config.redis_url, *reaching.LINE, prompt=True)
    time.sleep(APART)
    assert row
    return str(row[0]), moment
