"""Questions: what is put, what is put again after a miss, and how each answer is read."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from ivr.engine import assent, replies
from ivr.engine.dawn import time_from_dawn
from ivr.engine.denials import ANYWHERE, JUST_BEFORE, Rule, denials
from ivr.engine.drafts import whole
from ivr.engine.exits import Numbers, Spot, answer_ways, target
from ivr.engine.menus import MOST_KEYS, Option, Options, choices, hidden, options, page_name, pages
from ivr.engine.model import Ask, Menu, Node, Question, Say, Step, Wait, Way
from ivr.engine.parts import did_you_mean
from ivr.engine.replies import Answers
from ivr.engine.speech import say, wait
from ivr.engine.walk import choose
from ivr.engine.words import as_key, normalise

_TRIES = 3
_MOST_TRIES = 5
_SECONDS = (8, 10, 12)  # by voice, for the first, second, third time
_DAY = 86400
_SPAN = re.compile(r"([1-9])-([1-9]\d?)")


class Reading(NamedTuple):
    """How a kind of open question is put and read."""

    answers: Answers
    entry: bool = False
    length: int = 0


def menu(spot: Spot, steps: tuple[Step, ...]) -> list[Node]:
    """The nodes of a menu: its pages, and what is hidden behind a choice of language."""
    found = options(spot)
    _check_phrases(spot, found)
    every = pages(spot, found)
    nodes = []
    for at, page in enumerate(every):
        question = _question(spot, partial(Menu, choices(page)))
        save = question.save or found.save
        ways, otherwise = _menu_answers(spot, page, found.all, is_answer=bool(save))
        exit_ = question._replace(ways=ways, otherwise=otherwise, save=save)
        nodes.append(Node(spot.draft.name, page_name(spot.name, at), () if at else steps, exit_))
    return [*nodes, *hidden(spot, found)]


def ask(spot: Spot, steps: tuple[Step, ...]) -> list[Node]:
    """The node of an open question."""
    part = spot.entries["ask"]
    kind = part.word("ask")
    if kind not in _KINDS:
        if kind:
            part.complain(f"there is no question of the kind {kind!r}", did_you_mean(kind, _KINDS))
        return []
    _check_bounds(spot, kind)
    reading = _KINDS[kind](spot)
    question = _said_again(spot, steps, _question(spot, lambda pause, _: Ask(kind, pause, reading.length)))
    ways, otherwise = reading.answers
    return [
        Node(
            spot.draft.name,
            spot.name,
            steps,
            question._replace(ways=ways, otherwise=otherwise, entry=reading.entry),
        )
    ]


def _question(spot: Spot, put: Callable[[Wait, bool], Menu | Ask]) -> Question:
    entries = spot.entries
    if not ("else" in entries or {"silence", "unclear"} <= entries.keys()):
        spot.part.complain("this question has no way out for somebody who does not answer", "write 'else: …'")
    tries = whole(entries["tries"], "tries", 1, _MOST_TRIES) if "tries" in entries else _TRIES
    waits = [_wait(spot, at) for at in range(tries)]
    again = [(waits[at], at > 1) for at in range(1, tries)]
    return Question(
        put(waits[0], False),
        tuple((_words(spot, "silence", at), put(*how)) for at, how in enumerate(again, 1)),
        tuple((_words(spot, "unclear", at), put(*how)) for at, how in enumerate(again, 1)),
        {},
        lambda _: None,
        spot.goto("silence", "else"),
        spot.goto("unclear", "else"),
        entries["save"].word("save") if "save" in entries else "",
        speaks_up="silence" in entries and waits[0].sms != _DAY,
    )


def _said_again(spot: Spot, steps: tuple[Step, ...], question: Question) -> Question:
    """An open question has no choices to say again, so its own words are, where the author has not written others."""
    asked = tuple(step for step in steps if isinstance(step, Say))[-1:]
    if "again" in spot.entries:
        return question
    silence, unclear = (
        tuple((words, *asked, put) for words, put in ladder)
        for ladder in (question.after_silence, question.after_unclear)
    )
    return question._replace(after_silence=silence, after_unclear=unclear)


def _wait(spot: Spot, at: int) -> Wait:
    usual = Wait(_SECONDS[min(at, len(_SECONDS) - 1)], _DAY)
    return wait(spot.entries["wait"], usual) if "wait" in spot.entries else usual


def _words(spot: Spot, miss: str, at: int) -> Say:
    """What is said before a question is put again: the author's words, or the phrases, gentler each time."""
    if "again" in spot.entries:
        return say(spot.book, spot.entries["again"], "again")
    name = f"{miss}_{min(at, 2)}"
    phrases = spot.book.phrases
    if not {name, f"{name}.voice", f"{name}.sms"} & phrases.keys():
        spot.part.complain(f"there are no words for {name}", f"write '{name}: …' in phrases.yaml, or 'again: …' here")
    whole_text = phrases.get(name, "")
    return Say(phrases.get(f"{name}.voice", whole_text), phrases.get(f"{name}.sms", whole_text))


# How menus are read -------------------------------------------------------------------------------------------------


