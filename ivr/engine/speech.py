"""Texts of a flow in one language: translated, with placeholders that the channel can say, as steps."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from ivr.engine.drafts import Draft, whole
from ivr.engine.model import Do, Pause, Play, Say, Step, Wait
from ivr.engine.parts import Part, did_you_mean
from ivr.engine.words import normalise

SPOKEN = ("digits", "number", "time", "day")  # kinds that recordings can put together
STEPS: Mapping[str, tuple[str, ...]] = {
    "say": ("for", "alone", "whole"),
    "play": (),
    "pause": (),
    "repeat": ("steps",),
    "do": (),
}
_MOST_STEPS = 500
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_DURATION = re.compile(r"(\d{1,4}) (second|minute|hour|day)s?")
_HOLE = re.compile(r"\{([^{}]*)\}")


class Elsewhere(NamedTuple):
    """What another language brings to a yes or no: people mix them, and answer in the one that comes first."""

    translate: Callable[[str], str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


class Vocabulary(NamedTuple):
    """What a language brings to the flows."""

    language: str
    translate: Callable[[str], str]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    numbers: tuple[str, ...]  # words for 0, 1, 2 …
    languages: tuple[tuple[str, str], ...]  # (code, its own name) of all languages, in menu order
    parse_phone: Callable[[str], str | None]  # E.164 or None
    clock_from_dawn: bool = False
    denials: tuple[str, ...] = ()  # words that take back what comes after them: not, no, never
    elsewhere: tuple[Elsewhere, ...] = ()  # the other languages


class Book(NamedTuple):
    """All that a node needs to know while it is compiled for one language."""

    vocabulary: Vocabulary
    actions: Collection[str]
    facts: Collection[str]
    placeholders: Mapping[str, str]
    drafts: Mapping[str, Draft]
    saved: Collection[str]
    phrases: Mapping[str, str]


def translated(book: Book, part: Part, what: str, spoken: bool | None = True) -> str:
    """A text in the book's language; '' after a complaint. `spoken` None: a phrase, with holes of its own."""
    text = part.text(what)
    if not text:
        return ""
    _check_holes(book, part, text, spoken)
    said = book.vocabulary.translate(text)
    if Counter(_HOLE.findall(said)) != Counter(_HOLE.findall(text)) or not said.strip():
        holes = " ".join(f"{{{hole}}}" for hole in _HOLE.findall(text)) or "no braces"
        part.complain(f"its translation into {book.vocabulary.language!r} does not fit: {said!r}", f"it needs {holes}")
    return said


def say(book: Book, part: Part, what: str) -> Say:
    """One text for both channels, or one for each."""
    if not part.is_mapping:
        text = translated(book, part, what)
        return Say(text, text)
    entries = part.entries(what, ("voice", "sms"))
    if not entries:
        part.complain(f"{what} has no words", "write '{voice: …}', '{sms: …}' or both")
    voice = translated(book, entries["voice"], what) if "voice" in entries else ""
    sms = translated(book, entries["sms"], what, spoken=False) if "sms" in entries else ""
    return Say(voice, sms)


def phrases(book: Book, part: Part) -> dict[str, str]:
    """The words that all flows share: `name`, or `name.voice` and `name.sms`; the renderer fills plain {names} in."""
    found: dict[str, str] = {}
    for name, entry in part.entries("phrases").items():
        if entry.is_mapping:
            each = entry.entries(name, ("voice", "sms"))
            found |= {f"{name}.{channel}": translated(book, text, name, None) for channel, text in each.items()}
        else:
            found[name] = translated(book, entry, name, None)
    return found


def steps(book: Book, draft: Draft, part: Part) -> tuple[Step, ...]:
    """The steps of a node, repetitions written out."""
    done = [step for item in part.items("steps") for step in _step(book, draft, item)]
    if len(done) > _MOST_STEPS:
        part.complain(f"these are {len(done)} steps", f"repeat less: at most {_MOST_STEPS}")
    return tuple(done[:_MOST_STEPS])


def duration(part: Part, what: str) -> int:
    """Seconds of '4 seconds', '5 minutes', '1 hour', '1 day'; 1 after a complaint."""
    word = part.word(what)
    found = _DURATION.fullmatch(word)
    if found and int(found[1]):
        return int(found[1]) * _SECONDS[found[2]]
    if word:
        part.complain(f"{what} cannot be {word!r}", f"write '{what}: 4 seconds', or minutes, hours, days")
    return 1


def wait(part: Part, usual: Wait) -> Wait:
    """How long counts as silence, for both channels or for each."""
    if not part.is_mapping:
        seconds = duration(part, "wait")
        return Wait(seconds, seconds)
    entries = part.entries("wait", ("voice", "sms"))
    return usual._replace(**{channel: duration(entry, "wait") for channel, entry in entries.items()})


