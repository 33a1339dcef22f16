"""Recordings: what is missing, what is out of date, and that a machine's placeholders are small, whole and in time."""

import shutil
import subprocess
from array import array
from pathlib import Path

import pytest
from test_i18n import folder
from tongues import URLS

from ivr import sound, synthesis
from ivr.channels.voice import Voice
from ivr.engine.model import (
    Choice,
    Do,
    End,
    Flow,
    Flows,
    Menu,
    Node,
    Question,
    Say,
    Wait,
)
from ivr.i18n import Language, languages
from ivr.i18n.recordings import Row, rows, text_hash, write
from ivr.synthesis import ToolMissing, Wave

WAIT = Wait(8, 60)
PHRASES = {"press_1": "bonyeza moja", "sms_choice": "{key} ni {label}", "more.sms": "zaidi", "more.voice": "Zaidi"}


def flows(*texts: str) -> Flows:
    """A conversation that says these, and asks."""
    menu = Menu((Choice("1", "Mtu"), Choice("2", "English", "en")), WAIT)
    ladder = ((Say("Tena.", "Andika tena."), menu),)
    question = Question(menu, ladder, (), {}, lambda _: None, None, None)
    steps = (*(Say(text, "Kwa maandishi.") for text in texts), Do("keep", "f"))
    return Flows("sw", {"f": Flow("f", "n", "F")}, {("f", "n"): Node("f", "n", steps, question)}, PHRASES)


@pytest.fixture
def swahili(tmp_path: Path) -> Language:
    return languages(folder(tmp_path))["sw"]


def beep(text: str, code: str) -> Wave:
    return Wave(8000, array("h", [1000] * 80 * len(text)))


def raw(wave: Wave) -> bytes:
    return wave.samples.tobytes()


def test_every_spoken_text_is_wanted_and_nothing_else(swahili: Language) -> None:
    texts = sound.wanted(flows("Habari.", ""), swahili)
    assert set(texts) == {"Habari.", "Tena.", "Mtu", "bonyeza moja", "Zaidi", "Kiswahili"}


def test_a_text_with_values_wants_its_pieces_and_the_phrases_of_those_kinds(swahili: Language) -> None:
    texts = sound.wanted(flows("Watarudi {at:time}.", "Piga {line:digits} sasa."), swahili)
    assert {"Watarudi", "Piga", "sasa.", "saa 0", "saa 23", "na nusu", "sifuri", "tisa"} <= set(texts)
    assert not {"Jumatatu", "Watarudi {at:time}.", "."} & set(texts)


def test_what_is_missing_stale_or_a_machines_is_told(swahili: Language) -> None:
    def row(text: str, placeholder: str) -> Row:
        return Row(text_hash(text), "a.mp3", "1.0", "somebody", placeholder, text)

    write(swahili.folder, [row("Habari.", "yes"), row("Zamani.", "no"), row("sound:tick", "no")])
    found = sound.report(flows("Habari."), swahili)
    assert set(found.missing) == {"Tena.", "Mtu", "bonyeza moja", "Zaidi", "Kiswahili"}
    assert [each.text for each in found.stale] == ["Zamani."]
    assert [each.text for each in found.placeholders] == ["Habari."]


def test_placeholders_complete_a_language(swahili: Language) -> None:
    conversation = flows("Habari.", "Piga {line:digits} sasa.")
    new = sound.record_placeholders(swahili, sound.wanted(conversation, swahili), beep, raw)
    again = languages(swahili.folder.parent)["sw"]
    assert sound.report(conversation, again)._replace(placeholders=()) == ((), (), ())
    assert {row.speaker for row in new} == {"espeak-ng"}
    spoken = Voice(again.sound, PHRASES, "https://x/audio").render((Say("Habari.", ""), End()), URLS)
    assert f"<Play>https://x/audio/sw/{text_hash('Habari.')}.mp3</Play>".encode() in spoken


def test_a_recording_that_is_there_is_never_replaced(swahili: Language) -> None:
    sound.record_placeholders(swahili, ["Habari."], beep, lambda _: b"first")
    assert sound.record_placeholders(swahili, ["Habari.", "Habari."], beep, lambda _: b"second") == []
    assert (swahili.folder / "audio" / f"{text_hash('Habari.')}.mp3").read_bytes() == b"first"


