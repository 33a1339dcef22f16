"""A new data key, while people ring and text: no error, everything readable, and the old key can go."""

import base64
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from conftest import SETTINGS
from people import ASHA, Line, a_reaching_line
from test_vanishing import lives

from ivr.app import create_app
from ivr.cli import upkeep
from ivr.config import Config
from ivr.models import Contact
from ivr.outages.spool import Spool
from ivr.people import contacts
from ivr.phone import parse
from ivr.privacy import holdings, rotation
from ivr.runtime import Runtime
from ivr.vault import Unreadable, Vault

OLD, NEW = SETTINGS["DATA_KEYS"], "k27a:" + base64.b64encode(b"n" * 32).decode()


def vault(*keys: str) -> Vault:
    config = Config.from_env(SETTINGS | {"DATA_KEYS": ",".join(keys)})
    return Vault(config.data_keys, config.index_key)


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    """A line whose data the old key has sealed, and whose processes now have both, the new one first."""
    with a_reaching_line(database_url) as line:
        lives(line)
        line.later(minutes=5)
        yield line


def ask(line: Line, command: object, keys: str) -> tuple[int, str]:
    """What the command says to an operator whose settings have these keys."""
    config = Config.from_env(SETTINGS | {"DATA_KEYS": keys, "DATABASE_URL": line.runtime.database.url})
    held = vault(*keys.split(","))
    runtime = replace(line.runtime, config=config, vault=held, spool=Spool(Path(line.runtime.config.spool), held))
    app = create_app(runtime)
    with app.app_context():
        result = app.test_cli_runner().invoke(command, [])  # type: ignore[arg-type]
    return result.exit_code, result.output


def both(line: Line) -> None:
    """The processes are started anew with both keys."""
    object.__setattr__(line.runtime, "vault", vault(NEW, OLD))
    object.__setattr__(line.workers, "vault", vault(NEW, OLD))


def readable(line: Line, by: Vault) -> dict[str, object]:
    """All that is kept of everybody, readable with these keys. Raises Unreadable."""
    people = [row.id for row in line.rows(Contact)]
    with line.runtime.database.transaction() as tx:
        found = {person: holdings.whole(tx, by, person) for person in people}
    return {person: {name: sorted(map(str, rows)) for name, rows in each.items()} for person, each in found.items()}


def test_after_rotating_the_old_key_may_go(line: Line) -> None:
    before = readable(line, vault(OLD))
    both(line)
    assert "may be taken out" not in ask(line, upkeep.check_keys, f"{NEW},{OLD}")[1]
    code, said = ask(line, upkeep.rotate_keys, f"{NEW},{OLD}")
    assert (code, int(said.split()[0]) > 30) == (0, True)
    assert ask(line, upkeep.rotate_keys, f"{NEW},{OLD}")[1].startswith("0 values")
    code, said = ask(line, upkeep.check_keys, f"{NEW},{OLD}")
    assert (code, "test  has sealed 0 values and may be taken out of DATA_KEYS" in said) == (0, True)
    assert readable(line, vault(NEW)) == before
    with pytest.raises(Unreadable):
        readable(line, vault(OLD))
    assert ask(line, upkeep.check_keys, NEW)[0] == 0


def test_a_key_that_is_gone_too_early_is_told(line: Line) -> None:
    code, said = ask(line, upkeep.check_keys, NEW)
    assert code == 1
    assert "test  is not in DATA_KEYS, and nobody can read the" in said
    code, said = ask(line, upkeep.rotate_keys, NEW)
    assert code == 1
    assert "cannot be opened with any of DATA_KEYS" in said


def test_it_goes_on_where_it_was_stopped(line: Line) -> None:
    both(line)
    shelf = next(each for each in rotation.SHELVES if each.place == "messages.body")
    with line.runtime.database.transaction() as tx:
        first = rotation.reseal(tx, vault(NEW, OLD), shelf, "", many=3)
    assert first.resealed > 0
    assert first.last is not None
    with line.runtime.database.transaction() as tx:
        found = rotation.uses(tx, shelf, "").sealed
    assert found["k27a"] == first.resealed == 3
    ask(line, upkeep.rotate_keys, f"{NEW},{OLD}")
    assert readable(line, vault(NEW))


def test_a_row_that_changes_meanwhile_keeps_its_change(line: Line) -> None:
    """A turn is written between the reading and the writing of a batch."""
    both(line)
    keys, shelf = vault(NEW, OLD), next(each for each in rotation.SHELVES if each.place == "checkins.answers")
    with line.runtime.database.transaction() as tx:
        ((id, old),) = tx.all(shelf.rows, after="", newest=keys.newest, many=9)
        tx.run(shelf.write, row=id, old=old, new=keys.seal(shelf.place, id, b"newer"))
        assert tx.run(shelf.write, row=id, old=old, new=keys.seal(shelf.place, id, b"older")) == 0
        assert rotation.reseal(tx, keys, shelf, "").resealed == 0


def test_traffic_goes_on_without_an_error_while_keys_rotate(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    both(line)
    stop, answers, rotations = threading.Event(), list[bytes](), list[int]()

    def rotate() -> None:
        """Over and over, with keys that change places: there is always something to seal anew."""
        orders = cycle((f"{NEW},{OLD}", f"{OLD},{NEW}"))
        while not stop.is_set():
            code, said = ask(line, upkeep.rotate_keys, next(orders))
            rotations.append(int(said.split()[0]) if code == 0 else -1)

    worker = threading.Thread(target=rotate)
    worker.start()
    try:
        round_, until = 0, time.monotonic() + 120
        while round_ < 10 or (len(rotations) < 4 and time.monotonic() < until):
            round_ += 1
            for word in ("mood", "1", "2", "settings", "2"):
                answers += [text.encode() for text in line.texts(word, f"+2547110{round_ % 7:05}")]
            line.rings(f"+2547110{round_ % 7:05}").press("1").hang_up()
            line.ticks()
            time.sleep(0.05)  # people do not write without drawing breath
    finally:
        stop.set()
        worker.join()
    assert len(answers) >= 50
    assert [text for text in answers if b"not working" in text] == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert len(rotations) >= 4
    assert min(rotations) > 0
    ask(line, upkeep.rotate_keys, f"{NEW},{OLD}")
    ask(line, upkeep.rotate_keys, f"{NEW},{OLD}")
    assert readable(line, vault(NEW))


def test_a_number_is_found_whatever_the_data_keys(line: Line) -> None:
    with line.runtime.database.transaction() as tx:
        asha = parse(ASHA, "KE")
        assert asha
        assert contacts.find(tx, vault(NEW), asha) == contacts.find(tx, vault(OLD), asha)


def test_processes_of_both_settings_read_each_other_while_a_new_key_is_brought_in(line: Line) -> None:
    """First it is added behind, everywhere; then it is put in front: no process meets a key that it does not have."""
    behind, front = vault(OLD, NEW), vault(NEW, OLD)
    assert behind.open("a.b", "1", front.seal("a.b", "1", b"x")) == b"x"
    assert front.open("a.b", "1", behind.seal("a.b", "1", b"x")) == b"x"
    assert isinstance(line.runtime, Runtime)
