"""`make faults`: all fault runs, on both databases, and tables of what they came to. Names of some: only those."""

import logging
import signal
import sys
from collections.abc import Iterator

from faults import crowd, databases, dead, trials
from faults.trials import HEADS, Line, Trial


def main(names: list[str]) -> int:
    """1 when one of them did not hold."""
    logging.disable(logging.CRITICAL)  # thousands of turns that fail, as they should
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what runs is ended too
    lines, steps = list(_tried(names)), list(_broken(names))
    print(table(HEADS, lines), table(dead.HEADS, steps), sep="\n\n")
    return 0 if all(line.is_well for line in (*lines, *steps)) else 1


def _tried(names: list[str]) -> Iterator[Line]:
    for trial, name in _wanted(names):
        with databases.fresh(name) as url:
            yield _said(trials.tried(trial, name, url))


def _broken(names: list[str]) -> Iterator[Line]:
    for fault, (_, kinds, _) in dead.FAULTS.items():
        for kind in kinds if not names or any(name in fault for name in names) else ():
            with databases.fresh(kind) as url:
                yield _said(Line(*dead.tried(fault, kind, url)))
    if not names or any(name in crowd.NAME for name in names):
        with databases.fresh("postgresql") as url:
            yield _said(Line(*crowd.tried(url)))


def _said(line: Line) -> Line:
    print("well " if line.is_well else "NOT WELL ", "  ".join(line.cells), flush=True, file=sys.stderr)
    return line


def _wanted(names: list[str]) -> Iterator[tuple[Trial, str]]:
    for trial in trials.every():
        if not names or any(name in trial.name for name in names):
            for database in databases.NAMES:
                yield trial, database


def table(heads: tuple[str, ...], lines: list[Line]) -> str:
    """In columns, as Markdown."""
    rows = [heads, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(f"| {' | '.join(map(str.ljust, row, widths))} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
