"""Who works at the desk: shown to whoever runs it, changed by them and by whoever cares for accounts."""

from ivr.console.answers import Answer, Asked, Desk, Go, Missing, Page, Route
from ivr.desk import phones
from ivr.team import counselors, invitations, shifts
from ivr.team.counselors import ADMINISTRATOR, GENDERS, ROLES, SUPERVISOR, Member, New, Refused

MAY = (SUPERVISOR, ADMINISTRATOR)


def show(desk: Desk, asked: Asked) -> Answer:
    """Everybody, what they may, and until when they are on duty."""
    return _shown(desk, {"said": asked.query.get("said", "")})


def add(desk: Desk, asked: Asked) -> Answer:
    """Somebody new; the page holds the link to give them, once."""
    role, tongues = asked.said("role"), desk.house.content.languages
    speaks = tuple(code for code in asked.said("speaks").replace(",", " ").split() if code in tongues)
    language = asked.said("language") if asked.said("language") in tongues else desk.who.language
    if not _may_make(desk.who, role):
        return Missing()
    new = New(
        asked.said("login"), role, language, speaks or (language,), asked.said("gender") or None, asked.said("phone")
    )
    try:
        id = counselors.add(desk.tx, desk.house.vault, new, desk.who.id, desk.now)
    except Refused as refused:
        return _shown(desk, {"refused": refused.reason, "typed": asked.form}, 422)
    return _invited(desk, id, new.login)


def invite(desk: Desk, asked: Asked) -> Answer:
    """A new link for somebody who forgot their password or lost their authenticator."""
    member = _member(desk, asked)
    return _invited(desk, member.id, member.login) if member else Missing()


def lose_phone(desk: Desk, asked: Asked) -> Answer:
    """Their phone is in other hands."""
    member = _member(desk, asked)
    if member is None:
        return Missing()
    counselors.lose_phone(desk.tx, member.id, desk.who.id, desk.now)
    return Go("/team", "lost")


def new_pin(desk: Desk, asked: Asked) -> Answer:
    """A PIN for their phone, by which it commands the desk; shown once."""
    member = _member(desk, asked)
    if member is None or not member.phone:
        return Missing()
    pin = phones.new_pin(desk.tx, desk.house.vault, member, desk.who.id, desk.now)
    return _shown(desk, {"pin": pin, "invited": member.login})


def set_role(desk: Desk, asked: Asked) -> Answer:
    """They may something else from now on, and sign in anew."""
    member, role = _member(desk, asked), asked.said("role")
    if member is None or member.id == desk.who.id or not _may_make(desk.who, role):
        return Missing()
    counselors.set_role(desk.tx, member.id, role, desk.who.id, desk.now)
    return Go("/team", "role")


def end(desk: Desk, asked: Asked) -> Answer:
    """They do not work here any more."""
    member = _member(desk, asked)
    if member is None or member.id == desk.who.id:
        return Missing()
    counselors.end(desk.tx, member.id, desk.who.id, desk.now)
    return Go("/team", "ended")


def _member(desk: Desk, asked: Asked) -> Member | None:
    """Whom the path names. Who runs the desk has no hand in accounts that may more than they do, or else."""
    found = counselors.by_login(desk.tx, asked.path["login"])
    return found if found and _may_make(desk.who, found.role) else None


def _may_make(who: Member, role: str) -> bool:
    """Whoever runs the desk cares for those at it; whoever cares for accounts, for all."""
    return role in ROLES if who.role == ADMINISTRATOR else role in counselors.AT_THE_DESK


def _invited(desk: Desk, id: str, login: str) -> Answer:
    token = invitations.invite(desk.tx, id, desk.who.id, desk.now)
    link = f"{desk.house.config.public_base_url}/console/welcome/{token}"
    return _shown(desk, {"link": link, "invited": login})


def _shown(desk: Desk, more: dict[str, object], status: int = 200) -> Page:
    members = [(each, shifts.until(desk.tx, each, desk.now)) for each in counselors.everybody(desk.tx)]
    choices = {"roles": [role for role in ROLES if _may_make(desk.who, role)], "genders": GENDERS}
    tongues = {code: each.name for code, each in desk.house.content.languages.items()}
    return Page("team.html", {"members": members, "tongues": tongues, **choices, **more}, status)


ROUTES = (
    Route("GET", "/team", show, MAY),
    Route("POST", "/team", add, MAY),
    Route("POST", "/team/<login>/invite", invite, MAY),
    Route("POST", "/team/<login>/lost", lose_phone, MAY),
    Route("POST", "/team/<login>/pin", new_pin, MAY),
    Route("POST", "/team/<login>/role", set_role, MAY),
    Route("POST", "/team/<login>/end", end, MAY),
)
