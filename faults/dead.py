"""A line that is never dead: every step of every flow, in every language and channel, while something is broken."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import NamedTuple

from faults import breaking, hearing, steps
from faults.breaking import Fault
from faults.steps import Step
from ivr.config import Config
from ivr.moments import moment_of
from ivr.outages.turns import Turns
from ivr.runtime import Runtime

HEADS = (
    *("broken", "database", "steps", "heard the hotline", "heard their turn"),
    *("half within", "99 % within", "slowest", "well again after"),
)
HEARD_BY = 5.0  # seconds
THREADS, AT_ONCE = 4, 16  # people at the same time: as a web process has them; and where each waits for themselves
ENDED = 10.0  # seconds for what was given up on to end, when nothing is broken any more


class Answer(NamedTuple):
    """What came of one step: within so many seconds, and whether it held the numbers, a breath and the language."""

    step: Step
    seconds: float
    is_helped: bool
    is_turn: bool


class Figures(NamedTuple):
    """What came of all steps."""

    answers: list[Answer]

    @property
    def helped(self) -> int:
        """Who heard both numbers, and something to do now, in their language."""
        return sum(answer.is_helped for answer in self.answers)

    @property
    def turns(self) -> int:
        """Who heard what they always hear."""
        return sum(answer.is_turn for answer in self.answers)

    @property
    def slowest(self) -> float:
        """The longest that anybody waited."""
        return max(answer.seconds for answer in self.answers)

    def share(self, of: float) -> float:
        """Within how many seconds so large a part of them had their answer."""
        return sorted(answer.seconds for answer in self.answers)[int(len(self.answers) * of) - 1]


# Whether those who ask must hear what they always hear, instead of help for when nothing works.
FAULTS: dict[str, tuple[Fault, tuple[str, ...], bool]] = {
    "Redis away": (breaking.nothing, ("sqlite", "postgresql"), True),
    "no database": (breaking.gone, ("sqlite", "postgresql"), False),
    "a frozen database": (breaking.frozen, ("postgresql",), False),
    "locked by a stopped process": (breaking.locked, ("sqlite", "postgresql"), False),
    "a full disk": (breaking.full, ("sqlite", "postgresql"), False),
    "a bug in a turn": (breaking.bug, ("sqlite", "postgresql"), False),
}


def matrix(database_url: str, fault: Fault, *, each_waits: bool) -> Figures:
    """Every step under this fault. `each_waits`: nobody profits from what others found out before them."""
    with TemporaryDirectory() as spool:
        settings = steps.SETTINGS | {"DATABASE_URL": database_url, "SPOOL": spool}
        runtime = Runtime.of(Config.from_env(settings))
        with closing(runtime.database):
            there = steps.every(runtime)
            steps.stand(runtime, there)
            houses = [runtime]
            with fault(runtime):
                answers = list(_asked(houses, there, each_waits))
            await_the_end(houses)
            return Figures(answers)


def await_the_end(houses: list[Runtime]) -> None:
    """Until nothing is under way any more that somebody gave up on."""
    until = time.monotonic() + ENDED
    while any(house.turns.under_way for house in houses) and time.monotonic() < until:
        time.sleep(0.02)


def _asked(houses: list[Runtime], there: list[Step], each_waits: bool) -> Iterator[Answer]:
    runtime = houses[0]

    def ask(step: Step) -> Answer:
        house = replace(runtime, turns=Turns()) if each_waits else runtime
        houses.append(house)
        began = time.monotonic()
        answer = steps.act(house, step)
        return judged(runtime, step, answer, time.monotonic() - began)

    with ThreadPoolExecutor(AT_ONCE if each_waits else THREADS) as people:
        yield from people.map(ask, there)


def judged(runtime: Runtime, step: Step, answer: bytes, seconds: float) -> Answer:
    """What this answer is worth to them."""
    content = runtime.content
    numbers = content.hotlines.of("KE", step.language, moment_of(runtime.now()))
    ready = content.troubles[step.language][numbers]
    is_trouble = answer in ready
    return Answer(step, seconds, is_trouble and hearing.is_helped(content, step, answer, numbers), not is_trouble)


def tried(name: str, database: str, url: str) -> tuple[tuple[str, ...], bool]:
    """A line of the table, and whether all is well. Each step is asked as if nobody had been before."""
    fault, _, works = FAULTS[name]
    figures = matrix(url, fault, each_waits=True)
    return cells(name, database, figures), is_well(figures, works)


def cells(name: str, database: str, figures: Figures) -> tuple[str, ...]:
    """As the table shows them."""
    counts = (len(figures.answers), figures.helped, figures.turns)
    times = (f"{figures.share(0.5):.2f} s", f"{figures.share(0.99):.2f} s", f"{figures.slowest:.2f} s")
    return (name, database, *map(str, counts), *times, "")


def is_well(figures: Figures, works: bool) -> bool:
    """Everybody in time: with help, or, where nothing that a turn needs is broken, with their turn."""
    count = figures.turns if works else figures.helped
    return count == len(figures.answers) and figures.slowest < HEARD_BY
