"""The clock process: `python -m workers.clock`. Each second it looks what is due and wakes whoever sends it.

While Redis is away, or no worker hears the bell, it does the work itself. Any number of clocks may run: what is due has
a key, and goes out once.
"""

import signal
from functools import partial
from time import monotonic

from ivr import logs, queue
from ivr.outbox import counts, senders
from ivr.outbox.kinds import PROMPT
from ivr.runtime import Runtime
from workers import duties, kept, sending
from workers.beside import within
from workers.runtime import runtime
from workers.sending import Line

EVERY, SWEEP = 1.0, 30.0  # seconds
LONGEST = 5.0  # seconds that one duty may hold up the others; what sends by itself goes on beside them
UNHEARD = 30_000  # ms that something may be due with nobody at it: no worker runs, and the clock sends by itself
ALONE = 10.0  # seconds that the clock gives one number when it must send by itself


def tick(house: Runtime) -> None:
    """What is due goes into the outbox, and a worker is woken for each of our numbers that has something."""
    for duty in (kept.answer_kept, duties.tell_again, duties.come_due, duties.tick):  # a STOP that was kept comes first
        within(house, duty.__name__, partial(duty, house), LONGEST)
    for service in house.config.service_number:
        for channel in ("sms", "voice"):
            line = Line(service.number, channel)
            within(house, f"waking a worker for {channel} by {service.number}", partial(wake, house, line), LONGEST)


def wake(house: Runtime, line: Line) -> None:
    """Wakes a worker if there is something to send by this line, and nobody is at it."""
    now, url = house.now(), house.config.redis_url
    with house.database.transaction() as tx:
        first, pace = counts.first_due(tx, *line, now), senders.pace(tx, *line)
    takes = pace.last_lane(now)
    if first is None or takes is None or first.lane > takes or (first.lane > PROMPT and pace.is_busy(now)):
        return
    is_heard = queue.send_later(url, *line, first.lane <= PROMPT) and now - first.due_at < UNHEARD
    if not is_heard:
        sending.send(house, line, seconds=ALONE)


def sweep(house: Runtime) -> None:
    """Puts right what was left behind, by a worker or here."""
    if not queue.sweep_later(house.config.redis_url):
        duties.sweep(house)


def main() -> None:
    """Ticks until it is told to stop."""
    house, stopped = runtime(), sending.stopping
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopped.set())
    swept = -SWEEP
    while not stopped.is_set():
        began = monotonic()
        tick(house)
        if began - swept >= SWEEP:
            swept = began
            within(house, "sweep", partial(sweep, house), LONGEST)
        stopped.wait(max(EVERY - (monotonic() - began), 0.05))


if __name__ == "__main__":
    logs.configure()
    main()
