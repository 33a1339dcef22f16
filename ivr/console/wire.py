"""From a page's values to bytes: in the reader's language, compressed, with headers that shut all else out."""

import gzip
from datetime import datetime, timedelta

from babel.dates import format_date, format_skeleton, get_day_names
from flask import Response, render_template, request
from markupsafe import Markup, escape

from ivr.console import assets
from ivr.console.answers import Page
from ivr.content import Content
from ivr.i18n.formats import locale
from ivr.moments import moment_of
from ivr.runtime import Runtime
from ivr.team.counselors import Member

BASE = "/console"
WORD = "word"  # in the signed cookie: by which somebody is signed in
SMALLEST = 200  # bytes; below, compressing makes more of it
WEEK = timedelta(days=6)
# Nothing from elsewhere, nothing inline, no frame. Where no script is inline, none needs a nonce (ASVS 5.0, 3.4.3).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def render(runtime: Runtime, page: Page, who: Member | None, language: str = "") -> str:
    """The page for this reader; for somebody unknown, in the language that their browser asks for."""
    content = runtime.content
    code = content.known(who.language if who else language or _preferred(content))
    tongue = content.languages[code]

    def translated(text: str, **values: object) -> Markup:
        return escape(tongue.gettext(text)).format(**values)

    return render_template(
        page.template,
        _=translated,
        at=lambda ms: _written(code, _local(runtime, ms), _local(runtime, runtime.now())),
        exercise_of=lambda name: _title(content, code, name),
        day_of=lambda index, name: get_day_names("wide", "format", locale(code)).get(index, name),
        tongue_of=lambda other: content.languages[other].name if other in content.languages else other,
        who=who,
        lang=code,
        dir=tongue.direction,
        base=BASE,
        assets=assets.ADDRESS,
        **page.values,
    )


def html(text: str, status: int = 200) -> Response:
    """As a response."""
    return Response(text, status, content_type="text/html; charset=utf-8")


def protected(response: Response, public: str) -> Response:
    """With the headers of a page that holds what nobody else may see, and small."""
    headers = response.headers
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if public.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if response.status_code == 204:
        del headers["Content-Type"]
        return response
    headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html" and response.status_code != 303:
        headers["Content-Security-Policy"] = POLICY
        headers["Referrer-Policy"] = "same-origin"
    return _compressed(response)


def _compressed(response: Response) -> Response:
    body = response.get_data()
    if len(body) < SMALLEST or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    response.set_data(gzip.compress(body, 9, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _title(content: Content, code: str, name: str) -> str:
    """What a flow is called in this language; its own name when it is not there any more."""
    flow = content.flows[code].flows.get(name)
    return flow.title if flow else name


def _preferred(content: Content) -> str:
    return request.accept_languages.best_match(list(content.languages)) or content.default_language


def _local(runtime: Runtime, ms: int) -> datetime:
    """In the zone of the desk."""
    return moment_of(ms).astimezone(runtime.content.hours.zone)


def _written(code: str, moment: datetime, now: datetime) -> str:
    """As short as it can be told at this moment: of today the time, of this week the day too, else the date."""
    spoken = locale(code)
    hour = f"{moment:%H:%M}"
    if moment.date() == now.date():
        return hour
    is_near = abs(moment - now) < WEEK
    day = format_skeleton("EEE", moment, locale=spoken) if is_near else format_date(moment, "short", locale=spoken)
    return f"{day} {hour}"
