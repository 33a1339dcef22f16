"""What of a text is not kept: a PIN, wherever somebody writes it. Counselors read what people wrote, and some share a
phone with them. All else in the text stays, so that a word of danger beside a PIN is not lost.
"""

import re

from ivr import conversations
from ivr.memory import pins
from ivr.scene import Scene

HIDDEN = "•"
# As many digits as a PIN has, in one or in groups, and no more: a phone number is none.
_LIKE_A_PIN = re.compile(r"(?<!\d)\d(?:[ .,/-]{0,2}\d){3,5}(?![ .,/-]?\d)")
_DIGIT = re.compile(r"\d")


def kept(scene: Scene, body: str) -> str:
    """The words of a text as they are kept. Asked before the text is answered: what it answers counts."""
    is_asked_for = conversations.asks_digits(scene)
    if is_asked_for and not _is_alarming(scene, body):
        return ""
    if not _DIGIT.search(body):
        return body
    is_one = is_asked_for or _names_a_pin(scene, body) or _may_be_one(scene, body)
    return _DIGIT.sub(HIDDEN, body) if is_one else body


def _is_alarming(scene: Scene, body: str) -> bool:
    return scene.content.keywords.sayings.danger(body, scene.party.language) is not None


def _names_a_pin(scene: Scene, body: str) -> bool:
    """A word for a PIN stands in it, in any language."""
    return scene.content.keywords.names(pins.FLOW, body)


def _may_be_one(scene: Scene, body: str) -> bool:
    """Somebody at this number has a PIN, and this may be it, in the wrong place."""
    return bool(_LIKE_A_PIN.search(body)) and pins.are_at(scene.tx, scene.party.number_id)
