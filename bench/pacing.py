"""The carrier's pace, judged by the carrier: how much of it is used, and whether it is ever left behind.

`python -m bench.pacing 10 prompt` sends for ten seconds what waits in the outbox of the line in the environment.
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import carrier, crowd, reaching
from bench.carrier import Carried, carrying
from bench.figures import Figure
from bench.server import running
from workers import sending
from workers.runtime import runtime

RATES = {1: 20, 10: 10, 100: 10, 225: 10}  # segments a second, and for how many seconds
ROUND_TRIP = 100  # ms
BOTH = ("routine", "prompt")
DEEPEST = 2.0  # seconds' worth that may wait at the carrier


def compare() -> list[Figure]:
    """One worker at each pace, and then two at once with one number."""
    figures = [figure for rate in RATES for figure in _judged(rate, BOTH[:1])]
    return figures + _judged(100, BOTH) + _judged(225, BOTH)


def _judged(rate: int, workers: tuple[str, ...]) -> list[Figure]:
    carried = _sent(rate, workers)
    who = f"{rate} segments/s, {ROUND_TRIP} ms away, {len(workers)} worker{'s' * (len(workers) > 1)}"
    most = rate + max(each.segments for each in carried)
    within = [carrier.most_in_a_second(carried)]
    return [
        Figure(f"{who}: used of it", "-", [100 * carrier.used(carried, rate)], at_least=98, unit="%"),
        Figure(f"{who}: within any second", "-", within, at_most=most, unit=" segments"),
        Figure(f"{who}: waits at the carrier", "-", [carrier.longest_queue(carried, rate)], at_most=DEEPEST, unit=" s"),
    ]


def _sent(rate: int, workers: tuple[str, ...]) -> list[Carried]:
    with TemporaryDirectory() as folder, ExitStack() as programs:
        network = programs.enter_context(carrying())
        network.order(rtt_ms=ROUND_TRIP)
        environment = reaching.settings(Path(folder), network, rate=rate)
        line = programs.enter_context(reaching.opened(environment))
        # Urgent enough for either worker, and more than can be sent.
        crowd.put(line, "confirmation", range(2 * rate * RATES[rate]))
        command = [sys.executable, "-m", "bench.pacing", str(RATES[rate])]
        senders = [programs.enter_context(running([*command, which], environment)) for which in workers]
        for each in senders:
            each.wait(reaching.PATIENCE)
        return network.accepted()


def main(seconds: str, which: str) -> None:
    """Sends for so long, in rounds as short as a worker's may be."""
    until = time.monotonic() + float(seconds)
    while (left := until - time.monotonic()) > 0:
        sending.send(runtime(), reaching.LINE, which == "prompt", left)
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
