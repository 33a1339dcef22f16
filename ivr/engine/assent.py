"""The words for yes and no: those of the call's language, those of all others, and those of one question or flow."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ivr.engine import replies
from ivr.engine.denials import JUST_BEFORE, Rule, denials
from ivr.engine.exits import Spot
from ivr.engine.model import Way
from ivr.engine.parts import Part
from ivr.engine.replies import Answers
from ivr.engine.speech import Vocabulary, listed, words
from ivr.engine.words import normalise

YES_OR_NO = ("yes", "no")
UNCLEAR = "unclear"  # what is neither, though it holds words of one of them: "not much", "I can't say no"
YES, NO = (Way(value, None) for value in YES_OR_NO)


class Besides(NamedTuple):
    """What one question, or its flow, takes for yes or no besides: in the language of the call, and as written."""

    yes: tuple[str, ...]
    no: tuple[str, ...]
    written: tuple[str, str]  # for yes, for no


def besides(spot: Spot) -> Besides:
    """That of this question."""
    written = _written(spot)
    own_yes, own_no = (words(spot.book, written[name], "words") if name in written else () for name in YES_OR_NO)
    yes, no = (written[name].text(name) if name in written else "" for name in YES_OR_NO)
    return Besides(own_yes, own_no, (yes, no))


@lru_cache(64)  # a language has dozens of such questions, and hardly one of them takes any words besides
def answers(vocabulary: Vocabulary, said: Besides) -> Answers:
    """YES and NO by what says one of them, and what reads any other text: in the language of the call first; where that
    says nothing, in the others, for people mix them, and answer in the one that comes first.
    """
    own = _meanings((*vocabulary.yes, *said.yes), (*vocabulary.no, *said.no))
    rule = Rule(denials(vocabulary.denials), JUST_BEFORE)
    ways, read = replies.answers(vocabulary.numbers, {"1": YES, "2": NO}, own, rule)
    elsewhere = {word: way for word, way in _elsewhere(vocabulary, said.written).items() if word not in ways}
    read_elsewhere = replies.choices(elsewhere, elsewhere)
    return {**elsewhere, **ways}, lambda text: read(text) or read_elsewhere(text)


def neither(spot: Spot) -> frozenset[str]:
    """What means neither of the two, in all languages, normalised."""
    part = _written(spot).get(UNCLEAR)
    if part is None:
        return frozenset()
    others = [listed(each.translate(part.text(UNCLEAR))) for each in spot.book.vocabulary.elsewhere]
    said = (*words(spot.book, part, "words"), *(word for each in others for word in each))
    return frozenset(map(normalise, said)) - {""}


def _written(spot: Spot) -> dict[str, Part]:
    part = spot.entries.get("words") or spot.draft.entries.get("words")
    return dict(part.entries("words", (*YES_OR_NO, UNCLEAR))) if part else {}


def _elsewhere(vocabulary: Vocabulary, written: tuple[str, str]) -> dict[str, Way]:
    others = vocabulary.elsewhere
    yes, no = ([word for each in others if text for word in listed(each.translate(text))] for text in written)
    return _meanings(
        (*yes, *(word for each in others for word in each.yes)), (*no, *(word for each in others for word in each.no))
    )


def _meanings(yes: Iterable[str], no: Iterable[str]) -> dict[str, Way]:
    """A word that would mean both means nothing."""
    for_yes, for_no = ({normalise(word) for word in each} - {""} for each in (yes, no))
    return dict.fromkeys(for_yes - for_no, YES) | dict.fromkeys(for_no - for_yes, NO)
