"""Reminders end to end, from the schedule that falls due to the carrier's answer in the database, against RQ's jobs
that do nothing; and how often Redis is asked on the way.
"""

import signal
import statistics
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bench import crowd, reaching
from bench.carrier import carrying
from bench.figures import Figure
from bench.server import redis
from ivr.runtime import Runtime, wall_clock
from workers import duties, sending

ROUNDS, REMINDERS, JOBS = 7, 1000, 250  # of each, in a round
AT_ONCE = 5000  # through the bell
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def compare() -> list[Figure]:
    """Interleaved rounds: ours whole, theirs empty."""
    with TemporaryDirectory() as folder, ExitStack() as programs:
        carrier = programs.enter_context(carrying())
        bell = Redis.from_url(programs.enter_context(redis(Path(folder))))
        environment = reaching.settings(Path(folder), carrier)
        runtime = programs.enter_context(reaching.opened(environment, reaching.this_morning()))
        rounds = [(remind(runtime, each), work(bell)) for each in range(ROUNDS + 1)][1:]
        assert carrier.count() == (ROUNDS + 1) * REMINDERS, "a reminder went out twice, or not at all"
    ours, theirs = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    ratios = [one / other for one, other in rounds]
    seen = f"{ours:,.0f} against {theirs:,.0f} a second on this machine, today"
    return [Figure("reminders end to end, per second", "RQ, empty jobs", ratios, at_least=8.0, remark=seen)]


def remind(runtime: Runtime, round: int) -> float:
    """People who are all to be reminded now; how many were a second, from falling due to `accepted`."""
    now, before = runtime.now(), reaching.count(runtime, "accepted")
    crowd.gather(runtime, range(round * REMINDERS, (round + 1) * REMINDERS), lambda _: now)
    begun = time.perf_counter()
    duties.come_due(runtime)
    sending.send(runtime, reaching.LINE)
    seconds = time.perf_counter() - begun
    sent = reaching.count(runtime, "accepted") - before
    assert sent == REMINDERS, f"{sent} of {REMINDERS} reminders went out"
    return sent / seconds


def nothing() -> None:
    """What RQ's jobs do."""


def work(bell: "Redis") -> float:
    """Empty jobs on RQ's faster worker; how many a second."""
    jobs = Queue("bench", connection=bell, serializer=JSONSerializer)
    jobs.enqueue_many([Queue.prepare_data(nothing) for _ in range(JOBS)])
    worker = SimpleWorker([jobs], connection=bell, serializer=JSONSerializer, log_job_description=False)
    handlers = {each: signal.getsignal(each) for each in SIGNALS}
    begun = time.perf_counter()
    worker.work(burst=True, logging_level="ERROR")
    seconds = time.perf_counter() - begun
    for each, handler in handlers.items():  # which the worker took for itself
        signal.signal(each, handler)
    return JOBS / seconds


def commands() -> list[Figure]:
    """What the clock's bell and the worker's jobs ask of Redis, by the processes that production runs."""
    with TemporaryDirectory() as folder, ExitStack() as programs:
        carrier = programs.enter_context(carrying())
        address = programs.enter_context(redis(Path(folder)))
        bell = Redis.from_url(address)
        environment = reaching.settings(Path(folder), carrier, address)
        runtime = programs.enter_context(reaching.opened(environment))
        crowd.gather(runtime, range(AT_ONCE), lambda _: wall_clock(), crowd.ANY_HOUR)
        with reaching.run(environment, "workers", "workers.clock"):
            reaching.wait_for(lambda: reaching.count(runtime, "accepted") == AT_ONCE)
            asked = int(bell.info("stats")["total_commands_processed"])
    what, remark = f"each of {AT_ONCE:,} reminders at once, of Redis", "clock and workers, start-up included"
    return [Figure(what, "-", [asked / AT_ONCE], at_most=0.6, unit=" commands", remark=remark)]
