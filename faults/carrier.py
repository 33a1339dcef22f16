"""The loopback carrier in a process of its own, by the clock of a run: `python -m faults.carrier CLOCK options`."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from bench.loopback import __main__ as program
from bench.loopback import carrier
from faults.clocks import Clock
from ivr.runtime import HOME


class Carrier:
    """The running carrier, as a run sees it."""

    def __init__(self, url: str, ledger: Path) -> None:
        self.url, self._ledger = url, ledger

    def order(self, **wishes: Any) -> None:
        """Other faults, from now on."""
        requests.post(f"{self.url}/faults", json=wishes, timeout=5).raise_for_status()

    def ledger(self) -> list[dict[str, Any]]:
        """What it really accepted."""
        return [json.loads(line) for line in self._ledger.read_text("utf-8").splitlines()]

    def drawn(self) -> dict[str, int]:
        """How often each fault struck."""
        found: dict[str, int] = requests.get(f"{self.url}/stats", timeout=5).json()["faults"]
        return found


@contextmanager
def running(folder: Path, clock: Clock, environment: dict[str, str], *options: str) -> Iterator[Carrier]:
    """A carrier that is there until the block ends."""
    ledger = folder / "ledger.jsonl"
    command = [sys.executable, "-m", "faults.carrier", json.dumps(clock), "--ledger", str(ledger), *options]
    process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        ledger.touch()
        yield Carrier(process.stdout.readline().split()[0], ledger)
    finally:
        process.terminate()
        process.communicate()


def main(clock: Clock, options: list[str]) -> int:
    """The carrier, which lives by that clock."""
    clock.rule()
    vars(carrier)["time"] = clock
    return program.main(options)


if __name__ == "__main__":
    sys.exit(main(Clock(*json.loads(sys.argv[1])), sys.argv[2:]))
