"""What is heard: held to the twilio library's TwiML, to the clock, and to the languages that people understand."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tongues import AUDIO, SWAHILI, URLS, WAIT, english, swahili, voice
from twilio.twiml.voice_response import Gather, VoiceResponse

from ivr.channels import twiml
from ivr.channels.pace import LONGEST_SILENCE, seconds
from ivr.channels.speech import Recording, Spoken
from ivr.channels.voice import Voice
from ivr.engine.model import Ask, Choice, End, Menu, Pause, Play, Put, Say, Wait

SPEAKER = {"voice": "Polly.Joanna-Neural", "language": "en-US"}
ELEMENTS = {"Response", "Say", "Play", "Pause", "Gather", "Redirect", "Record", "Hangup"}
KEY = {"input": "dtmf", "num_digits": "1", "finish_on_key": "", "method": "POST"}
any_text = st.text(st.characters(categories=None), max_size=40)  # lone surrogates and control characters too
words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=40)


def tree(xml: object) -> ET.Element:
    return ET.fromstring(xml if isinstance(xml, bytes) else str(xml))


def shape(element: ET.Element) -> tuple[object, ...]:
    """What two documents must have in common to be the same."""
    text = " ".join((element.text or "").split())
    return element.tag, dict(element.attrib), text, [shape(child) for child in element]


def heard(outputs: Put, language: Voice | None = None, **values: str) -> ET.Element:
    return tree((language or voice()).render(outputs, URLS, values))


def said(element: ET.Element) -> list[str]:
    return [found.text or "" for found in element.iter() if found.tag in ("Say", "Play")]


def menu(*labels: str, slow: bool = False) -> Menu:
    return Menu(tuple(Choice(str(key), label) for key, label in enumerate(labels, 1)), WAIT, slow)


def gather(action: str, timeout: int) -> Gather:
    return Gather(**KEY, timeout=str(timeout), action=action)


# Held to the library ------------------------------------------------------------------------------------------------


@given(any_text, any_text)
@example("Say <it> & 'mean' \"it\"", "]]>")
def test_a_menu_is_what_the_library_writes(text: str, label: str) -> None:
    cleaned = twiml.legal(label).strip().rstrip(".,;:")
    theirs, keys = VoiceResponse(), gather(URLS.reply, 8)
    if text:
        keys.say(twiml.legal(text), **SPEAKER)
    keys.say(f"{cleaned}{'' if cleaned.endswith(('?', '!')) else ','} press one.", **SPEAKER)
    theirs.append(keys)
    theirs.redirect(URLS.silence, method="POST")
    assert shape(heard((Say(text, ""), menu(twiml.legal(label))))) == shape(tree(theirs))


def test_an_exercise_is_what_the_library_writes() -> None:
    theirs, block, keys = VoiceResponse(), gather(URLS.early, 1), gather(URLS.reply, 8)
    block.say("Welcome.", **SPEAKER)
    block.say("Breathe in.", **SPEAKER)
    block.pause(length=3)
    block.play(f"{AUDIO}/en/tick.mp3")
    block.pause(length=3)
    for text in ("Did it help?", "Yes, press one.", "No, press two."):
        keys.say(text, **SPEAKER)
    theirs.append(block)
    theirs.append(keys)
    theirs.redirect(URLS.silence, method="POST")
    ours = (Say("Welcome.", ""), Say("Breathe in.", "", 4), Play("tick"), Pause(4), Say("Did it help?", ""))
    assert shape(heard((*ours, Ask("yes or no", WAIT)))) == shape(tree(theirs))


def test_entries_are_what_the_library_writes() -> None:
    theirs = VoiceResponse()
    entry = Gather(input="dtmf", num_digits="4", finish_on_key="#", timeout="8", action=URLS.reply, method="POST")
    entry.say("Press the digits one by one.", **SPEAKER)
    theirs.append(entry)
    theirs.redirect(URLS.silence, method="POST")
    assert shape(heard((Ask("digits", WAIT, 4),))) == shape(tree(theirs))
    assert "numDigits" not in heard((Ask("digits", WAIT),))[0].attrib


def test_own_words_are_recorded_after_words_that_keys_interrupt() -> None:
    theirs, block = VoiceResponse(), gather(URLS.early, 1)
    block.say("Speak after the tone.", **SPEAKER)
    theirs.append(block)
    theirs.record(
        action=URLS.reply,
        method="POST",
        timeout=8,
        finish_on_key="0123456789*#",
        max_length=120,
        play_beep=True,
    )
    theirs.redirect(URLS.silence, method="POST")
    assert shape(heard((Ask("own words", WAIT),))) == shape(tree(theirs))


def test_the_end_and_the_unfinished_are_what_the_library_writes() -> None:
    theirs = VoiceResponse()
    theirs.say("Goodbye.", **SPEAKER)
    theirs.hangup()
    assert shape(heard((Say("Goodbye.", ""), End()))) == shape(tree(theirs))
    lost = VoiceResponse()
    lost.redirect(URLS.silence, method="POST")
    assert shape(heard(())) == shape(tree(lost))


# Always well-formed -------------------------------------------------------------------------------------------------

steps = st.one_of(
    st.builds(Say, any_text, any_text, st.integers(0, 30)),
    st.builds(Say, words, words, st.integers(0, 30)),
    st.builds(Pause, st.integers(1, 90)),
    st.builds(Play, st.sampled_from(["tick", "bell", "<"])),
)
choices = st.builds(Choice, st.sampled_from("123456"), any_text, st.sampled_from(["", "sw", "xx"]))
exits = st.one_of(
    st.just(End()),
    st.builds(Menu, st.lists(choices, min_size=1, max_size=6).map(tuple), st.just(WAIT), st.booleans()),
    st.builds(
        Ask,
        st.sampled_from(["yes or no", "number", "digits", "date", "time", "phone", "own words"]),
        st.just(WAIT),
        st.integers(0, 9),
    ),
)
turns = st.builds(lambda before, way_out: (*before, way_out), st.lists(steps, max_size=30), exits)


@given(turns, any_text)
def test_any_turn_is_xml_of_few_elements(outputs: Put, value: str) -> None:
    for language in (voice(), voice(swahili({})), voice(has_pause=False)):
        xml = language.render(outputs, URLS, {"x": value})
        found = tree(xml)
        assert {element.tag for element in found.iter()} <= ELEMENTS
        assert not set(xml.decode()) & {*map(chr, range(9)), *map(chr, range(14, 32)), "\ufffe", "\uffff"}
        assert all({part.tag for part in block} <= {"Say", "Play", "Pause"} for block in found.iter("Gather"))


@given(turns)
def test_a_gather_never_stands_without_a_way_on(outputs: Put) -> None:
    found = heard(outputs)
    assert found[-1].tag == ("Hangup" if isinstance(outputs[-1], End) else "Redirect")


# Time ---------------------------------------------------------------------------------------------------------------


def timeline(response: ET.Element) -> Iterator[tuple[str, float]]:
    """What is heard when nobody presses anything, with seconds: from the TwiML alone, up to the question's wait."""
    for element in response:
        if element.tag == "Gather":
            yield from timeline(element)
            if element.get("action") in (URLS.early, URLS.unheard):
                yield "silence", float(element.get("timeout", "0"))
        elif element.tag == "Pause":
            yield "silence", float(element.get("length", "0"))
        elif element.tag == "Say":
            yield element.text or "", seconds(element.text or "", "en", 3.5)
        elif element.tag == "Play":
            yield "tick", 0.2


