"""A load generator: sixteen connections kept busy by one thread; each request is sent once, each answer read."""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence

CONNECTIONS = 16
SILENCE = 20  # seconds without any answer: something is stuck
_LENGTH = b"content-length:"


class Refused(Exception):
    """The server answered something else than 200."""


class Connection:
    """One connection and the answer that is being read on it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._heard = b""
        self._awaited = 0  # length of the answer, 0 while unknown
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), SILENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def send(self, request: bytes) -> None:
        """The next request."""
        self._heard, self._awaited = b"", 0
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Reads what has come; whether the answer is whole. Raises Refused."""
        heard = self.socket.recv(65_536)
        if not heard:
            raise Refused("the server closed the connection")
        self._heard += heard
        if not self._awaited:
            self._awaited = _length(self._heard)
        return 0 < self._awaited <= len(self._heard)


def run(port: int, requests: Sequence[bytes]) -> float:
    """Sends all requests; the seconds until the last answer was read. Raises Refused."""
    connections = [Connection(port) for _ in range(min(CONNECTIONS, len(requests)))]
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        begun = time.perf_counter()
        _exchange(selector, connections, iter(requests))
        seconds = time.perf_counter() - begun
    for connection in connections:
        connection.socket.close()
    return seconds


def _exchange(selector: selectors.BaseSelector, idle: list[Connection], requests: Iterator[bytes]) -> None:
    waiting = 0
    for connection, request in zip(idle, requests, strict=False):
        connection.send(request)
        waiting += 1
    while waiting:
        ready = selector.select(SILENCE)
        if not ready:
            raise Refused("the server fell silent")
        for key, _ in ready:
            if key.data.has_answer():
                request = next(requests, b"")
                if request:
                    key.data.send(request)
                else:
                    waiting -= 1


def _length(heard: bytes) -> int:
    """The whole length of the answer whose beginning this is; 0 while its head is not complete. Raises Refused."""
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = heard[:end].lower()
    if not head.startswith(b"http/1.1 200"):
        raise Refused(head.partition(b"\r\n")[0].decode("ascii", "replace"))
    length = head.partition(_LENGTH)[2].partition(b"\r\n")[0]
    if not length:
        raise Refused("the server does not say how long its answer is")
    return end + 4 + int(length)
