"""The five conversations that the notation was made for, word for word: they load, and they lead where they say."""

from pathlib import Path

import pytest

from ivr.engine.load import load
from ivr.engine.model import Await, Cases, Do, Flows, Reply, Say, Switch, Target, Turn, Way
from ivr.engine.run import advance, start
from tests.writing import ACTIONS, ENGLISH, FACTS, SPANISH, VALUES

FOLDER = Path(__file__).parent / "conversations"


@pytest.fixture(scope="module")
def flows() -> Flows:
    return load(FOLDER, ENGLISH, ACTIONS, FACTS, VALUES)


def said(turn: Turn) -> list[str]:
    return [output.voice for output in turn.outputs if isinstance(output, Say)]


def play(flows: Flows, name: str, *texts: str) -> Turn:
    turn = start(flows, name)
    for text in texts:
        assert turn.state
        turn = advance(flows, turn.state, Reply(text))
    return turn


def test_welcome_defaults_on_silence_and_goes_by_hours_to_a_human(flows):
    language, door, service = (flows.nodes["welcome", name] for name in ("language", "door", "service"))
    assert (language.exit.silence, language.exit.after_silence) == (Target("welcome", "door"), ())
    assert flows.nodes["welcome", "language~chosen"].exit.cases.default == Target("welcome", "door")
    assert door.exit == Await(
        "hours",
        Cases(
            {"open": Target("welcome", "service"), "holiday": Target("welcome", "holiday")},
            (),
            Target("welcome", "closed"),
        ),
    )
    assert len(service.exit.after_silence) == 2
    assert service.exit.silence == Target("person", "ring")


def test_a_person_goes_by_what_came_of_ringing(flows):
    assert flows.nodes["person", "ring"].exit == Await(
        "ring_somebody", Cases({"answered": Target("person", "after")}, (), Target("person", "nobody"))
    )
    assert flows.nodes["person", "nobody"].exit == Target("callback", "note")


def test_a_colour_is_found_in_free_text_in_another_language(flows):
    assert said(play(flows, "colours", "rather reddish today")) == ["A warm one, then.", "Thank you for the colour."]
    spanish = load(FOLDER, SPANISH, ACTIONS, FACTS, VALUES)
    assert play(spanish, "colours", "Hoy es ROJA, creo").answers == {"colour": "Red"}
    question = flows.nodes["colours", "colour"].exit
    assert question.otherwise("red or blue") is None
    assert (question.first.wait.sms, question.silence.node, question.unclear.node) == (300, "later", "own")


def test_box_breathing_is_one_text_for_two_channels(flows):
    breathe, kept = flows.nodes["box_breathing", "breathe"], flows.nodes["box_breathing", "kept"]
    assert len(breathe.steps) == 1 + 4 * 8
    assert breathe.steps[0].sms.startswith("In for 4")
    assert all(step.sms == "" for step in breathe.steps[1:] if isinstance(step, Say))
    assert kept.steps[0] == Do("record_exercise", "box_breathing")
    assert flows.nodes["exercises", "which"].exit.ways["1"] == Way(
        "box_breathing", Target("box_breathing", "breathe", back=("exercises", "after"))
    )


def test_a_sum_decides_and_a_missing_answer_is_never_the_good_one(flows):
    assert flows.nodes["two_questions", "result"].exit == Switch(
        ("joy", "heart"),
        Cases(
            {},
            ((0, 2, Target("two_questions", "lighter")), (3, 6, Target("two_questions", "heavier"))),
            Target("two_questions", "heavier"),
        ),
    )
    assert said(play(flows, "two_questions", "some days", "3"))[0].startswith("That is a lot")
    assert said(play(flows, "two_questions", "never", "2")) == ["Thank you. Ring again whenever you like."]
    assert said(play(flows, "two_questions", "never", "what?", "what?"))[0].startswith("That is a lot")
    assert said(play(flows, "two_questions", "3", "3", "yes please")) == ["It is noted."]
