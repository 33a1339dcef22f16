"""Writes what the carrier answered: each answer is kept until it is committed, for one that is forgotten is a text of
which nobody knows whether it went out.
"""

import logging
import random
from collections import deque
from typing import Any

from ivr.carriers import answers
from ivr.carriers.answers import UNASKED, Accepted, Answer, Refused
from ivr.db import Transaction
from ivr.outbox import outcomes, senders
from ivr.outbox.follow_ups import leave_alone
from ivr.outbox.outcomes import Asked
from ivr.outgoing import Ready
from ivr.runtime import Runtime

log = logging.getLogger(__name__)


class Record:
    """What came of one worker's requests for one of our numbers, and what it never asked for after all."""

    def __init__(self, runtime: Runtime, number: str, channel: str) -> None:
        self.answered: deque[tuple[Ready, Asked]] = deque()
        self.unasked: deque[Ready] = deque()
        self.was_paused = False
        self._runtime, self._line = runtime, (number, channel)

    def write(self) -> None:
        """All that came since the last time at once, and what follows from it."""
        answered, unasked = list(self.answered), list(self.unasked)
        if not (answered or unasked):
            return
        with self._runtime.database.transaction() as tx:
            self._write(tx, answered)
            outcomes.record(tx, [Asked(ready.id, ready.attempt, UNASKED) for ready in unasked])
        _forget(self.answered, len(answered))
        _forget(self.unasked, len(unasked))

    def _write(self, tx: Transaction, answered: list[tuple[Ready, Asked]]) -> None:
        now = self._runtime.now()
        outcomes.record(tx, [asked for _, asked in answered])
        for ready, asked in answered:
            if isinstance(asked.answer, Refused):
                leave_alone(tx, ready.number_id, ready.channel, answers.meaning(asked.answer.code), now)
        self._keep_pace(tx, [asked.answer for _, asked in answered], now)

    def _keep_pace(self, tx: Transaction, given: list[Answer], now: int) -> None:
        """Pauses the line when the carrier wants no more, or our account is not in order; and ends the pause."""
        number, channel = self._line
        reasons = [why for why in map(outcomes.holds_up, given) if why]
        if reasons:
            log.error("%s by %s is held up: %s", channel, number, reasons[0])
            senders.pause(tx, number, channel, reasons[0], now, random.random())  # noqa: S311 - jitter
        elif self.was_paused and any(isinstance(answer, Accepted) for answer in given):
            self.was_paused = False
            senders.resume(tx, number, channel)


def _forget(waiting: deque[Any], many: int) -> None:
    for _ in range(many):
        waiting.popleft()
