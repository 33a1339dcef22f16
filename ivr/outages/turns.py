"""Turns run beside whoever waits for them, with a deadline: a frozen database holds up threads of its own, no caller.

Nothing less holds always: a stopped server keeps its sockets open, and a disk that hangs can be interrupted by nobody.
"""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)

DEADLINE = 2.4  # seconds; the carrier would wait for 15, and people for five at most
HURRY = 0.4  # seconds after which what was asked for in danger is answered without the database
SLOW = 1.0  # seconds: what fails sooner needs no circuit
AGAIN = 3.0  # seconds from one try to the next while the database does not answer
MOST = 16  # turns at once, as many as the database has connections
STUCK = 8  # of them may be held up before nothing more is tried
IDLE = 10.0  # seconds after which a thread without work ends


class TooLate(Exception):
    """There was no answer in time. What was begun is rolled back."""


class Turn(Generic[T]):
    """One turn, under way in another thread than that of whoever waits for it."""

    __slots__ = ("done", "error", "given_up", "result", "work")

    def __init__(self, work: "Callable[[Turn[T]], T]") -> None:
        self.work = work
        self.done = threading.Lock()
        self.done.acquire()
        self.result: T | None = None
        self.error: BaseException | None = None
        self.given_up = False

    def must_be_in_time(self) -> None:
        """To be asked right before the commit. Raises TooLate when somebody was told already that nothing works."""
        if self.given_up:
            raise TooLate

    def run(self) -> None:
        """Never raises."""
        try:
            self.must_be_in_time()
            self.result = self.work(self)
        except BaseException as error:  # handed to whoever waits
            self.error = error

    def answer(self) -> T:
        """What came of it, when it is done. Raises what it raised."""
        if self.error is not None:
            try:
                raise self.error
            finally:
                self.error = None  # an exception that knows its turn, which knows it, would be kept for long
        return self.result  # type: ignore[return-value]


class Turns:
    """A few threads, started when they are needed, and a circuit that is open while the database does not answer.

    It opens when a turn comes too late and none went well since it began. While it is open, one turn every few seconds
    tries whether the database is there again; all others are answered at once.
    """

    def __init__(self, deadline: float = DEADLINE) -> None:
        self.deadline = deadline
        self._lock = threading.Lock()
        self._waiting: SimpleQueue[Turn[Any]] = SimpleQueue()
        self._threads = self._open = self._stuck = 0
        self._well = 0.0  # when a turn last went well
        self._again = 0.0  # when the next one may try; 0: the database answers

    def take(self, work: Callable[[Turn[T]], T], hurries: Callable[[], bool] | None = None) -> T:
        """What `work` returns. `hurries` is asked early whether it is too late now. Raises TooLate, and what it raises.

        `work` asks its turn before it commits whether it may.
        """
        began = monotonic()
        if self._again and not self._may_try(began):
            raise TooLate
        turn: Turn[T] = Turn(work)
        self._put(turn)
        if not self._waited(turn, hurries):
            self._give_up(turn)
        return self._answered(turn, began)

    @property
    def is_open(self) -> bool:
        """Whether the database is known not to answer."""
        return self._again > 0

    @property
    def under_way(self) -> int:
        """How many have not ended yet, whether anybody still waits for them or not."""
        return self._open

    def _answered(self, turn: Turn[T], began: float) -> T:
        try:
            turn.must_be_in_time()
            answer = turn.answer()
        except Exception:
            self._went_wrong(began)
            raise
        self._well, self._again = monotonic(), 0.0
        return answer

    def _waited(self, turn: Turn[T], hurries: Callable[[], bool] | None) -> bool:
        if hurries is None:
            return turn.done.acquire(timeout=self.deadline)
        if turn.done.acquire(timeout=HURRY):
            return True
        return not hurries() and turn.done.acquire(timeout=self.deadline - HURRY)

    def _give_up(self, turn: Turn[T]) -> None:
        """It may have ended at this very moment; then it counts."""
        with self._lock:
            if not turn.done.acquire(blocking=False):
                turn.given_up = True
                self._stuck += 1

    def _may_try(self, now: float) -> bool:
        with self._lock:
            if now < self._again or self._stuck >= STUCK:
                return False
            self._again = now + AGAIN
            return True

    def _went_wrong(self, began: float) -> None:
        now = monotonic()
        if now - began > SLOW and self._well < began:
            if not self._again:
                log.error("the database does not answer: calls and texts are answered without it")
            self._again = max(self._again, now + AGAIN - self.deadline)

    # Threads ----------------------------------------------------------------------------------------------------------

    def _put(self, turn: Turn[T]) -> None:
        with self._lock:
            self._open += 1
            is_needed = self._open > self._threads and self._threads < MOST
            self._threads += is_needed
        if is_needed:
            threading.Thread(target=self._work, daemon=True).start()
        self._waiting.put(turn)

    def _work(self) -> None:
        while True:
            try:
                turn = self._waiting.get(timeout=IDLE)
            except Empty:
                if self._may_leave():
                    return
            else:
                turn.run()
                self._ended(turn)
                del turn

    def _may_leave(self) -> bool:
        with self._lock:
            if self._open >= self._threads:
                return False
            self._threads -= 1
            return True

    def _ended(self, turn: Turn[Any]) -> None:
        with self._lock:
            self._open -= 1
            turn.done.release()
            if turn.given_up:  # what held it up is over, one way or another
                self._stuck -= 1
                turn.error = None
                self._again = self._again and monotonic()
