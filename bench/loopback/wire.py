"""HTTP/1.1 by hand, as little as clients need: keep-alive, bodies of a known length, and answers that misbehave."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import NamedTuple, cast

LARGEST = 1 << 20
_ABRUPT = struct.pack("ii", 1, 0)  # SO_LINGER: no farewell, the client reads a reset


class Request(NamedTuple):
    """One request, whole."""

    method: str
    target: str
    body: bytes


class Reply(NamedTuple):
    """An answer and how it gets there.

    `manner`: `whole`, `drip` (a byte every `pace` seconds), `reset` (cut instead), `hang` (never), `close` (cut right
    after it). `wait` seconds before; `first` is awaited even before that.
    """

    status: int
    body: bytes
    manner: str = "whole"
    wait: float = 0.0
    pace: float = 1.0
    first: Callable[[], Awaitable[object]] | None = None


Answer = Callable[[Request], Reply]


class Wire(asyncio.Protocol):
    """One connection. Its client waits for an answer before it asks again."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        """Answers as soon as a request is whole."""
        self._heard += data
        while (request := self._request()) is not None:
            reply = self._answer(request)
            if reply.wait or reply.first is not None or reply.manner == "drip":
                self._task = asyncio.ensure_future(self._later(reply))
            else:
                self._send(reply)

    def _request(self) -> Request | None:
        end = self._heard.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self._heard[:end]
        whole = end + 4 + _length(head)
        if len(self._heard) < whole or whole > LARGEST:
            return None
        body, self._heard = self._heard[end + 4 : whole], self._heard[whole:]
        method, _, rest = head[: head.find(b"\r\n")].decode("latin-1").partition(" ")
        return Request(method, rest.rpartition(" ")[0], body)

    async def _later(self, reply: Reply) -> None:
        if reply.first is not None:
            await reply.first()
        if reply.wait:
            await asyncio.sleep(reply.wait)
        if reply.manner == "drip":
            await self._drip(reply)
        else:
            self._send(reply)

    async def _drip(self, reply: Reply) -> None:
        for byte in _encoded(reply):
            if self._transport.is_closing():
                return
            self._transport.write(bytes((byte,)))
            await asyncio.sleep(reply.pace)

    def _send(self, reply: Reply) -> None:
        if reply.manner == "hang" or self._transport.is_closing():  # the client may have gone in the meantime
            return
        if reply.manner == "reset":
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)
            self._transport.abort()
            return
        self._transport.write(_encoded(reply))
        if reply.manner == "close":
            self._transport.close()


def _length(head: bytes) -> int:
    after = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0].strip()
    return int(after) if after.isdigit() else 0


def _encoded(reply: Reply) -> bytes:
    return _HEADS[reply.status] % len(reply.body) + reply.body


_HEADS = {
    status.value: (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    ).encode()
    for status in HTTPStatus
}
