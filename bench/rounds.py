"""Whole requests over HTTP: each system on its own server, one at a time, in interleaved rounds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench import line, load
from bench.figures import Figure
from bench.server import Server, redis, served
from bench.webhooks import Webhook, as_sent

ROUNDS = 7
CALLS = 4_000
PARTS = 10  # of a round, each with a tenth of the calls
WARM = 200  # calls whose turns only warm the caches of a process


class Round(NamedTuple):
    """What one system did in one round, per request."""

    seconds: float
    cpu: float


@dataclass
class System:
    """A server under measurement; `requests(turn)` is what it is sent in a round, each conversation once."""

    name: str
    server: Server
    webhook: Callable[[int, int], Webhook] = line.pressed
    calls: int = CALLS
    check: Callable[[int], None] = lambda _turn: None
    rounds: list[Round] = field(default_factory=list)

    def warm_up(self) -> None:
        """Turns of calls that are not measured."""
        self._send(line.FIRST, range(self.calls, self.calls + WARM))

    def measure(self, turn: int, part: int) -> Round:
        """The part of a round: the next turn of that slice of the calls; what it took, per request of the round."""
        size = self.calls // PARTS
        before = self.server.cpu()
        seconds = self._send(turn, range(part * size, (part + 1) * size))
        return Round(seconds / self.calls, (self.server.cpu() - before) / self.calls)

    def finish(self, turn: int, parts: Sequence[Round]) -> None:
        """A round is the sum of its parts, each call once."""
        self.check(turn)
        self.rounds.append(Round(sum(part.seconds for part in parts), sum(part.cpu for part in parts)))

    def _send(self, turn: int, calls: range) -> float:
        requests = [as_sent(self.webhook(number, turn), self.server.host) for number in calls]
        return load.run(self.server.port, requests)


def compare() -> list[Figure]:
    """A turn of a call against the bare route and the typical handler."""
    with TemporaryDirectory() as folder, ExitStack() as programs:
        systems = [programs.enter_context(system) for system in (_bare(), _ours(Path(folder)), _typical(Path(folder)))]
        interleave(systems)
    bare, ours, typical = systems
    return [
        Figure("voice turn, server CPU per request", "bare Flask", ratios(cpu, ours, bare), at_most=2.2),
        Figure(
            "voice turn, requests per second",
            "bare Flask",
            ratios(pace, ours, bare),
            at_least=0.75,
            remark="where we are going",
        ),
        Figure("voice turn, server CPU per request", "typical handler", ratios(cpu, ours, typical)),
        Figure("voice turn, requests per second", "typical handler", ratios(pace, ours, typical)),
        *(absolute(system) for system in systems),
    ]


def interleave(systems: Sequence[System]) -> None:
    """Warms all up, then measures A B C A B C …, changing many times in each round: other programs come and go."""
    for system in systems:
        system.warm_up()
    for turn in range(line.FIRST, line.FIRST + ROUNDS):
        measured = [[system.measure(turn, part) for system in systems] for part in range(PARTS)]
        for system, parts in zip(systems, zip(*measured, strict=True), strict=True):
            system.finish(turn, parts)


def ratios(value: Callable[[Round], float], ours: System, theirs: System) -> list[float]:
    """Ours divided by theirs, a value a round."""
    return [value(one) / value(other) for one, other in zip(ours.rounds, theirs.rounds, strict=True)]


def cpu(each: Round) -> float:
    """Seconds of the server's CPU for a request."""
    return each.cpu


def pace(each: Round) -> float:
    """Requests a second."""
    return 1 / each.seconds


def absolute(system: System) -> Figure:
    """What one system took by itself, which means nothing on another machine."""
    cost, per_second = ([value(each) for each in system.rounds] for value in (cpu, pace))
    per_second.sort()
    remark = f"{per_second[len(per_second) // 2]:,.0f} requests/s on this machine, today"
    return Figure(f"{system.name}, CPU", "-", [each * 1e6 for each in cost], unit=" us", remark=remark)


@contextmanager
def _bare() -> Iterator[System]:
    with served("bench.peers.bare:app", {}) as server:
        yield System("bare Flask", server)


@contextmanager
def _ours(folder: Path) -> Iterator[System]:
    environment = line.settings(folder)
    line.prepare(environment, CALLS + WARM)
    with served("wsgi:app", environment) as server:
        yield System("voice turn", server, check=whole_turns(environment, CALLS))


@contextmanager
def _typical(folder: Path) -> Iterator[System]:
    with redis(folder) as address:
        own = {"DATABASE_URL": f"sqlite:///{folder / 'typical.db'}"}
        with served("bench.peers.typical:app", line.settings(folder, address) | own) as server:
            yield System("typical handler", server)


def whole_turns(environment: Mapping[str, str], calls: int) -> Callable[[int], None]:
    """A check after each round: every conversation has moved on by one turn."""

    def check(turn: int) -> None:
        found = line.at_turn(dict(environment), turn + 1)
        assert found >= calls, f"{calls - found} requests of turn {turn} were no whole turns"

    return check
