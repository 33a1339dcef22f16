"""Texts that come while the database is away are kept on disk, sealed, and answered when it is back, each once."""

import os
import stat
import threading
from pathlib import Path

import pytest
from conftest import SETTINGS
from people import ASHA, BARAKA, Line, a_line, a_reaching_line
from test_copies import of_asha

from faults import breaking
from ivr.config import Config
from ivr.models import Erased, Erasure, Message, Number, OptOut, Outgoing
from ivr.outages.spool import NoSpool, Spool
from ivr.runtime import CANNOT_START, Runtime
from ivr.vault import Vault
from ivr.web import late
from workers import clock, kept

NUMBER = "+254700000100"


@pytest.fixture
def line(database_url: str):
    with a_reaching_line(database_url) as line:
        yield line


def folder(line: Line) -> Path:
    return Path(line.runtime.config.spool)


def inbox(line: Line, number: str = ASHA) -> list[str]:
    """The texts of ours that came by themselves, not as the answer to a webhook."""
    return [text.body for text in line.carrier.inbox(number)]


def back(line: Line) -> None:
    """The database is there again, and the clock ticks."""
    line.later(seconds=10)
    assert until_answered(line)
    line.ticks()


def until_answered(line: Line) -> bool:
    line.runtime.turns._again = 0.0  # the circuit tries anew within seconds; tests do not wait for them
    return line.sweeps() is None


def webhook(line: Line, sid: str, body: str, number: str = ASHA) -> bytes:
    return line.post("/twilio/sms", [("MessageSid", sid), ("From", number), ("To", NUMBER), ("Body", body)])


def test_a_text_is_kept_and_answered_once(line: Line) -> None:
    with breaking.gone(line.runtime):
        assert webhook(line, "SM1", "hello") == line.runtime.trouble("en", "KE").sms
        assert line.runtime.spool.count() == 1
        line.later(seconds=10)
        assert kept.answer_kept(line.workers) == 0  # it is still away
    back(line)
    for _ in range(3):
        line.later(minutes=6)
        line.sweeps()
        line.ticks()
    (answer,) = inbox(line)
    assert "This is an automated line" in answer
    assert line.runtime.spool.count() == 0
    assert len(line.rows(Message)) == 1


def test_five_hundred_texts_are_none_lost_and_each_answered_once(line: Line) -> None:
    count = 500 if line.runtime.database.dialect == "sqlite" else 50
    people = [f"+2547110{each:05}" for each in range(count)]
    with breaking.gone(line.runtime):
        for each, number in enumerate(people):
            webhook(line, f"SM{each}", "hello", number)
    assert line.runtime.spool.count() == count
    line.later(seconds=10)
    together = [threading.Thread(target=kept.answer_kept, args=[line.workers]) for _ in range(2)]  # clock and worker
    for each in together:
        each.start()
    for each in together:
        each.join()
    back(line)
    assert line.runtime.spool.count() == 0
    assert [len(inbox(line, number)) for number in people] == [1] * count


def test_one_persons_texts_are_answered_in_their_order(line: Line) -> None:
    with breaking.gone(line.runtime):
        for each, body in enumerate(("hello", "1", "2")):
            line.later(seconds=3)
            webhook(line, f"SM{9 - each}", body)
    back(line)
    said = [row.body for row in line.carrier.inbox(ASHA)]
    assert len(said) == 3
    assert sum("may we keep them?" in each for each in said) == 1
    assert sum("Your answers are not kept" in each for each in said) == 1


def test_danger_is_answered_at_once_and_again_when_more_can_be_done(line: Line) -> None:
    with breaking.gone(line.runtime):
        assert webhook(line, "SM1", "nataka kufa") == line.runtime.trouble("sw", "KE").crisis
    back(line)
    assert "0722 178 177" in inbox(line)[0]


def test_a_stop_is_confirmed_once_and_holds_before_anything_is_sent(line: Line) -> None:
    webhook(line, "SM0", "hello")
    with breaking.gone(line.runtime):
        assert b"Listo. Ya no le mandamos mensajes." in webhook(line, "SM1", "alto")
        assert b"Stopped. No more texts" in webhook(line, "SM1", "opt out")
        assert webhook(line, "SM2", "STOP", BARAKA) == late.NOTHING  # the carrier has said so
    line.later(seconds=10)
    clock.tick(line.workers)
    assert {row.channel for row in line.rows(OptOut)} == {"sms"}
    assert len(line.rows(OptOut)) == 2
    line.ticks()
    assert inbox(line) + inbox(line, BARAKA) == []


def test_where_it_cannot_be_kept_nothing_is_promised(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Spool, "_write", no_space)
    with breaking.gone(line.runtime):
        assert webhook(line, "SM1", "acha") == line.runtime.trouble("sw", "KE").sms
    assert line.client.get("/readyz").json["spool"] is False
    assert line.client.get("/readyz").status_code == 503


def test_the_webhook_that_comes_again_is_answered_and_nothing_is_sent_beside(line: Line) -> None:
    with breaking.gone(line.runtime):
        webhook(line, "SM1", "hello")
    line.runtime.turns._again = 0.0
    assert b"This is an automated line" in webhook(line, "SM1", "hello")
    assert line.runtime.spool.count() == 0
    back(line)
    assert inbox(line) == []


