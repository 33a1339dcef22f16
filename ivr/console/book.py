"""The book of who did what, and counts: for those who answer for the desk. No content."""

from ivr.callbacks import queue
from ivr.callbacks.queue import Week
from ivr.console.answers import Answer, Asked, Desk, Page, Route
from ivr.console.reasons import reason
from ivr.team import audit, counselors
from ivr.team.counselors import AUDITOR, SUPERVISOR

WEEK = 604_800_000  # ms
SHOWN = 200
WEEKS = 8
FEWEST = 10  # a count below is not told: with one more thing known it could be somebody


def show(desk: Desk, asked: Asked) -> Answer:
    """The last week's lines; and, when that is asked, whether the book is whole: then every line of it is read."""
    names = {each.id: each.login for each in counselors.everybody(desk.tx)}
    lines = [
        (
            line.at,
            names.get(line.about, line.about[:8]),
            names.get(line.who, line.who),
            line.what,
            reason(line.why, names),
        )
        for line in audit.lately(desk.tx, desk.now - WEEK, SHOWN)
    ]
    faults = list(audit.faults(desk.tx)) if asked.query.get("whole") else None
    return Page("book.html", {"lines": lines, "faults": faults})


def figures(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001 - one signature for all views
    """Counts of the last weeks."""
    weeks = queue.weeks(desk.tx, desk.now - WEEKS * WEEK, desk.now, WEEK)
    return Page("figures.html", {"weeks": [(each.starts_at, *_told(each)) for each in weeks], "fewest": FEWEST})


def _told(week: Week) -> tuple[str, ...]:
    return tuple(str(count) if count >= FEWEST else "" if count else "0" for count in week[1:])


ROUTES = (
    Route("GET", "/book", show, (SUPERVISOR, AUDITOR)),
    Route("GET", "/figures", figures, (SUPERVISOR, AUDITOR)),
)
