"""The bell that wakes workers. It may be lost at any moment: the database knows what is due."""

import logging

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

# What must not wait behind a long round of reminders has a queue, and a worker, of its own.
PROMPT, ROUTINE = "prompt", "routine"
# Seconds. While no worker runs, rings do not pile up: the next one does the work of all. Failures are kept for a day.
STALE, KEPT = 60, 86_400


def connect(url: str) -> Redis:
    """A connection for whoever answers a webhook: one try, and short. A person waits on the other side."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=1, socket_timeout=2)


def sweep_later(url: str) -> bool:
    """Wakes a worker to put right what was left behind. False when Redis is away: then the caller does it itself."""
    return _ring(url, ROUTINE, "workers.jobs.sweep")


def send_later(url: str, number: str, channel: str, prompt: bool) -> bool:
    """Wakes a worker to send what is due for one of our numbers. False when Redis is away."""
    return _ring(url, PROMPT if prompt else ROUTINE, "workers.jobs.send", number, channel, prompt)


def _ring(url: str, queue: str, job: str, *about: object) -> bool:
    try:
        bell = Queue(queue, connection=connect(url), serializer=JSONSerializer)
        bell.enqueue(job, *about, result_ttl=0, ttl=STALE, failure_ttl=KEPT)
    except RedisError as error:
        log.warning("the bell does not ring: %s", error)
        return False
    return True


def answers(url: str) -> bool:
    """Whether Redis is there."""
    try:
        return bool(connect(url).ping())
    except RedisError:
        return False
