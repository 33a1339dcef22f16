"""Sends what is due for one of our numbers, at the carrier's pace: claim, intent, request, record, again and again."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import NamedTuple

from ivr import outgoing
from ivr.carriers.api import PARALLEL, Api
from ivr.db import Transaction
from ivr.outbox import claims, senders
from ivr.outbox.kinds import PROMPT, ROUTINE, URGENT
from ivr.outbox.outcomes import Asked
from ivr.outgoing import Ready
from ivr.runtime import Runtime
from workers.carrier import carrier
from workers.recording import Record
from workers.tempo import Tempo

log = logging.getLogger(__name__)

USED = 0.985  # of what the carrier allows: requests that are late on their way lie closer together than they were sent
AHEAD = 0.4  # seconds of work whose intent is written at once: the most that a killed worker leaves in doubt
BEFORE = 0.1  # seconds before the last of them goes, for the next to be written
MOST = 100  # rows of one intent
LATEST = 60.0  # seconds after its intent, half its lease, a request no longer begins: the process was frozen meanwhile
ROUND = 30.0  # seconds of one job: below the 180 of RQ, and what a host lets pass before it kills
GRACE = senders.HORIZON / 1000  # seconds after it in which what has its slot then may still go
NAP = 0.2  # seconds between looks at whether the process was asked to end
PATIENCE = (0.5, 1.0, 2.0, 4.0)  # seconds until answers are written once more, which the database did not take

stopping = threading.Event()  # the process was asked to end


class Line(NamedTuple):
    """One of our numbers, on one channel."""

    number: str
    channel: str


class Window(NamedTuple):
    """Rows whose leases began then (ms, and by `monotonic`), each with the moment at which it may go."""

    at: int
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
        self.rate = USED * runtime.rate(line.channel)
        self.many = max(1, min(MOST, round(self.rate * AHEAD)))
        self.is_mine, self.until = False, 0.0
        self.desk = ThreadPoolExecutor(1)
        self.tempo, self.places = Tempo(), asyncio.Semaphore(PARALLEL)
        self.under_way: set[asyncio.Task[Asked]] = set()
        self.record = Record(runtime, *line)
        self.asked = 0

    async def run(self, until: float) -> int:
        """Until the time is over, nothing is due, or the line is paused. What is under way is waited for."""
        self.until = until
        try:
            window = await self._beside(self._window)
            while window is not None:
                coming = asyncio.create_task(self._next(window))
                await self._ask_all(window)
                window = await coming
        finally:
            await self._ended()
        return self.asked

    async def _beside(self, work: Callable[[], Window | None]) -> Window | None:
        """The database is asked in another thread: else each commit would hold requests up that have their slot."""
        return await asyncio.get_running_loop().run_in_executor(self.desk, work)

    async def _next(self, window: Window) -> Window | None:
        """The one after this, which is written shortly before the last of this one goes."""
        comes = await self._comes(window.slots[-1][1] - BEFORE if window.slots else 0)
        return await self._beside(self._recorded_and_claimed) if comes and monotonic() < self.until else None

    async def _comes(self, moment: float) -> bool:
        """Waits for that moment. False at once when it is too long after this round, and when we are asked to end."""
        while not stopping.is_set() and moment <= self.until + GRACE:
            if (left := moment - monotonic()) <= 0:
                return True
            await asyncio.sleep(min(left, NAP))
        return False

    def _recorded_and_claimed(self) -> Window | None:
        self._record()
        return self._window()

    def _window(self) -> Window | None:
        """The next rows; None when there is nothing to do."""
        runtime, now, here = self.runtime, self.runtime.now(), monotonic()
        with runtime.database.transaction() as tx:
            lane = self._lane(tx, now)
            batch = None if lane is None else claims.claim(tx, *self.line, lane, self.many, now)
        return self._written(batch, now, here) if batch else None

    def _lane(self, tx: Transaction, now: int) -> int | None:
        """Up to which lane this number takes what is due now; None: nothing, or others are at it."""
        pace = senders.pace(tx, *self.line)
        self.record.was_paused, last = pace.backoff > 0, pace.last_lane(now)
        lane = None if last is None else min(last, self.most_lane)
        if lane == ROUTINE and not self.is_mine and pace.is_busy(now):
            return None
        if lane == ROUTINE:
            self.is_mine = True
            senders.busy(tx, *self.line, now)
        return lane

    def _written(self, batch: str, now: int, here: float) -> Window:
        try:
            with self.runtime.database.transaction() as tx:
                ready = outgoing.prepare(self.runtime, tx, batch, now)
                return Window(now, here, self._booked(tx, ready))
        except Exception as error:  # whatever it was, nobody shall wait for the lease to end
            with self.runtime.database.transaction() as tx:
                claims.give_back(tx, batch)
            if not isinstance(error, claims.Fenced):
                raise
            return Window(now, 0.0, [])

    def _booked(self, tx: Transaction, ready: list[Ready]) -> list[tuple[Ready, float]]:
        """Slots from now on: none that went by while these were written."""
        now, here, units = self.runtime.now(), monotonic(), sum(each.units for each in ready)
        first = senders.book(tx, *self.line, units, self.rate, now) / 1_000_000 - now / 1000 if ready else 0
        return list(self._moments(ready, here + first))

    def _moments(self, ready: list[Ready], slot: float) -> Iterator[tuple[Ready, float]]:
        """Each row with its slot; an urgent one goes at once, and the slots that come after pay for it."""
        for each in ready:
            yield each, 0.0 if each.lane == URGENT else slot
            slot += each.units / self.rate

    async def _ask_all(self, window: Window) -> None:
        """Begins each request at its moment; most are answered while later ones wait for theirs."""
        for ready, slot in window.slots:
            moment = slot if ready.lane == URGENT else self.tempo.moment(slot)
            if not await self._comes(moment) or not await self._begins(window):
                self.record.unasked.append(ready)
                continue
            if ready.lane != URGENT:
                self.tempo.began(slot, monotonic())
            self._begin(ready, window)
        await asyncio.sleep(0)

    async def _begins(self, window: Window) -> bool:
        """When there is a place: whether its intent is young, by both clocks. One stands still while a host sleeps."""
        await self.places.acquire()
        is_young = self._is_young(window)
        if not is_young:
            self.places.release()
        return is_young

    def _is_young(self, window: Window) -> bool:
        return monotonic() - window.written <= LATEST and self.runtime.now() - window.at <= LATEST * 1000

    def _begin(self, ready: Ready, window: Window) -> None:
        self.asked += 1
        task = asyncio.create_task(self._ask(ready, window))
        self.under_way.add(task)
        task.add_done_callback(self._answered)

    def _answered(self, task: "asyncio.Task[Asked]") -> None:
        self.under_way.discard(task)
        self.places.release()

    async def _ask(self, ready: Ready, window: Window) -> Asked:
        """Its age is looked at once more when the connection is there, right before the bytes leave."""
        request = self.api.place_call if ready.channel == "voice" else self.api.send_text
        asked = Asked(ready.id, ready.attempt, await request(ready.fields, lambda: self._is_young(window)))
        self.record.answered.append((ready, asked))
        return asked

    async def _ended(self) -> None:
        """All that is under way is answered and written, and others may be called to this line again."""
        try:
            while self.under_way:
                await asyncio.wait(self.under_way)
            self.desk.shutdown()
            await self._recorded()
        finally:
            self._leave()

    async def _recorded(self) -> None:
        for pause in PATIENCE:
            try:
                return self._record()
            except self.runtime.database.conflicts as error:
                log.warning("answers of the carrier could not be written yet: %s", error)
                await asyncio.sleep(pause)
        return self._record()

    def _record(self) -> None:
        self.record.write()

    def _leave(self) -> None:
        """Others may be called to this line again."""
        if self.is_mine:
            with self.runtime.database.transaction() as tx:
                senders.leave(tx, *self.line)
