"""`make bench`: all figures in one table, measured side by side on this machine in about ten minutes."""

import logging
import signal
import sys
from collections.abc import Callable, Iterator

from bench import counts, desk, engine, instructions, rounds, sending, startup, texts
from bench.figures import Figure, table

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "the engine": engine.compare,
    "whole voice turns over HTTP": rounds.compare,
    "instructions": instructions.count,
    "counts": counts.count,
    "start-up": startup.measure,
    "texts over HTTP": texts.compare,
    "what goes out": sending.compare,
    "the desk": desk.compare,
}


def main() -> None:
    """Measures all, then prints the table."""
    logging.disable(logging.WARNING)  # that nobody has rung the hotlines yet is no news here
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that servers are ended too
    print(table(list(_measured())))


def _measured() -> Iterator[Figure]:
    for part, measure in PARTS.items():
        print(f"measuring {part} …", file=sys.stderr, flush=True)
        yield from measure()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped")
