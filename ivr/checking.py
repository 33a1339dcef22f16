"""`flask flows check`: all that can be proved of flows and languages without ringing them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ivr import conversations, i18n, sound
from ivr.content import flows_by_language
from ivr.engine.load import FlowErrors
from ivr.engine.model import Flows
from ivr.i18n import Language


def check(home: Path) -> list[str]:
    """Every problem of the `flows/` and `locales/` of `home`, as a line that names file, line and what to do."""
    try:
        languages = i18n.languages(home / "locales")
        flows = flows_by_language(home, languages, conversations.names(), lambda text: text)
    except FlowErrors as error:
        return [str(mistake) for mistake in error.mistakes]
    return list(_recordings(languages, flows))


def _recordings(languages: Mapping[str, Language], flows: Mapping[str, Flows]) -> Iterator[str]:
    """A language without a voice at the carrier needs a recording of every text."""
    for code, language in languages.items():
        if language.sound.voice is None:
            for text in sound.report(flows[code], language).missing:
                yield f"locales/{code}/audio/index.csv:1: {text!r} has no recording. Run `make recordings LANGUAGE={code}`."
