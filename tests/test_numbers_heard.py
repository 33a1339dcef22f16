"""The numbers to ring now: heard whole before any choice counts, by key 0 too, and no line is named that is none."""

import pytest
from people import ASHA, Line, a_line
from reaching import meets
from test_direct_questions import CODES, comes_to

from ivr.channels import timing
from ivr.channels.values import told
from ivr.models import Alert, Callback
from simulator.calls import Call

EMERGENCY, LINE = "9, 9, 9", "0, 7, 2, 2"
TANZANIA, NOWHERE, BRITAIN = "+255712000001", "+447700900123", "+447400123456"


@pytest.fixture
def line(sqlite_url: str):
    with a_line(sqlite_url) as line:
        yield line


def talks(line: Line, number: str = ASHA, language: str = "1", **how: object) -> Call:
    """On the line, past the first questions."""
    call = line.rings(number, **how)
    return call.press(language).press("1")


def listens_out(call: Call) -> str:
    """Until a question waits; what was heard in this turn."""
    heard = [call.prompt]
    while getattr(call.step, "timeout", 0) == timing.WAIT:
        heard.append(call.wait().prompt)
    return " ".join(heard)


@pytest.mark.parametrize("key", list("123456"))
def test_a_choice_before_the_numbers_were_heard_says_them_again(line: Line, key: str) -> None:
    call = talks(line).press("0")
    call.press(key, after=1)
    assert EMERGENCY in call.prompt
    heard = listens_out(call)
    assert heard.count(EMERGENCY) == 2 == heard.count(LINE)
    assert "Ask for a call" in heard and line.rows(Callback) == []


@pytest.mark.parametrize("key", list("089*"))
def test_the_fixed_keys_count_at_once(line: Line, key: str) -> None:
    call = talks(line).press("0").press(key, after=1)
    assert call.ended == (key == "8")
    assert (EMERGENCY in call.prompt) == (key != "8")


def test_in_danger_too_and_the_breath_behind_them_can_be_left(line: Line) -> None:
    call = talks(line).press("0")
    listens_out(call)
    call.press("2")
    assert EMERGENCY in call.prompt
    call.press("1", after=1)
    assert call.prompt.startswith("If your life is in danger")
    call.wait().press("1", after=6)
    assert call.prompt.startswith("You can talk about it") and line.rows(Callback) == []


def test_a_second_key_answers_no_direct_question_unheard(line: Line) -> None:
    line.texts("hello")
    comes_to(line, "en", 0)
    call = line.rings()
    while "wished that you were dead" not in call.prompt:
        call.press("1") if "go on" in call.prompt.lower() else call.wait()
    call.press("2", after=0.8)
    assert call.prompt.startswith("In these last weeks")
    assert line.rows(Alert) == []


@pytest.mark.parametrize("code", CODES)
def test_key_0_says_both_numbers_twice_and_the_truth(line: Line, code: str) -> None:
    call = talks(line, language=str(CODES.index(code) + 1)).press("0")
    heard = listens_out(call)
    said = {"sw": "tisa tisa tisa"}.get(code, EMERGENCY)
    assert heard.count(said) == 2
    assert {"en": "Nobody can come", "es": "Nadie puede", "sw": "hakuna anayeweza"}[code] in heard


def test_nobody_is_said_to_be_rung_where_there_is_nobody_to_ring(sqlite_url: str) -> None:
    with a_line(sqlite_url, ON_DUTY=ASHA) as line:  # the only one on duty is on this very line
        heard = listens_out(talks(line).press("0"))
        assert "ringing" not in heard and "Nobody can come" in heard
    with a_line(sqlite_url, ON_DUTY="+254722000001") as line:
        assert "I am ringing somebody for you" in talks(line).press("0").prompt


def test_in_danger_by_voice_it_is_said_that_nobody_is_there(line: Line) -> None:
    call = talks(line).press("0")
    listens_out(call)
    heard = listens_out(call.press("2"))
    assert "Nobody can come to the phone right now" in heard and heard.index("Nobody") < heard.index("You can talk")


@pytest.mark.parametrize(("number", "emergency"), [(TANZANIA, "112"), (NOWHERE, "999"), (BRITAIN, "999")])
def test_where_no_line_is_known_none_is_named(line: Line, number: str, emergency: str) -> None:
    meets(line, number)
    for text in ("I want to die", "0", "my friend wants to kill herself"):
        said = " ".join(line.texts(text, number))
        assert emergency in said
        assert ("116 123" in said) == (number != TANZANIA) and "0722" not in said
        assert number != TANZANIA or "To talk" not in said


@pytest.mark.parametrize("code", CODES)
def test_no_text_loses_the_emergency_number_with_the_line(line: Line, code: str) -> None:
    values = {"emergency_number": "112", "hotline_number": ""}
    language = line.runtime.content.languages[code]
    for message in language_texts(line):
        said = told(language.gettext(message), values)
        assert "{hotline_number" not in said
        assert "{emergency_number" in said or "{emergency_number" not in message


def language_texts(line: Line) -> list[str]:
    """All texts that name the line to talk with."""
    flows = line.runtime.content.flows["en"]
    said = [step for node in flows.nodes.values() for step in node.steps if hasattr(step, "sms")]
    return [text for each in said for text in (each.voice, each.sms) if "{hotline_number" in text]


def test_by_voice_too_where_there_is_no_line(line: Line) -> None:
    heard = listens_out(talks(line, TANZANIA).press("0"))
    assert heard.count("1, 1, 2") == 2 and "To talk" not in heard
