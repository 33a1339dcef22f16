"""The carrier's own fallback: short, static, with today's numbers, and without a sound that only we could play."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from people import Line, a_line

from faults import hearing
from ivr import cli
from ivr.hotlines import Hotlines

BIN = "https://assets-of-a-long-name-1234.twil.io"
CODES = ("en", "es", "sw")


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        cli.register(line.client.application)
        yield line


def flask(line: Line, *words: str):
    app = line.client.application
    with app.app_context():
        return app.test_cli_runner().invoke(args=["fallback", *words])


def test_it_says_todays_numbers_in_each_language(line: Line, tmp_path: Path) -> None:
    assert flask(line, str(tmp_path), "--sounds", BIN).exit_code == 0
    content = line.runtime.content
    for code in CODES:
        numbers = content.hotlines.of("KE", code)
        assert numbers == Hotlines("999", "0722 178 177")
        for name in (f"voice-{code}.xml", f"sms-{code}.xml"):
            said = (tmp_path / name).read_bytes()
            assert len(said.decode()) <= 4000
            assert hearing.says_numbers(content, code, said, numbers)
        heard = hearing.words(content, (tmp_path / f"voice-{code}.xml").read_bytes())
        assert content.languages[code].gettext("Breathe in.") in heard


def test_it_needs_nothing_of_ours(line: Line, tmp_path: Path) -> None:
    flask(line, str(tmp_path), "--sounds", BIN)
    for code in CODES:
        root = ElementTree.parse(tmp_path / f"voice-{code}.xml").getroot()
        assert {element.tag for element in root} <= {"Say", "Play", "Pause"}
        for play in root.iter("Play"):
            assert play.text.startswith(BIN + "/")
            assert (tmp_path / "sounds" / play.text.removeprefix(BIN + "/")).stat().st_size > 100
        assert {element.tag for element in ElementTree.parse(tmp_path / f"sms-{code}.xml").getroot()} == {"Message"}
    listed = (tmp_path / "sounds" / "list.txt").read_text().split()
    assert {str(each.relative_to(tmp_path / "sounds")) for each in (tmp_path / "sounds").rglob("*.mp3")} == set(listed)
    assert not any("Play" in (tmp_path / f"voice-{code}.xml").read_text() for code in ("en", "es"))


def test_without_a_place_for_the_sounds_it_says_what_to_do(line: Line, tmp_path: Path) -> None:
    said = flask(line, str(tmp_path))
    assert said.exit_code == 1
    assert "run this again with --sounds" in said.output
    assert (tmp_path / "voice-en.xml").exists()
    assert not (tmp_path / "voice-sw.xml").exists()


def test_an_address_that_makes_it_too_long_is_refused(line: Line, tmp_path: Path) -> None:
    said = flask(line, str(tmp_path), "--sounds", BIN + "/a" * 40)
    assert said.exit_code == 1
    assert "choose a shorter --sounds" in said.output


@pytest.mark.parametrize(
    "address", ["not a url", "", "sounds", "ftp://a.org", "https://", "https://a.org/?b", "https://a b"]
)
def test_what_is_no_address_is_refused_and_nothing_is_written(line: Line, tmp_path: Path, address: str) -> None:
    said = flask(line, str(tmp_path / "new"), "--sounds", address)
    assert said.exit_code == 2
    assert "is no address where the carrier finds files; write a whole address" in " ".join(said.output.split())
    assert not (tmp_path / "new").exists()


def test_what_was_uploaded_is_held_to_todays_directory(line: Line, tmp_path: Path) -> None:
    flask(line, str(tmp_path), "--sounds", BIN)
    assert flask(line, str(tmp_path), "--sounds", BIN, "--check").exit_code == 0
    old = tmp_path / "sms-es.xml"
    old.write_text(old.read_text().replace("0722", "0733"))
    said = flask(line, str(tmp_path), "--sounds", BIN, "--check")
    assert (said.exit_code, said.output.splitlines()[0]) == (
        1,
        "sms-es.xml is not of today: write it again, and upload it",
    )
    assert "+254700000100: voice fallback voice-en.xml, messaging fallback sms-en.xml" in said.output
