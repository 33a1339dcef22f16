"""Languages: one folder of `locales/` each, with what it is called, how it sounds, its words and its catalogue."""

from ivr.i18n.extraction import extract_flows
from ivr.i18n.languages import BadLanguage, Language, languages

__all__ = ["BadLanguage", "Language", "extract_flows", "languages"]
