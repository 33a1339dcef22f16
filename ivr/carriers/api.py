"""The carrier's API: texts and calls go out, and its lists are read. Asynchronous: one worker asks many times at once.

The library of Twilio takes 1 ms of CPU for a text, more than all the rest of it; these few lines are held to it by a
test. They speak to whatever TWILIO_API_BASE_URL names.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from ivr.carriers.answers import UNASKED, Accepted, Answer, NotSent, Refused, Unknown
from ivr.moments import moment_of, ms_of

DEADLINE = 10.0  # seconds for a whole request, drips included; far below the lease of a row that is submitted
PARALLEL = 100  # requests at once: Twilio refuses more
PAGE = 1000  # the largest page of a list
FEWEST = 300  # HTTP statuses from here on are no success

Fields = Sequence[tuple[str, str]]  # a form; some names come several times
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}  # aiohttp's own forms cost a third of the request


class Withheld(Exception):
    """The connection is there, and it is too late for this request."""


class _Form(aiohttp.BytesPayload):
    """Asks right before its bytes leave whether it may still go: the process may have stood still until then."""

    def __init__(self, fields: Fields, may_go: Callable[[], bool]) -> None:
        super().__init__(urlencode(fields).encode())
        self._may_go, self.is_withheld = may_go, False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        if not self._may_go():
            self.is_withheld = True
            raise Withheld
        await super().write_with_length(writer, content_length)


def always() -> bool:
    """Such a request may go at any time."""
    return True


class Listed(NamedTuple):
    """A text or call in the carrier's list."""

    sid: str
    sender: str
    to: str
    body: str
    status: str
    error: str
    created: str  # RFC 2822, UTC
    direction: str

    @property
    def created_at(self) -> int:
        """In ms; 0 where the list does not say it legibly."""
        try:
            return ms_of(parsedate_to_datetime(self.created))
        except ValueError:
            return 0


