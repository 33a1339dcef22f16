"""What is read: short texts, whole words, and nothing that a carrier refuses."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tongues import PHRASES, WAIT, Plain
from twilio.twiml.messaging_response import MessagingResponse

from ivr.channels import sms, twiml
from ivr.channels.segments import segments
from ivr.engine.model import Ask, Choice, End, Menu, Pause, Play, Put, Say

MENU = Menu((Choice("1", "A person"), Choice("2", "Kiswahili", "sw")), WAIT)
any_text = st.text(st.characters(categories=None), max_size=300)
prose = st.lists(st.text(st.sampled_from("abcdeé́ọ. !?\n{"), min_size=1, max_size=60), max_size=40).map(" ".join)


def texts(*outputs: object, **values: str) -> list[str]:
    return sms.render(outputs, values, PHRASES, Plain())


def test_what_is_said_together_is_one_text() -> None:
    assert texts(Say("", "Hello."), Say("Only spoken.", ""), Say("", "How are you?")) == ["Hello. How are you?"]


def test_what_is_no_sentence_stands_on_its_own_line() -> None:
    assert texts(Say("", "In 1 2 3 4"), Say("", "Out 1 2 3 4")) == ["In 1 2 3 4\nOut 1 2 3 4"]


def test_a_menu_is_a_line_for_each_choice() -> None:
    assert texts(Say("", "What next?"), MENU) == ["What next?\n1 = A person\n2 = Kiswahili"]


def test_yes_or_no_are_two_lines() -> None:
    assert texts(Say("", "Did it help?"), Ask("yes or no", WAIT)) == ["Did it help?\n1 = yes\n2 = no"]


def test_other_questions_say_how_where_there_is_a_phrase() -> None:
    phrases = {"ask_own_words.sms": "Write it.", "ask_date": ""}
    assert sms.render((Say("", "What?"), Ask("own words", WAIT)), {}, phrases) == ["What? Write it."]
    assert sms.render((Say("", "When?"), Ask("date", WAIT)), {}, phrases) == ["When?"]


def test_a_text_alone_is_a_message_of_its_own() -> None:
    outputs = (Say("", "First."), Say("", "Call 112.", alone=True), Say("", "Then."), Say("", "More."))
    assert texts(*outputs) == ["First.", "Call 112.", "Then. More."]


def test_sounds_and_silences_are_nothing_to_read() -> None:
    assert texts(Play("tick"), Pause(4), Say("Hello.", ""), End()) == []


def test_values_are_written_by_their_kind() -> None:
    assert texts(Say("", "At {at:time}, {name}."), at="18:40", name="you") == ["At <time:18:40>, you."]
    assert texts(Say("", "{who}?")) == ["?"]


def test_typographers_characters_do_not_double_the_bill() -> None:
    assert texts(Say("", "Don’t hurry…")) == ["Don't hurry..."]


def test_a_long_text_is_broken_between_sentences() -> None:
    sentences = [f"This is sentence number {at} of a text that is far too long for one message." for at in range(12)]
    found = texts(Say("", " ".join(sentences)))
    assert len(found) == 2
    assert all(text.endswith(".") for text in found)
    assert " ".join(found) == " ".join(sentences)


def test_a_long_menu_is_broken_between_its_lines() -> None:
    found = texts(Menu(tuple(Choice(str(key), "an option " * 12) for key in range(1, 7)), WAIT))
    assert len(found) > 1
    assert all(text[1:4] == " = " for text in found)


def test_a_monster_word_is_cut_because_it_must_be() -> None:
    found = texts(Say("", "x" * 1000))
    assert [len(text) for text in found] == [459, 459, 82]


@given(any_text | prose)
@example("a" * 458 + "€")
@example("😀" * 400)
@example(" " * 900 + "a")
def test_no_text_has_more_than_three_parts(text: str) -> None:
    found = texts(Say("", text))
    assert all(segments(part).count <= sms.MOST_PARTS and part for part in found)


@given(prose)
def test_splitting_loses_no_word_and_breaks_none(text: str) -> None:
    assert " ".join(sms.split(text)).split() == text.split()


outputs = st.lists(
    st.builds(Say, any_text, any_text, st.integers(0, 9), st.booleans())
    | st.builds(Ask, st.sampled_from(["yes or no", "digits"]), st.just(WAIT))
    | st.builds(Menu, st.lists(st.builds(Choice, st.just("1"), any_text), max_size=6).map(tuple), st.just(WAIT)),
    max_size=8,
).map(tuple)


@given(outputs, any_text)
def test_any_turn_is_an_answer_that_the_library_would_write(outputs: Put, value: str) -> None:
    found = sms.render(outputs, {"x": value}, PHRASES)
    theirs = MessagingResponse()
    for text in found:
        theirs.message(text)
    assert [said(found) for found in ET.fromstring(sms.twiml(found))] == [
        said(each) for each in ET.fromstring(str(theirs))
    ]


def said(element: ET.Element) -> tuple[str, str]:
    return element.tag, (element.text or "").replace("\r\n", "\n").replace("\r", "\n")


@given(any_text)
def test_what_xml_forbids_is_dropped(text: str) -> None:
    assert all(twiml.legal(part) == part for part in texts(Say("", text)))


@pytest.mark.parametrize("text", ["\x00\x0b", "\ud800", "  \n "])
def test_nothing_left_sends_nothing(text: str) -> None:
    assert texts(Say("", text)) == []


def test_an_empty_answer_sends_nothing() -> None:
    assert sms.twiml([]) == b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
