"""What a run shall try."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wish:
    """All times are seconds of the run's own clock; chances are by point of the work, and for each passage.

    `fill` adds what shall be sent, else `people.fill` does: so many rows of one kind or mixed, and of them `poison`
    that cannot be written. `faults` are the carrier's, and `then` others after a while; `told`: it posts callbacks.
    `under_rq`: the workers are those of production, with a Redis.
    After `until` nobody is killed or frozen any more; after `patience` it is given up.
    """

    name: str
    count: int
    kind: str = ""
    poison: int = 0
    fill: Callable[..., None] | None = None
    rate: str = "5"
    kills: dict[str, float] = field(default_factory=dict)
    freezes: dict[str, float] = field(default_factory=dict)
    frozen: float = 45.0
    faults: str = ""
    then: tuple[float, str] = (0.0, "")
    lag: float = 0.0
    told: bool = False
    mutations: tuple[str, ...] = ()
    workers: int = 4
    under_rq: bool = False
    speed: float = 20.0
    seed: int = 1
    until: float = 600.0
    patience: float = 3600.0