def _menu_answers(spot: Spot, page: tuple[Option, ...], every: tuple[Option, ...], *, is_answer: bool) -> Answers:
    """The keys of this page, the words of all pages.

    "I can't cope, call me" asks for a call; but whoever answers how it is with them says all of it.
    """
    ways = {option: Way(option.value, option.target) for option in (*page, *every)}
    keys = {str(at): ways[option] for at, option in enumerate(page, 1)}
    keys |= _unspoken(spot, len(page))
    meanings = {phrase: way for option, way in ways.items() for phrase in option.phrases}
    rule = Rule(denials(spot.book.vocabulary.denials), ANYWHERE if is_answer else JUST_BEFORE)
    return replies.answers(spot.book.vocabulary.numbers, keys, meanings, rule)


def _unspoken(spot: Spot, spoken: int) -> Mapping[str, Way]:
    """Keys that lead on and are not said: for those who were told of them."""
    part = spot.entries.get("unspoken")
    entries = part.entries("unspoken") if part else {}
    for key, entry in entries.items():
        if key not in [str(at) for at in range(spoken + 1, MOST_KEYS + 1)]:
            entry.complain(f"{key!r} is no key that is free here", f"take one from {spoken + 1} to {MOST_KEYS}")
    return {key: Way("", target(spot.book, spot.draft, entry)) for key, entry in entries.items()}


def _check_phrases(spot: Spot, found: Options) -> None:
    """Two choices that the same words would mean."""
    owners: dict[str, Option] = {}
    for option in found.all:
        for phrase in option.phrases:
            if owners.setdefault(phrase, option) is not option:
                spot.entries["menu"].complain(
                    f"in {spot.book.vocabulary.language!r} the word {phrase!r} means two choices,"
                    f" {owners[phrase].label!r} and {option.label!r}",
                    "give one of them other words",
                )


# How open questions are read ----------------------------------------------------------------------------------------


def _yes_or_no(spot: Spot) -> Reading:
    cases = answer_ways(spot, assent.YES_OR_NO)
    either = {value: Way(value, choose(cases, value)) for value in assent.YES_OR_NO}
    words, read = assent.answers(spot.book.vocabulary, assent.besides(spot))

    def way(text: str) -> Way | None:
        found = read(text)
        return either[found.value] if found else None

    answers = {word: either[each.value] for word, each in words.items()}, way
    counts_as_yes = either["yes"].target is not None and spot.goto("unclear") == either["yes"].target
    return Reading(_none_too_soon(answers, either["no"], assent.neither(spot)) if counts_as_yes else answers)


def _none_too_soon(answers: Answers, no: Way, neither: frozenset[str]) -> Answers:
    """Where even what is not understood counts as a yes, as in danger, a no has to be all that a clause says."""
    ways, read = answers
    others = {word for word, way in ways.items() if way is not no and not word.isdecimal()}
    is_sure = replies.sure(ways.keys() - others - neither, others | neither)

    def surely(text: str) -> Way | None:
        way = read(text)
        return way if way is not no or as_key(text) or is_sure(text) else None

    return {word: way for word, way in ways.items() if word not in neither}, surely


def _number(spot: Spot) -> Reading:
    entries, names = spot.entries, spot.book.vocabulary.numbers
    if not {"from", "to"} <= entries.keys():
        entries["ask"].complain("a number needs bounds", "write 'from: 1' and 'to: 6' below it")
        return Reading(({}, lambda _: None))
    low = whole(entries["from"], "from", 1, 999_999)  # 0 is the way to a person, and no answer
    high = whole(entries["to"], "to", low + 1, 999_999)
    read = replies.Entry(replies.number(low, high, names), answer_ways(spot, Numbers(low, high)))
    if high > MOST_KEYS:
        return Reading(({}, read), entry=True, length=len(str(high)) * (len(str(low)) == len(str(high))))
    keys = {str(value): read.way(str(value)) for value in range(low, high + 1)}
    spoken = {normalise(name): keys[str(at)] for at, name in enumerate(names) if str(at) in keys}
    return Reading(({**spoken, **keys}, read), length=1)


def _entry(spot: Spot, read: replies.Reader, length: int = 0) -> Reading:
    if "cases" in spot.entries:
        spot.entries["cases"].complain("nobody can foresee these answers, so no case fits", "write 'goto: …'")
    return Reading(({}, replies.Entry(read, answer_ways(spot))), entry=True, length=length)


def _digits(spot: Spot) -> Reading:
    """`length: 4`, or `4-6` where there may be fewer: then `#`, or a moment without a key, ends the entry."""
    part = spot.entries.get("length")
    if part and (found := _SPAN.fullmatch(part.word("length"))):
        return _entry(spot, replies.digits(int(found[1]), int(found[2])))
    length = whole(part, "length", 1, 40) if part else 0
    return _entry(spot, replies.digits(length), length)


def _time(spot: Spot) -> Reading:
    vocabulary = spot.book.vocabulary
    return _entry(spot, time_from_dawn(vocabulary.numbers) if vocabulary.clock_from_dawn else replies.time, 4)


_KINDS: Mapping[str, Callable[[Spot], Reading]] = {
    "yes or no": _yes_or_no,
    "number": _number,
    "digits": _digits,
    "date": lambda spot: _entry(spot, replies.date, 4),
    "time": _time,
    "phone": lambda spot: _entry(spot, replies.phone(spot.book.vocabulary.parse_phone)),
    "own words": lambda spot: _entry(spot, replies.own_words),
}


def _check_bounds(spot: Spot, kind: str) -> None:
    for key, owner in (("from", "number"), ("to", "number"), ("length", "digits"), ("words", "yes or no")):
        if key in spot.entries and kind != owner:
            spot.entries[key].complain(f"{key!r} does not belong to a question for {kind}", "take it out")
