"""What a crew is to do, as one process tells it to another."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from faults.clocks import Clock


@dataclass(frozen=True)
class Order:
    """`kills` and `freezes` are chances by point; what is frozen wakes after `frozen` seconds.

    After `until` seconds nothing strikes any more. `notes`: a file, with a line for each strike.
    `door`: at which port the carrier's callbacks are taken.
    """

    clock: Clock
    notes: str
    seed: int = 1
    workers: int = 4
    kills: dict[str, float] = field(default_factory=dict)
    freezes: dict[str, float] = field(default_factory=dict)
    frozen: float = 0.0
    until: float = 0.0
    mutations: tuple[str, ...] = ()
    door: int = 0

    def write(self, file: Path) -> None:
        """As JSON."""
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> "Order":
        """What was written."""
        fields = json.loads(file.read_text())
        return cls(**fields | {"clock": Clock(*fields["clock"]), "mutations": tuple(fields["mutations"])})
