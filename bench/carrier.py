"""The loopback carrier in a process of its own: begun, ordered, and asked what it accepted."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from ivr.runtime import HOME

PATIENCE = 60  # seconds for one answer
SECOND = 1000  # ms


class Carried(NamedTuple):
    """An accepted text: when (ms), how many segments, and the row of ours that it was."""

    at: int
    segments: int
    row: str


class Carrier(NamedTuple):
    """Where it listens."""

    url: str

    def accepted(self, after: int = 0) -> list[Carried]:
        """What it accepted, in order, but for the first `after`."""
        found = self._ask(f"/ledger?after={after}")
        return [Carried(each["at"], each["segments"], each["callback"].partition("?o=")[2]) for each in found]

    def count(self) -> int:
        """How many texts it accepted."""
        return int(self._ask("/stats")["accepted"].get("message", 0))

    def forget(self) -> None:
        """Begins a new ledger."""
        self._ask("/ledger", "DELETE")

    def order(self, **wishes: float) -> None:
        """Its manners from now on, as `rtt_ms`."""
        self._ask("/faults", "POST", json.dumps(wishes).encode())

    def warm_up(self) -> None:
        """Its first text takes it long, and is nobody's."""
        form = urlencode({"To": "+254711000001", "From": "+254700000101", "Body": "Hello."})
        self._ask("/2010-04-01/Accounts/AC/Messages.json", "POST", form.encode())
        self.forget()

    def _ask(self, path: str, method: str = "GET", body: bytes | None = None) -> Any:
        with urlopen(Request(self.url + path, body, method=method), timeout=PATIENCE) as answer:
            return json.loads(answer.read())


@contextmanager
def carrying() -> Iterator[Carrier]:
    """A carrier until the end of the block."""
    command = [sys.executable, "-m", "bench.loopback", "--port", "0"]
    process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        carrier = Carrier(process.stdout.readline().split()[0])
        carrier.warm_up()
        yield carrier
    finally:
        process.terminate()
        process.wait(PATIENCE)


def most_in_a_second(carried: Sequence[Carried]) -> int:
    """The most segments within any thousand milliseconds, wherever they begin."""
    most = held = first = 0
    for each in carried:
        held += each.segments
        while carried[first].at <= each.at - SECOND:
            held -= carried[first].segments
            first += 1
        most = max(most, held)
    return most


def used(carried: Sequence[Carried], rate: float) -> float:
    """The share of what `rate` segments a second allow that was used, from the first text to the last."""
    span = (carried[-1].at - carried[0].at) / SECOND
    return sum(each.segments for each in carried[:-1]) / (span * rate)


def longest_queue(carried: Sequence[Carried], rate: float) -> float:
    """How many seconds' worth waits at most, at a carrier that passes `rate` segments a second on."""
    waiting = most = 0.0
    before = carried[0].at
    for each in carried:
        waiting = max(0.0, waiting - (each.at - before) / SECOND * rate) + each.segments
        most, before = max(most, waiting), each.at
    return most / rate
