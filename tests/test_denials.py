"""A "not" before a choice takes it back: "not really good" is never taken for "good", in any language or menu."""

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import Line, a_line

from ivr import conversations, i18n
from ivr.content import flows_by_language
from ivr.engine import replies
from ivr.engine.denials import ANYWHERE, Rule, denials
from ivr.engine.model import Ask, Menu, Question, Way
from ivr.engine.words import tokens
from ivr.models import Checkin
from ivr.runtime import HOME

LANGUAGES = i18n.languages(HOME / "locales")
FLOWS = flows_by_language(HOME, LANGUAGES, conversations.names(), lambda text: text)
FILLERS = ["", "really ", "so very ", "muy ", "tan ", "sana kabisa ", "leo kwa kweli ", "xyz ", "xyz abc "]
GOOD = "0"


@cache
def words_that_deny(language: str) -> tuple[str, ...]:
    return tuple(word.replace("*", "iki") for word in LANGUAGES[language].words["not"])


def denies(language: str, text: str) -> bool:
    return denials(LANGUAGES[language].words["not"]).within(text)


@cache
def questions(language: str) -> tuple[Question, ...]:
    """All menus whose choices are answers."""
    every = (node.exit for node in FLOWS[language].nodes.values())
    found = (each for each in every if isinstance(each, Question) and isinstance(each.first, Menu))
    return tuple(each for each in found if any(way.value for way in each.ways.values()))


@cache
def denied_choices(language: str) -> tuple[tuple[Question, str, Way], ...]:
    """Each phrase that means an answer and does not deny by itself."""
    return tuple(
        (question, phrase, way)
        for question in questions(language)
        for phrase, way in question.ways.items()
        if way.value and not phrase.isdecimal() and len(phrase) > 1 and not denies(language, phrase)
    )


def read(question: Question, text: str) -> Way | None:
    return question.ways.get(" ".join(tokens(text))) or question.otherwise(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_it_and_choices_to_try(language: str) -> None:
    assert len(words_that_deny(language)) >= 10
    assert len(denied_choices(language)) > 40


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_an_answer_behind_a_denial_is_never_that_answer(language: str, data: st.DataObject) -> None:
    question, phrase, way = data.draw(st.sampled_from(denied_choices(language)))
    denial = data.draw(st.sampled_from(words_that_deny(language)))
    before, between = data.draw(st.sampled_from(FILLERS)), data.draw(st.sampled_from(FILLERS))
    text = f"{before}{denial} {between if question.save else ''}{phrase}"
    assert denial in question.ways or read(question, text) is not way


@pytest.mark.parametrize("language", LANGUAGES)
@given(data=st.data())
def test_nothing_else_is_read_differently(language: str, data: st.DataObject) -> None:
    """Without a denial every text means what it meant."""
    choices = denied_choices(language)
    question, phrase, _ = data.draw(st.sampled_from(choices))
    text = data.draw(st.text("abcde ,.1", max_size=12)) + data.draw(st.sampled_from(["", " "])) + phrase
    meanings = {name: way for name, way in question.ways.items() if not name.isdecimal()}
    rule = Rule(denials(LANGUAGES[language].words["not"]), ANYWHERE)
    if not denies(language, text):
        assert replies.choices(question.ways, meanings, rule)(text) is replies.choices(question.ways, meanings)(text)


YES = {"en": "not easy to say but yes", "es": "nunca lo dije pero claro que si", "sw": "sijui kusema lakini ndiyo"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_and_own_words_are_read_as_ever(language: str) -> None:
    """A yes to a question about danger is a yes, whatever else stands in it."""
    asked = [node.exit for node in FLOWS[language].nodes.values() if isinstance(node.exit, Question)]
    kinds = {question.first.kind: question for question in asked if isinstance(question.first, Ask)}
    found = read(kinds["yes or no"], YES[language])
    assert found and found.value == "yes"
    own = read(kinds["own words"], "I am not good") if "own words" in kinds else None
    assert own is None or own.value == "I am not good"


SAID = {
    "en": ["I am not really good", "not so good", "I didn't sleep well", "i cant sleep well", "Not  GOOD at all"],
    "es": ["no muy bien", "no estoy bien", "nada bien", "no he dormido bien", "Ni bien", "no dormi muy bien"],
    "sw": ["si vizuri", "sio vizuri sana", "sijalala vizuri", "sikulala vizuri", "haikuwa nzuri", "SI  VIZURI kabisa"],
}


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_line(database_url) as line:
        yield line


def begins(line: Line, language: str) -> None:
    for word in ("hello", str(1 + list(LANGUAGES).index(language)), "1", "1"):
        line.texts(word)


def first_answers(line: Line) -> list[str]:
    return line.opened(Checkin, "answers")


@pytest.mark.parametrize(("language", "text"), [(code, text) for code in SAID for text in SAID[code]])
def test_whoever_did_not_sleep_well_is_not_noted_as_well(line: Line, language: str, text: str) -> None:
    begins(line, language)
    line.texts(text)
    assert not any('"sleep": "0"' in answers for answers in first_answers(line))


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "not good", "2"),
        ("en", "it was not good", "2"),
        ("en", "not bad", "1"),
        ("en", "no, good", "0"),
        ("en", "I slept well, no dreams", "0"),
        ("es", "bien, sin pesadillas", "0"),
        ("es", "bien", "0"),
        ("sw", "si vizuri", "2"),
        ("sw", "kwa kweli si vizuri", "2"),
        ("sw", "si mbaya", "1"),
        ("sw", "vizuri", "0"),
    ],
)
def test_what_the_flow_names_is_what_is_meant(line: Line, language: str, text: str, value: str) -> None:
    begins(line, language)
    line.texts(text)
    assert any(f'"sleep": "{value}"' in answers for answers in first_answers(line))


@pytest.mark.parametrize("text", ["I cant cope call me", "i dont know call me", "i am not ok, a person"])
def test_who_asks_for_help_beside_a_not_is_helped(line: Line, text: str) -> None:
    begins(line, "en")
    for answer in ("3", "3", "3", "3", "2"):
        line.texts(answer)
    assert "A counselor can call you" in line.texts(text)[0]


def test_dont_call_asks_for_no_call(line: Line) -> None:
    begins(line, "en")
    for answer in ("3", "3", "3", "3", "2"):
        said = line.texts(answer)
    assert "What would help now" in said[0]
    for text in ("no call", "i dont want a call", "not a call"):
        assert "A counselor can call you" not in line.texts(text)[0]


@pytest.mark.parametrize("text", ["no quiero borrar", "no borrar", "no quiero eliminar"])
def test_who_does_not_want_to_erase_is_not_asked_whether_to(line: Line, text: str) -> None:
    begins(line, "es")
    line.texts("mis datos")
    assert "no ha entendido" in line.texts(text)[0]


@pytest.mark.parametrize(("language", "text"), [("sw", "si vizurri"), ("sw", "siko vizurri"), ("es", "nada exelente")])
def test_a_slip_behind_a_not_is_no_answer_either(language: str, text: str) -> None:
    for question in questions(language):
        found = read(question, text)
        assert found is None or found.value != GOOD
