"""A turn by text against RapidSMS 2.2.0, which gets an environment of its own below var/ the first time."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench import line, rounds
from bench.figures import Figure
from bench.rounds import System
from bench.server import served
from bench.webhooks import Webhook
from ivr.runtime import HOME

PACKAGES = ("rapidsms==2.2.0", "django==5.2.*", "gunicorn==27.0.1")
ROOM = HOME / "var" / "bench" / "rapidsms"
PYTHON = ROOM / "bin" / "python"
PATIENCE = 180  # seconds to install it
TEXTERS = 400
WHAT = "turn by text, requests per second"


def compare() -> list[Figure]:
    """Ours against RapidSMS, each on the same server."""
    try:
        _install()
    except (subprocess.SubprocessError, OSError) as error:
        return [Figure(WHAT, "RapidSMS 2.2.0", remark=f"it does not install here ({type(error).__name__})")]
    with TemporaryDirectory() as folder, ExitStack() as programs:
        ours, theirs = (programs.enter_context(system) for system in (_ours(Path(folder)), _theirs(Path(folder))))
        rounds.interleave([ours, theirs])
    return [
        Figure(WHAT, "RapidSMS 2.2.0", rounds.ratios(rounds.pace, ours, theirs)),
        Figure("turn by text, server CPU per request", "RapidSMS 2.2.0", rounds.ratios(rounds.cpu, ours, theirs)),
        rounds.absolute(theirs),
    ]


def inbound(number: int, turn: int) -> Webhook:
    """The same text as RapidSMS takes it, unsigned."""
    text = {"identity": f"+254711{number:06}", "text": line.key(turn)}
    return Webhook("/sms", urlencode(text).encode(), "")


def _install() -> None:
    if PYTHON.exists():
        return
    for command in (["-m", "venv", str(ROOM)], ["-m", "pip", "--python", str(PYTHON), "install", "--quiet", *PACKAGES]):
        subprocess.run([sys.executable, *command], timeout=PATIENCE, check=True, capture_output=True)


@contextmanager
def _ours(folder: Path) -> Iterator[System]:
    environment = line.settings(folder)
    line.prepare(environment, TEXTERS + rounds.WARM, line.texted)
    with served("wsgi:app", environment) as server:
        yield System("turn by text", server, line.texted, TEXTERS, rounds.whole_turns(environment, TEXTERS))


@contextmanager
def _theirs(folder: Path) -> Iterator[System]:
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'rapidsms.db'}"}
    module = "bench.peers.sms_menu.site"
    subprocess.run([PYTHON, "-m", module], env=environment, cwd=HOME, timeout=PATIENCE, check=True, capture_output=True)
    with served(f"{module}:app", environment, str(PYTHON)) as server:
        yield System("RapidSMS 2.2.0", server, inbound, TEXTERS)
