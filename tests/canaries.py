"""Canaries: inputs like no others, what people do with them, and every place where one of them could turn up."""

import base64
import io
import json
import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from people import Line
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from ivr import logs
from ivr.models import Outgoing
from ivr.outbox import report
from ivr.queue import PROMPT, ROUTINE
from simulator.calls import Call
from simulator.faults import Fault

DOOR = "+254700000101"


@dataclass
class Canaries:
    """Makes inputs, each once, and remembers them."""

    made: list[str] = field(default_factory=list)
    _next: Iterator[int] = field(default_factory=lambda: count(1))

    def number(self) -> str:
        """A phone number; its national part is what must not be found, however it is written."""
        national = f"71{next(self._next) * 7919 % 10**7:07}"
        self.made.append(national)
        return "+254" + national

    def words(self) -> str:
        """Words that nobody else says."""
        return self._made(f"zxqvbird{next(self._next)}w")

    def digits(self) -> str:
        """Like a PIN: too few to be masked as a number."""
        seed = next(self._next) * 7919
        return self._made("".join(str(1 + seed // 6**place % 6) for place in range(6)))

    def _made(self, canary: str) -> str:
        self.made.append(canary)
        return canary


@dataclass
class Places:
    """All that was written during a run, by the name of the place."""

    line: Line
    redis_url: str
    log: io.StringIO = field(default_factory=io.StringIO)
    urls: list[str] = field(default_factory=list)

    def found(self, canaries: list[str]) -> list[tuple[str, str]]:
        """Which canaries are where."""
        places = {**self.written(), **self.stored()}
        return [(name, each) for name, content in places.items() for each in canaries if each.encode() in content]

    def written(self) -> dict[str, bytes]:
        """What processes said."""
        get, runtime = self.line.client.get, self.line.runtime  # type: ignore[attr-defined]
        with runtime.database.transaction() as tx:
            outbox = "\n".join(report.lines(tx, runtime.now()))
        asked = json.dumps([(entry.get("url"), entry.get("callback")) for entry in self.line.carrier.ledger])
        return {
            "log": self.log.getvalue().encode(),
            "urls": "\n".join(self.urls).encode() + asked.encode(),
            "addresses at the carrier": "\n".join(self.line.asked).encode(),
            "metrics": get("/metrics").data + get("/readyz").data,
            "flask outbox": outbox.encode(),
        }

    def stored(self) -> dict[str, bytes]:
        """What lies in Redis, in each table, and on the disk."""
        found = {"redis": b"\n".join(_redis(Redis.from_url(self.redis_url)))}
        database = self.line.runtime.database
        with database.engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                found[table] = repr(connection.execute(text(f"SELECT * FROM {table}")).all()).encode()
        return found | {"file": everything(self.line)}


def everything(line: Line) -> bytes:
    """The bytes of a SQLite database and its journal."""
    if line.runtime.database.dialect != "sqlite":
        return b""
    file = Path(make_url(line.runtime.database.url).database or "")
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(file.name + "*")))


def _redis(redis: Redis) -> Iterator[bytes]:
    """Every key with its value, unpacked where RQ packs it."""
    readers: dict[str, Callable[[Any], Any]] = {
        "hash": redis.hgetall,
        "list": lambda key: redis.lrange(key, 0, -1),
        "zset": lambda key: redis.zrange(key, 0, -1),
        "set": redis.smembers,
        "stream": redis.xrange,
        "string": redis.get,
    }
    for key in redis.scan_iter():
        value = readers[redis.type(key).decode()](key)
        yield key + repr(value).encode()
        for packed in _fields(value):
            for unpack in (bytes, base64.b64decode):
                with suppress(ValueError, zlib.error):
                    yield zlib.decompress(unpack(packed))


def _fields(value: Any) -> list[bytes]:
    """The values of a hash, or of all entries of a stream: RQ packs those."""
    if isinstance(value, dict):
        return list(value.values())
    entries = (each[1] for each in value if isinstance(each, tuple)) if isinstance(value, list) else ()
    return [packed for entry in entries if isinstance(entry, dict) for packed in entry.values()]


@contextmanager
def watched(line: Line, redis_url: str) -> Iterator[Places]:
    """Notes what is logged, at its most talkative, and at which addresses the service was asked."""
    places = Places(line, redis_url)
    handler = logging.StreamHandler(places.log)
    handler.setFormatter(logs.Lines())
    root, app = logging.getLogger(), line.client.application  # type: ignore[attr-defined]
    level, inner = root.level, app.wsgi_app

    def outer(environ: dict[str, Any], start: Any) -> Any:
        places.urls.append(f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}")
        return inner(environ, start)

    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    app.wsgi_app = outer
    try:
        yield places
    finally:
        app.wsgi_app = inner
        root.setLevel(level)
        root.removeHandler(handler)


def lives(line: Line, canaries: Canaries) -> None:
    """What people do with this line, by text, by keypad, in all languages, and what it does for them."""
    texter, caller = canaries.number(), canaries.number()
    for code in "123":
        _writes(line, canaries, canaries.number(), code)
    _writes(line, canaries, texter, "1")
    _writes(line, canaries, unheard := canaries.number(), "1")  # of what goes to them nobody tells: it is looked for
    line.carrier.faults.order([Fault("accepted-reset", to=unheard), Fault("lost", to=unheard)])
    _rings(line, canaries, caller)
    line.carrier.faults.order(
        [Fault("429"), Fault("500"), Fault("accepted-reset"), Fault("wrong-json"), Fault("30003")]
    )
    line.rings(canaries.number(), to=DOOR)
    line.texts(f"please call {canaries.number()}", canaries.number(), withheld="Safaricom")
    line.texts(canaries.words(), canaries.number(), withheld="+266696687")
    for _ in range(30):
        line.later(hours=3)
        line.ticks()
        line.sweeps()
    _is_rung(line, canaries)
    for word in ("erase", "2", "1", f"yes {canaries.words()}", "1"):
        line.texts(word, texter)
    _press(line.rings(caller), "1422211")
    line.texts("STOP", texter)
    line.sweeps()


def _writes(line: Line, canaries: Canaries, number: str, language: str) -> None:
    for body in (canaries.words(), language, "1", canaries.digits()):
        line.texts(body, number)
    for body in ("reminders", "1", "1", "1", "1", "1", canaries.words(), f"tomorrow {canaries.words()}"):
        line.texts(body, number)
    line.texts(f"{canaries.words()} I want to die, ring {canaries.number()}", number)
    line.texts("person", number)
    for body in ("1", "1", canaries.words()):
        line.texts(body, number)


def _rings(line: Line, canaries: Canaries, number: str) -> None:
    line.rings(number).press("11").press("1").press("1231").hang_up()
    _press(line.rings(number), canaries.digits() + canaries.digits())
    withheld = line.rings(canaries.number(), withheld="anonymous").press("1").press("31")
    withheld.press("0" + canaries.number().removeprefix("+254") + "#").hang_up()


def _is_rung(line: Line, canaries: Canaries) -> None:
    """By call, every evening, until somebody presses a key."""
    for number in [str(entry["to"]) for entry in line.carrier.ledger if entry["kind"] == "call"]:
        if line.carrier.ringing(number):
            _press(line.carrier.answer(number), canaries.digits())


def _press(call: Call, keys: str) -> None:
    """As many of them as the call takes."""
    for key in keys:
        if not call.ended:
            call.press(key)
    call.hang_up()


def breaks(line: Line, canaries: Canaries) -> None:
    """Requests that are forged or make no sense, rows that cannot be written, tables that are gone."""
    post = line.client.post  # type: ignore[attr-defined]
    for path in ("/twilio/sms", "/twilio/voice", "/twilio/nothing"):
        post(path, data={"Body": canaries.words(), "From": canaries.number(), "Digits": canaries.digits()})
    line.post("/twilio/voice/en/9", [("CallSid", "CA9"), ("From", canaries.number()), ("Digits", canaries.digits())])
    line.post("/twilio/status", [("MessageSid", "SM9"), ("MessageStatus", canaries.words()), ("To", canaries.number())])
    with line.runtime.database.engine.begin() as connection:
        connection.execute(Outgoing.__table__.update().where(Outgoing.state == "pending").values(flow="gone"))
    line.later(days=1)
    line.ticks()
    for table in ("messages", "conversations"):
        with _gone(line, table):
            line.texts(canaries.words(), canaries.number())
            _press(line.rings(canaries.number()), canaries.digits())


@contextmanager
def _gone(line: Line, table: str) -> Iterator[None]:
    """A table that is not there until the end of the block."""
    with line.runtime.database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    yield
    with line.runtime.database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE elsewhere RENAME TO {table}"))


def work(redis_url: str) -> None:
    """Whatever the bell woke a worker for."""
    connection = Redis.from_url(redis_url)
    bells = [Queue(name, connection=connection, serializer=JSONSerializer) for name in (PROMPT, ROUTINE)]
    SimpleWorker(bells, connection=connection, serializer=JSONSerializer, log_job_description=False).work(burst=True)
