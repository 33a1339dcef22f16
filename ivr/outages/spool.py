"""Texts that came in while the database was away: kept on disk, sealed, until they can be answered."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ivr.vault import Unreadable, Vault

PLACE = "spool"
ROOM, TEXT = 0o700, 0o600  # nobody else on this machine


class NoSpool(Exception):
    """The folder for texts cannot be written; the text says why, and what to do."""


class Kept(NamedTuple):
    """One text: the carrier's id, what it needs to be answered, when it came (ms), and its file."""

    sid: str
    content: dict[str, object]
    came_at: int
    file: Path


class Spool:
    """A folder with a file for each text. A file's own time says before when it is left alone, in ms of our clock."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def prepare(self) -> None:
        """Makes the folder, and proves that it can be written. Raises NoSpool."""
        try:
            self._folder.mkdir(mode=ROOM, parents=True, exist_ok=True)
            self._write(".proof", b"")
            (self._folder / ".proof").unlink(missing_ok=True)
        except OSError as error:
            advice = "let the service write there, or set SPOOL to another folder"
            raise NoSpool(f"SPOOL: texts cannot be kept in {self._folder} ({error.strerror}); {advice}") from error

    def keep(self, sid: str, content: dict[str, object], now: int, later: int) -> None:
        """Keeps a text, once for each id, safe from a power cut; not to be answered before `later`. Raises OSError."""
        name = self._name(sid)
        written = json.dumps({"sid": sid, "came_at": now, "content": content}).encode()
        self._write(name, self._vault.seal(PLACE, name, written))
        self.put_off(self._folder / name, later)

    def forget(self, sid: str) -> None:
        """It was answered after all, if it is there."""
        with suppress(OSError):
            self.remove(self._folder / self._name(sid))

    def remove(self, file: Path) -> None:
        """It is answered."""
        with suppress(FileNotFoundError):
            file.unlink()
            self._sync()

    def put_off(self, file: Path, until: int) -> None:
        """Leaves it alone until then."""
        os.utime(file, ns=(until * 1_000_000, until * 1_000_000))

    def due(self, now: int) -> list[Kept]:
        """Those that may be answered by now, in the order in which they came."""
        return sorted(self._due(now), key=lambda kept: (kept.came_at, kept.sid))

    def count(self) -> int:
        """How many there are."""
        return sum(1 for _ in self._files())

    def _due(self, now: int) -> Iterator[Kept]:
        for file in self._files():
            with suppress(FileNotFoundError, Unreadable):  # another process was quicker; or its key is gone
                if file.stat().st_mtime_ns <= now * 1_000_000:
                    found = json.loads(self._vault.open(PLACE, file.name, file.read_bytes()))
                    yield Kept(found["sid"], found["content"], found["came_at"], file)

    def _files(self) -> Iterator[Path]:
        yield from (path for path in self._folder.iterdir() if not path.name.startswith("."))

    def _name(self, sid: str) -> str:
        return self._vault.index(sid)[:32]

    def _write(self, name: str, data: bytes) -> None:
        """Whole or not at all."""
        draft = self._folder / f".{name}.{os.getpid()}.{os.urandom(4).hex()}"
        try:
            draft.touch(TEXT, exist_ok=False)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self._sync()

    def _sync(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
