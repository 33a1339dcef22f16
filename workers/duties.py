"""What falls to workers and clock alike: what is due goes into the outbox, what was left behind is put right."""

from ivr import alerts, positions, reminders, silences, silent_numbers, threads, time_outs
from ivr.outbox import claims, statuses
from ivr.outbox.follow_ups import follow_up
from ivr.runtime import Runtime
from workers import catching_up, looking


def come_due(house: Runtime) -> int:
    """Puts into the outbox what is due by now; how many."""
    count = 0
    while True:
        with house.database.transaction() as tx:
            found = reminders.come_due(tx, house.content.quiet_hours, house.content.hours.zone, house.now())
        count += found
        if found < reminders.AT_ONCE:
            return count


def tell_again(house: Runtime) -> int:
    """Alerts that nobody on duty has answered; how many were told once more."""
    with house.database.transaction() as tx:
        return alerts.tell_again(tx, house.vault, house.config, house.now())


def sweep(house: Runtime) -> None:
    """Claims whose worker is gone, words told too early, conversations that wait no more, rows in doubt."""
    with house.database.transaction() as tx:
        now = house.now()
        claims.free_overdue(tx, now)
        positions.expire(tx, now)
        for ended in statuses.join_early(tx, now):
            follow_up(tx, ended, house.rings, now)
    end_waits(house)
    look_after(house)
    looking.look(house)
    catching_up.catch_up(house)


def look_after(house: Runtime) -> None:
    """Check-ins that were not answered, of those who agreed to it; numbers at which nobody was heard of for long."""
    hours = house.config.silence_hours
    with house.database.transaction() as tx:
        silences.nudge(tx, hours, house.now())
        silences.tell(tx, house.vault, hours, house.now())
        silent_numbers.leave_alone(tx, house.now())


def end_waits(house: Runtime) -> None:
    """Texts that were not answered in their time."""
    with house.database.transaction() as tx:
        waited = threads.waited(tx, house.vault, house.now())
    for position in waited:
        with house.database.transaction() as tx:
            time_outs.end_wait(house.scene(tx, position, house.now()))
