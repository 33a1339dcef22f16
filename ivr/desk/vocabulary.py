"""By which words counselors give commands: those of their language, and the English ones."""

from collections.abc import Mapping

from ivr.content import Content
from ivr.desk.commands import Words
from ivr.engine.words import normalise

ENGLISH = "en"  # whose words hold in every language


def vocabulary(content: Content, language: str) -> Words:
    """Each normalised word, with the command that it names."""
    return _words(content.languages[language].desk) | _words(content.languages[ENGLISH].desk)


def words_for(content: Content, language: str, name: str) -> frozenset[str]:
    """The words of one command."""
    return frozenset(word for word, named in vocabulary(content, content.known(language)).items() if named == name)


def _words(desk: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {normalise(word): name for name, words in desk.items() for word in words}
