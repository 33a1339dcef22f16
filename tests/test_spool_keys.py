"""Texts that are kept on disk while keys change: none is lost, none comes back, and what no key opens is told."""

import logging
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from people import Line, a_reaching_line
from test_rotation import NEW, OLD, ask, both, vault
from test_spool import back, inbox, webhook

from faults import breaking
from ivr.cli import upkeep
from ivr.outages.spool import SHUT, Resealed, Spool
from ivr.vault import Vault

CONTENT = {"body": "my name is Zawadi"}


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_reaching_line(database_url) as line:
        yield line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With one text that the old key has sealed, to be left alone until 9."""
    place = tmp_path / "spool"
    Spool(place, vault(OLD)).prepare()
    Spool(place, vault(OLD)).keep("SM1", CONTENT, 5, 9)
    return place


def opened(folder: Path, key: str, now: int = 9) -> list[dict[str, object]]:
    return [kept.content for kept in Spool(folder, vault(key)).due(now)]


def kept_while_away(line: Line) -> None:
    with breaking.gone(line.runtime):
        webhook(line, "SM1", "hello")


def test_a_kept_text_that_the_old_key_sealed_holds_that_key(line: Line) -> None:
    kept_while_away(line)
    ask(line, upkeep.rotate_keys, OLD)
    said = ask(line, upkeep.check_keys, f"{NEW},{OLD}")[1]
    assert "test  has sealed 0 values and 1 texts in SPOOL\n" in said
    code, said = ask(line, upkeep.check_keys, NEW)
    assert code == 1
    assert "nobody can read the 0 values and 1 texts in SPOOL" in said
    code, said = ask(line, upkeep.rotate_keys, NEW)
    assert code == 1
    assert "1 values cannot be opened" in said


def test_after_rotating_it_is_answered_without_the_old_key(line: Line) -> None:
    kept_while_away(line)
    both(line)
    code, said = ask(line, upkeep.rotate_keys, f"{NEW},{OLD}")
    assert (code, "1 texts that are kept in SPOOL likewise" in said) == (0, True)
    assert "test  has sealed 0 values and may be taken out" in ask(line, upkeep.check_keys, f"{NEW},{OLD}")[1]
    for runtime in (line.runtime, line.workers):
        object.__setattr__(runtime, "vault", vault(NEW))
        object.__setattr__(runtime, "spool", Spool(Path(line.runtime.config.spool), vault(NEW)))
    back(line)
    assert len(inbox(line)) == 1
    assert line.runtime.spool.count() == 0


def test_resealed_it_is_the_same_text_for_nobody_else_and_due_when_it_was(folder: Path) -> None:
    spool = Spool(folder, vault(NEW, OLD))
    assert spool.sealed_with() == {"test": 1}
    assert (spool.reseal(), spool.reseal()) == (Resealed(1, 0), Resealed(0, 0))
    assert spool.sealed_with() == {"k27a": 1}
    assert (opened(folder, NEW, 8), opened(folder, NEW, 9)) == ([], [CONTENT])
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_resealed_it_has_reached_the_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, fsync = [], os.fsync

    def noted(file: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(file).st_mode))
        fsync(file)

    monkeypatch.setattr(os, "fsync", noted)
    Spool(folder, vault(NEW, OLD)).reseal()
    assert synced == [False, True]


@pytest.mark.parametrize("step", ["fsync", "utime", "replace"])
def test_what_cannot_be_written_leaves_the_text_as_it_was(
    folder: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path if step == "replace" else os, step, no_space)
        with pytest.raises(OSError, match="No space"):
            Spool(folder, vault(NEW, OLD)).reseal()
    assert len(list(folder.iterdir())) == 1
    assert opened(folder, OLD) == [CONTENT]


class Interrupted(Vault):
    """Whenever this one opens something, somebody else has just answered it."""

    def open(self, place: str, row: str, sealed: bytes) -> bytes:
        self.other.start()
        self.other.join(0.3)  # it waits until all is written, or was quicker
        return super().open(place, row, sealed)


def test_a_text_that_is_answered_meanwhile_does_not_come_back(folder: Path) -> None:
    keys = vault(NEW, OLD)
    keys.__class__ = Interrupted
    keys.other = threading.Thread(target=Spool(folder, vault(OLD)).forget, args=["SM1"])  # type: ignore[attr-defined]
    Spool(folder, keys).reseal()
    keys.other.join()  # type: ignore[attr-defined]
    assert list(folder.iterdir()) == []


def test_one_that_no_key_opens_is_told_each_minute_and_stays(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool, now = Spool(folder, vault(NEW)), 10
    spool.keep("SM2", {"body": "hello"}, 5, 9)
    assert [kept.sid for kept in spool.due(now)] == ["SM2"]
    assert [kept.sid for kept in spool.due(now + SHUT - 1)] == ["SM2"]
    (told,) = caplog.records
    assert told.levelno == logging.ERROR
    assert "a kept text cannot be opened, and stays" in told.getMessage()
    assert "sealed with a key that DATA_KEYS does not hold" in told.getMessage()
    assert "Zawadi" not in told.getMessage()
    spool.due(now + SHUT)
    assert len(caplog.records) == 2
    assert spool.count() == 2
    assert CONTENT in opened(folder, f"{NEW},{OLD}", now + 2 * SHUT)


@pytest.mark.parametrize("left", [0, 3, 4, 9, 20, 40])
def test_half_a_file_holds_up_no_other(folder: Path, left: int) -> None:
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:left])
    spool = Spool(folder, vault(NEW, OLD))
    spool.keep("SM2", {}, 5, 9)
    os.utime(file, ns=(0, 0))
    assert [kept.sid for kept in spool.due(10)] == ["SM2"]
    assert spool.reseal().unreadable == 1
    assert file.exists()
