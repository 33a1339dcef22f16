"""The carrier's API as we speak it, held to Twilio's own library; and what we take from every answer, or from none."""

import asyncio
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from test_simulator_rest import Elsewhere
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from ivr.carriers.answers import UNASKED, Accepted, Answer, NotSent, Refused, Unknown
from ivr.carriers.api import Api, Listed, connected

ACCOUNT, TOKEN = "AC" + "1" * 32, "a:token+with/signs"
SOON = 0.4  # seconds, in place of ten
TEXT = {
    "To": "+254711000001",
    "From": "+254700000100",
    "Body": "Asante & karibu + 100 % ñ 🙂\nok=1",
    "StatusCallback": "https://line.example.org/twilio/status?o=1&p=2",
    "ValidityPeriod": "7200",
}
CALL = [
    ("To", "+254711000001"),
    ("From", "+254700000100"),
    ("Url", "https://line.example.org/twilio/voice/out/1"),
    ("StatusCallback", "https://line.example.org/twilio/status?o=1"),
    ("StatusCallbackEvent", "initiated"),
    ("StatusCallbackEvent", "completed"),
    ("Timeout", "25"),
    ("MachineDetection", "Enable"),
]
ITEM = {"sid": "SM1", "from": "+1", "to": "+2", "body": "b", "status": "sent", "error_code": None}
ITEM |= {"date_created": "Mon, 23 Nov 2026 07:00:00 +0000", "direction": "outbound-api"}

Handler = BaseHTTPRequestHandler


