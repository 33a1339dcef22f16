"""Sends what is due for one of our numbers, at the carrier's pace: claim, intent, request, record, again and again."""

import asyncio
import logging
import random
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import NamedTuple

from ivr import outgoing
from ivr.carriers import answers
from ivr.carriers.answers import Accepted, Answer, Refused
from ivr.carriers.api import PARALLEL, Api
from ivr.db import Transaction
from ivr.outbox import claims, outcomes, senders
from ivr.outbox.follow_ups import leave_alone
from ivr.outbox.kinds import PROMPT, ROUTINE, URGENT
from ivr.outbox.outcomes import Asked
from ivr.outgoing import Ready
from ivr.runtime import Runtime
from workers.carrier import carrier
from workers.tempo import Tempo

log = logging.getLogger(__name__)

AHEAD = 0.4  # seconds of work whose intent is written at once: the most that a killed worker leaves in doubt
BEFORE = 0.1  # seconds before the last of them goes, for the next to be written
MOST = 100  # rows of one intent
LATEST = 60.0  # seconds after its intent, half its lease, a request no longer begins: the process was frozen meanwhile
HINT = 5_000  # ms for which others keep away from a number that somebody is at
ROUND = 30.0  # seconds of one job: below the 180 of RQ, and what a host lets pass before it kills

stopping = threading.Event()  # the process was asked to end


class Line(NamedTuple):
    """One of our numbers, on one channel."""

    number: str
    channel: str


class Window(NamedTuple):
    """Rows whose intent was written at that moment, each with the one at which it may go (both by `monotonic`)."""

    written: float
    slots: list[tuple[Ready, float]]


def send(runtime: Runtime, line: Line, prompt: bool = False, seconds: float = ROUND) -> int:
    """Sends what is due, for so long at most; how many requests were made. `prompt`: only what cannot wait."""
    return asyncio.run(_send(runtime, line, prompt, seconds))


async def _send(runtime: Runtime, line: Line, prompt: bool, seconds: float) -> int:
    async with carrier(runtime) as api:
        return await Round(runtime, api, line, prompt).run(monotonic() + seconds)