class Api:
    """One account at the carrier. Made by `connected`."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, account: str) -> None:
        self._session, self._base = session, base_url
        self._account = f"/2010-04-01/Accounts/{account}"
        self._texts, self._calls = (f"{base_url}{self._account}/{kind}.json" for kind in ("Messages", "Calls"))

    async def send_text(self, fields: Fields, may_go: Callable[[], bool] = always) -> Answer:
        """Asks for a text: To, From, Body, StatusCallback, ValidityPeriod. UNASKED where it may not go any more."""
        return await self._post(self._texts, fields, may_go)

    async def place_call(self, fields: Fields, may_go: Callable[[], bool] = always) -> Answer:
        """Asks for a call: To, From, Url, StatusCallback, Timeout, MachineDetection. UNASKED likewise."""
        return await self._post(self._calls, fields, may_go)

    async def texts(self, **filters: str) -> AsyncIterator[Listed]:
        """Texts by To, From, DateSent (`DateSent>` from that `day` on), the newest first. Raises OSError."""
        async for each in self._list(self._texts, "messages", filters):
            yield each

    async def calls(self, **filters: str) -> AsyncIterator[Listed]:
        """Calls likewise, by To, From, StartTime."""
        async for each in self._list(self._calls, "calls", filters):
            yield each

    async def redact_text(self, sid: str) -> str:
        """Takes the words out of a text that is no longer on its way: '' when that is done, else why not."""
        return await self._change("POST", self._one("Messages", sid), b"Body=")

    async def erase_text(self, sid: str) -> str:
        """Takes the text itself away, with its numbers: '' when it is gone, else why not."""
        return await self._change("DELETE", self._one("Messages", sid))

    async def erase_call(self, sid: str) -> str:
        """Takes a call away that is over, and first what was recorded of it."""
        try:
            recordings = await self._recordings(sid)
        except OSError:
            return "unlisted"
        failed = [why for each in recordings if (why := await self._change("DELETE", self._one("Recordings", each)))]
        return failed[0] if failed else await self._change("DELETE", self._one("Calls", sid))

    def _one(self, kind: str, sid: str) -> str:
        return f"{self._base}{self._account}/{kind}/{quote(sid, safe='')}.json"

    async def _recordings(self, call: str) -> list[str]:
        """Their ids; none where there is no such call. Raises OSError with a short reason."""
        try:
            body = await self._get(self._one("Calls", call).replace(".json", "/Recordings.json"), None)
            return [str(item["sid"]) for item in body["recordings"]]
        except (KeyError, TypeError) as error:
            raise OSError("unreadable") from error

    async def _change(self, method: str, url: str, form: bytes | None = None) -> str:
        """'' when it is so now; what is not there any more need not be changed."""
        headers = _FORM if form is not None else None
        try:
            async with self._session.request(
                method, url, data=form, headers=headers, allow_redirects=False
            ) as response:
                return _refusal(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__

    async def _post(self, url: str, fields: Fields, may_go: Callable[[], bool]) -> Answer:
        form = _Form(fields, may_go)
        try:
            async with self._session.post(url, data=form, headers=_FORM, allow_redirects=False) as response:
                return _read(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSent(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return UNASKED if form.is_withheld else Unknown(type(error).__name__)

    async def _list(self, url: str, name: str, filters: Mapping[str, str]) -> AsyncIterator[Listed]:
        page: str | None = url
        query: Mapping[str, str] | None = {**filters, "PageSize": str(PAGE)}
        while page:
            items, following = _page(await self._get(page, query), name)
            for item in items:
                yield item
            page, query = urljoin(self._origin, following) if following else None, None

    async def _get(self, url: str, query: Mapping[str, str] | None) -> Any:
        try:
            async with self._session.get(url, params=query, allow_redirects=False) as response:
                if response.status >= FEWEST:
                    raise OSError(f"the carrier's list answered {response.status}")
                return json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise OSError(f"the carrier's list: {type(error).__name__}") from error

    @property
    def _origin(self) -> str:
        parts = urlsplit(self._base)
        return f"{parts.scheme}://{parts.netloc}"


@asynccontextmanager
async def connected(base_url: str, account: str, token: str, deadline: float = DEADLINE) -> AsyncIterator[Api]:
    """The account, with connections that are kept open between requests."""
    session = aiohttp.ClientSession(
        headers={"Authorization": aiohttp.encode_basic_auth(account, token)},
        timeout=aiohttp.ClientTimeout(total=deadline, sock_connect=deadline / 2),
        connector=aiohttp.TCPConnector(limit=PARALLEL),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    async with session:
        yield Api(session, base_url, account)


def _read(status: int, body: bytes) -> Answer:
    try:
        content = json.loads(body)
        sid, code = str(content.get("sid") or ""), str(content.get("code") or "")
    except (ValueError, AttributeError):
        sid = code = ""
    if status < FEWEST:
        return Accepted(sid[:64]) if sid else Unknown("no id in the answer")
    if status == 429:
        return NotSent("too many requests")
    if status >= 500 or status == 408:
        return Unknown(f"status {status}")
    return Refused((code or _CODE_OF.get(status, f"http-{status}"))[:16])


def _refusal(status: int, body: bytes) -> str:
    """Why the carrier did not do it. A 404 counts only in its own words: a proxy may say it as well."""
    answer = _read(status, body)
    code = answer.code if isinstance(answer, Refused) else f"http-{status}"
    return "" if status < FEWEST or code == _NOT_THERE else code


_NOT_THERE = "20404"
_CODE_OF = {401: "20003", 403: "20003", 404: "20003"}  # without a code of its own: our account or its address


def _page(body: Any, name: str) -> tuple[list[Listed], str]:
    """What a page lists, and where the next one is. Raises OSError for one that is none."""
    try:
        return [_listed(item) for item in body[name]], str(body.get("next_page_uri") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise OSError(f"the carrier's list has no {error}") from error


def _listed(item: Mapping[str, Any]) -> Listed:
    return Listed(
        str(item["sid"]),
        str(item.get("from") or ""),
        str(item.get("to") or ""),
        str(item.get("body") or ""),
        str(item.get("status") or ""),
        str(item.get("error_code") or ""),
        str(item.get("date_created") or ""),
        str(item.get("direction") or ""),
    )


def day(ms: int) -> str:
    """The day of a moment, as filters of lists want it: UTC."""
    return f"{moment_of(ms):%Y-%m-%d}"
