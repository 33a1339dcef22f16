"""`make mutations`: each important check is shown to catch what it is there for.

A copy of the house is broken in one place, and the tests that guard that place must fail. One that stays green is a
check that checks nothing, and ends this with 1.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from broken import MUTATIONS
from broken.mutation import Mutation

HOME = Path(__file__).parent.parent
ROOMS = (
    "ivr",
    "workers",
    "simulator",
    "faults",
    "bench",
    "flows",
    "locales",
    "tests",
    "wsgi.py",
    "gunicorn.conf.py",
    "pyproject.toml",
    "Procfile",
)


def main() -> int:
    """Tries all of them; 1 when one was not noticed."""
    unnoticed = [mutation.about for mutation in MUTATIONS if not _noticed(mutation)]
    print(f"{len(MUTATIONS) - len(unnoticed)} of {len(MUTATIONS)} mutations were noticed")
    return 1 if unnoticed else 0


def _noticed(mutation: Mutation) -> bool:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        house = _copy(Path(folder))
        _break(house / mutation.file, mutation)
        guard = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *_split(mutation.guard)]
        ended = subprocess.run(guard, cwd=house, capture_output=True, check=False)
    noticed = ended.returncode == 1
    print(f"{'noticed  ' if noticed else 'UNNOTICED'}  {mutation.about}", flush=True)
    return noticed


def _split(guard: str) -> list[str]:
    files, _, expression = guard.partition(" -k ")
    return [*files.split(), "-k", expression] if expression else files.split()


def _copy(house: Path) -> Path:
    for room in ROOMS:
        source, target = HOME / room, house / room
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return house


def _break(file: Path, mutation: Mutation) -> None:
    text = file.read_text("utf-8")
    if mutation.old not in text:
        sys.exit(f"{mutation.file} no longer holds {mutation.old!r}: say what to break now, in tests/broken/")
    file.write_text(text.replace(mutation.old, mutation.new), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
