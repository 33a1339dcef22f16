"""Values inside texts: {name} or {name:kind}, whose kind says how it is written and how it is spoken."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_SENTENCES = re.compile(r"(?<=[.!?।።؟])\s+")
_GROUPS = re.compile(r"\d+")


class Formatter(Protocol):
    """How a language writes and says values of the kinds `digits`, `number`, `time` (HH:MM) and `day` (0: Monday)."""

    def written(self, kind: str, value: str) -> str:
        """For a text."""

    def spoken(self, kind: str, value: str) -> str:
        """For a synthetic voice."""


class Value(NamedTuple):
    """A place in a text where a value stands."""

    name: str
    kind: str


def pieces(text: str) -> list[str | Value]:
    """A text as what it is made of, in order: words, and values between them."""
    found: list[str | Value] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        found += [text[end : match.start()], Value(match[1], match[2] or "")]
        end = match.end()
    return [piece for piece in (*found, text[end:]) if piece]


def has_values(text: str) -> bool:
    """Whether anything is to be filled in."""
    return "{" in text and _PLACEHOLDER.search(text) is not None


def plain(text: str) -> str:
    """`text` as it is, whatever stands in it: words of people hold no places for values."""
    return text.replace("{", "(").replace("}", ")")


def told(text: str, values: Mapping[str, str]) -> str:
    """`text` without the sentences that name a value which is empty: where there is no line to talk with, none is
    spoken of. '' where no sentence is left.
    """
    sentences = _SENTENCES.split(text) if has_values(text) else [text]
    kept = [sentence for sentence in sentences if not _lacks(sentence, values)]
    return text if len(kept) == len(sentences) else " ".join(kept)


def _lacks(sentence: str, values: Mapping[str, str]) -> bool:
    return any(values.get(match[1]) == "" for match in _PLACEHOLDER.finditer(sentence))


def fill(text: str, values: Mapping[str, str], put: Callable[[str, str], str]) -> str:
    """`text` with its values, each as `put(kind, value)` says it. A value that nobody knows leaves nothing behind."""
    return _PLACEHOLDER.sub(lambda match: put(match[2] or "", values.get(match[1], "")), text)


def digit_groups(value: str) -> list[str]:
    """Digits as people take them in: in the groups that they are written in, else by threes, and never one alone."""
    groups = _GROUPS.findall(value)
    return groups if len(groups) > 1 else [group for whole in groups for group in _by_threes(whole)]


def _by_threes(digits: str) -> list[str]:
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups
