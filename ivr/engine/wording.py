"""Checks of words: translated everywhere, short sentences, nothing that harms, nothing that a text cannot carry."""

import re
from collections.abc import Collection, Iterable, Mapping

from ivr.engine.model import Flow, Flows, Menu, Question
from ivr.engine.texts import Text
from ivr.engine.tongue import Desk, Problem, Tongue
from ivr.engine.words import Matcher, find, matcher, normalise

# What carriers take for STOP, START and HELP before the line sees it, or besides.
CARRIER_WORDS = frozenset(
    {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel", "start", "yes", "unstop", "help"}
    | {"info", "arret", "arrett", "arrete", "alto", "remove", "td", "opt-out"}
)
_SPOKEN_WORDS = 12  # in a sentence
_WRITTEN_WORDS = 15
_LONGER = 1.4  # times the source's length
_SPARE = 12  # characters that any text may be longer by
_FORBIDDEN = re.compile("[“”‘’«»–—…•·@_!\u00a0\u2000-\u200a\u2022\U0001f000-\U0001ffff\u2600-\u27bf]|https?:|www\\.")
_CAPITALS = re.compile(r"\b[^\W\d_a-z]{4,}\b")
_HOLES = re.compile(r"\{[^{}]*\}")
_SENTENCES = re.compile(r"[.!?:;؟።।\n]+")


def check(tongues: Mapping[str, Tongue], texts: Iterable[Text], desk: Desk, source: str) -> None:
    """Notes what is wrong with each text in each language; `source` is the language that flows are written in."""
    loud = CARRIER_WORDS | {normalise(word) for tongue in tongues.values() for word in tongue.stop}
    lists = {code: (matcher(tongue.unsafe), matcher(tongue.gendered)) for code, tongue in tongues.items()}
    for text in texts:
        for code, tongue in tongues.items():
            said = text.text if code == source else tongue.translated(text.text)
            note = _Note(desk, text, code)
            if said is None:
                note("error", f"not translated: {text.text!r}", "Write it into the language's messages.po")
            else:
                _check_length(note, text, said)
                _check_sentences(note, text, said)
                _check_letters(note, text, said, loud)
                _check_lists(note, said, *lists[code])


class _Note:
    def __init__(self, desk: Desk, text: Text, language: str) -> None:
        self._found, self._text, self._language = desk.found, text, language

    def __call__(self, severity: str, wrong: str, instead: str) -> None:
        self._found.add(Problem(self._text.file, self._text.line, severity, self._language, wrong, instead))


def _check_length(note: _Note, text: Text, said: str) -> None:
    if not {"keywords", "words"} & set(text.path[-2:]) and len(said) > _LONGER * len(text.text) + _SPARE:
        note("warning", f"much longer than its source: {len(said)} characters for {len(text.text)}", "Cut words")


def _check_sentences(note: _Note, text: Text, said: str) -> None:
    if not (text.is_spoken or text.is_written) or any("consent" in name for name in text.path):
        return
    most = _SPOKEN_WORDS if text.is_spoken else _WRITTEN_WORDS
    for sentence in _SENTENCES.split(said):
        if len(sentence.split()) > most:
            wrong = f"a sentence of {len(sentence.split())} words: {sentence.strip()!r}"
            note("warning", wrong, f"Make two of it: {most} words at most")


def _check_letters(note: _Note, text: Text, said: str, loud: Collection[str]) -> None:
    plain = _HOLES.sub("", said)
    if text.is_spoken and re.search(r"\d", plain):
        note("error", f"a digit is spoken: {said!r}", "Write it as a word, or give sms its own words")
    if text.is_written and (found := _FORBIDDEN.search(plain)):
        note("error", f"a text cannot carry {found[0]!r}: {said!r}", "Use plain letters and . , : ? ( ) only")
    for word in _CAPITALS.findall(plain):
        if word.isupper() and normalise(word) not in loud:
            note("error", f"{word!r} shouts", "Write it in small letters")


def _check_lists(note: _Note, said: str, unsafe: Matcher, gendered: Matcher) -> None:
    for word in find(unsafe, said):
        note("error", f"{word!r} can harm: {said!r}", "Say it otherwise")
    for word in find(gendered, said):
        note("warning", f"{word!r} guesses who is listening: {said!r}", "Write round it")


def check_taught(flows: Flows, desk: Desk, reserved: Iterable[str]) -> None:
    """Notes keywords and words of choices that carriers take for their own; `yes` answers a yes/no question only."""
    taken = {normalise(word) for word in reserved}
    for flow in flows.flows.values():
        _check_keywords(flow, flows.language, desk, taken)
    for place, node in flows.nodes.items():
        if isinstance(node.exit, Question) and isinstance(node.exit.first, Menu):
            for word in sorted(taken & node.exit.ways.keys()):
                desk.note(place, f"the carrier takes {word!r} for its own", "Choose another word", flows.language)


def _check_keywords(flow: Flow, language: str, desk: Desk, taken: set[str]) -> None:
    for word in sorted(taken & set(flow.keywords)):
        desk.note((flow.name, ""), f"the carrier takes the keyword {word!r} for its own", "Choose another", language)