def action(book: Book, part: Part) -> str:
    """The name of an action that there is."""
    name = part.word("do")
    if name and name not in book.actions:
        part.complain(f"there is no action {name!r}", did_you_mean(name, book.actions))
    return name


def words(book: Book, part: Part, what: str) -> tuple[str, ...]:
    """The translated words of a list with commas."""
    if part.is_list or part.is_mapping:
        part.complain(f"{what} must be one line", f"write '{what}: \"one, two\"', with commas between them")
        return ()
    return listed(translated(book, part, what))


def listed(said: str) -> tuple[str, ...]:
    """The words between the commas of a text."""
    return tuple(word.strip() for word in re.split("[,،、]", said) if word.strip())


def keywords(book: Book, draft: Draft) -> tuple[str, ...]:
    """The words that open a flow, in normalised form."""
    said = words(book, draft.entries["keywords"], "keywords") if "keywords" in draft.entries else ()
    return tuple(dict.fromkeys(filter(None, map(normalise, said))))


def _step(book: Book, draft: Draft, part: Part) -> tuple[Step, ...]:
    if not part.is_mapping:
        part.complain("a step does not say what it does", "write '- say: …'")
        return ()
    entries = part.entries("a step", (*STEPS, *(key for keys in STEPS.values() for key in keys)))
    kinds = [key for key in entries if key in STEPS]
    if len(kinds) != 1:
        wrong = f"a step does two things: {' and '.join(kinds)}" if kinds else "a step does not say what it does"
        part.complain(wrong, "begin each with '- ' on a line of its own: " + ", ".join(STEPS))
        return ()
    for key in entries.keys() - {kinds[0], *STEPS[kinds[0]]}:
        entries[key].complain(f"{key!r} does not belong to {kinds[0]!r}", "take it out")
    return _STEPS[kinds[0]](book, draft, entries)


def _say(book: Book, draft: Draft, entries: Mapping[str, Part]) -> tuple[Step, ...]:  # noqa: ARG001
    lasts = duration(entries["for"], "for") if "for" in entries else 0
    alone, is_whole = (_is_so(entries, name) for name in ("alone", "whole"))
    return (say(book, entries["say"], "say")._replace(lasts=lasts, alone=alone, whole=is_whole),)


def _is_so(entries: Mapping[str, Part], name: str) -> bool:
    """Whether `name: yes` is written."""
    word = entries[name].word(name) if name in entries else "no"
    if word not in ("yes", "no", ""):
        entries[name].complain(f"{name} cannot be {word!r}", f"write '{name}: yes', or take it out")
    return word == "yes"


def _play(book: Book, draft: Draft, entries: Mapping[str, Part]) -> tuple[Step, ...]:  # noqa: ARG001
    return (Play(entries["play"].word("play")),)


def _pause(book: Book, draft: Draft, entries: Mapping[str, Part]) -> tuple[Step, ...]:  # noqa: ARG001
    return (Pause(duration(entries["pause"], "pause")),)


def _do(book: Book, draft: Draft, entries: Mapping[str, Part]) -> tuple[Step, ...]:
    return (Do(action(book, entries["do"]), draft.name),)


def _repeat(book: Book, draft: Draft, entries: Mapping[str, Part]) -> tuple[Step, ...]:
    if "steps" not in entries:
        entries["repeat"].complain("repeat does not say what", "write 'steps:' below it")
        return ()
    return steps(book, draft, entries["steps"]) * whole(entries["repeat"], "repeat", 1, 50)


_STEPS: Mapping[str, Callable[[Book, Draft, Mapping[str, Part]], tuple[Step, ...]]] = {
    "say": _say,
    "play": _play,
    "pause": _pause,
    "repeat": _repeat,
    "do": _do,
}


def _check_holes(book: Book, part: Part, text: str, spoken: bool | None) -> None:
    if set("{}") & set(_HOLE.sub("", text)):
        part.complain("a brace { or } stands alone", "write a placeholder like {opens_at:time}, or take it out")
    for hole in _HOLE.findall(text):
        name, _, kind = hole.partition(":")
        right = book.placeholders.get(name)
        if spoken is None and not kind:
            continue
        if right is None:
            known = (f"{{{key}:{value}}}" for key, value in book.placeholders.items())
            part.complain(f"nothing is known as {{{hole}}}", did_you_mean(f"{{{hole}}}", known))
        elif spoken and right not in SPOKEN:
            part.complain(f"{{{hole}}} cannot be spoken", "put it into a text for sms only: say: {sms: …}")
        elif kind != right and (kind or spoken):
            part.complain(f"{{{hole}}} does not say rightly how it is spoken", f"write {{{name}:{right}}}")