class Round:
    """One worker's time with one line."""

    def __init__(self, runtime: Runtime, api: Api, line: Line, prompt: bool) -> None:
        self.runtime, self.api, self.line = runtime, api, line
        self.most_lane = PROMPT if prompt else ROUTINE
        self.rate = runtime.rate(line.channel)
        self.many = max(1, min(MOST, round(self.rate * AHEAD)))
        self.is_mine = self.was_paused = False
        self.desk = ThreadPoolExecutor(1)
        self.tempo, self.places = Tempo(), asyncio.Semaphore(PARALLEL)
        self.under_way: set[asyncio.Task[Asked]] = set()
        self.done: deque[tuple[Ready, Asked]] = deque()
        self.asked = 0

    async def run(self, until: float) -> int:
        """Until the time is over, nothing is due, or the line is paused. What is under way is waited for."""
        try:
            window = await self._beside(self._window)
            while window is not None:
                coming = asyncio.create_task(self._next(window, until))
                await self._ask_all(window)
                window = await coming
        finally:
            await self._drained()
            self._leave()
        return self.asked

    async def _beside(self, work: Callable[[], Window | None]) -> Window | None:
        """The database is asked in another thread: else each commit would hold requests up that have their slot."""
        return await asyncio.get_running_loop().run_in_executor(self.desk, work)

    async def _next(self, window: Window, until: float) -> Window | None:
        """The one after this, which is written shortly before the last of this one goes."""
        await asyncio.sleep(window.slots[-1][1] - BEFORE - monotonic() if window.slots else 0)
        if monotonic() >= until or stopping.is_set():
            return None
        return await self._beside(self._recorded_and_claimed)

    def _recorded_and_claimed(self) -> Window | None:
        self._record()
        return self._window()

    def _window(self) -> Window | None:
        """The next rows; None when there is nothing to do."""
        runtime, now = self.runtime, self.runtime.now()
        with runtime.database.transaction() as tx:
            free = self._is_free(tx, now)
            batch = claims.claim(tx, *self.line, self.most_lane, self.many, now) if free else None
        return self._written(batch, now) if batch else None

    def _is_free(self, tx: Transaction, now: int) -> bool:
        """Whether the carrier takes what this number has now, and nobody else is at the routine part of it."""
        pace = senders.pace(tx, *self.line)
        self.was_paused = pace.backoff > 0
        if now < pace.paused_until or (self.most_lane == ROUTINE and not self.is_mine and now < pace.busy_until):
            return False
        if self.most_lane == ROUTINE:
            self.is_mine = True
            senders.busy(tx, *self.line, now + HINT)
        return True

    def _written(self, batch: str, now: int) -> Window:
        try:
            with self.runtime.database.transaction() as tx:
                ready = outgoing.prepare(self.runtime, tx, batch, now)
                return self._booked(tx, ready)
        except claims.Fenced:
            with self.runtime.database.transaction() as tx:
                claims.give_back(tx, batch)
            return Window(0.0, [])

    def _booked(self, tx: Transaction, ready: list[Ready]) -> Window:
        """Slots from now on: none that went by while these were written."""
        now, here, units = self.runtime.now(), monotonic(), sum(each.units for each in ready)
        first = senders.book(tx, *self.line, units, self.rate, now) / 1_000_000 - now / 1000 if ready else 0
        return Window(here, list(self._moments(ready, here + first)))

    def _moments(self, ready: list[Ready], slot: float) -> Iterator[tuple[Ready, float]]:
        """Each row with its slot; an urgent one goes at once, and the slots that come after pay for it."""
        for each in ready:
            yield each, 0.0 if each.lane == URGENT else slot
            slot += each.units / self.rate

    async def _ask_all(self, window: Window) -> None:
        """Begins each request at its moment; most are answered while later ones wait for theirs."""
        for ready, slot in window.slots:
            moment = slot if ready.lane == URGENT else self.tempo.moment(slot)
            if (left := moment - monotonic()) > 0:
                await asyncio.sleep(left)
            await self.places.acquire()
            if ready.lane != URGENT:
                self.tempo.began(slot, monotonic())
            self._begin(ready, window.written)
        await asyncio.sleep(0)

    def _begin(self, ready: Ready, written: float) -> None:
        if monotonic() - written > LATEST:
            self.places.release()
            return
        self.asked += 1
        task = asyncio.create_task(self._ask(ready))
        self.under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[Asked]") -> None:
        self.under_way.discard(task)
        self.places.release()

    async def _ask(self, ready: Ready) -> Asked:
        request = self.api.place_call if ready.channel == "voice" else self.api.send_text
        asked = Asked(ready.id, ready.attempt, await request(ready.fields))
        self.done.append((ready, asked))
        return asked

    async def _drained(self) -> None:
        while self.under_way:
            await asyncio.wait(self.under_way)
        self.desk.shutdown()
        self._record()

    def _record(self) -> None:
        """Writes what was answered since the last time, all at once, and what follows from it."""
        done = [self.done.popleft() for _ in range(len(self.done))]
        if not done:
            return
        now = self.runtime.now()
        with self.runtime.database.transaction() as tx:
            outcomes.record(tx, [asked for _, asked in done])
            for ready, asked in done:
                if isinstance(asked.answer, Refused):
                    leave_alone(tx, ready.number_id, ready.channel, answers.meaning(asked.answer.code), now)
            self._keep_pace(tx, [asked.answer for _, asked in done], now)

    def _keep_pace(self, tx: Transaction, given: list[Answer], now: int) -> None:
        """Pauses the line when the carrier wants no more, or our account is not in order; and ends the pause."""
        reasons = [why for why in map(outcomes.holds_up, given) if why]
        if reasons:
            log.error("%s by %s is held up: %s", self.line.channel, self.line.number, reasons[0])
            senders.pause(tx, *self.line, reasons[0], now, random.random())  # noqa: S311 - jitter
        elif self.was_paused and any(isinstance(answer, Accepted) for answer in given):
            self.was_paused = False
            senders.resume(tx, *self.line)

    def _leave(self) -> None:
        """Others may be called to this line again."""
        if self.is_mine:
            with self.runtime.database.transaction() as tx:
                senders.busy(tx, *self.line, 0)
