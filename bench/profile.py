"""`python -m bench.profile`: which layers and lines a voice turn's CPU time goes into, by sampling."""

import logging
import signal
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from bench import line
from bench.webhooks import as_environ

CALLS, TURNS = 800, 10
EVERY = 0.001  # seconds of CPU between two samples; the system's clock may make more of it
SHOWN = 15

# The innermost frame whose file has one of these in its path says the layer.
LAYERS = {
    "database": ("/ivr/db", "/sqlalchemy/"),
    "Flask": ("/flask/", "/werkzeug/", "/blinker/"),
    "signature and form": ("/ivr/carriers/", "/ivr/web/webhooks"),
    "phone number": ("/phonenumbers/", "/ivr/phone"),
    "sealing": ("/ivr/vault", "/cryptography/"),
    "position: row, JSON, base64": ("/ivr/positions",),
    "turn and engine": ("/ivr/engine/", "/ivr/conversations", "/ivr/scene", "/ivr/runtime"),
    "rendering": ("/ivr/channels/",),
    "doors": ("/ivr/web/",),
}


class Sampler:
    """Looks where the program is, again and again while it uses the CPU."""

    def __init__(self) -> None:
        self.layers: Counter[str] = Counter()
        self.lines: Counter[str] = Counter()

    def __enter__(self) -> "Sampler":
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        place = ""
        while frame:
            file = frame.f_code.co_filename
            place = place or f"{Path(file).parent.name}/{Path(file).name}:{frame.f_code.co_name}"
            layer = _layer(file)
            if layer:
                self.layers[layer] += 1
                self.lines[f"{layer}: {place}"] += 1
                return
            frame = frame.f_back


def _layer(file: str) -> str:
    return next((name for name, parts in LAYERS.items() if any(part in file for part in parts)), "")


def sample() -> tuple[Sampler, float]:
    """Menu turns of calls in this process, without a server; the samples, and microseconds of CPU a turn."""
    with TemporaryDirectory() as folder:
        environment = line.settings(Path(folder))
        line.prepare(environment, CALLS)
        clock = line.Clock(time.time_ns() // 1_000_000)
        runtime, app = line.opened(environment, clock)
        with closing(runtime.database):
            return _sampled(app, clock)


def _sampled(app: line.WSGI, clock: line.Clock) -> tuple[Sampler, float]:
    sampler, spent = Sampler(), 0.0
    for turn in range(line.FIRST, line.FIRST + TURNS):
        environs = [as_environ(line.pressed(number, turn)) for number in range(CALLS)]
        clock.moment += line.HURRIED
        spent += _spent(sampler, app, environs)
    return sampler, spent / (CALLS * TURNS) * 1e6


def _spent(sampler: Sampler, app: line.WSGI, environs: list[dict[str, Any]]) -> float:
    begun = time.process_time()
    with sampler:
        for environ in environs:
            line.answered(app, environ)
    return time.process_time() - begun


def _shares(title: str, counted: Counter[str], cost: float) -> None:
    print(f"\n{title}")
    for name, count in counted.most_common(SHOWN):
        share = count / counted.total()
        print(f"  {share:6.1%} {share * cost:7.0f} us  {name}")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    samples, each = sample()
    print(f"A menu turn takes {each:,.0f} us of CPU in process, by {samples.layers.total():,} samples:")
    _shares("by layer", samples.layers, each)
    _shares("by function", samples.lines, each)