@dataclass(frozen=True)
class Request:
    """What arrived, whoever sent it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    authorization: str
    kind: str


@dataclass
class Desk:
    """A carrier of one answer, on this machine; it writes down what it was asked."""

    url: str
    answer: Callable[[Handler], None]
    asked: list[Request] = field(default_factory=list)


def takes(desk: Desk) -> type[Handler]:
    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts, kind = urlsplit(self.path), self.headers.get("Content-Type") or ""
            query, fields = parse_qsl(parts.query), parse_qsl(body.decode(), keep_blank_values=True)
            login = self.headers.get("Authorization") or ""
            asked = Request(self.command, parts.path, tuple(sorted(query)), tuple(sorted(fields)), login, kind)
            desk.asked.append(asked)
            desk.answer(self)

        do_GET = do_POST  # noqa: N815 - the server's own way of saying it

        def log_message(self, *_: object) -> None:
            pass

    return Taking


def says(status: int, body: object = None, **headers: str) -> Callable[[Handler], None]:
    """An answer: JSON, or these very bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), "Content-Type": "application/json", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def resets(handler: Handler) -> None:
    """The connection is gone, without a word."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def hangs(handler: Handler) -> None:
    time.sleep(4 * SOON)
    handler.close_connection = True


def drips(handler: Handler) -> None:
    handler.send_response(201)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(SOON / 10)
    handler.close_connection = True


class Server(ThreadingHTTPServer):
    """It lets many in at once, and waits for nobody at its end."""

    request_queue_size, daemon_threads, block_on_close = 128, True, False


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk("", says(201, {"sid": "SM1"}))
    server = Server(("127.0.0.1", 0), takes(desk))
    desk.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield desk
    server.shutdown()
    server.server_close()
    thread.join()


def ours(url: str, ask: Callable[[Api], object], deadline: float = 5.0) -> object:
    async def asked() -> object:
        async with connected(url, ACCOUNT, TOKEN, deadline) as api:
            return await ask(api)  # type: ignore[misc]

    return asyncio.run(asked())


def text(desk: Desk, deadline: float = 5.0) -> Answer:
    return ours(desk.url, lambda api: api.send_text(list(TEXT.items())), deadline)  # type: ignore[return-value]


def listed(desk: Desk, name: str = "texts", **filters: str) -> list[Listed]:
    async def all_(api: Api) -> list[Listed]:
        return [each async for each in getattr(api, name)(**filters)]

    return ours(desk.url, all_)  # type: ignore[return-value]


def theirs(desk: Desk) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Elsewhere(desk.url))


def test_a_text_is_asked_for_as_the_library_asks(desk: Desk) -> None:
    assert text(desk) == Accepted("SM1")
    theirs(desk).messages.create(
        to=TEXT["To"],
        from_=TEXT["From"],
        body=TEXT["Body"],
        status_callback=TEXT["StatusCallback"],
        validity_period=7200,
    )
    mine, library = desk.asked
    assert mine == library
    assert mine.fields == tuple(sorted(TEXT.items()))


def test_a_call_is_asked_for_as_the_library_asks(desk: Desk) -> None:
    desk.answer = says(201, {"sid": "CA1"})
    assert ours(desk.url, lambda api: api.place_call(CALL)) == Accepted("CA1")
    theirs(desk).calls.create(
        to="+254711000001",
        from_="+254700000100",
        url="https://line.example.org/twilio/voice/out/1",
        status_callback="https://line.example.org/twilio/status?o=1",
        status_callback_event=["initiated", "completed"],
        timeout=25,
        machine_detection="Enable",
    )
    mine, library = desk.asked
    assert mine == library
    assert mine.fields == tuple(sorted(CALL))


def paged(name: str) -> Callable[[Handler], None]:
    """Three pages, the first two of which name the next one."""
    path = f"/2010-04-01/Accounts/{ACCOUNT}/{name.capitalize()}.json"
    tokens = ["", "PASM%3D%2B1", "PASM2"]

    def answer(handler: Handler) -> None:
        at = next(at for at, token in reversed(list(enumerate(tokens))) if token in handler.path)
        after = f"{path}?To=%2B1&PageSize=2&Page={at + 1}&PageToken={tokens[at + 1]}" if at < 2 else None
        says(200, {name: [ITEM | {"sid": f"S{at}{n}"} for n in range(2)], "next_page_uri": after})(handler)

    return answer


@pytest.mark.parametrize(("name", "filter_"), [("messages", "DateSent>"), ("calls", "StartTime>")])
def test_lists_are_paged_as_the_library_pages(desk: Desk, name: str, filter_: str) -> None:
    desk.answer = paged(name)
    filters = {"To": "+254711000001", "From": "+254700000100", filter_: "2026-11-23"}
    mine = [each.sid for each in listed(desk, "texts" if name == "messages" else "calls", **filters)]
    wish = {"to": "+254711000001", "from_": "+254700000100", "page_size": 1000}
    wish["date_sent_after" if name == "messages" else "start_time_after"] = "2026-11-23"
    library = [each.sid for each in getattr(theirs(desk), name).list(**wish)]
    assert mine == library == ["S00", "S01", "S10", "S11", "S20", "S21"]
    assert [asked.query for asked in desk.asked[:3]] == [asked.query for asked in desk.asked[3:]]
    assert [asked.path for asked in desk.asked[:3]] == [asked.path for asked in desk.asked[3:]]
    assert len({asked.authorization for asked in desk.asked}) == 1


def test_what_is_listed_is_read_field_by_field(desk: Desk) -> None:
    desk.answer = says(200, {"messages": [ITEM, {"sid": "SM2", "error_code": 30003}], "next_page_uri": None})
    first, second = listed(desk)
    assert first == Listed("SM1", "+1", "+2", "b", "sent", "", ITEM["date_created"], "outbound-api")
    assert second == Listed("SM2", "", "", "", "", "30003", "", "")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (201, {"sid": "SM1"}, Accepted("SM1")),
        (200, {"sid": "SM1"}, Accepted("SM1")),
        (201, b'{"sid": "SM', Unknown("no id in the answer")),
        (201, {}, Unknown("no id in the answer")),
        (201, b"", Unknown("no id in the answer")),
        (400, {"code": 21610, "message": "unsubscribed"}, Refused("21610")),
        (400, b"<html>", Refused("http-400")),
        (400, [], Refused("http-400")),
        (401, {"code": 20003}, Refused("20003")),
        (401, b"", Refused("20003")),
        (403, b"", Refused("20003")),
        (404, {"code": 20404}, Refused("20404")),
        (404, b"", Refused("20003")),
        (429, {"code": 20429}, NotSent("too many requests")),
        (408, b"", Unknown("status 408")),
        (500, {"code": 20500}, Unknown("status 500")),
        (502, b"<html>", Unknown("status 502")),
        (503, {"code": 20503}, Unknown("status 503")),
    ],
)
def test_what_is_taken_from_an_answer(desk: Desk, status: int, body: object, expected: Answer) -> None:
    desk.answer = says(status, body)
    assert text(desk) == expected
    if isinstance(expected, Accepted):
        assert theirs(desk).messages.create(to="+1", from_="+2", body="b").sid == "SM1"
    elif isinstance(expected, Refused) and isinstance(body, dict):
        with pytest.raises(TwilioRestException) as refused:
            theirs(desk).messages.create(to="+1", from_="+2", body="b")
        assert str(refused.value.code) == expected.code


def test_no_request_is_sent_on_to_another_address(desk: Desk) -> None:
    for status in (301, 302, 307, 308):
        desk.answer = says(status, {}, Location=desk.url + "/elsewhere")
        assert text(desk) == Refused(f"http-{status}")
        with pytest.raises(OSError, match=str(status)):
            listed(desk)
        with pytest.raises(TwilioException):
            theirs(desk).messages.create(to="+1", from_="+2", body="b")
    assert not any("elsewhere" in asked.path for asked in desk.asked)


def test_a_connection_that_never_was_is_not_sent(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for url in (f"http://127.0.0.1:{port}", desk.url.replace("http", "https")):
            assert isinstance(ours(url, lambda api: api.send_text(list(TEXT.items()))), NotSent)
    assert desk.asked == []


def test_a_connection_cut_before_the_answer_leaves_it_unknown_and_is_not_tried_again(desk: Desk) -> None:
    desk.answer = resets
    assert isinstance(text(desk), Unknown)
    assert len(desk.asked) == 1


def test_a_connection_that_was_kept_and_is_cut_sends_nothing_twice(desk: Desk) -> None:
    async def twice(api: Api) -> list[Answer]:
        first = await api.send_text(list(TEXT.items()))
        desk.answer = resets
        return [first, await api.send_text(list(TEXT.items()))]

    first, second = ours(desk.url, twice)  # type: ignore[misc]
    assert first == Accepted("SM1")
    assert isinstance(second, Unknown)
    assert len(desk.asked) == 2


@pytest.mark.parametrize("slow", [hangs, drips])
def test_an_answer_that_does_not_come_in_time_leaves_it_unknown(desk: Desk, slow: Callable[[Handler], None]) -> None:
    desk.answer = slow
    began = time.monotonic()
    assert isinstance(text(desk, SOON), Unknown)
    assert SOON * 0.9 <= time.monotonic() - began < SOON * 3
    began = time.monotonic()
    with pytest.raises(OSError, match="Timeout"):
        ours(desk.url, lambda api: anext(api.texts()), SOON)
    assert time.monotonic() - began < SOON * 3


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, {}), (401, {}), (200, b"{"), (200, []), (200, {"other": []}), (200, {"messages": [{}]}), (200, b"\xff\xfe")],
)
def test_a_list_that_cannot_be_read_is_no_list(desk: Desk, status: int, body: object) -> None:
    desk.answer = says(status, body)
    with pytest.raises(OSError, match="the carrier's list"):
        listed(desk)


def test_a_hundred_are_asked_for_at_once(desk: Desk) -> None:
    async def many(api: Api) -> set[Answer]:
        return set(await asyncio.gather(*(api.send_text(list(TEXT.items())) for _ in range(100))))

    assert ours(desk.url, many, 20) == {Accepted("SM1")}
    assert len(desk.asked) == 100


def test_what_may_not_go_any_more_when_the_connection_is_there_was_never_asked_for(desk: Desk) -> None:
    async def thrice(api: Api) -> list[Answer]:
        form = list(TEXT.items())
        return [await api.send_text(form, partial(bool, may_go)) for may_go in (True, False, True)]

    assert ours(desk.url, thrice) == [Accepted("SM1"), UNASKED, Accepted("SM1")]
    assert len(desk.asked) == 2
