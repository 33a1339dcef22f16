"""The way in to the counselors' pages: who it is, whether they may, and what is said when something is in the way.

Deny by default: only what stands in ROUTES is served, each to the roles that it names. What somebody typed is shown to
them again whenever it could not be kept: their time here was over, the form was too old, the database does not answer.
"""

import logging
from collections.abc import Callable

from flask import Blueprint, Flask, Response, redirect, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Plain

from ivr.console import assets, book, entrance, line, own, requests, roster, team
from ivr.console.answers import Answer, Asked, Desk, Go, Missing, Page, Route
from ivr.console.wire import BASE, WORD, html, protected, render
from ivr.db import Transaction
from ivr.runtime import Runtime
from ivr.team import signins
from ivr.team.counselors import Member
from ivr.transactions import in_transaction

log = logging.getLogger(__name__)

ROUTES = (*line.ROUTES, *requests.ROUTES, *roster.ROUTES, *team.ROUTES, *book.ROUTES, *own.ROUTES)
COOKIE = {
    "SESSION_COOKIE_NAME": "__Host-desk",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "WTF_CSRF_CHECK_DEFAULT": False,  # webhooks are signed by the carrier
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
    "WTF_CSRF_SSL_STRICT": False,  # browsers that send no referrer are let in: the session holds the proof
}
HERE = ("http://127.0.0.1", "http://localhost")  # where browsers trust what has no TLS
SECRET = frozenset({"csrf_token", "password", "code", "secret"})  # fields that are never shown again
csrf = CSRFProtect()


def register(app: Flask, runtime: Runtime) -> None:
    """Adds the pages below /console/."""
    if not runtime.config.public_base_url.startswith(("https:", *HERE)):
        log.warning("PUBLIC_BASE_URL is not https: nobody can sign in at /console/, its cookie is sent over TLS only")
    app.secret_key = runtime.config.secret_key
    app.config.update(COOKIE)
    csrf.init_app(app)
    pages = Blueprint("console", __name__, url_prefix=BASE, template_folder="templates")
    for route in ROUTES:
        pages.add_url_rule(route.path, f"{route.method} {route.path}", _serving(runtime, route), methods=[route.method])
    entrance.register(pages, runtime, csrf)
    assets.register(pages)
    pages.after_request(lambda response: protected(response, runtime.config.public_base_url))
    pages.register_error_handler(CSRFError, lambda _: _old(runtime))
    pages.register_error_handler(Exception, lambda error: _broken(runtime, error))  # the one place for pages
    app.register_blueprint(pages)


def _serving(runtime: Runtime, route: Route) -> Callable[..., Plain]:
    def serve(**path: str) -> Plain:
        if route.method == "POST":
            csrf.protect()
        return _served(runtime, route, Asked(path, request.args, request.form))

    return serve


def _served(runtime: Runtime, route: Route, asked: Asked) -> Plain:
    word, now = session.get(WORD, ""), runtime.now()
    who, answer = in_transaction(runtime, lambda tx: _answered(runtime, tx, route, asked, word, now))
    if who is None:
        return entrance.turned_away(runtime, asked)
    match answer:
        case Page("_line.html", values) if values["known"] == values["version"]:
            return Response(status=204)
        case Page():
            return html(render(runtime, answer, who), answer.status)
        case Go():
            return redirect(_address(answer), 303)
    return html(render(runtime, Page("missing.html", {}), who), 404)


def _answered(
    runtime: Runtime, tx: Transaction, route: Route, asked: Asked, word: str, now: int
) -> tuple[Member | None, Answer]:
    """Who it is, and what their page holds; all in one transaction, so that nobody acts after they were shut out."""
    who = signins.find(tx, word, now, route.is_click) if word else None
    if who is None or who.role not in route.roles:
        return who, Missing()
    return who, route.view(Desk(runtime, tx, who, now), asked)


def _address(to: Go) -> str:
    """Where they go on."""
    told = "".join(
        f"{mark}{name}={value}" for mark, name, value in (("?", "said", to.said), ("&", "by", to.by)) if value
    )
    return f"{BASE}{to.to or '/'}{told}"


def _old(runtime: Runtime) -> Plain:
    return _kept(runtime, "old", 400)


def _broken(runtime: Runtime, error: Exception) -> Plain:
    if isinstance(error, HTTPException):
        return html(render(runtime, Page("missing.html", {}), None), error.code or 500)
    log.error("a page could not be made", exc_info=error)
    return _kept(runtime, "trouble", 503)


def _kept(runtime: Runtime, why: str, status: int) -> Plain:
    """Nothing was done, and nothing that was typed is lost."""
    fields = {name: value for name, value in request.form.items() if name not in SECRET}
    to = request.path.removeprefix(BASE) if request.method == "POST" else ""
    return html(render(runtime, Page("kept.html", {"to": to, "fields": fields, "why": why}), None), status)
