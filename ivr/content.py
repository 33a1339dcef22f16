"""What authors and translators wrote, read once at start: every mistake stops the start and says file and line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr import hotlines, hours, i18n, keywords, phone
from ivr.channels.voice import Voice
from ivr.config import BadSetting, Config
from ivr.engine.load import Vocabulary, load as load_flows
from ivr.engine.model import Flows
from ivr.hotlines import Directory
from ivr.hours import Hours
from ivr.i18n import Language
from ivr.keywords import Keywords


@dataclass(frozen=True)
class Content:
    """Languages, the flows in each, how each sounds, hours and hotlines."""

    languages: Mapping[str, Language]
    flows: Mapping[str, Flows]
    voices: Mapping[str, Voice]
    keywords: Keywords
    hours: Hours
    hotlines: Directory
    default_language: str

    def known(self, *codes: str) -> str:
        """The first of these languages that is there; else the one for strangers."""
        return next((code for code in codes if code in self.flows), self.default_language)
