"""Every transcript of tests/scenarios, on each of its channels and in each of its languages."""

from pathlib import Path

import pytest
from people import a_line
from transcripts import SCENARIOS, Player, read

PLAYED = [
    pytest.param(scenario, channel, language, id=f"{scenario.name}-{channel}-{language}")
    for scenario in map(read, SCENARIOS)
    for channel in scenario.channels
    for language in scenario.languages
]


@pytest.mark.parametrize(("scenario", "channel", "language"), PLAYED)
def test_scenario(scenario, channel: str, language: str, sqlite_url: str) -> None:
    with a_line(sqlite_url) as line:
        Player(line, channel, language).play(scenario)


def test_a_transcript_that_does_not_hold_says_where(sqlite_url: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("Wrong\nby: voice\nin: en\nbegins\nspeaks their language\nhears That is a lot…\n")
    with (
        a_line(sqlite_url) as line,
        pytest.raises(AssertionError, match=r"wrong\.txt:6: hears That is a lot…\nno text"),
    ):
        Player(line, "voice", "en").play(read(wrong))
    wrong.write_text("Wrong\nby: voice\nin: en\nbegins\nhears Stay with it as long as you like.\n")
    with a_line(sqlite_url) as line, pytest.raises(AssertionError, match=r"wrong\.txt:5: .*\nnot heard"):
        Player(line, "voice", "en").play(read(wrong))


@pytest.mark.parametrize("name", ["check_in", "refusal", "dropped_call"])
def test_conversations_are_kept_alike_on_postgresql(database_url: str, name: str) -> None:
    scenario = next(read(path) for path in SCENARIOS if path.stem == name)
    with a_line(database_url) as line:
        Player(line, scenario.channels[-1], "en").play(scenario)
