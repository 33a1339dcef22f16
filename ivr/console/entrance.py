"""Signing in and out, and choosing a password by invitation: all that is open to somebody whom nobody knows yet."""

import io
from urllib.parse import quote

import segno
from flask import Blueprint, redirect, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from ivr.console.answers import Asked, Page
from ivr.console.wire import BASE, WORD, html, render
from ivr.db import Transaction
from ivr.runtime import Runtime
from ivr.team import invitations, passwords, signins
from ivr.team.counselors import AT_THE_DESK, AUDITOR, Member, Refused
from ivr.team.signins import Typed
from ivr.transactions import in_transaction

KEPT = "kept."  # before the names of fields that somebody typed before their time here was over
LONGEST = 5000  # letters of one of them


def register(pages: Blueprint, runtime: Runtime, csrf: CSRFProtect) -> None:
    """Adds /sign-in, /sign-out and /welcome."""

    @pages.get("/sign-in")
    def sign_in() -> Response:
        return _door(runtime, {"then": _inside(request.args.get("then", ""))})

    @pages.post("/sign-in")
    def try_to_sign_in() -> Response:
        try:
            csrf.protect()
        except CSRFError:  # a page that lay open for long: what was carried along stays
            return _door(runtime, {"why": "old", **_carried()}, 400)
        return _tried(runtime)

    @pages.post("/sign-out")
    def sign_out() -> Response:
        csrf.protect()
        return _left(runtime)

    @pages.get("/welcome/<word>")
    def welcome(word: str) -> Response:
        return _welcomed(runtime, word)

    @pages.post("/welcome/<word>")
    def choose(word: str) -> Response:
        csrf.protect()
        return _chosen(runtime, word)


def turned_away(runtime: Runtime, asked: Asked) -> Response:
    """Whoever is not signed in, or not any more, is asked to; what they had typed comes along."""
    path = request.path.removeprefix(BASE)
    if request.method == "GET":
        if path == "/news":
            return Response(status=401)
        return redirect(f"{BASE}/sign-in?then={quote(path)}" if path != "/" else f"{BASE}/sign-in", 303)
    fields = {name: value[:LONGEST] for name, value in asked.form.items() if name != "csrf_token"}
    return _door(runtime, {"then": path, "fields": fields, "why": "over"}, 401)


def first_page(who: Member) -> str:
    """Where somebody begins who has signed in."""
    if who.role in AT_THE_DESK:
        return "/"
    return "/figures" if who.role == AUDITOR else "/team"


def _tried(runtime: Runtime) -> Response:
    form, now = request.form, runtime.now()
    typed = Typed(form.get("login", "")[:64], form.get("password", ""), form.get("code", "")[:16], _address(runtime))
    paused, stored = in_transaction(
        runtime, lambda tx: (signins.is_paused(tx, runtime.vault, typed, now), signins.stored(tx, typed.login))
    )
    if paused:
        return _door(runtime, {"why": "paused", **_carried()}, 429)
    step = signins.step(runtime.vault, stored, typed, now)

    def begin(tx: Transaction) -> tuple[str, Member] | None:
        word = signins.begin(tx, runtime.vault, typed, stored, step, now)
        who = signins.find(tx, word, now) if word else None
        return (word, who) if word and who else None

    begun = in_transaction(runtime, begin)
    if begun is None:
        return _door(runtime, {"why": "wrong", "login": typed.login, **_carried()}, 401)
    session.clear()  # what was agreed with whoever sat here before holds no more
    session[WORD], who = begun
    return _let_in(runtime, who)


def _let_in(runtime: Runtime, who: Member) -> Response:
    carried = _carried()
    if carried["fields"]:
        return html(render(runtime, Page("kept.html", {"to": carried["then"], **carried, "why": "again"}), who))
    return redirect(BASE + str(carried["then"] or first_page(who)), 303)


def _left(runtime: Runtime) -> Response:
    word, now = session.get(WORD, ""), runtime.now()

    def end(tx: Transaction) -> None:
        if who := signins.find(tx, word, now):
            signins.end(tx, who, word, now)

    in_transaction(runtime, end)
    session.clear()
    return redirect(f"{BASE}/sign-in", 303)


def _welcomed(runtime: Runtime, word: str, why: str = "", status: int = 200) -> Response:
    who = in_transaction(runtime, lambda tx: invitations.find(tx, word, runtime.now()))
    if who is None:
        return html(render(runtime, Page("welcome.html", {"invited": None}), None), 404)
    secret = request.form.get("secret", "") if why else passwords.new_secret()
    values = {"invited": who, "secret": secret, "picture": _picture(secret, who.login), "why": why}
    return html(render(runtime, Page("welcome.html", values), None, who.language), status)


def _chosen(runtime: Runtime, word: str) -> Response:
    form, now = request.form, runtime.now()
    who = in_transaction(runtime, lambda tx: invitations.find(tx, word, now))
    if who is None or not _is_secret(form.get("secret", "")):
        return html(render(runtime, Page("welcome.html", {"invited": None}), None), 404)
    password = form.get("password", "")
    if not passwords.is_good(password, who.login):
        return _welcomed(runtime, word, "weak", 422)
    hashed, secret, code = passwords.hashed(password), form["secret"], form.get("code", "")
    try:
        in_transaction(runtime, lambda tx: invitations.accept(tx, runtime.vault, word, hashed, secret, code, now))
    except Refused as refused:
        return _welcomed(runtime, word, refused.reason, 422)
    session.clear()
    return redirect(f"{BASE}/sign-in", 303)


def _is_secret(secret: str) -> bool:
    return len(secret) == 32 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _picture(secret: str, login: str) -> str:
    """The secret as a square that authenticators read, as SVG without anything inline that the policy forbids."""
    drawn = io.BytesIO()
    segno.make(passwords.address(secret, login), error="l").save(
        drawn, kind="svg", xmldecl=False, svgns=False, scale=4, border=4, nl=False, omitsize=False
    )
    return drawn.getvalue().decode()


def _door(runtime: Runtime, values: dict[str, object], status: int = 200) -> Response:
    shown = {"then": "", "fields": {}, "why": "", "login": ""} | values
    return html(render(runtime, Page("sign_in.html", shown), None), status)


def _carried() -> dict[str, object]:
    """Where somebody wanted to go, and what they had typed there."""
    fields = {name.removeprefix(KEPT): text for name, text in request.form.items() if name.startswith(KEPT)}
    return {"then": _inside(request.form.get("then", "")), "fields": fields}


def _inside(path: str) -> str:
    """A path of ours, below /console; anything else is none."""
    is_ours = path.startswith("/") and path.isascii() and path.replace("/", "").replace("-", "").isalnum()
    return path if is_ours and "//" not in path else ""


def _address(runtime: Runtime) -> str:
    """From where they come, as the outermost of our own proxies saw it; all before that anybody can write."""
    seen = [request.remote_addr or "", *reversed(request.headers.get("X-Forwarded-For", "").split(","))]
    return seen[min(runtime.config.proxies, len(seen) - 1)].strip()
