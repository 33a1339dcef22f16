"""The people of the tests: they ring, press, listen and text through the real webhooks, on a pretend carrier.

Only the carrier and the clock are replaced. Seconds pass as they would on the phone, but at once.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from conftest import SETTINGS
from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from faults.dead import await_the_end
from ivr import content, conversations
from ivr.app import create_app
from ivr.callbacks import queue
from ivr.config import Config
from ivr.models import Base
from ivr.runtime import HOME, Runtime
from simulator.app import create_app as create_carrier
from simulator.calls import Call
from simulator.carrier import Carrier
from simulator.settings import Settings
from simulator.wires import through
from workers import duties, sending

MONDAY_MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # ten in Nairobi: the desk is open
ASHA, BARAKA = "+254711000001", "+254711000002"


@dataclass
class Clock:
    """The moment that the service and the carrier believe in."""

    moment: datetime = MONDAY_MORNING

    def now(self) -> int:
        return int(self.moment.timestamp() * 1000)

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Line:
    """The service with a pretend carrier in front of it."""

    runtime: Runtime
    carrier: Carrier
    clock: Clock
    client: object = None
    workers: Runtime | None = None  # the runtime of the workers, which reach the carrier over HTTP
    asked: list[str] = field(default_factory=list)  # the addresses at which they asked it

    def rings(self, number: str = ASHA, **how: object) -> Call:
        return self.carrier.ring(number, **how)  # type: ignore[arg-type]

    def texts(self, body: str, number: str = ASHA, **how: object) -> list[str]:
        self.clock.pass_by(2)
        return self.carrier.text(number, body=body, **how)  # type: ignore[arg-type]

    def later(self, **span: float) -> None:
        self.clock.moment += timedelta(**span)

    def ticks(self) -> None:
        """A second of clock and workers: what is due goes out, and the carrier carries it."""
        house = self.workers or self.runtime
        duties.tell_again(house)
        duties.come_due(house)
        for service in house.config.service_number:
            for channel in ("sms", "voice"):
                sending.send(house, sending.Line(service.number, channel))
        self.carrier.settle()

    def sweeps(self) -> None:
        """What happens each half minute."""
        duties.sweep(self.workers or self.runtime)
        self.carrier.settle()

    def rows(self, model: type[Base]) -> list:
        with Session(self.runtime.database.engine) as session:
            return list(session.scalars(select(model)))

    def opened(self, model: type[Base], column: str) -> list[str]:
        """What was sealed in a column, readable again."""
        place = f"{model.__tablename__}.{column}"
        vault = self.runtime.vault
        return [vault.open(place, row.id, getattr(row, column)).decode() for row in self.rows(model)]

    def waiting(self) -> list[queue.Waiting]:
        with self.runtime.database.transaction() as tx:
            return queue.waiting(tx)

    def post(self, path: str, form: list[tuple[str, str]], **headers: str) -> bytes:
        """A signed webhook as the carrier would send it; the reply must always be TwiML with status 200."""
        url = self.runtime.config.public_base_url + path
        signed = self.carrier.webhooks._headers(url, form) | headers
        response = through(self.client).post(url, form, signed)  # type: ignore[arg-type]
        assert response[0] == 200
        assert response[1].startswith("text/xml")
        ElementTree.fromstring(response[2])
        return response[2]


def _as_shipped(home: Path, config: Config, names: content.Names) -> content.Content:
    """Read once for all tests of these settings: it takes longer than most of them."""
    return _read(home, replace(config, database_url="", spool=""))


@lru_cache(6)
def _read(home: Path, config: Config) -> content.Content:
    return content.load(home, config, conversations.names())


@contextmanager
def a_line(database_url: str, home: Path = HOME, **settings: str):
    """A line on this database, with the flows and languages of `home`."""
    with TemporaryDirectory() as spool:
        environment = SETTINGS | {"DATABASE_URL": database_url, "SPOOL": spool} | settings
        clock = Clock()
        load = _as_shipped if home == HOME else content.load
        runtime = Runtime.of(Config.from_env(environment), home, clock.now, load)
        with closing(runtime.database):
            client = create_app(runtime).test_client()
            carrier = Carrier(_carrier_settings(environment), through(client), lambda: clock.moment, clock.pass_by)
            yield Line(runtime, carrier, clock, client)
            await_the_end([runtime])
            assert carrier.problems == [], carrier.problems


@contextmanager
def a_reaching_line(database_url: str, home: Path = HOME, **settings: str) -> Iterator[Line]:
    """A line whose workers ask the carrier for texts and calls, over HTTP on this machine, and fast."""
    quick = {"SEGMENTS_PER_SECOND": "1000", "CALLS_PER_SECOND": "1000"} | settings
    with a_line(database_url, home, **quick) as line, _served(_noting(line)) as url:
        line.workers = replace(line.runtime, config=replace(line.runtime.config, twilio_api_base_url=url))
        yield line


def _noting(line: Line) -> Flask:
    """The carrier's API, which notes at which addresses it was asked."""
    app = create_carrier(line.carrier)
    app.before_request(lambda: line.asked.append(request.full_path))
    return app


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _carrier_settings(environment: dict[str, str]) -> Settings:
    base = environment["PUBLIC_BASE_URL"]
    urls = {"VOICE_URL": f"{base}/twilio/voice", "SMS_URL": f"{base}/twilio/sms", "STATUS_URL": f"{base}/twilio/status"}
    return Settings.from_env({**environment, **urls})
