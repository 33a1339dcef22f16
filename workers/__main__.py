"""The worker process: `python -m workers`."""

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from ivr import queue
from workers.runtime import runtime

# RQ looks for abandoned jobs only between jobs, and an idle worker waits for one nearly as long as its own TTL: with
# the defaults a job whose worker was killed waits up to ten minutes; with these, about one and a half.
TTL, MAINTENANCE = 60, 30

connection = Redis.from_url(runtime().config.redis_url)
bell = Queue(queue.NAME, connection=connection, serializer=JSONSerializer)
SimpleWorker(
    [bell],
    connection=connection,
    serializer=JSONSerializer,
    worker_ttl=TTL,
    maintenance_interval=MAINTENANCE,
    log_job_description=False,
).work()
