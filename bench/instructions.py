"""Instructions of one webhook, counted by valgrind: a figure that noise does not move. Without valgrind, none."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import inside, line
from bench.figures import Figure
from bench.server import running

IN_MEMORY = Path("/dev/shm")
# It counts the same instructions as callgrind does, in half the time, for it draws no graph of the calls.
COUNTER = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
LONGEST = 240  # seconds; most of them go into importing the service
WHAT = "voice turn, instructions"
_COUNTED = re.compile(r"I\s+refs:\s+([\d,]+)")


def count() -> list[Figure]:
    """Ours against the bare route, both called in process, without a server."""
    if not shutil.which("valgrind"):
        return [Figure(WHAT, "bare Flask", at_most=3.0, remark="valgrind is not on this machine")]
    with _room() as folder:
        line.prepare(line.settings(folder), inside.CALLS)
        ours, bare = per_webhook("line", folder), per_webhook("bare", folder)
    return [Figure(WHAT, "bare Flask", [ours / bare], at_most=3.0, remark=f"{ours:,.0f} against {bare:,.0f}")]


def per_webhook(whose: str, prepared: Path) -> float:
    """What the answers of one run cost more than half as many of another: import and start-up fall out."""
    with ExitStack() as stack:
        half, whole = (stack.enter_context(_run(whose, count, prepared)) for count in (inside.CALLS, inside.MOST))
        return (_counted(*whole) - _counted(*half)) / inside.CALLS


@contextmanager
def _run(whose: str, count: int, prepared: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """That many webhooks under valgrind, on a copy of the prepared database."""
    with _room() as folder:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        log = folder / "valgrind.log"
        command = [*COUNTER, f"--log-file={log}", sys.executable, "-m", "bench.inside", whose, str(count)]
        with running(command, {**line.settings(folder), "PYTHONHASHSEED": "0"}) as process:
            yield process, log


def _counted(process: subprocess.Popen[bytes], log: Path) -> int:
    process.wait(LONGEST)
    found = _COUNTED.search(log.read_text("utf-8"))
    assert process.returncode == 0 and found, log.read_text("utf-8")
    return int(found[1].replace(",", ""))


@contextmanager
def _room() -> Iterator[Path]:
    with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        yield Path(folder)
