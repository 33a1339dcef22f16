"""Texts that came in while the database was away: kept on disk, sealed, until they can be answered."""

import fcntl
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ivr.vault import NAME, Unreadable, Vault

log = logging.getLogger(__name__)

PLACE = "spool"
SHUT = 60_000  # ms until one that no key opens is tried again: its key may be given back
ROOM, TEXT = 0o700, 0o600  # nobody else on this machine


class NoSpool(Exception):
    """The folder for texts cannot be written; the text says why, and what to do."""


class Kept(NamedTuple):
    """One text: the carrier's id, what it needs to be answered, when it came (ms), and its file."""

    sid: str
    content: dict[str, object]
    came_at: int
    file: Path


class Resealed(NamedTuple):
    """How many were sealed anew, and how many no key opens."""

    resealed: int
    unreadable: int


class Spool:
    """A folder with a file for each text. A file's own time says before when it is left alone, in ms of our clock."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def prepare(self) -> None:
        """Makes the folder, and proves that it can be written. Raises NoSpool."""
        try:
            self._folder.mkdir(mode=ROOM, parents=True, exist_ok=True)
            self._write(".proof", b"", 0)
            (self._folder / ".proof").unlink(missing_ok=True)
        except OSError as error:
            advice = "let the service write there, or set SPOOL to another folder"
            raise NoSpool(f"SPOOL: texts cannot be kept in {self._folder} ({error.strerror}); {advice}") from error

    def keep(self, sid: str, content: dict[str, object], now: int, later: int) -> None:
        """Keeps a text, once for each id, safe from a power cut; not to be answered before `later`. Raises OSError."""
        name = self._name(sid)
        written = json.dumps({"sid": sid, "came_at": now, "content": content}).encode()
        self._write(name, self._vault.seal(PLACE, name, written), later * 1_000_000)

    def forget(self, sid: str) -> None:
        """It was answered after all, if it is there."""
        with suppress(OSError):
            self.remove(self._folder / self._name(sid))

    def remove(self, file: Path) -> None:
        """It is answered."""
        if file.exists():  # seldom, where it is asked for each text that was answered
            with suppress(FileNotFoundError), self._held():
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

    def sealed_with(self) -> Counter[str]:
        """How many each key has sealed, by the key's name."""
        found: Counter[str] = Counter()
        for file in self._files():
            with suppress(FileNotFoundError):
                found[file.read_bytes()[:NAME].decode("ascii", "replace")] += 1
        return found

    def reseal(self) -> Resealed:
        """Seals anew with the newest key what older ones have sealed; what no key opens is left. Raises OSError."""
        resealed = unreadable = 0
        for file in self._files():
            try:
                resealed += self._resealed(file)
            except Unreadable:
                unreadable += 1
        return Resealed(resealed, unreadable)

    def _resealed(self, file: Path) -> bool:
        """Not where it is new, or was answered meanwhile: then it must not come back."""
        with suppress(FileNotFoundError), self._held():
            old, left_alone = file.read_bytes(), file.stat().st_mtime_ns
            if old[:NAME] != self._vault.newest:
                new = self._vault.seal(PLACE, file.name, self._vault.open(PLACE, file.name, old))
                self._write(file.name, new, left_alone)
                return True
        return False

    def _due(self, now: int) -> Iterator[Kept]:
        for file in self._files():
            with suppress(FileNotFoundError):  # another process was quicker
                if file.stat().st_mtime_ns <= now * 1_000_000 and (kept := self._opened(file, now)):
                    yield kept

    def _opened(self, file: Path, now: int) -> Kept | None:
        """None for one that no key opens. It stays, and whoever runs the line hears of it each minute."""
        try:
            found = json.loads(self._vault.open(PLACE, file.name, file.read_bytes()))
        except Unreadable as error:
            log.error("a kept text cannot be opened, and stays: %s (see flask keys check); %s", file.name, error)
            self.put_off(file, now + SHUT)
            return None
        return Kept(found["sid"], found["content"], found["came_at"], file)

    def _files(self) -> Iterator[Path]:
        yield from (path for path in self._folder.iterdir() if not path.name.startswith("."))

    def _name(self, sid: str) -> str:
        return self._vault.index(sid)[:32]

    def _write(self, name: str, data: bytes, until: int) -> None:
        """Whole or not at all, and left alone until then (ns)."""
        draft = self._folder / f".{name}.{os.getpid()}.{os.urandom(4).hex()}"
        try:
            draft.touch(TEXT, exist_ok=False)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.utime(draft, ns=(until, until))
                os.fsync(file.fileno())
            draft.replace(self._folder / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self._sync()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else removes or reseals meanwhile. On a disk without locks somebody is at worst answered twice."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):
                fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _sync(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
