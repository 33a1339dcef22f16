"""gettext catalogues, read from messages.po as they are: no compiled file that could be out of date."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog as Messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from ivr.engine.parts import Mistake

FILE = Path("LC_MESSAGES", "messages.po")


class Catalogue(NamedTuple):
    """One language's translations, and the way back from them to the language of the flows."""

    translations: NullTranslations
    sources: Mapping[str, str]
    known: frozenset[str] = frozenset()  # the texts that somebody has translated

    def gettext(self, text: str) -> str:
        """`text` in this language, or as it is where nobody has translated it."""
        return str(self.translations.gettext(text)) if text else ""

    def source(self, text: str) -> str:
        """What `text` was translated from, or itself."""
        return self.sources.get(text, text)


EMPTY = Catalogue(NullTranslations(), {})


def read(path: Path, file: str, mistakes: list[Mistake]) -> Catalogue:
    """The catalogue at `path`; an empty one where there is none, or after a complaint."""
    if not path.exists():
        return EMPTY
    try:
        with path.open("rb") as lines:
            messages = read_po(lines, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        line = getattr(error, "lineno", 0) + 1
        mistakes.append(Mistake(file, line, f"the catalogue cannot be read ({error})", "repair that line"))
        return EMPTY
    return _catalogue(messages)


def _catalogue(messages: Messages) -> Catalogue:
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    sources: dict[str, str] = {}
    known: set[str] = set()
    for message in messages:
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string and not message.fuzzy:
            sources.setdefault(message.string, message.id)
            known.add(message.id)
    return Catalogue(Translations(compiled), sources, frozenset(known))
