"""The wires to the service: real HTTP, or a Flask test client in its place."""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import requests
from flask.testing import FlaskClient

CONNECT, TOTAL = 5.0, 15.0  # seconds; Twilio waits no longer for anything in a call

Form = list[tuple[str, str]]


class Fetched(NamedTuple):
    """An answer to a GET."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire(NamedTuple):
    """How the carrier reaches the service. Both raise OSError where nobody answers in time."""

    post: Callable[[str, Form, Mapping[str, str]], tuple[int, str, bytes]]
    get: Callable[[str], Fetched]


def over_http() -> Wire:
    """Real requests, each given up after 15 seconds in all, redirects not followed."""
    return Wire(_post, _get)


def through(client: FlaskClient) -> Wire:
    """The service's own test client: no server, no threads."""

    def post(url: str, form: Form, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        answer = client.post(url, data=urlencode(form), content_type=FORM, headers=dict(headers))
        return answer.status_code, answer.headers.get("Content-Type", ""), answer.data

    def get(url: str) -> Fetched:
        answer = client.get(url)
        fetched = Fetched(answer.status_code, dict(answer.headers), answer.data)
        answer.close()
        return fetched

    return Wire(post, get)


FORM = "application/x-www-form-urlencoded"


def _post(url: str, form: Form, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
    sent = {"Content-Type": FORM, **headers}
    status, got, body = _request("POST", url, sent, urlencode(form))
    return status, got.get("Content-Type", ""), body


def _get(url: str) -> Fetched:
    return Fetched(*_request("GET", url, {}, ""))


def _request(method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[int, Mapping[str, str], bytes]:
    until = time.monotonic() + TOTAL
    with requests.request(
        method, url, data=body, headers=headers, timeout=(CONNECT, TOTAL), stream=True, allow_redirects=False
    ) as answer:
        return answer.status_code, answer.headers, _all_of(answer, until)


def _all_of(answer: requests.Response, until: float) -> bytes:
    """The library's own timeout is per packet; a slow drip must end too."""
    parts = []
    for part in answer.iter_content(16_384):
        parts.append(part)
        if time.monotonic() > until:
            raise TimeoutError(f"no whole answer within {TOTAL:.0f} seconds")
    return b"".join(parts)
