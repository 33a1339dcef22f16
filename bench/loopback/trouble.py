"""Trouble by chance or by number: `429:0.05,slow:0.01:2.0` and the like, drawn with a seed."""

import random
import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

BEFORE = ("429", "500", "503", "reset-before", "hang")
AFTER = ("500-accepted", "503-accepted", "reset-after", "hang-after", "slow", "drip", "wrong-json", "close")
LISTS = ("list-429", "list-500", "list-503", "list-reset", "list-hang", "list-slow")
TOLD = ("callback-early", "callback-duplicate", "callback-shuffle", "callback-lost")
REFUSED = re.compile(r"[1-9]\d{4}")
UNANSWERED = ("busy", "no-answer")
FATE = re.compile(r"(undelivered|failed)-[1-9]\d{4}")


class Wrong(ValueError):
    """An order that is none; the text says why."""


class Fault(NamedTuple):
    """What happens to one request; `seconds` where it takes time."""

    kind: str
    seconds: float = 0.0


class Chance(NamedTuple):
    """How probable a fault is."""

    fault: Fault
    probability: float


WELL = Fault("")


def read(order: str) -> list[Chance]:
    """`kind:probability[:seconds]`, commas between. Raises Wrong."""
    return [_chance(item.strip()) for item in order.split(",") if item.strip()]


def check(kind: str) -> str:
    """The kind. Raises Wrong when there is none of that name."""
    if group(kind) == "":
        names = ", ".join((*BEFORE, *AFTER, *LISTS, *TOLD, "21610", "undelivered-30003", "failed-21610", *UNANSWERED))
        raise Wrong(f"{kind!r} is no fault: write one of {names}")
    return kind


def group(kind: str) -> str:
    """When a fault strikes: `request`, `list`, `fate`, a callback's own name; nothing for what is none."""
    if kind in TOLD:
        return kind
    if kind in LISTS:
        return "list"
    if kind in UNANSWERED or FATE.fullmatch(kind):
        return "fate"
    return "request" if kind in BEFORE + AFTER or REFUSED.fullmatch(kind) else ""


class Trouble:
    """What is ordered now. `drawn` counts what struck."""

    def __init__(self, order: str = "", seed: int | None = None) -> None:
        self.drawn: Counter[str] = Counter()
        self.to: dict[str, Fault] = {}
        self.seed(seed if seed is not None else random.SystemRandom().randrange(1 << 32))
        self.order(order)

    def seed(self, seed: int) -> None:
        """Begins the dice anew."""
        self.seeded = seed
        self._dice = random.Random(seed)

    def order(self, order: str) -> None:
        """Replaces all chances. Raises Wrong."""
        chances = read(order)
        self.ordered = order
        self._chances: dict[str, list[Chance]] = {}
        for chance in chances:
            self._chances.setdefault(group(chance.fault.kind), []).append(chance)

    def order_for(self, numbers: Mapping[str, str]) -> None:
        """Replaces what always happens to a number: `{"+254711000001": "slow:2"}`. Raises Wrong."""
        self.to = {number: _fault(*fault.partition(":")[::2]) for number, fault in numbers.items()}

    def draw(self, what: str, to: str = "") -> Fault:
        """The fault of that group, for that number, that strikes now; WELL where none does."""
        fault = self._fixed(what, to) or self._by_chance(what)
        if fault.kind:
            self.drawn[fault.kind] += 1
        return fault

    def _fixed(self, what: str, to: str) -> Fault | None:
        fault = self.to.get(to) if self.to else None
        return fault if fault and group(fault.kind) == what else None

    def _by_chance(self, what: str) -> Fault:
        chances = self._chances.get(what)
        if not chances:
            return WELL
        left = self._dice.random()
        for fault, probability in chances:
            left -= probability
            if left < 0:
                return fault
        return WELL


def _chance(item: str) -> Chance:
    kind, _, rest = item.partition(":")
    probability, _, seconds = rest.partition(":")
    chance = _number(probability, item)
    if chance > 1:
        raise Wrong(f"{item!r}: a probability is between 0 and 1")
    return Chance(_fault(kind, seconds), chance)


def _fault(kind: str, seconds: str) -> Fault:
    return Fault(check(kind), _number(seconds, kind) if seconds else _SECONDS.get(kind, 0.0))


_SECONDS = {"slow": 2.0, "list-slow": 2.0, "drip": 1.0}  # of a drip: from one byte to the next


def _number(text: str, item: str) -> float:
    if not text.replace(".", "", 1).isdecimal():
        raise Wrong(f"{item!r}: write kind:probability or kind:probability:seconds")
    return float(text)
