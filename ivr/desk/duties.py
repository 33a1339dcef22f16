"""What each command about being there does: on and off duty, who is, shifts ahead, the day's work."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from ivr.callbacks.requests import ATTEMPTED, CLAIMED, DAY, REACHED
from ivr.desk.commands import Command
from ivr.desk.floor import Floor, Reply
from ivr.desk.plans import planned
from ivr.desk.vocabulary import words_for
from ivr.engine.words import normalise
from ivr.moments import moment_of
from ivr.team import audit, shifts

HOUR = 3_600_000  # ms
USUAL_HOURS = 8
SHOWN, COUNTED = 3, 1000


def on(floor: Floor, command: Command) -> list[Reply]:
    """On duty from now on, for so many hours."""
    hours = min(max(command.number or USUAL_HOURS, 1), 24)
    shifts.begin(floor.tx, floor.who, floor.now, hours * HOUR)
    return [Reply("on", {"until": shifts.until(floor.tx, floor.who, floor.now)})]


def off(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Not on duty any more."""
    shifts.end(floor.tx, floor.who, floor.now)
    return [Reply("off", {})]


def who(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """Who is on duty."""
    return [Reply("who", {"there": [each.login for each in shifts.on_duty(floor.tx, floor.now)]})]


def day(floor: Floor, command: Command) -> list[Reply]:  # noqa: ARG001 - one signature for all
    """What they did since yesterday, in counts."""
    done = Counter(line.what for line in audit.of(floor.tx, floor.who.id, floor.now - DAY, COUNTED))
    return [Reply("day", {"taken": done[CLAIMED], "reached": done[REACHED], "tried": done[ATTEMPTED]})]


def plan(floor: Floor, command: Command) -> list[Reply]:
    """The shifts that are planned; or one of their own more, or those of a day off."""
    if not command.rest:
        return [Reply("planned", {"rows": shifts.planned(floor.tx, floor.now)[:SHOWN]})]
    zone = floor.content.hours.zone
    wanted = planned(command.rest, moment_of(floor.now).astimezone(zone).date())
    if wanted and wanted.rest and normalise(wanted.rest) in words_for(floor.content, floor.who.language, "off"):
        return _dropped(floor, wanted.day, zone)
    if wanted is None or wanted.begins is None or wanted.ends is None:
        return [Reply("plan_unclear", {})]
    span = shifts.span(wanted.day, wanted.begins, wanted.ends, zone)
    if span[1] <= floor.now:
        return [Reply("plan_unclear", {})]
    shifts.plan(floor.tx, floor.who.id, *span, floor.who.id, floor.now)
    return [Reply("plan_kept", {"since": span[0], "until": span[1]})]


def _dropped(floor: Floor, day: date, zone: ZoneInfo) -> list[Reply]:
    """Their own shifts that begin on that day are off."""
    tx, who, now = floor.tx, floor.who, floor.now
    mine = [each for each in shifts.planned(tx, now) if each.counselor_id == who.id]
    theirs = [each for each in mine if moment_of(each.starts_at).astimezone(zone).date() == day]
    return [Reply("plan_off", {"count": sum(shifts.drop(tx, each.id, who.id, who.id, now) for each in theirs)})]


DUTIES = {"on": on, "off": off, "who": who, "plan": plan, "day": day}