def test_a_changed_text_takes_a_machines_recording_away_but_not_a_persons(swahili: Language) -> None:
    sound.record_placeholders(swahili, ["Zamani.", "Kale."], beep, raw)
    kept = [row._replace(placeholder="no") if row.text == "Kale." else row for row in rows(swahili.folder)]
    write(swahili.folder, kept)
    gone = sound.remove_stale(swahili, sound.report(flows(), swahili))
    assert [row.text for row in gone] == ["Zamani."]
    assert [row.text for row in rows(swahili.folder)] == ["Kale."]
    assert len(list((swahili.folder / "audio").glob("*.mp3"))) == 1


def test_the_index_reads_what_it_writes(tmp_path: Path) -> None:
    row = Row(text_hash('A "b",\nc'), "a.mp3", "1.00", "Amina", "no", 'A "b",\nc')
    write(tmp_path, [row])
    assert rows(tmp_path) == [row]


# Sound itself -------------------------------------------------------------------------------------------------------


def test_silence_around_a_voice_is_cut() -> None:
    cut = synthesis.trimmed(Wave(1000, array("h", [0] * 500 + [9000] * 100 + [3] * 500)))
    assert len(cut.samples) == 100 + 2 * 40 - 1
    assert synthesis.trimmed(Wave(1000, array("h", [0] * 9))).samples == array("h", [0] * 9)


def test_the_tick_is_soft_and_short() -> None:
    tick = synthesis.tick()
    assert len(tick.samples) / tick.rate == pytest.approx(0.2)
    assert 500 < max(tick.samples) < 3277  # 20 dB below the loudest
    assert (tick.samples[0], abs(tick.samples[-1]) < 100) == (0, True)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing, match="espeak-ng is not installed: apt-get install espeak-ng"):
        synthesis.espeak("Habari", "sw")
    with pytest.raises(ToolMissing, match="apt-get install lame"):
        synthesis.mp3(synthesis.tick())


def needs(*programs: str) -> pytest.MarkDecorator:
    lost = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(lost), reason=f"not installed: {', '.join(lost)}")


@needs("espeak-ng", "lame")
def test_a_phrase_of_a_machine_takes_a_few_kilobytes(swahili: Language) -> None:
    (row,) = sound.record_placeholders(swahili, ["Vuta pumzi. Kisha toa polepole."])
    data = (swahili.folder / "audio" / row.file).read_bytes()
    assert 2000 < len(data) < 10_000
    assert data[0] == 0xFF  # straight into the sound: no tags
    assert float(row.seconds) == pytest.approx(len(data) / 2000, abs=0.01)


@needs("lame", "soxi")
def test_a_length_is_what_a_decoder_says(tmp_path: Path) -> None:
    for seconds in (1, 3):
        file = tmp_path / "a.mp3"
        file.write_bytes(data := synthesis.mp3(synthesis.silence(seconds)))
        said = subprocess.run(["soxi", "-D", str(file)], capture_output=True, text=True, check=False)
        if "no handler" in said.stderr:
            pytest.skip("sox knows no mp3 here: apt install libsox-fmt-mp3")
        assert synthesis.mp3_seconds(data) == pytest.approx(float(said.stdout), abs=0.15)
        assert synthesis.mp3_seconds(data) == pytest.approx(seconds, abs=0.25)


@needs("lame")
def test_sounds_that_are_no_words_are_made_once_for_all(tmp_path: Path) -> None:
    locales = folder(tmp_path)
    sound.record_sounds(locales / "en")
    sound.record_sounds(locales / "en")
    found = languages(locales)
    assert len(rows(locales / "en")) == 6
    assert (found["sw"].sound.sound("tick") or ("",))[0].endswith("/en/tick.mp3</Play>")


@needs("espeak-ng")
def test_what_espeak_cannot_say_is_no_crash_but_a_sentence(swahili: Language) -> None:
    with pytest.raises(ToolMissing, match="espeak-ng failed"):
        synthesis.espeak("Habari", "ha")
