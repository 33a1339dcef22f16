"""What was struck and what went wrong, a line each, from many processes into one file."""

import os

from faults.orders import Order


class Notes:
    """`began`: ms, from when on `order.until` counts."""

    def __init__(self, order: Order) -> None:
        self._order, self._began = order, order.clock.now()
        self._file = os.open(order.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, what: str) -> None:
        """In one write, which no kill cuts."""
        os.write(self._file, f"{what}\n".encode())

    def failed(self, error: Exception) -> None:
        """A job that failed."""
        self.add(f"! {type(error).__name__}")

    def may_strike(self, point: str) -> bool:
        """Whether it is early enough for that; then it is noted."""
        early = self._order.clock.now() - self._began < self._order.until * 1000
        if early:
            self.add(point)
        return early
