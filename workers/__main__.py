"""The worker process: `python -m workers`. Beside it runs a second one for what must not wait: `… workers prompt`."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from redis import ConnectionError as RedisConnectionError
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from ivr import logs, queue
from workers import sending
from workers.runtime import runtime

log = logging.getLogger(__name__)

# RQ looks for abandoned jobs only between jobs, and an idle worker waits for one nearly as long as its own TTL: with
# the defaults a job whose worker was killed waits up to ten minutes; with these, about one and a half.
TTL, MAINTENANCE = 60, 30
AGAIN = 2.0  # seconds


class Worker(SimpleWorker):
    """Ends its round when it is asked to stop, instead of at the end of its time."""

    max_connection_wait_time = 5.0  # seconds between tries while Redis is away; RQ's own 60 would make reminders late

    def request_stop(self, signum: Any, frame: Any) -> None:
        sending.stopping.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def main(queues: list[str]) -> None:
    """Works for these queues until it is told to stop, also where Redis is not there yet, or not any more."""
    while not sending.stopping.is_set():
        try:
            work(queues)
            break
        except RedisConnectionError as error:
            log.warning("no bell to listen to: %s", error)
            sending.stopping.wait(AGAIN)


def work(queues: list[str]) -> None:
    """Raises redis' ConnectionError when Redis is away at the wrong moment."""
    connection = Redis.from_url(runtime().config.redis_url)
    bells = [Queue(name, connection=connection, serializer=JSONSerializer) for name in queues]
    Worker(
        bells,
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=TTL,
        maintenance_interval=MAINTENANCE,
        log_job_description=False,
    ).work()


def keep_prompt_worker() -> None:
    """Runs the second worker, again whenever it has ended, until this one is asked to stop."""
    while not sending.stopping.is_set():
        beside = subprocess.Popen([sys.executable, "-m", "workers", queue.PROMPT])  # noqa: S603 - our own program
        while beside.poll() is None and not sending.stopping.wait(0.2):
            pass
        beside.terminate()
        beside.wait()


def end_with(parent: int) -> None:
    """The second worker ends when the first one is gone, however that came."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    logs.configure()
    if sys.argv[1:] == [queue.PROMPT]:
        threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
        main([queue.PROMPT])
    else:
        runtime()
        second = threading.Thread(target=keep_prompt_worker)
        second.start()
        try:
            main([queue.PROMPT, queue.ROUTINE])
        finally:
            sending.stopping.set()
            second.join()
