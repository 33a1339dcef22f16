"""What falls to workers and clock alike: what is due goes into the outbox, what was left behind is put right."""

from functools import partial

from ivr import time_outs
from ivr.apart import apart
from ivr.callbacks import alerts, outcomes
from ivr.callbacks import claims as taken
from ivr.care import silences
from ivr.desk import news
from ivr.memory import positions, threads
from ivr.outbox import claims, counts, statuses
from ivr.outreach import reminders, silent_numbers
from ivr.runtime import Runtime
from ivr.team import audit, signins
from ivr.web import status
from workers import catching_up, copies, kept, looking, missed, retention
from workers.beside import within

LONGEST = 20.0  # seconds that one duty may hold up the others: a carrier's long list goes on beside them


def come_due(house: Runtime) -> int:
    """Puts into the outbox what is due by now; how many."""
    count = 0
    while True:
        with house.database.transaction() as tx:
            found = reminders.come_due(tx, house.content.quiet_hours, house.content.hours.zone, house.now())
        count += found
        if found < reminders.AT_ONCE:
            return count


def tell_again(house: Runtime) -> None:
    """Alerts that nobody on duty has answered are told once more."""
    with house.database.transaction() as tx:
        due = alerts.due(tx, house.now())
    for alert in due:
        with apart("telling an alert again"), house.database.transaction() as tx:
            alerts.tell_again(tx, house.vault, house.config, alert, house.now())


def tick(house: Runtime) -> None:
    """Notes that the clock ticks."""
    with house.database.transaction() as tx:
        counts.mark(tx, "tick", house.now())


def sweep(house: Runtime) -> None:
    """Puts right what was left behind. What goes wrong with one duty, or hangs, is none of the others' business."""
    for duty in DUTIES:
        within(house, f"{duty.__module__}.{duty.__name__}", partial(duty, house), LONGEST)


def free(house: Runtime) -> None:
    """Claims whose worker is gone, and calls that nobody can go on with any more."""
    with house.database.transaction() as tx:
        claims.free_overdue(tx, house.now())
        positions.expire(tx, house.now())


def join_early(house: Runtime) -> None:
    """Words of the carrier that came before we knew their rows."""
    with house.database.transaction() as tx:
        now = house.now()
        for ended in statuses.join_early(tx, now):
            status.follow(house, tx, ended, now)


def nudge(house: Runtime) -> None:
    """A second word after check-ins that were not answered, of those who agreed to it."""
    with house.database.transaction() as tx:
        silences.nudge(tx, house.config.silence_hours, house.now())


def tell_silences(house: Runtime) -> None:
    """Then a counselor is told."""
    with house.database.transaction() as tx:
        silent = silences.silent(tx, house.config.silence_hours, house.now())
    for each in silent:
        with apart("telling of a silence"), house.database.transaction() as tx:
            silences.tell(tx, house.vault, each, house.content.hours.zone, house.now())


def leave_silent_numbers(house: Runtime) -> None:
    """Numbers at which nobody was heard of for long, and that have not answered a question about it."""
    with house.database.transaction() as tx:
        silent_numbers.leave_alone(tx, house.now())


def end_waits(house: Runtime) -> None:
    """Texts that were not answered in their time."""
    with house.database.transaction() as tx:
        waited = threads.waited(tx, house.vault, house.now())
    for position in waited:
        with apart("ending a wait"), house.database.transaction() as tx:
            time_outs.end_wait(house.scene(tx, position, house.now()))


def keep_the_queue(house: Runtime) -> None:
    """Requests that somebody took and did nothing about, whose safe hours passed, or that nobody could meet in time."""
    with house.database.transaction() as tx:
        taken.take_back(tx, house.now())
        outcomes.expire(tx, house.now())
        passed = outcomes.passed(tx, house.now())
    for each in passed:
        with apart("moving a request to its next safe hours"), house.database.transaction() as tx:
            outcomes.move_on(tx, house.vault, each, house.content.hours.zone, house.now())


def tell_news(house: Runtime) -> None:
    """Those on duty hear by text that somebody waits."""
    with house.database.transaction() as tx:
        news.tell(tx, house.vault, house.line.number, house.now())


def seal_the_book(house: Runtime) -> None:
    """What was written of who did what is sealed."""
    with house.database.transaction() as tx:
        audit.seal(tx, house.now())


def forget_sign_ins(house: Runtime) -> None:
    """Those whose time at the page is over, and old misses."""
    with house.database.transaction() as tx:
        signins.forget(tx, house.now())


DUTIES = (
    *(kept.answer_kept, free, join_early, end_waits, nudge, tell_silences, leave_silent_numbers),
    *(looking.look, catching_up.catch_up, missed.catch_up, retention.keep, copies.erase),
    *(keep_the_queue, tell_news, seal_the_book, forget_sign_ins),
)
