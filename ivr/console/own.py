"""What is one's own: the day's work, the language of the desk, a new password, leaving."""

from ivr.console.answers import Answer, Asked, Desk, Go, Missing, Page, Route
from ivr.console.reasons import reason
from ivr.team import audit, counselors, invitations, shifts
from ivr.team.counselors import AT_THE_DESK, GENDERS, ROLES

DAY = 86_400_000  # ms
SHOWN = 100


def day(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001 - one signature for all views
    """What they did since yesterday, the newest first."""
    lines = audit.of(desk.tx, desk.who.id, desk.now - DAY, SHOWN)
    told = [(line.at, line.what, reason(line.why, {}), line.about) for line in lines]
    return Page("day.html", {"lines": told, "until": shifts.until(desk.tx, desk.who, desk.now)})


def show(desk: Desk, asked: Asked) -> Answer:
    """Their settings."""
    tongues = {code: each.name for code, each in desk.house.content.languages.items()}
    return Page("own.html", {"tongues": tongues, "genders": GENDERS, "said": asked.query.get("said", "")})


def change(desk: Desk, asked: Asked) -> Answer:
    """In which language the desk speaks to them, in which they help, and whether they are a woman or a man."""
    tongues = desk.house.content.languages
    language, gender = asked.said("language"), asked.said("gender") or None
    speaks = [code for code in tongues if asked.said(f"speaks_{code}")]
    if language not in tongues or gender not in (None, *GENDERS) or not speaks:
        return Go("/own", "speaks") if language in tongues else Missing()
    counselors.change(desk.tx, desk.who.id, language, " ".join(speaks), gender, desk.now)
    return Go("/own", "kept")


def renew(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001 - one signature for all views
    """On to a new password and authenticator; what they have holds until then."""
    return Go(f"/welcome/{invitations.invite(desk.tx, desk.who.id, desk.who.id, desk.now)}")


def leave_everywhere(desk: Desk, asked: Asked) -> Answer:  # noqa: ARG001 - one signature for all views
    """No browser is signed in as them any more."""
    counselors.end_sign_ins(desk.tx, desk.who.id, desk.who.id, desk.now)
    return Go("/sign-in")


ROUTES = (
    Route("GET", "/day", day, AT_THE_DESK),
    Route("GET", "/own", show, ROLES),
    Route("POST", "/own", change, ROLES),
    Route("POST", "/own/password", renew, ROLES),
    Route("POST", "/own/leave", leave_everywhere, ROLES),
)