BREATH = tuple(Say(text, "", 4) for text in ("Breathe in.", "Hold.", "Breathe out.", "Rest."))


def test_four_squares_of_breath_take_sixty_four_seconds() -> None:
    assert voice().seconds(BREATH * 4) == pytest.approx(64, abs=1)
    question = (Say("Did it help?", ""), Ask("yes or no", WAIT))
    assert voice().seconds(BREATH * 4 + question) - voice().seconds(question) == pytest.approx(64, abs=1)


def test_no_cue_of_five_minutes_comes_a_second_early_or_late() -> None:
    now, cues = 0.0, []
    for what, length in timeline(heard((*BREATH * 19, menu("On")))):
        if what in {say.voice for say in BREATH}:
            cues.append(now)
        now += length
    assert len(cues) == 76
    assert all(abs(cue - 4 * at) <= 1 for at, cue in enumerate(cues))


def test_a_recording_keeps_time_by_its_own_length() -> None:
    slow = voice(swahili({"Vuta.": 2.6}))
    assert [element.get("length") for element in heard((Say("Vuta.", "", 5), menu("On")), slow).iter("Pause")] == ["1"]


@given(turns)
def test_silence_is_never_longer_than_four_seconds(outputs: Put) -> None:
    """The last wait, for the answer, is not silence but time to answer."""
    spells = groupby(timeline(heard(outputs)), key=lambda spell: spell[0] == "silence")
    assert all(sum(length for _, length in spell) <= LONGEST_SILENCE for silent, spell in spells if silent)


