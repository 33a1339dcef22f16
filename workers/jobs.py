"""What RQ runs. A job may run any number of times; it finds its work in the database."""

import logging
from collections.abc import Callable
from typing import TypeVar

from workers import duties, sending
from workers.runtime import runtime
from workers.sending import Line

log = logging.getLogger(__name__)

T = TypeVar("T")


class Failed(Exception):
    """A job was not done; the log says why. RQ keeps this in Redis, where nothing that a person said may go."""


def send(number: str, channel: str, prompt: bool) -> int:
    """Sends what is due for one of our numbers; how many requests were made. Raises Failed."""
    return _safely(lambda: sending.send(runtime(), Line(number, channel), prompt))


def sweep() -> None:
    """Puts right what was left behind. Raises Failed."""
    _safely(lambda: duties.sweep(runtime()))


def _safely(work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception:  # the one place for jobs
        log.exception("a job was not done")
        raise Failed from None
