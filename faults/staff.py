"""Workers that RQ runs, with a Redis of their own: whoever is killed is started again, as a host does it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.bells import Bell
from faults.orders import Order
from ivr.runtime import HOME

ROLES = ("clock", "routine", "routine", "prompt")


@contextmanager
def working(order: Order, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """At work until the block ends."""
    (folder / "notes").touch()
    order.write(folder / "order.json")
    bell, over = Bell(folder), threading.Event()
    keeper = threading.Thread(target=_keep, args=[folder, environment | {"REDIS_URL": bell.url}, over])
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        bell.stop()


def _keep(folder: Path, environment: dict[str, str], over: threading.Event) -> None:
    with (folder / "log").open("ab") as log:

        def begun(role: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "faults.worker", str(folder / "order.json"), role]
            return subprocess.Popen(command, cwd=HOME, env=environment, stdout=log, stderr=log)

        staff = [(role, begun(role)) for role in ROLES]
        while not over.wait(0.05):
            staff = [(role, each if each.poll() is None else begun(role)) for role, each in staff]
        for _, each in staff:
            each.kill()
            each.wait()