def test_the_webhook_that_comes_after_the_answer_brings_no_second_one(line: Line) -> None:
    with breaking.gone(line.runtime):
        webhook(line, "SM1", "hello")
    back(line)
    assert len(inbox(line)) == 1
    assert webhook(line, "SM1", "hello") == late.NOTHING


def test_what_the_carriers_list_has_too_is_answered_once(line: Line) -> None:
    with breaking.gone(line.runtime):
        line.carrier.text(ASHA, body="hello")
    line.later(minutes=6)
    line.sweeps()  # looks into both
    line.later(minutes=6)
    line.sweeps()
    line.ticks()
    assert len([text for text in inbox(line) if "automated line" in text]) == 1


def test_a_turn_whose_commit_nobody_saw_end_is_answered(line: Line) -> None:
    """It was given up on in the midst of its commit, which then went well: nobody has heard the answer."""
    webhook(line, "SM1", "hello")
    text = late.Text("SM1", None, NUMBER, "en", "hello", "", False, line.clock.now())
    line.runtime.spool.keep("SM1", text._asdict(), line.clock.now(), line.clock.now())
    back(line)
    assert len(inbox(line)) == 1
    assert len(line.rows(Outgoing)) == 1


def test_one_that_cannot_be_answered_holds_up_no_other(line: Line) -> None:
    now = line.clock.now()
    line.runtime.spool.keep("SM0", {"sender": None, "nonsense": 1}, now, now)
    with breaking.gone(line.runtime):
        webhook(line, "SM1", "hello")
    back(line)
    assert len(inbox(line)) == 1
    assert line.runtime.spool.count() == 1
    line.later(days=2)
    line.sweeps()
    assert line.runtime.spool.count() == 0


def test_nobody_can_read_it_on_the_disk(sqlite_url: str) -> None:
    with a_line(sqlite_url) as line:
        with breaking.gone(line.runtime):
            webhook(line, "SM-secret", "my name is Zawadi and I am tired")
        (file,) = (path for path in folder(line).iterdir())
        everything = file.name.encode() + file.read_bytes()
        for secret in (b"Zawadi", b"tired", ASHA.encode(), b"711000001", b"SM-secret"):
            assert secret not in everything
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_is_for_nobody_else(tmp_path: Path) -> None:
    Spool(tmp_path / "a" / "spool", Vault([("test", b"d" * 32)], b"i" * 32)).prepare()
    assert stat.S_IMODE((tmp_path / "a" / "spool").stat().st_mode) == 0o700
    assert list((tmp_path / "a" / "spool").iterdir()) == []


def test_what_is_kept_has_reached_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, fsync = [], os.fsync

    def noted(file: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(file).st_mode))
        fsync(file)

    spool = Spool(tmp_path, Vault([("test", b"d" * 32)], b"i" * 32))
    monkeypatch.setattr(os, "fsync", noted)
    spool.keep("SM1", {}, 5, 5)
    assert synced == [False, True]


def test_without_a_folder_for_texts_the_line_does_not_start(tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "spool").write_text("a file")
    settings = SETTINGS | {"DATABASE_URL": sqlite_url, "SPOOL": str(tmp_path / "spool")}
    with pytest.raises(NoSpool, match=r"SPOOL: texts cannot be kept in .*set SPOOL to another folder"):
        Runtime.of(Config.from_env(settings))
    assert NoSpool in CANNOT_START


def test_a_text_that_waits_while_its_sender_is_erased_is_gone_as_well(line: Line) -> None:
    """But for what it stops, and for what somebody there writes afterwards."""
    webhook(line, "SM0", "hello")
    with breaking.gone(line.runtime):
        webhook(line, "SM1", "he beats me every night")
        webhook(line, "SM2", "STOP")
    for each, word in enumerate(("erase", "2", "1", "1")):
        webhook(line, f"SM3{each}", word)
    assert line.rows(Number) == []
    line.later(seconds=5)
    with breaking.gone(line.runtime):
        webhook(line, "SM4", "hola", BARAKA)
    back(line)
    assert line.runtime.spool.count() == 0
    assert [line.runtime.vault.open("numbers.sealed", row.id, row.sealed) for row in line.rows(Number)] == [
        BARAKA.encode()
    ]
    assert inbox(line) == []
    assert [row.stopped for row in line.rows(Erased)] == ["sms"]
    assert {"SM1", "SM2"} <= {row.sid for row in line.rows(Erasure)}  # the carrier's copies go too
    with breaking.gone(line.runtime):
        webhook(line, "SM5", "hello")
    back(line)
    assert len(line.rows(Number)) == 2


def test_so_is_one_that_no_webhook_brought(line: Line) -> None:
    webhook(line, "SM0", "hello")
    line.carrier.office._new(ASHA, NUMBER, ASHA, NUMBER, "he beats me every night", "inbound", "received")
    line.later(seconds=30)
    for each, word in enumerate(("erase", "2", "1", "1")):
        webhook(line, f"SM3{each}", word)
    for _ in range(4):
        line.later(minutes=6)
        line.sweeps()
        line.ticks()
    assert line.rows(Number) == []
    assert of_asha(line) == []
