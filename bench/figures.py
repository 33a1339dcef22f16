"""What is printed: one line a figure, with the median of the rounds and whether the goal is met."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

HEADINGS = ("what", "reference", "median (min-max)", "goal", "met", "")
DECIMALS = {"x": 2, " s": 2, " commands": 2}  # of a unit; whole numbers elsewhere


@dataclass(frozen=True)
class Figure:
    """A ratio or a count, one value a round. Without rounds it was not measured, and `remark` says why."""

    what: str
    reference: str
    rounds: Sequence[float] = ()
    at_least: float | None = None
    at_most: float | None = None
    remark: str = ""
    unit: str = "x"

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.rounds)

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none, or nothing was measured."""
        if not self.rounds or (self.at_least is None and self.at_most is None):
            return None
        above = self.at_least is None or self.median >= self.at_least
        return above and (self.at_most is None or self.median <= self.at_most)

    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        met = {True: "yes", False: "no", None: "-"}[self.met]
        return self.what, self.reference, self._value(), self._goal(), met, self.remark

    def _value(self) -> str:
        if not self.rounds:
            return "not measured"
        least, most = self._written(min(self.rounds)), self._written(max(self.rounds))
        text = self._written(self.median) + self.unit
        return text if least == most else f"{text} ({least}-{most})"

    def _goal(self) -> str:
        if self.at_least is not None:
            return f">= {self._written(self.at_least)}{self.unit}"
        return "-" if self.at_most is None else f"<= {self._written(self.at_most)}{self.unit}"

    def _written(self, value: float) -> str:
        return f"{value:,.{DECIMALS.get(self.unit, 0)}f}"


def table(figures: Iterable[Figure]) -> str:
    """All figures in columns."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(text.rstrip() for text in lines)
