"""The line in which requests stand: the first page, what is new on it, and taking one."""

import hashlib

from ivr.callbacks import cards, claims, queue
from ivr.callbacks.alerts import waiting
from ivr.callbacks.claims import HOLDS, Claim, Held
from ivr.callbacks.queue import Standing
from ivr.callbacks.wishes import Span
from ivr.console.answers import Answer, Asked, Desk, Go, Page, Route
from ivr.moments import moment_of
from ivr.team import shifts
from ivr.team.counselors import AT_THE_DESK, Member

SHOWN = 20


def show(desk: Desk, asked: Asked) -> Answer:
    """The line, from the front."""
    return Page("line.html", _line(desk) | {"said": asked.query.get("said", ""), "by": asked.query.get("by", "")[:32]})


def news(desk: Desk, asked: Asked) -> Answer:
    """The line alone, when it is not as it was; the edge answers 204 when it is."""
    return Page("_line.html", _line(desk) | {"known": asked.query.get("v", "")})


def take_next(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001 - one signature for all views
    """The first that they can help with."""
    claim = claims.take_next(desk.tx, desk.who, desk.now)
    return Go(f"/requests/{claim.ref}", "taken") if claim else Go("", "none")


def take(desk: Desk, asked: Asked) -> Answer:
    """This very one; who has it, when it is taken."""
    ref = cards.short_number(asked.path["name"])
    came = None if ref is None else claims.take(desk.tx, desk.who, ref, desk.now)
    match came:
        case Claim():
            return Go(f"/requests/{came.ref}", "taken")
        case Held() if came.counselor_id == desk.who.id:
            return Go(f"/requests/{came.ref}")
        case Held():
            return Go("", "held", came.login or "")
    return Go("", "gone")


def _line(desk: Desk) -> dict[str, object]:
    rows = [(row, _why_not(row, desk.who, desk.now)) for row in queue.first(desk.tx, SHOWN)]
    mine, counts = cards.held_by(desk.tx, desk.who), queue.counts(desk.tx, desk.now)
    until = shifts.until(desk.tx, desk.who, desk.now)
    alerted = len(waiting(desk.tx))
    today = moment_of(desk.now).astimezone(desk.house.content.hours.zone).date()  # its times are written shorter
    version = hashlib.sha256(repr((rows, mine, counts, until, alerted, today)).encode()).hexdigest()[:12]
    return {
        "rows": rows,
        "counts": counts,
        "mine": mine,
        "until": until,
        "alerted": alerted,
        "version": version,
    }


def _why_not(row: Standing, who: Member, now: int) -> str:
    """What keeps this counselor from being offered it: held, language, wish, hours; empty when nothing does."""
    if not row.is_free(now):
        return "held"
    if row.language not in who.speaks.split():
        return "language"
    if row.wish and row.wish != who.gender and row.created_at > now - HOLDS:
        return "wish"
    return "" if row.urgent_at or Span(row.from_at, row.until_at).holds(now) else "hours"


ROUTES = (
    Route("GET", "/", show, AT_THE_DESK),
    Route("GET", "/news", news, AT_THE_DESK, is_click=False),
    Route("POST", "/next", take_next, AT_THE_DESK),
    Route("POST", "/take/<name>", take, AT_THE_DESK),
)
