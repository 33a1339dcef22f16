"""Recordings: what a language must have, what is missing or out of date, and a machine's till then."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ivr.channels.speech import SOUND, Spoken, parts
from ivr.channels.values import Value, pieces
from ivr.engine.model import Flows, Menu, Question, Say
from ivr.i18n import Language, recordings
from ivr.i18n.recordings import INDEX, Row, text_hash
from ivr.synthesis import SOUNDS, Wave, espeak, mp3, mp3_seconds

SPEAKER = "espeak-ng"


class Made(NamedTuple):
    """Who speaks, and whether a person shall take its place."""

    speaker: str
    placeholder: str


class Report(NamedTuple):
    """How a language's recordings stand to its texts."""

    missing: tuple[str, ...]  # texts without a recording
    stale: tuple[Row, ...]  # recordings whose text is no more
    placeholders: tuple[Row, ...]  # recordings that wait for a person's voice


def wanted(flows: Flows, language: Language) -> tuple[str, ...]:
    """Every text that the language must have recorded to speak with one voice all through."""
    spoken = language.sound.spoken
    found = dict.fromkeys(text for whole in (*_texts(flows), language.name) for text in _recorded(whole, spoken))
    return tuple(found)


def report(flows: Flows, language: Language) -> Report:
    """What is there and what is not."""
    index = {row.text: row for row in recordings.rows(language.folder)}
    texts = wanted(flows, language)
    return Report(
        tuple(text for text in texts if text not in index),
        tuple(row for text, row in index.items() if text not in texts and not text.startswith(SOUND)),
        tuple(row for row in index.values() if row.placeholder == "yes"),
    )


def record_placeholders(
    language: Language,
    texts: Iterable[str],
    synthesise: Callable[[str, str], Wave] = espeak,
    encode: Callable[[Wave], bytes] = mp3,
) -> list[Row]:
    """Has a machine say each of `texts`; a recording that is there, of whomever, stays. Returns what is new.

    Raises ToolMissing where a program is not installed, or does not know the language.
    """
    index = {row.text: row for row in recordings.rows(language.folder)}
    new = [
        _record(language.folder, text, Made(SPEAKER, "yes"), encode(synthesise(text, language.code)))
        for text in dict.fromkeys(texts)
        if text not in index
    ]
    recordings.write(language.folder, [*index.values(), *new])
    return new


def record_sounds(folder: Path, encode: Callable[[Wave], bytes] = mp3) -> list[Row]:
    """Makes the sounds that are no words (a tick, silences), for the language at `folder` and those that end in it."""
    new = [_record(folder, f"{SOUND}{name}", Made("tone", "no"), encode(make())) for name, make in SOUNDS.items()]
    kept = [row for row in recordings.rows(folder) if row.text not in {row.text for row in new}]
    recordings.write(folder, [*kept, *new])
    return new


def remove_stale(language: Language, report: Report) -> list[Row]:
    """Takes away a machine's recordings of texts that are no more. A person's voice is for a person to remove."""
    gone = [row for row in report.stale if row.placeholder == "yes"]
    recordings.write(language.folder, [row for row in recordings.rows(language.folder) if row not in gone])
    for row in gone:
        (language.folder / INDEX.parent / row.file).unlink(missing_ok=True)
    return gone


def _record(folder: Path, text: str, made: Made, data: bytes) -> Row:
    name = text_hash(text)
    file = (text.removeprefix(SOUND) if text.startswith(SOUND) else name) + ".mp3"
    path = folder / INDEX.parent / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Row(name, file, f"{mp3_seconds(data):.2f}", *made, text)


# What is spoken -----------------------------------------------------------------------------------------------------


def _texts(flows: Flows) -> Iterator[str]:
    """All that a voice says in these flows, with its placeholders."""
    for node in flows.nodes.values():
        yield from _spoken(node.steps)
        if isinstance(node.exit, Question):
            yield from _spoken((node.exit.first,))
            for put in (*node.exit.after_silence, *node.exit.after_unclear):
                yield from _spoken(put)
    yield from (text for name, text in flows.phrases.items() if not name.endswith(".sms") and _can_be_spoken(text))


def _spoken(outputs: Iterable[object]) -> Iterator[str]:
    for output in outputs:
        if isinstance(output, Say):
            yield output.voice
        elif isinstance(output, Menu):
            yield from (choice.label for choice in output.choices if not choice.language)


def _can_be_spoken(text: str) -> bool:
    """A placeholder without a kind is for texts only, as in the frame of a text's menu."""
    return all(piece.kind for piece in pieces(text) if isinstance(piece, Value))


def _recorded(text: str, spoken: Spoken) -> Iterator[str]:
    """The recordings that make up one text: itself, or its words between values and all phrases of those values."""
    for piece in pieces(text):
        if isinstance(piece, Value):
            yield from _phrases(spoken, piece.kind)
        else:
            yield from filter(None, parts(piece, spoken, {}))


def _phrases(spoken: Spoken, kind: str) -> tuple[str, ...]:
    if kind == "time":
        return (*spoken.hours, *spoken.minutes.values())
    return {"digits": spoken.digits, "day": spoken.days, "number": spoken.numbers}.get(kind, ())
