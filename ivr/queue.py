"""The bell that wakes workers. It may be lost at any moment: the database knows what is due."""

import logging

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

NAME = "warmline"


def connect(url: str) -> Redis:
    """A connection for whoever answers a webhook: one try, and short. A person waits on the other side."""
    return Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=1, socket_timeout=2)


def sweep_later(url: str) -> bool:
    """Wakes a worker to look for what is due. False when Redis is away: then the caller does it itself."""
    try:
        Queue(NAME, connection=connect(url), serializer=JSONSerializer).enqueue("workers.jobs.sweep", result_ttl=0)
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
