"""Danger in people's own words: in every language at once, however it is spelt, and what follows."""

import unicodedata
from functools import cache

import pytest
from detecting import CODES, Measured, at_once, measure, patterns_alone, sets, shipped
from hypothesis import given
from hypothesis import strategies as st
from people import ASHA, Line, a_line
from reaching import meets

from ivr.engine.patterns import BadPattern, Patterns
from ivr.models import Alert

EMERGENCY = "999"


@cache
def sayings():
    return shipped()


@cache
def measured() -> dict[str, Measured]:
    return {each.name: each for each in measure("danger", sayings().danger)}


@cache
def heard_sentences() -> list[str]:
    """By a pattern: these are heard however they are written. For what is only like danger see test_likeness."""
    patterns = patterns_alone()
    return [text for code, heard, _ in sets("danger") for text in heard if patterns.danger(text, code)]


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


@pytest.fixture
def quick(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


# How much is heard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_danger_is_heard_and_hardly_ever_where_it_is_not(code: str) -> None:
    found = measured()[f"danger {code}"]
    assert found.positives >= 150 and found.negatives >= 150
    assert found.recall >= 0.95 and found.at_least >= 0.90, found.missed
    assert len(found.false) <= found.negatives / 10, found.false


def test_no_language_is_heard_much_worse_than_another() -> None:
    recalls = [measured()[f"danger {code}"].recall for code in CODES]
    assert max(recalls) - min(recalls) <= 0.05


@pytest.mark.parametrize("code", CODES)
def test_most_sentences_of_others_are_heard_and_most_harmless_ones_are_not(code: str) -> None:
    """For which nothing was written: what is lost here is lost to people."""
    at = CODES.index(code)
    heard, alerted = (measure("others.danger", hears)[at] for hears in (sayings().danger, at_once(sayings().danger)))
    assert heard.recall >= 0.93 and alerted.recall >= 0.85
    assert len(heard.false) <= heard.negatives / 3  # hard on purpose; and the more is heard, the more of these
    everyday, alarms = (measure("everyday", hears)[at] for hears in (sayings().danger, at_once(sayings().danger)))
    assert len(everyday.false) <= everyday.negatives / 6 and len(alarms.false) <= alarms.negatives / 12


# However it is written ------------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def leet(text: str) -> str:
    return text if any(map(str.isdigit, text)) else text.translate(str.maketrans("oiea", "0134"))


def drawn_out(text: str) -> str:
    return text + text[-1] * 4


def slipped(text: str) -> str:
    """The middle of its longest word typed the wrong way round, where it is not the only one."""
    word = max(text.split(), key=len)
    at = len(word) // 2
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return text.replace(word, swapped) if len(word) >= 8 and word.isalpha() and word != text else text


CHANGES = {
    "in capitals": str.upper,
    "without accents": bare,
    "with blanks": lambda text: "   ".join(text.split()) + "  ",
    "with an emoji": lambda text: f"😢 {text} 💔",
    "drawn out": drawn_out,
    "with digits for letters": leet,
    "with a slip": slipped,
    "quoted": lambda text: f"“{text}”",
    "within more words": lambda text: f"hello, good evening. {text}. please answer me",
    "after Swahili": lambda text: f"habari za jioni {text}",
    "after Spanish": lambda text: f"buenas noches, {text}",
    "with invisible characters": lambda text: "\u200b".join(text),
    "denied": lambda text: f"it is not true that {text}",
}


@pytest.mark.parametrize("change", CHANGES)
@given(at=st.integers(min_value=0))
def test_it_is_heard_however_it_is_written(change: str, at: int) -> None:
    text = heard_sentences()[at % len(heard_sentences())]
    written = CHANGES[change](text)
    assert sayings().danger(written, "en"), written


@pytest.mark.parametrize(
    "text",
    ["k i l l m y s e l f", "killmyself", "quieromorir", "natakakufa", "su1c1de", "I want to d1e", "SUICIIIDE", "kms"],
)
def test_it_is_heard_when_it_is_split_glued_or_disguised(text: str) -> None:
    assert sayings().danger(text, "en")


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("I want to die", "own"),
        ("my friend wants to die", "another"),
        ("mi hermano dice que se va a matar", "another"),
        ("rafiki yangu anataka kufa", "another"),
        ("I am not suicidal", "denied"),
        ("no me quiero matar", "denied"),
        ("I don't want to die", "denied"),
        ("my friend died and now I want to die", "own"),
        ("my husband beats me", "own"),
        ("mume wangu ananipiga", "own"),
        ("I dont want to die but I cant live like this", "own"),
        ("sitaki kuishi", "own"),
    ],
)
def test_a_not_and_a_friend_only_choose_the_words(text: str, manner: str) -> None:
    found = sayings().danger(text, "en")
    assert found and found.manner == manner


def test_a_pattern_that_names_no_group_is_told() -> None:
    with pytest.raises(BadPattern):
        Patterns(["{want} more"], {})


@given(st.text(max_size=300))
def test_any_text_can_be_listened_to(text: str) -> None:
    sayings().danger(text, "en")


# What follows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["1", "2", "3"])
@pytest.mark.parametrize(
    "words", ["my friend wants to die", "I am not suicidal", "nataka kufa", "ya no quiero vivir", "I want to d1e"]
)
def test_the_numbers_come_first_whatever_language_was_chosen(line: Line, language: str, words: str) -> None:
    line.texts("hello")
    line.texts(language)
    first, *_ = line.texts(words)
    assert EMERGENCY in first
    assert "1 =" not in first  # never a menu first
    assert len(line.rows(Alert)) == 1


def test_whoever_is_on_the_path_of_a_question_can_say_it_too(quick: Line) -> None:
    meets(quick)
    quick.texts("mood")
    assert EMERGENCY in quick.texts("bad i want to die")[0]
    assert ASHA not in str(quick.rows(Alert)[0].why)