@given(turns)
def test_our_own_account_is_what_the_twiml_takes(outputs: Put) -> None:
    assert sum(length for _, length in timeline(heard(outputs))) == pytest.approx(voice().seconds(outputs), abs=0.05)


@given(st.lists(st.builds(Pause, st.integers(1, 90)) | st.builds(Say, words, st.just(""), st.integers(1, 30))))
def test_a_block_holds_no_more_than_a_minute(paced: list[Pause | Say]) -> None:
    for block in heard((*paced, menu("On"))).iter("Gather"):
        if block.get("action") == URLS.early:
            assert sum(length for _, length in timeline(block)) + 1 <= 61


def test_a_key_during_an_exercise_never_answers_the_question_after_it() -> None:
    *blocks, question, _ = heard((Say("Sit.", ""), *BREATH * 8, Say("Did it help?", ""), Ask("yes or no", WAIT)))
    assert len(blocks) == 3
    assert {block.get("action") for block in blocks} == {URLS.early}
    assert question.get("action") == URLS.reply
    assert said(question)[0] == "Did it help?"


def test_what_is_not_paced_can_be_interrupted_by_the_answer() -> None:
    question, _ = heard((Say("Hello.", ""), Play("tick"), menu("A person")))
    assert said(question) == ["Hello.", f"{AUDIO}/en/tick.mp3", "A person, press one."]


def test_slow_menus_leave_time_for_each_option() -> None:
    gathered = heard((menu("A", "B", "C", slow=True),))[0]
    assert [element.tag for element in gathered] == ["Say", "Pause", "Say", "Pause", "Say"]
    assert {element.get("length") for element in gathered.iter("Pause")} == {"4"}


def test_where_there_is_no_pause_silence_is_played() -> None:
    language = english(tick=0.2, **{f"silence_{length}": float(length) for length in range(1, 5)})
    found = heard((Say("Hold.", "", 7), menu("On")), voice(language, has_pause=False))
    assert not list(found.iter("Pause"))
    assert said(found)[1:4] == [f"{AUDIO}/en/{name}.mp3" for name in ("silence_4", "tick", "silence_2")]


# Languages ----------------------------------------------------------------------------------------------------------


def test_a_recording_wins() -> None:
    language = voice(swahili({"Habari": 1.0}))
    assert said(heard((Say("Habari", ""), End()), language)) == [f"{AUDIO}/sw/0.mp3"]
    spoken_too = replace(english(), recordings={"Hello": Recording("hello.mp3", 1.0)})
    assert said(heard((Say("Hello", ""), End()), voice(spoken_too))) == [f"{AUDIO}/en/hello.mp3"]


def test_without_recording_and_voice_the_next_language_speaks_its_own_text() -> None:
    found = heard((Say("Habari", ""), menu("Mtu")), voice(swahili({})))
    assert said(found) == ["Hello", "A person, press one."]
    assert found.find(".//Say").attrib == SPEAKER


def test_an_option_is_never_half_recorded() -> None:
    half, whole = voice(swahili({"Mtu": 1.0})), voice(swahili({"Mtu": 1.0, "bonyeza 1": 1.0}))
    assert said(heard((menu("Mtu"),), half)) == ["A person, press one."]
    assert said(heard((menu("Mtu"),), whole)) == [f"{AUDIO}/sw/0.mp3", f"{AUDIO}/sw/1.mp3"]


def test_each_language_is_offered_in_its_own_voice() -> None:
    recorded = swahili({"Kiswahili": 1.0, "bonyeza 2": 1.0})
    rendering = Voice(english(), {"press_1": "press one", "press_2": "press two"}, AUDIO, {"sw": recorded})
    languages = Menu((Choice("1", "English", "en"), Choice("2", "Kiswahili", "sw")), WAIT)
    assert said(heard((languages,), rendering)) == [
        "English, press one.",
        f"{AUDIO}/sw/0.mp3",
        f"{AUDIO}/sw/1.mp3",
    ]


def test_a_text_that_no_language_can_say_is_said_all_the_same() -> None:
    alone = voice(swahili({}, swahili({})))
    assert heard((Say("Habari", ""), End()), alone).find("Say").attrib == {}


# Values -------------------------------------------------------------------------------------------------------------


def test_digits_are_said_one_by_one_in_groups() -> None:
    call = (Say("Call {line:digits} now.", ""), End())
    assert said(heard(call, line="116123")) == ["Call 1, 1, 6; 1, 2, 3 now."]
    assert said(heard(call, line="4071")) == ["Call 4, 0, 7, 1 now."]
    assert said(heard(call, line="+254 712 345")) == ["Call 2, 5, 4; 7, 1, 2; 3, 4, 5 now."]


