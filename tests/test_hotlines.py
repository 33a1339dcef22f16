"""Which number is said to whom, what a directory may hold, and that none of them ever means silence."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import SETTINGS
from hypothesis import given
from hypothesis import strategies as st
from people import Line, a_line

from ivr import cli, hotlines, logs
from ivr.config import Config
from ivr.hotlines import BadHotlines, Directory, Hotlines
from ivr.runtime import HOME, Runtime

ENTRY = {
    "name": "A line",
    "dial": "0800 1",
    "hours": "day and night",
    "languages": "en",
    "cost": "free",
    "source": "example.org",
    "verified": "never",
}
EMERGENCY = "  emergency: {dial: NUMBER, source: example.org, verified: never}\n"
POLICE = EMERGENCY.replace("NUMBER", "999")
ELSEWHERE = "default:\n" + EMERGENCY.replace("NUMBER", "112") + "  lines: none\n"
MONDAY_TEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # in Nairobi
NIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


def entry(**changes: str) -> str:
    lines = [f"{name}: {value}" for name, value in (ENTRY | changes).items()]
    return "    - " + "\n      ".join(lines) + "\n"


def kenya(*entries: str) -> str:
    return ELSEWHERE + "KE:\n" + POLICE + "  lines:\n" + "".join(entries)


def directory(folder: Path, text: str, country: str = "KE") -> Directory:
    (folder / "hotlines.yaml").write_text(text)
    return hotlines.load(folder / "hotlines.yaml", country)


OFFICE = {"dial": "0800 2", "hours": "monday-friday 08:00-17:00", "zone": "Africa/Nairobi"}


def test_a_line_that_is_closed_is_not_said_as_if_it_answered(tmp_path: Path) -> None:
    found = directory(tmp_path, kenya(entry(**OFFICE)))
    assert found.of("KE", "en", MONDAY_TEN) == Hotlines("999", "0800 2")
    assert found.of("KE", "en", NIGHT) == Hotlines("999", "")
    assert found.of("KE", "en") == Hotlines("999", "")  # at no moment: what holds at every hour


def test_one_that_is_open_takes_its_place(tmp_path: Path) -> None:
    found = directory(tmp_path, kenya(entry(**OFFICE), entry(dial="0800 3", languages="fr")))
    assert found.of("KE", "en", MONDAY_TEN).line == "0800 2"
    assert found.of("KE", "en", NIGHT).line == "0800 3"


def test_the_callers_language_comes_first_then_what_was_rung_lately_then_the_order(tmp_path: Path) -> None:
    lines = (
        entry(dial="11"),
        entry(dial="12", languages='"en, sw"', verified="2026-01-01", verified_by='"A, B"'),
        entry(dial="13", languages="sw", verified="2026-11-01", verified_by='"A, B"'),
    )
    found = directory(tmp_path, kenya(*lines))
    assert [found.of("KE", code, MONDAY_TEN).line for code in ("en", "sw", "es")] == ["11", "13", "11"]


def test_whoever_is_elsewhere_hears_what_holds_everywhere() -> None:
    found = hotlines.load(HOME / "flows" / "hotlines.yaml")
    assert found.of("FR", "en", NIGHT) == Hotlines("112", "")
    assert found.of("TZ", "sw", NIGHT) == Hotlines("112", "")


@pytest.mark.parametrize(
    ("hours", "moment", "answers"),
    [("18:00-02:00", "2026-11-23 23:30", True), ("18:00-02:00", "2026-11-24 01:59", True),
     ("18:00-02:00", "2026-11-24 02:00", False), ("friday 18:00-02:00", "2026-11-28 01:00", True),
     ("friday 18:00-02:00", "2026-11-29 01:00", False), ("daily 00:00-24:00", "2026-11-24 03:00", True),
     ("saturday-monday 09:00-10:00", "2026-11-23 09:30", True),
     ("saturday-monday 09:00-10:00", "2026-11-24 09:30", False),
     ("'monday 09:00-10:00, tuesday 12:00-13:00'", "2026-11-24 12:30", True)],
)  # fmt: skip
def test_hours_are_those_of_the_lines_own_zone(tmp_path: Path, hours: str, moment: str, answers: bool) -> None:
    found = directory(tmp_path, kenya(entry(hours=hours, zone="UTC")))
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert (found.of("KE", "en", at).line == "0800 1") is answers


@given(
    st.datetimes(timezones=st.just(UTC)), st.sampled_from(["KE", "ES", "TZ", "FR", ""]), st.sampled_from(["en", "x"])
)
def test_at_every_moment_somebody_is_told_something_that_was_prepared(
    moment: datetime, country: str, language: str
) -> None:
    found = hotlines.load(HOME / "flows" / "hotlines.yaml")
    assert found.of(country, language, moment) in found.ever()


@pytest.mark.parametrize(
    ("verified", "today", "state"),
    [("never", "2026-11-23", "unverified"), ("2026-11-20", "2026-11-23", "verified"),
     ("2026-09-24", "2026-11-23", "verified"), ("2026-09-23", "2026-11-23", "overdue"),
     ("2026-08-25", "2026-11-23", "overdue"), ("2026-08-24", "2026-11-23", "expired"),
     ("2026-12-24", "2026-11-23", "unverified")],
)  # fmt: skip
def test_age_warns(tmp_path: Path, verified: str, today: str, state: str) -> None:
    found = directory(tmp_path, kenya(entry(verified=verified, verified_by='"Amina, Ben"')))
    ((_, line),) = found.lines()
    assert line.state(date.fromisoformat(today)) == state
    told = dict(each.split(": ") for each in found.warnings(date.fromisoformat(today)))
    assert "verified" not in told
    assert [key for key in told if "KE A line" in told[key]] == ([] if state == "verified" else [state])
    assert told["unverified"].endswith("default emergency number, KE emergency number")


def test_age_alone_never_stops_a_start_and_is_said(tmp_path: Path, caplog, home_with, sqlite_url: str) -> None:
    home = home_with(kenya(entry(verified="2020-01-01", verified_by='"Amina, Ben"')))
    with a_line(sqlite_url, home) as line:
        assert "expired: KE A line" in caplog.text
        assert {"0800 1", "999"} <= numbers_in(line.texts("I want to die")[0])


def test_the_warning_says_which_line_is_meant_though_logs_show_no_numbers(sqlite_url: str, caplog) -> None:
    with a_line(sqlite_url):
        (warned,) = [record for record in caplog.records if "hotlines.yaml" in record.getMessage()]
    says = json.loads(logs.Lines().format(warned))["says"]
    assert "***" not in says
    assert "KE Befrienders Kenya, MX Línea de la Vida" in says


def test_whatever_says_a_line_says_the_emergency_number_too(sqlite_url: str) -> None:
    """So that a line that nobody has rung lately never stands alone."""
    with a_line(sqlite_url) as line:
        for flows in line.runtime.content.flows.values():
            for node in flows.nodes.values():
                for channel in ("voice", "sms"):
                    said = " ".join(getattr(step, channel, "") for step in node.steps)
                    assert "{hotline_number" not in said or "{emergency_number" in said, node


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "empty"),
        ("{", 1, "closed"),
        ("KE:\n" + POLICE + "  lines: none", 1, "default"),
        (ELSEWHERE, 1, "no entry `KE:`"),
        (ELSEWHERE + "KE:\n" + POLICE, 1, "lines: none"),
        (ELSEWHERE + "KE:\n" + POLICE + "  lines: []", 1, "lines: none"),
        (ELSEWHERE + "KE:\n  lines: none", 4, "emergency number"),
        (ELSEWHERE + "KE:\n" + EMERGENCY.replace("NUMBER", "help") + "  lines: none", 5, "cannot be dialled"),
        (ELSEWHERE + "KE:\n  emergency:\n  lines: none", 5, "'source: …'"),
        (ELSEWHERE + "KE:\n  emergency: 999\n  lines: none", 5, "where the emergency number stands"),
        (ELSEWHERE + "KE:\n  emergency: {dial: 999, verified: never}\n  lines: none", 5, "number has no source"),
        (ELSEWHERE + "KE:\n  emergency: {dial: 999, source: x}\n  lines: none", 5, "number has no verified"),
        (ELSEWHERE + "KE:\n" + POLICE.replace("never", "2026-11-02") + "  lines: none", 5, "two people"),
        (ELSEWHERE + "KE: 5", 4, "no names"),
        (ELSEWHERE + "Kenya:\n" + POLICE + "  lines: none", 4, "ISO 3166"),
        (ELSEWHERE + "KE:\n" + POLICE + "  line: none", 6, "Did you mean 'lines'"),
        (ELSEWHERE + "KE:\n" + POLICE + "  lines: [1]", 6, "no names"),
        (kenya(entry(dial="call us")), 8, "cannot be dialled"),
        (kenya(entry(dial="+")), 8, "has a +, which nobody would hear"),
        (kenya(entry(dial="+254 722 178 177")), 8, "has a +, which nobody would hear"),
        (kenya(entry(dial='"*144#"')), 8, "has a * and a #, which nobody would hear"),
        (kenya(entry(dial="5")), 8, "has 1 digits"),
        (kenya(entry(dial="0800 123 456 789 0123")), 8, "has 17 digits"),
        (kenya(entry(languages='"en, xyzzy"')), 10, "'xyzzy' is no language"),
        (kenya(entry(languages="english")), 10, "ISO 639"),
        (kenya(entry(verified="2026-11-02", verified_by='"Amina,  amina"')), 13, "two people"),
        (kenya(entry(verified="2026-11-02", verified_by='"Amina, Ben, Amina"')), 13, "two people"),
        (kenya(entry(hours="office hours")), 9, "no days and times"),
        (kenya(entry(hours="moonday 08:00-17:00", zone="UTC")), 9, "no day of the week"),
        (kenya(entry(hours="08:00-25:00", zone="UTC")), 9, "hour"),
        (kenya(entry(hours="08:00-17:00")), 9, "zone"),
        (kenya(entry(zone="Mars/Olympus")), 14, "no zone"),
        (kenya(entry(verified="soon")), 13, "2026-11-02"),
        (kenya(entry(verified="2026-11-02")), 13, "two people"),
        (kenya(entry(verified="2026-11-02", verified_by="Amina")), 13, "two people"),
        (kenya(entry(verified="2026-11-02", verified_by='"Amina, Amina"')), 13, "two people"),
        (kenya("    - name: A line\n"), 7, "no dial"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_write(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(BadHotlines) as caught:
        directory(tmp_path, text)
    assert f"hotlines.yaml:{line}: " in str(caught.value)
    assert says in str(caught.value)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadHotlines) as caught:
        directory(tmp_path, kenya(entry(dial="x"), entry(dial="y")))
    assert len(str(caught.value).splitlines()) == 2


def test_a_country_without_a_usable_entry_stops_the_start(sqlite_url: str) -> None:
    settings = SETTINGS | {"DATABASE_URL": sqlite_url, "COUNTRY": "UG"}
    with pytest.raises(BadHotlines, match=r"flows/hotlines\.yaml:1: there is no entry `UG:`.*Write 'UG:'"):
        Runtime.of(Config.from_env(settings))


def test_the_check_prints_a_table(line: Line) -> None:
    cli.register(line.client.application)
    with line.client.application.app_context():
        shown = line.client.application.test_cli_runner().invoke(args=["hotlines", "check"])
    emergency, kenyan = (row.split(maxsplit=1)[1] for row in shown.output.splitlines() if row.startswith("KE "))
    assert emergency.split() == ["999", "emergency", "number", "never", "unverified"]
    assert " ".join(kenyan.split()) == "0722 178 177 Befrienders Kenya never unverified"
    assert shown.exit_code == 0


def numbers_in(text: str) -> set[str]:
    return {number for number in ("0800 1", "999", "112") if number in text}


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


@pytest.fixture
def home_with(tmp_path: Path):
    """The house with another directory."""

    def made(text: str) -> Path:
        home = tmp_path / "home"
        (home / "flows").mkdir(parents=True)
        for file in (HOME / "flows").iterdir():
            (home / "flows" / file.name).symlink_to(file)
        (home / "locales").symlink_to(HOME / "locales")
        (home / "flows" / "hotlines.yaml").unlink()
        (home / "flows" / "hotlines.yaml").write_text(text)
        return home

    return made
