"""How long the web process takes from nothing to its first answer: Python, imports, flows, languages."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import line
from bench.figures import Figure
from ivr.runtime import HOME

TIMES, SHOWN = 5, 3
LONGEST = 60  # seconds
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)")


def measure() -> list[Figure]:
    """Seconds, and the packages that take most of them to import."""
    with TemporaryDirectory() as folder:
        environment = line.settings(Path(folder))
        seconds = [_seconds(environment) for _ in range(TIMES)]
        remark = "most for " + ", ".join(_heaviest(_started(environment, "-X", "importtime").stderr))
    return [Figure("import and start-up of wsgi", "-", seconds, at_most=2.0, unit=" s", remark=remark)]


def _seconds(environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    _started(environment)
    return time.perf_counter() - begun


def _started(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", "import wsgi"]
    own = {**os.environ, **environment}
    return subprocess.run(command, env=own, cwd=HOME, timeout=LONGEST, check=True, capture_output=True, text=True)


def _heaviest(report: str) -> list[str]:
    """The packages by the time of their own modules."""
    own: dict[str, int] = {}
    for microseconds, _, name in _IMPORT.findall(report):
        package = name.partition(".")[0]
        own[package] = own.get(package, 0) + int(microseconds)
    first = sorted(own, key=lambda package: own[package], reverse=True)[:SHOWN]
    return [f"{package} {own[package] / 1000:.0f} ms" for package in first]
