"""What goes out: reminders, the pace, what cannot wait, and the clock. `python -m bench.sending [part …]`."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator

from bench import lateness, pacing, reminding, ticking, urgent
from bench.figures import Figure, table

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "reminders": reminding.compare,
    "commands": reminding.commands,
    "pace": pacing.compare,
    "urgent": urgent.compare,
    "tick": ticking.compare,
    "lateness": lateness.measure,
}


def compare() -> list[Figure]:
    """All parts."""
    return list(_measured(PARTS))


def _measured(names: Iterable[str]) -> Iterator[Figure]:
    for name in names:
        yield from PARTS[name]()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(table(_measured(sys.argv[1:] or PARTS)))
