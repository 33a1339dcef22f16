"""What a menu turn does, counted: it is the same on every machine and in every run."""

import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis import Redis
from sqlalchemy import event

from bench import line
from bench.figures import Figure
from bench.server import redis

CALLS, TURNS = 5, 4
_FRAME = ("BEGIN", "COMMIT")


def count() -> list[Figure]:
    """SQL statements, Redis commands and bytes of a menu turn."""
    with TemporaryDirectory() as folder, redis(Path(folder)) as address, Redis.from_url(address) as bell:
        environment = line.settings(Path(folder), address)
        line.prepare(environment, CALLS)
        before = _commands(bell)
        statements, replies = _turns(environment)
        commands = _commands(bell) - before - 1  # the question itself is one
    asked = CALLS * TURNS
    others = sum(statements.values()) - statements["SELECT"] - statements["UPDATE"]
    return [
        Figure("menu turn, SELECT", "-", [statements["SELECT"] / asked], at_most=1, unit=""),
        Figure("menu turn, UPDATE", "-", [statements["UPDATE"] / asked], at_most=1, unit=""),
        Figure("menu turn, other SQL but begin and commit", "-", [others / asked], at_most=0, unit=""),
        Figure("menu turn, Redis commands", "-", [commands / asked], at_most=0, unit=""),
        Figure("menu turn, TwiML", "-", sorted(map(len, replies)), unit=" bytes"),
    ]


def _turns(environment: dict[str, str]) -> tuple[Counter[str], list[bytes]]:
    """The first words of the statements that the turns ran, and what was answered."""
    clock = line.Clock(time.time_ns() // 1_000_000)
    runtime, app = line.opened(environment, clock)
    statements: Counter[str] = Counter()
    replies = []
    with closing(runtime.database):
        for turn in range(line.FIRST, line.FIRST + TURNS):
            clock.moment += line.HURRIED
            if turn == line.FIRST:
                _listen(runtime.database.engine, statements)
            replies += [line.answer(app, line.pressed(number, turn)) for number in range(CALLS)]
    return statements, replies


def _listen(engine: Any, statements: Counter[str]) -> None:
    def noted(sql: str) -> None:
        word = sql.split(None, 1)[0].upper()
        if word not in _FRAME:
            statements[word] += 1

    def checked_out(connection: sqlite3.Connection, *_about: object) -> None:
        connection.set_trace_callback(noted)

    event.listen(engine, "checkout", checked_out)


def _commands(bell: "Redis") -> int:
    return int(bell.info("stats")["total_commands_processed"])
