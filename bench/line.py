"""Warmline as it is measured: its settings, a database with calls at a menu, and the keys pressed there."""

import base64
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.webhooks import NUMBER, PUBLIC, TOKEN, Webhook, as_environ, of_call, of_text
from ivr import migrating
from ivr.app import create_app
from ivr.config import Config
from ivr.runtime import HOME, Runtime

WSGI = Callable[..., Iterable[bytes]]

# It rings; English; no, keep nothing. Then the main menu and the menu of exercises, to and fro: turns without actions.
TO_THE_MENU = ("", "1", "2")
AT_THE_MENU = ("2", "7")
FIRST = len(TO_THE_MENU)  # the first turn that is measured
HURRIED = 2_000  # ms between the keys of a prepared call: the service takes a quicker one for an echo of the last
NO_REDIS = "redis://127.0.0.1:1/0"  # nobody is there


def settings(folder: Path, redis_url: str = NO_REDIS) -> dict[str, str]:
    """The environment of a line whose database is in that folder."""
    return {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "SERVICE_NUMBER": f"{NUMBER}:line:en",
        "PUBLIC_BASE_URL": PUBLIC,
        "SECRET_KEY": "certainly-not-a-secret",
        "DATA_KEYS": "test:" + base64.b64encode(b"d" * 32).decode(),
        "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"sqlite:///{folder / 'line.db'}",
    }


def key(turn: int) -> str:
    """What is pressed at that turn."""
    return TO_THE_MENU[turn] if turn < FIRST else AT_THE_MENU[(turn - FIRST) % len(AT_THE_MENU)]


def pressed(number: int, turn: int) -> Webhook:
    """The webhook of a call's turn."""
    return of_call(number, turn, key(turn))


def texted(number: int, turn: int) -> Webhook:
    """The same turn by text."""
    return of_text(number, turn, key(turn) or "hello")


class NotAtTheMenu(Exception):
    """A call that was prepared does not wait where it should."""


@dataclass
class Clock:
    """The moment that a line in this process believes in, in milliseconds."""

    moment: int

    def now(self) -> int:
        """It, as a line asks for it."""
        return self.moment


def opened(environment: dict[str, str], clock: Clock | None = None) -> tuple[Runtime, WSGI]:
    """The line in this process; on its own clock where one is given."""
    config = Config.from_env(environment)
    runtime = Runtime.of(config, HOME, clock.now) if clock else Runtime.of(config)
    return runtime, create_app(runtime).wsgi_app


def prepare(environment: dict[str, str], calls: int, webhook: Callable[[int, int], Webhook] = pressed) -> None:
    """A fresh database in which that many people wait at the main menu, a minute ago."""
    migrating.upgrade(environment["DATABASE_URL"])
    clock = Clock(0)
    begun = time.time_ns() // 1_000_000 - 60_000
    runtime, app = opened(environment, clock)
    with closing(runtime.database):
        for number in range(calls):
            for turn in range(FIRST):
                clock.moment = begun + turn * HURRIED
                answer(app, webhook(number, turn))
            if not number and not at_turn(environment, FIRST):
                raise NotAtTheMenu("the flows have changed: press other keys in TO_THE_MENU and AT_THE_MENU")


def answer(app: WSGI, webhook: Webhook) -> bytes:
    """The body of the answer to a webhook."""
    return answered(app, as_environ(webhook))


def answered(app: WSGI, environ: dict[str, Any]) -> bytes:
    """The body of the answer; anything but 200 is a mistake of the bench."""
    statuses: list[str] = []

    def start_response(status: str, _headers: Any, _error: Any = None) -> None:
        statuses.append(status)

    body = b"".join(app(environ, start_response))
    assert statuses[0].startswith("200"), statuses[0]
    return body


def at_turn(environment: dict[str, str], turn: int) -> int:
    """How many conversations have come to that turn and still wait: proof that each request was a whole turn."""
    file = environment["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, timeout=10)) as connection:
        found = connection.execute("SELECT count(*) FROM conversations WHERE turn = ? AND state NOT NULL", (turn,))
        return int(found.fetchone()[0])
