"""What was agreed to was agreed to in certain words: when they change, a machine hears nothing until asked anew."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from people import ASHA, Line, a_line, a_reaching_line
from reaching import CALL, CHECKIN, TEXT, at, by_text, meets, passes

from ivr.models import Consent, Contact, Outgoing
from ivr.people import consents
from ivr.people.contacts import Party
from ivr.runtime import HOME

NEW_WORDS = "One question has new words"
LEFT = "We tried to reach you"  # what a machine is told
WORDS = {
    "voicemail": ("mailbox.yaml", "They name nobody.", "They hold no name."),
    "watch": ("watch.yaml", "May a counselor call after that?", "May a counselor then call you?"),
    "statistics": ("settings.yaml", "May you be counted?", "May you be one of them?"),
    "keep": ("welcome.yaml", "locked, without your name", "locked and nameless"),
}


@pytest.fixture
def reworded(tmp_path: Path) -> Callable[[str], Path]:
    """A house in which the question about this purpose has other words."""

    def house(purpose: str) -> Path:
        file, old, new = WORDS[purpose]
        home = tmp_path / purpose
        for room in ("flows", "locales"):
            shutil.copytree(HOME / room, home / room)
        path = home / "flows" / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        return home

    return house


def allows_a_mailbox(line: Line) -> None:
    line.texts("settings")
    for key in ("3", "4", "1"):
        said = line.texts(key)
    assert "A few words then" in said[0]


def a_machine_hears(line: Line, day: str) -> str:
    at(line, day, "12:30")
    for _ in range(3):
        line.later(seconds=1)
        line.ticks()
    return line.carrier.answer(ASHA, machine=True).listen()


def holds(line: Line, purpose: str) -> bool | None:
    """What the line believes was said, by the words that it has now."""
    (person,) = line.rows(Contact)
    with line.runtime.database.transaction() as tx:
        whom = Party("sms", "", "", person.number_id, person.id)
        return consents.agreed(tx, whom, purpose, line.runtime.content.asked)


def comes(line: Line, channel: str, answer: str = "") -> str:
    """What they hear first behind the door, and may answer."""
    line.later(days=1)
    if channel == "sms":
        said = line.texts("hello")[0]
        if answer:
            line.texts(answer)
        return said
    call = line.rings().press("1")
    if "cut off" in call.prompt:
        call.press("2")  # from the beginning
    heard = call.prompt
    call.press(answer)
    call.hang_up()
    return heard


@pytest.mark.parametrize("answer", ["1", "2", None])
def test_a_machine_hears_nothing_until_the_new_words_were_agreed_to(
    database_url: str, reworded: Callable[[str], Path], answer: str | None
) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, how=CALL)
        allows_a_mailbox(line)
        assert LEFT in a_machine_hears(line, "2026-11-24")
    with a_reaching_line(database_url, reworded("voicemail")) as line:
        assert a_machine_hears(line, "2026-11-25") == ""
        assert holds(line, "voicemail") is None
        line.later(hours=1)
        said = line.texts("hello")[0]
        assert NEW_WORDS in said
        assert "They hold no name" in said
        if answer:
            assert "What would help now" in line.texts(answer)[0]
        heard = a_machine_hears(line, "2026-11-26")
        assert (LEFT in heard) is (answer == "1")
        line.later(hours=1)
        assert (NEW_WORDS in line.texts("hello")[0]) is (answer is None)


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_a_net_that_was_promised_holds_until_the_new_words_are_answered(
    database_url: str, reworded: Callable[[str], Path], channel: str
) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, what=CHECKIN, how=TEXT)
        assert "end it together" in line.texts("1")[0]
    with a_reaching_line(database_url, reworded("watch")) as line:
        assert passes(line, "2026-11-24", "12:30") == 1
        for _ in range(10):
            line.later(hours=3)
            line.sweeps()
            line.ticks()
        assert [row.state for row in line.rows(Outgoing) if row.kind == "nudge"] == ["delivered"]
        said = comes(line, channel, "2")
        assert NEW_WORDS in said
        assert "May a counselor then call you" in said
        assert holds(line, "watch") is False
        assert NEW_WORDS not in comes(line, channel)


def test_to_be_counted_is_agreed_to_in_these_very_words_and_nobody_is_asked_at_the_door(
    database_url: str, reworded: Callable[[str], Path]
) -> None:
    with a_line(database_url) as line:
        meets(line)
        for word in ("settings", "2", "3", "1"):
            line.texts(word)
        assert holds(line, "statistics") is True
    with a_line(database_url, reworded("statistics")) as line:
        assert holds(line, "statistics") is None
        assert NEW_WORDS not in comes(line, "sms")
        for word in ("settings", "2", "3", "1"):
            line.texts(word)
        assert holds(line, "statistics") is True


def test_another_language_is_not_other_words(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, what=CHECKIN, how=CALL)
        line.texts("1")
        allows_a_mailbox(line)
        for word in ("settings", "1", "3"):  # Swahili
            line.texts(word)
        for channel in ("sms", "voice"):
            line.later(days=1)
            assert "maneno mapya" not in comes(line, channel)
        assert holds(line, "voicemail") is True
        assert {row.language for row in line.rows(Consent)} == {"en"}


@pytest.mark.parametrize("purpose", ["voicemail", "watch"])
def test_who_refused_what_is_not_asked_of_everybody_is_not_asked_again(
    database_url: str, reworded: Callable[[str], Path], purpose: str
) -> None:
    with a_line(database_url) as line:
        meets(line)
        if purpose == "watch":
            by_text(line, what=CHECKIN)
            line.texts("2")
        else:
            for word in ("settings", "3", "4", "2"):
                line.texts(word)
    with a_line(database_url, reworded(purpose)) as line:
        assert holds(line, purpose) is False
        assert NEW_WORDS not in comes(line, "sms")


def test_reminders_go_on_whatever_the_words_are_in_which_they_were_set(database_url: str, tmp_path: Path) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line)
    for room in ("flows", "locales"):
        shutil.copytree(HOME / room, tmp_path / "house" / room)
    path = tmp_path / "house" / "flows" / "reminders.yaml"
    path.write_text(path.read_text("utf-8").replace("At what time of day?", "When in the day?"), "utf-8")
    with a_reaching_line(database_url, tmp_path / "house") as line:
        assert passes(line, "2026-11-24", "12:30") == 1
        assert NEW_WORDS not in comes(line, "sms")
