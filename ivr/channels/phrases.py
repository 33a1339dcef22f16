"""The words that all flows share, by name: one text for both channels, or `name.voice` and `name.sms`."""

from collections.abc import Mapping
from typing import Literal

Phrases = Mapping[str, str]


def phrase(phrases: Phrases, channel: Literal["voice", "sms"], name: str, otherwise: str = "") -> str:
    """The phrase `name` as this channel puts it; `otherwise` where there is none."""
    return phrases.get(f"{name}.{channel}", phrases.get(name, otherwise))


def about(kind: str) -> str:
    """The name of the phrase that tells how a question of this kind is answered."""
    return "ask_" + kind.replace(" ", "_")
