"""What was held up is not made up for in a rush: within any second goes only what has its slots within one second.

That requests are not all equally long on their way is what `sending.USED` leaves room for. A margin here would be
waited for anew each second, and one worker fall behind its slots while another keeps to those that follow.
"""

from collections import deque

SECOND = 1.0
TINY = 1e-6  # seconds: what sums of fractions are off by


class Tempo:
    """Slots and moments are seconds of one clock; slots come in order."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, float]] = deque()
        self._earliest = 0.0

    def moment(self, slot: float) -> float:
        """When what has this slot may begin."""
        while self._past and self._past[0][0] <= slot - SECOND + TINY:
            self._earliest = self._past.popleft()[1] + SECOND
        return max(slot, self._earliest)

    def began(self, slot: float, moment: float) -> None:
        """It began then."""
        self._past.append((slot, moment))
