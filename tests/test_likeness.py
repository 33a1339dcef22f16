"""What is like danger though no pattern finds it: it only adds help, and stands on the sentences as they are."""

from functools import cache
from pathlib import Path
from shutil import copytree

import pytest
from detecting import CODES, measure, patterns_alone, sets, shipped
from hypothesis import given
from hypothesis import strategies as st
from people import Line, a_line

from ivr.checking import problems
from ivr.engine.words import tokens
from ivr.hearing import learning, likeness, sayings
from ivr.hearing.sayings import Sayings
from ivr.models import Alert
from ivr.runtime import CANNOT_START, HOME

LOCALES = HOME / "locales"
SEVERAL = st.integers(0, 10_000)


@cache
def both() -> tuple[Sayings, Sayings]:
    return patterns_alone(), shipped()


@cache
def only_alike() -> list[tuple[str, str]]:
    """Sentences that are heard though no pattern finds them, each with its language: of every eighth."""
    patterns, shipped = both()
    texts = [(text, code) for code, heard, _ in sets("danger") for text in heard[::8]]
    return [each for each in texts if shipped.danger(*each) and not patterns.danger(*each)]


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def test_it_is_what_comes_of_the_sentences_as_they_stand() -> None:
    assert learning.learn(LOCALES) == likeness.read(LOCALES / likeness.FILE)


def test_of_strangers_sentences_many_more_are_heard() -> None:
    """Nothing was learnt from these: of five that patterns miss, it hears two."""
    before, after = (sum(len(each.missed) for each in measure("others.danger", some.danger)) for some in both())
    assert after <= 0.7 * before, (before, after)


@given(SEVERAL)
def test_what_a_pattern_hears_is_heard_as_before(at: int) -> None:
    texts = [(text, code) for code, heard, harmless in sets("danger") for text in (*heard, *harmless)]
    text, code = texts[at % len(texts)]
    before, after = (each.danger(text, code) for each in both())
    assert before is None or before == after


@given(st.text(max_size=300))
def test_it_only_ever_adds(text: str) -> None:
    before, after = (each.danger(text, "en") for each in both())
    assert before is None or before == after


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: f"  {text}!! ", lambda text: f"{text} 😢"])
def test_capitals_blanks_and_pictures_change_nothing(code: str, change) -> None:
    shipped = both()[1]
    assert all(shipped.danger(change(text), each) for text, each in only_alike() if each == code)


def test_few_words_say_too_little() -> None:
    learnt = likeness.read(LOCALES / likeness.FILE)
    assert not learnt.danger.sounds_so(tokens("die die die"), -100, sayings.FEWEST)


def test_what_the_line_itself_teaches_is_not_like_danger(line: Line) -> None:
    content, (patterns, shipped) = line.runtime.content, both()
    for code, flows in content.flows.items():
        said = {choice.label for node in flows.nodes.values() for choice in _choices(node)}
        said |= {word for words in content.languages[code].words.values() for word in words}
        taken = {text for text in said if shipped.danger(text, code) and not patterns.danger(text, code)}
        assert taken == set(), code


@pytest.mark.parametrize(("code", "key"), [("en", "1"), ("es", "2"), ("sw", "3")])
def test_whoever_writes_so_gets_the_numbers_first_in_their_language(line: Line, code: str, key: str) -> None:
    text = next(text for text, each in only_alike() if each == code and both()[1].danger(text, code).sure)
    line.texts("hello")
    line.texts(key)
    first, *_ = line.texts(text)
    assert "999" in first and "1 =" not in first
    assert len(line.rows(Alert)) == 1


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("Saturday is the day. Nobody will be in the house", "own"),
        ("mi mama dejo de comer despues del derrame y dice que espera que todo acabe", "own"),
        ("A girl in the class showed her wrists and said next time she goes deeper", "own"),
    ],
)
def test_in_doubt_it_is_about_whoever_writes(text: str, manner: str) -> None:
    found = both()[1].danger(text, "en")
    assert found and found.manner in (manner, "another")


@pytest.mark.parametrize("spoilt", [None, b"", b"spoilt", b"\x1f\x8b\x08\x00"])
def test_what_is_missing_or_spoilt_stops_the_start_and_says_what_to_do(tmp_path: Path, spoilt: bytes | None) -> None:
    file = tmp_path / likeness.FILE
    if spoilt is not None:
        file.write_bytes(spoilt)
    with pytest.raises(CANNOT_START, match=r"likeness\.gz: cannot be read .* `make learn`"):
        likeness.read(file)


def test_a_sentence_that_was_added_asks_to_be_learnt(tmp_path: Path) -> None:
    copytree(LOCALES, tmp_path / "locales", ignore=lambda _, names: [name for name in names if name == "audio"])
    before = learning.source(tmp_path / "locales")
    with (tmp_path / "locales" / "en" / "danger.txt").open("a") as file:
        file.write("one more that only sounds so\n")
    assert before == learning.source(LOCALES) != learning.source(tmp_path / "locales")
    copytree(HOME / "flows", tmp_path / "flows")
    assert [each.instead for each in problems(tmp_path) if each.file == likeness.FILE] == ["Run `make learn`"]
    (tmp_path / "locales" / likeness.FILE).unlink()
    assert [each.instead for each in problems(tmp_path) if each.file == likeness.FILE] == ["Run `make learn`"]


def _choices(node) -> tuple:
    first = getattr(node.exit, "first", None)
    return getattr(first, "choices", ())
