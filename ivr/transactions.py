"""Work of a request in one transaction, with a deadline, and tried again where another request was quicker."""

from collections.abc import Callable
from typing import TypeVar

from ivr.db import Transaction
from ivr.outages.turns import Turn
from ivr.runtime import Runtime

T = TypeVar("T")

TRIES = 8  # a person's own requests can overtake each other, each of them once


class Overtaken(Exception):
    """Another request of the same conversation was quicker; this one did nothing."""


def in_transaction(runtime: Runtime, work: Callable[[Transaction], T], hurries: Callable[[], bool] | None = None) -> T:
    """What `work` answers, in one transaction; when another request was quicker, what it answers after that one.

    Work that is tried again finds the answer that the same request was given, so it does nothing twice. Raises TooLate
    when there is none in time; `hurries` is asked early whether that is now.
    """

    def tried(turn: Turn[T]) -> T:
        return _tried(runtime, work, turn)

    return runtime.turns.take(tried, hurries)


def _tried(runtime: Runtime, work: Callable[[Transaction], T], turn: Turn[T]) -> T:
    worth_a_try: tuple[type[Exception], ...] = (*runtime.database.conflicts, Overtaken)
    for left in range(TRIES, 0, -1):
        try:
            with runtime.database.transaction() as tx:
                answer = work(tx)
                turn.must_be_in_time()
                return answer
        except worth_a_try:
            if left == 1 or turn.given_up:
                raise
    raise AssertionError  # the last try has returned or raised
