"""The words for yes and no: those of the call's language, those of all others, and those of one question or flow."""

from collections.abc import Iterable, Mapping

from ivr.engine.exits import Spot
from ivr.engine.parts import Part
from ivr.engine.speech import listed, words
from ivr.engine.words import normalise

YES_OR_NO = ("yes", "no")
UNCLEAR = "unclear"  # what is neither, though it holds words of one of them: "not much", "I can't say no"


def own(spot: Spot) -> Mapping[str, str]:
    """What means yes or no in the language of the call, normalised; those of the question or flow too."""
    vocabulary, written = spot.book.vocabulary, _written(spot)
    extra = {name: words(spot.book, part, "words") for name, part in written.items()}
    return _meanings((*vocabulary.yes, *extra.get("yes", ())), (*vocabulary.no, *extra.get("no", ())))


def elsewhere(spot: Spot) -> Mapping[str, str]:
    """The same in the other languages: people mix them, and answer in the one that comes first."""
    others, texts = spot.book.vocabulary.elsewhere, {name: part.text(name) for name, part in _written(spot).items()}
    extra = {name: [listed(each.translate(text)) for each in others] for name, text in texts.items() if text}
    yes = [each.yes for each in others] + extra.get("yes", [])
    no = [each.no for each in others] + extra.get("no", [])
    return _meanings((word for each in yes for word in each), (word for each in no for word in each))


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


def _meanings(yes: Iterable[str], no: Iterable[str]) -> dict[str, str]:
    """A word that would mean both means nothing."""
    for_yes, for_no = ({normalise(word) for word in each} - {""} for each in (yes, no))
    return dict.fromkeys(for_yes - for_no, "yes") | dict.fromkeys(for_no - for_yes, "no")
