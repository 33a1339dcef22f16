"""Who is on duty and when: for oneself, and by whoever runs the desk for others."""

from datetime import date, time

from ivr.console.answers import Answer, Asked, Desk, Go, Missing, Page, Route
from ivr.moments import moment_of
from ivr.team import counselors, shifts
from ivr.team.counselors import AT_THE_DESK, Member
from ivr.team.hours import DAYS

HOUR = 3_600_000  # ms


def show(desk: Desk, asked: Asked) -> Answer:
    """Who is there now, what is planned, and when the desk is open."""
    hours = desk.house.content.hours
    today = moment_of(desk.now).astimezone(hours.zone).date().isoformat()
    return Page(
        "roster.html",
        {
            "there": [(each, shifts.until(desk.tx, each, desk.now)) for each in shifts.on_duty(desk.tx, desk.now)],
            "planned": shifts.planned(desk.tx, desk.now),
            "hours": [(DAYS[day], span) for day, span in sorted(hours.days.items())],
            "until": shifts.until(desk.tx, desk.who, desk.now),
            "members": _takers(desk) if desk.who.leads else [desk.who],
            "today": today,
            "said": asked.query.get("said", ""),
        },
    )


def begin(desk: Desk, asked: Asked) -> Answer:
    """On duty from now on, for so many hours."""
    hours = asked.said("hours") or "8"
    if hours not in map(str, range(1, 25)):
        return Go("/roster", "hours")
    shifts.begin(desk.tx, desk.who, desk.now, int(hours) * HOUR)
    return Go(_back(asked), "on")


def end(desk: Desk, asked: Asked) -> Answer:
    """Not on duty any more."""
    shifts.end(desk.tx, desk.who, desk.now)
    return Go(_back(asked), "off")


def plan(desk: Desk, asked: Asked) -> Answer:
    """A shift ahead: one's own, or anybody's by whoever runs the desk."""
    whose = next((each for each in _takers(desk) if each.login == asked.said("login")), None)
    if whose is None or not (desk.who.leads or whose.id == desk.who.id):
        return Missing()
    span = _span(asked, desk)
    if span is None or span[1] <= desk.now:
        return Go("/roster", "hours")
    shifts.plan(desk.tx, whose.id, *span, desk.who.id, desk.now)
    return Go("/roster", "planned")


def drop(desk: Desk, asked: Asked) -> Answer:
    """A shift that was planned is not any more."""
    whose = None if desk.who.leads else desk.who.id
    return (
        Go("/roster", "dropped") if shifts.drop(desk.tx, asked.path["id"], whose, desk.who.id, desk.now) else Missing()
    )


def _takers(desk: Desk) -> list[Member]:
    return [each for each in counselors.everybody(desk.tx) if each.takes_requests]


def _span(asked: Asked, desk: Desk) -> tuple[int, int] | None:
    """From and until, in the desk's zone."""
    try:
        day = date.fromisoformat(asked.said("day"))
        begins, ends = time.fromisoformat(asked.said("from")), time.fromisoformat(asked.said("until"))
        return shifts.span(day, begins, ends, desk.house.content.hours.zone)
    except (ValueError, OverflowError):
        return None


def _back(asked: Asked) -> str:
    return "/roster" if asked.said("then") == "roster" else ""


ROUTES = (
    Route("GET", "/roster", show, AT_THE_DESK),
    Route("POST", "/on", begin, AT_THE_DESK),
    Route("POST", "/off", end, AT_THE_DESK),
    Route("POST", "/roster", plan, AT_THE_DESK),
    Route("POST", "/roster/<id>/drop", drop, AT_THE_DESK),
)
