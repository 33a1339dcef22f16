"""The notation of patterns.yaml: where words may stand, how a word may be meant, and what is wrong with a sheet."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.parts import Mistake
from ivr.engine.patterns import Patterns
from ivr.engine.readings import Tongue
from ivr.hearing.sayings import Sayings, Sheet
from ivr.i18n.patterns import Patterned, read

GROUPS = {
    "want": ("want", "would like"),
    "die": ("die", "be no more", "suicid*"),
    "he": ("he",),
    "gun": ("gun", "big knife"),
}


def is_found(pattern: str, text: str) -> bool:
    return bool(Patterns([pattern], GROUPS).find(text)[0])


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("{want} {die}", "i want to just die", True),
        ("{want} {die}", "i want it to just die", False),  # three words between
        ("{want} ... {die}", "i want that all of us here die", True),
        ("{want} ... {die}", "i want that each and all of us here die", False),
        ("{want} {die}", "die is what i want", False),
        ("{want} {die}", "i would like to be no more", True),
        ("{want} {die}", "i would really like to be no more", False),  # a phrase stands together
        ("{want} {die}", "i want to be suicided", True),
        ("kill myself", "i kill myself", True),
        ("kill myself", "i kill and myself", False),
        ("{he} & {gun}", "he waits outside with a gun", True),
        ("{he} & {gun}", "there is a big knife, i saw that he has it", True),
        ("{he} & {gun}", "he " + "and " * 12 + "gun", True),
        ("{he} & {gun}", "he " + "and " * 13 + "gun", False),
        ("{want} die {gun}", "want want die die gun", True),  # the nearest is not the only way
    ],
)
def test_words_stand_where_the_pattern_says(pattern: str, text: str, found: bool) -> None:
    assert is_found(pattern, text) == found


@given(st.lists(st.sampled_from(["he", "gun", "and", "big", "knife"]), max_size=12).map(" ".join))
def test_what_is_joined_stands_in_any_order(text: str) -> None:
    backwards = is_found("{gun} & {he}", text)
    assert is_found("{he} & {gun}", text) == backwards
    assert backwards == ("he" in text.split() and ("gun" in text.split() or "big knife" in " ".join(text.split())))


SPANISH = Tongue(frozenset({"quiero", "cuchillo"}), (("ch", "X"), ("qu", "k"), ("c", "k"), ("ll", "y")), firm=False)
SWAHILI = Tongue(frozenset({"nitamkata"}), (), firm=True)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("kiero", True),
        ("kuchiyo", True),
        ("cuchilo", True),  # a slip
        ("nitamkata", True),
        ("nitakmata", True),  # swapped
        ("nitampata", False),  # another verb
        ("nitamkat", False),
    ],
)
def test_a_word_is_heard_as_its_language_writes_it(typed: str, heard: bool) -> None:
    patterns = Patterns(["quiero", "cuchillo", "nitamkata"], {}, (), [SPANISH, SWAHILI])
    assert bool(patterns.find(typed)[0]) == heard


def sayings(danger: str, harmless: str) -> Sayings:
    return Sayings({"en": Sheet(GROUPS, {"danger": (danger,), "harmless": (harmless,)}, (), False, ())})


def test_what_only_sounds_so_is_left_out_and_the_rest_is_heard() -> None:
    heard = sayings("{want} {die}", "die laughing")
    assert heard.danger("i want to die laughing", "en") is None
    assert heard.danger("i want to die laughing but also want to die", "en")
    assert sayings("kill myself", "myself laughing").danger("i kill myself laughing myself", "en") is None


# What stands in the file ----------------------------------------------------------------------------------------------


def sheet(folder: Path, text: str) -> tuple[Patterned, list[Mistake]]:
    mistakes: list[Mistake] = []
    (folder / "patterns.yaml").write_text(text, "utf-8")
    return read(folder, folder.parent, mistakes), mistakes


def test_a_verb_is_written_once_and_topics_are_one_list(tmp_path: Path) -> None:
    found, mistakes = sheet(
        tmp_path,
        "pieces:\n  who: a, wa\n  when: -, na\nsounds: c(?=[ei]) = s, h =\ngroups:\n  hits: <who><when>piga, by <who>\n"
        "danger:\n  at home: '{hits} me'\n  at sea: drown, sink\nown: <who>mimi\n",
    )
    assert mistakes == []
    assert found.groups["hits"] == ("apiga", "anapiga", "wapiga", "wanapiga", "by a", "by wa")
    assert found.lists["danger"] == ("{hits} me", "drown", "sink")
    assert found.lists["own"] == ("amimi", "wamimi")
    assert found.sounds == (("c(?=[ei])", "s"), ("h", ""))
    assert not found.firm


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("groups:\n  hits: <who>piga\ndanger: x\n", 2, "'<who>piga' has a piece that there is not: who"),
        ("danger:\n  at home: a {hits} me\n", 2, "names a group that there is not: hits"),
        ("sounds: qu k\n", 1, "'qu k' is not two ways"),
        ("sounds: qu( = k\n", 1, "'qu( = k' is not two ways"),
        ("slips: none\n", 1, "slips says which"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, wrong: str) -> None:
    [mistake] = sheet(tmp_path, text)[1]
    assert mistake.line == line
    assert wrong in mistake.wrong