def test_other_values_are_said_as_the_language_does() -> None:
    assert said(heard((Say("At {at:time}.", ""), End()), at="18:40")) == ["At time 18:40."]
    assert said(heard((Say("At {at:time}.", ""), End()))) == ["At time ."]


def test_a_synthetic_voice_says_an_hour_by_its_phrase_only_where_that_is_exact() -> None:
    phrases = Spoken(hours=tuple(f"hour {hour}" for hour in range(24)), minutes={30: "and a half"})
    language, at = voice(replace(english(), spoken=phrases)), (Say("At {at:time}.", ""), End())
    assert said(heard(at, language, at="18:30")) == ["At hour 18 and a half."]
    assert said(heard(at, language, at="18:40")) == ["At time 18:40."]


def test_values_are_put_together_from_recordings() -> None:
    opens = (Say(SWAHILI["Our people are back at {opens_at:time}."], ""), End())
    words = {"Watu wetu watarudi": 1.0, "saa 18": 1.0, "na nusu": 1.0}
    files = [f"{AUDIO}/sw/{at}.mp3" for at in range(3)]
    assert said(heard(opens, voice(swahili(words)), opens_at="18:30")) == files
    assert said(heard(opens, voice(swahili(words)), opens_at="18:44")) == files  # rounded down
    assert said(heard(opens, voice(swahili(words)), opens_at="18:10")) == files[:2]


@pytest.mark.parametrize("lost", ["Watu wetu watarudi", "saa 18", "na nusu"])
def test_a_sentence_is_never_half_recorded(lost: str) -> None:
    words = {text: 1.0 for text in ("Watu wetu watarudi", "saa 18", "na nusu") if text != lost}
    opens = (Say(SWAHILI["Our people are back at {opens_at:time}."], ""), End())
    assert said(heard(opens, voice(swahili(words)), opens_at="18:30")) == ["Our people are back at time 18:30."]


def test_a_value_that_cannot_be_recorded_lets_the_whole_sentence_fall_back() -> None:
    words = {"Watu wetu watarudi": 1.0, **{f"saa {hour}": 1.0 for hour in range(24)}}
    opens = (Say(SWAHILI["Our people are back at {opens_at:time}."], ""), End())
    for nonsense in ("25:00", "soon", "-1:00", "1:2:3"):
        assert said(heard(opens, voice(swahili(words)), opens_at=nonsense)) == [
            f"Our people are back at time {nonsense}."
        ]


def test_a_sentence_whose_value_there_is_not_is_not_said() -> None:
    call = (Say("To talk, call {line:digits}.", ""), Say("In danger, call {other:digits}.", ""), End())
    assert said(heard(call, line="", other="999")) == ["In danger, call 9, 9, 9."]


def test_recorded_digits_breathe_between_groups() -> None:
    words = {"Piga": 1.0, "sasa.": 1.0, **{f"tarakimu {digit}": 0.5 for digit in range(10)}}
    call = (Say(SWAHILI["Call {line:digits} now."], ""), End())
    found = said(heard(call, voice(swahili(words, english(gap=0.4))), line="1190 22"))
    files = [url.rpartition("audio/")[2] for url in found]
    order = ["sw/0", "sw/3", "sw/3", "sw/11", "sw/2", "en/gap", "sw/4", "sw/4", "sw/1"]
    assert files == [*map("{}.mp3".format, order)]


# Made once ----------------------------------------------------------------------------------------------------------


def test_fixed_words_are_rendered_once_and_addresses_every_time() -> None:
    language, outputs = voice(), (Say("Hello.", ""), menu("A person"))
    first = language.render(outputs, URLS)
    later = language.render(outputs, URLS._replace(reply="https://line.example.org/2"))
    assert language._fixed.cache_info().hits == 1
    assert first.replace(b"r?a=1&amp;b=2", b"2") == later


def test_a_value_is_never_remembered() -> None:
    language, outputs = voice(), (Say("Call {line:digits}.", ""), End())
    assert b"1, 1, 9" in language.render(outputs, URLS, {"line": "119"})
    assert b"0, 2, 4" in language.render(outputs, URLS, {"line": "024"})


def test_the_wait_is_the_questions_own() -> None:
    assert heard((menu("On")._replace(wait=Wait(12, 60)),))[0].get("timeout") == "12"
