"""What is read: outputs of a turn as texts of three parts at most, in one language."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from ivr.channels import twiml as xml
from ivr.channels.phrases import Phrases, about, phrase
from ivr.channels.segments import clusters, segments, smart
from ivr.channels.values import Formatter, fill, told
from ivr.engine.model import Ask, Menu, Output, Put, Say

MOST_PARTS = 3
_SENTENCES = re.compile(r"(?<=[.!?।።؟])(?=\s)|(?=\n)")  # where one ends; what follows keeps its blank
_WORDS = re.compile(r"(?<=\S)(?=\s)")
_ENDS = (".", "!", "?", "।", "።", "؟", ":")


def render(outputs: Put, values: Mapping[str, str], phrases: Phrases, formatter: Formatter | None = None) -> list[str]:
    """The texts to send, in order, none of more than three parts."""

    def put(kind: str, value: str) -> str:
        return formatter.written(kind, value) if formatter and kind else value

    texts = (smart(xml.legal(fill(told(text, values), values, put)).strip()) for text in _texts(outputs, phrases))
    return [part for text in texts if text for part in split(text)]


def twiml(texts: Iterable[str]) -> bytes:
    """The answer to the carrier; an empty one sends nothing."""
    return xml.document("".join(map(xml.message, texts))).encode()


def split(text: str) -> Iterator[str]:
    """`text` in as many texts as it needs: between sentences, else between words, inside a word only where it must."""
    if _fits(text):
        yield text
        return
    held = ""
    for piece in chain.from_iterable(_pieces(sentence, (_WORDS,)) for sentence in _SENTENCES.split(text)):
        if held.strip() and not _fits(held + piece):
            yield held.strip()
            held = ""
        held += piece
    if held.strip():
        yield held.strip()


def _texts(outputs: Put, phrases: Phrases) -> Iterator[str]:
    """The words of each text: what is said together goes together."""
    text = ""
    for output in outputs:
        if isinstance(output, Say) and output.alone and output.sms:
            yield text
            yield output.sms
            text = ""
        else:
            text = _joined(text, _words(output, phrases))
    yield text


def _words(output: Output, phrases: Phrases) -> str:
    if isinstance(output, Say):
        return output.sms
    if isinstance(output, Menu):
        return "\n" + "\n".join(_choice(phrases, choice.key, choice.label) for choice in output.choices)
    if isinstance(output, Ask):
        return _asked(output.kind, phrases)
    return ""


def _asked(kind: str, phrases: Phrases) -> str:
    if kind == "yes or no":
        lines = [_choice(phrases, key, phrase(phrases, "sms", word, word)) for key, word in (("1", "yes"), ("2", "no"))]
        return "\n" + "\n".join(lines)
    return phrase(phrases, "sms", about(kind))


def _choice(phrases: Phrases, key: str, label: str) -> str:
    frame = phrase(phrases, "sms", "sms_choice", "{key} = {label}")
    return frame.replace("{key}", key).replace("{label}", label)


def _joined(text: str, more: str) -> str:
    """A sentence goes on behind another one; what is no whole sentence, and a list, starts on a line of its own."""
    if not text or not more or more.startswith("\n"):
        return text + more
    return text + (" " if text.endswith(_ENDS) and "\n" not in text else "\n") + more


def _pieces(text: str, breaks: tuple[re.Pattern[str], ...]) -> Iterable[str]:
    """`text` at the first kind of break; what is too large for one text of its own at the next kind."""
    if _fits(text):
        return [text]
    if not breaks:
        return clusters(text)
    return chain.from_iterable(_pieces(piece, breaks[1:]) for piece in breaks[0].split(text))


def _fits(text: str) -> bool:
    return segments(text.strip()).count <= MOST_PARTS
