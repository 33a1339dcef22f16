"""`flows check` keeps what goes out unasked neutral, in each language; broken flows show where it would not be."""

import shutil
from pathlib import Path

import pytest

from ivr import checking
from ivr.runtime import HOME

TEXT = "Hello. It is the time you chose. To end these texts: STOP."
REMINDER, NUDGE, WELCOME, MISSED = (f"flows/{name}.yaml" for name in ("reminder", "nudge", "welcome", "missed_call"))
SPANISH, SWAHILI = (f"locales/{code}/LC_MESSAGES/messages.po" for code in ("es", "sw"))
QUIET = "quiet: # nobody answered: nothing more is said\n    steps:\n      - say: {voice: Thank you"

BROKEN = {
    "a text": (REMINDER, TEXT, "Hello. It is time for your therapy.", "'therapy'", REMINDER),
    "a choice": (REMINDER, "label: Not today", "label: No exercise today", "'exercise'", REMINDER),
    "a call": (NUDGE, "Hello. You hear a recording.", "Hello from your counselor.", "'counselor'", NUDGE),
    "our name": (WELCOME, "Hello. You hear a recording.", "Hello. This is Warmline.", "'warmline'", WELCOME),
    "silence": (REMINDER, QUIET, QUIET.replace("Thank you", "Your mental health line"), "'mental'", REMINDER),
    "Spanish": (SPANISH, "Es la hora elegida.", "Es la hora de su terapia.", "'terapia'", REMINDER),
    "Swahili": (SWAHILI, "Habari. Simu yako haikupokelewa.", "Habari. Hii ni simu ya ushauri.", "'ushauri'", MISSED),
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for room in ("flows", "locales"):
        shutil.copytree(HOME / room, tmp_path / room)
    return tmp_path


@pytest.mark.parametrize("name", BROKEN)
def test_a_word_that_tells_is_found_where_it_stands(house: Path, name: str) -> None:
    file, old, new, word, place = BROKEN[name]
    text = (house / file).read_text()
    assert old in text
    (house / file).write_text(text.replace(old, new))
    found = [each for each in checking.problems(house) if "goes out unasked" in each.wrong]
    assert [each for each in found if word in each.wrong.lower() and each.file == place]


def test_whoever_is_alone_with_the_phone_may_be_told_who_writes(house: Path) -> None:
    assert "Hello from Warmline." in (house / REMINDER).read_text()
    assert [each for each in checking.problems(house) if each.severity == "error"] == []
