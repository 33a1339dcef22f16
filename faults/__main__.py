"""`make faults`: all fault runs, on both databases, and a table of what they came to. Names of some: only those."""

import signal
import sys
from collections.abc import Iterator
from typing import NamedTuple

from faults import databases, plans, runs
from faults.runs import Figures, Wish

HEADS = (
    *("run", "database", "strikes", "created", "sent", "suppressed", "missed", "failed", "pending"),
    *("lost", "twice", "seconds"),
)
LONGEST_OVER = 60_000  # ms that a row may stay claimed or submitting when its lease is over


class Line(NamedTuple):
    """A run, as the table shows it, and whether it came out as it must."""

    cells: tuple[str, ...]
    is_well: bool


def main(names: list[str]) -> int:
    """1 when one of them did not hold."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what runs is ended too
    lines = list(_tried(names))
    print(table([line.cells for line in lines]))
    return 0 if all(line.is_well for line in lines) else 1


def _tried(names: list[str]) -> Iterator[Line]:
    for wish, name in _wanted(names):
        with databases.fresh(name) as url:
            figures = runs.run(url, wish)
        line = shown(figures, name)
        print("  ".join(line.cells), "" if line.is_well else figures, flush=True, file=sys.stderr)
        yield line


def _wanted(names: list[str]) -> Iterator[tuple[Wish, str]]:
    for wish in plans.FULL + plans.MUTANTS:
        if not names or any(name in wish.name for name in names):
            for database in databases.NAMES:
                yield wish, database


def shown(figures: Figures, database: str) -> Line:
    """With a mutation, something must have been lost or sent twice."""
    tally, wish = figures.tally, figures.wish
    counted = (tally.created, tally.sent, tally.suppressed, tally.missed, tally.failed, tally.pending)
    counts = (sum(figures.strikes.values()), *counted, tally.lost, tally.twice, round(figures.seconds))
    title = f"{wish.name} (must fail)" if wish.mutations else wish.name
    return Line((title, database, *map(str, counts)), _is_well(figures))


def _is_well(figures: Figures) -> bool:
    tally = figures.tally
    if figures.wish.mutations:
        return tally.lost + tally.twice > 0
    return tally.is_conserved and not (tally.lost or tally.twice) and figures.overdue <= LONGEST_OVER


def table(lines: list[tuple[str, ...]]) -> str:
    """In columns, as Markdown."""
    rows = [HEADS, *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(f"| {' | '.join(map(str.ljust, row, widths))} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
