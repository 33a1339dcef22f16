"""`make faults`: all fault runs, on both databases, and a table of what they came to. Names of some: only those."""

import signal
import sys
from collections.abc import Iterator

from faults import databases, trials
from faults.trials import HEADS, Line, Trial


def main(names: list[str]) -> int:
    """1 when one of them did not hold."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what runs is ended too
    lines = list(_tried(names))
    print(table([line.cells for line in lines]))
    return 0 if all(line.is_well for line in lines) else 1


def _tried(names: list[str]) -> Iterator[Line]:
    for trial, name in _wanted(names):
        with databases.fresh(name) as url:
            line = trials.tried(trial, name, url)
        print("well " if line.is_well else "NOT WELL ", "  ".join(line.cells), flush=True, file=sys.stderr)
        yield line


def _wanted(names: list[str]) -> Iterator[tuple[Trial, str]]:
    for trial in trials.every():
        if not names or any(name in trial.name for name in names):
            for database in databases.NAMES:
                yield trial, database


def table(lines: list[tuple[str, ...]]) -> str:
    """In columns, as Markdown."""
    rows = [HEADS, *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(f"| {' | '.join(map(str.ljust, row, widths))} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
