"""Menus: choices as they are written, or listed from languages and flows, which page themselves."""

from collections.abc import Iterator
from typing import NamedTuple

from ivr.engine.drafts import EXERCISES, Draft
from ivr.engine.exits import Spot, answer_ways, place, target
from ivr.engine.model import Await, Choice, Node, Target
from ivr.engine.parts import Part, did_you_mean
from ivr.engine.speech import keywords, translated, words
from ivr.engine.walk import choose
from ivr.engine.words import normalise

MOST_KEYS = 6
MOST_SPOKEN = 4
LANGUAGES = "languages"
CHOSEN = "chosen"  # after the ~: the hidden node that switches the language
_CHOICE = ("label", "value", "words", "goto")


class Option(NamedTuple):
    """A choice before it has a key."""

    label: str
    value: str
    phrases: tuple[str, ...]  # that mean it, in normalised form
    target: Target | None
    language: str = ""


class Options(NamedTuple):
    """The choices of a menu; `listed` ones page themselves and may be saved under a name of their own."""

    all: tuple[Option, ...]
    listed: bool = False
    save: str = ""


def options(spot: Spot) -> Options:
    """The choices of the node's menu."""
    part = spot.entries["menu"]
    if part.is_mapping:
        return _listing(spot, part)
    return Options(tuple(_written(spot, _items(spot, part))))


def pages(spot: Spot, found: Options) -> list[tuple[Option, ...]]:
    """The choices, at most four on a page where they are listed; each page but the last ends with the word for more."""
    rest = list(found.all)
    done: list[tuple[Option, ...]] = []
    while found.listed and len(rest) > MOST_SPOKEN:
        more = spot.book.phrases.get("more", "")
        goal = Target(spot.draft.name, page_name(spot.name, len(done) + 1))
        done.append((*rest[: MOST_SPOKEN - 1], Option(more, "", (normalise(more),), goal)))
        rest = rest[MOST_SPOKEN - 1 :]
        if not more:
            spot.part.complain("this list is long and there is no word for more", "write 'more: …' in phrases.yaml")
    return [*done, tuple(rest)]


def page_name(name: str, page: int) -> str:
    """The node of a menu's page, from 0."""
    return f"{name}~{page + 1}" if page else name


def choices(page: tuple[Option, ...]) -> tuple[Choice, ...]:
    """The lines of a menu with their keys."""
    return tuple(Choice(str(at), option.label, option.language) for at, option in enumerate(page, 1))


def hidden(spot: Spot, found: Options) -> list[Node]:
    """After a choice of language: the node where the rest of the turn changes over to it."""
    if not any(option.language for option in found.all):
        return []
    ways = answer_ways(spot, tuple(code for code, _ in spot.book.vocabulary.languages))
    return [Node(spot.draft.name, f"{spot.name}~{CHOSEN}", (), Await("choose_language", ways))]


def _items(spot: Spot, part: Part) -> list[Part]:
    if part.is_list:
        return part.items("menu")
    name, shared = part.word("menu"), spot.draft.entries.get("menus")
    named = shared.entries("menus") if shared else {}
    if name in named:
        return named[name].items(f"menus: {name}")
    if name:
        part.complain(f"there is no menu {name!r} below 'menus:'", did_you_mean(name, named))
    return []


def _written(spot: Spot, items: list[Part]) -> Iterator[Option]:
    entries = [item.entries("a choice", _CHOICE) for item in items]
    values = tuple(_value(entry) for entry in entries)
    ways = answer_ways(spot, values)
    if len(items) > MOST_KEYS:
        items[MOST_KEYS].complain(
            f"the menu has {len(items)} choices and there are {MOST_KEYS} keys", "ask in two steps, or make it a list"
        )
    for item, entry, value in zip(items, entries, values, strict=True):
        if "label" not in entry:
            item.complain("a choice has no label", "write '- {label: …, goto: …}'")
            continue
        label = translated(spot.book, entry["label"], "label")
        if normalise(label).isdecimal():
            entry["label"].complain(f"the label {label!r} is taken for a key", "write it in words, or 'ask: number'")
        phrases = (label, *(words(spot.book, entry["words"], "words") if "words" in entry else ()))
        own = target(spot.book, spot.draft, entry["goto"]) if "goto" in entry else None
        yield Option(label, value, _phrases(item, phrases), own or choose(ways, value))


def _value(entry: dict[str, Part]) -> str:
    """What is kept: the value, or the label as it is written, never its translation."""
    named = entry.get("value") or entry.get("label")
    return named.word("value") if named and not named.is_empty else ""


def _phrases(item: Part, phrases: tuple[str, ...]) -> tuple[str, ...]:
    plain = tuple(dict.fromkeys(filter(None, map(normalise, phrases))))
    for phrase in plain:
        if len(phrase) == 1 and phrase.isdecimal():
            item.complain(f"{phrase!r} is a key, not a word", "take it out of the words")
    return plain


def _listing(spot: Spot, part: Part) -> Options:
    entries = part.entries("menu", ("list", "and"))
    more = tuple(_written(spot, entries["and"].items("and"))) if "and" in entries else ()
    if "list" not in entries:
        part.complain("this menu lists nothing", "write 'menu: {list: …}', or choices with '- ' before each")
        return Options(more)
    name = entries["list"].word("list")
    if name == LANGUAGES:
        return Options((*_languages(spot), *more), listed=True, save=LANGUAGES.removesuffix("s"))
    listed = [draft for draft in spot.book.drafts.values() if draft.offer == name]
    if not listed and name:
        offers = {EXERCISES, LANGUAGES, *(draft.offer for draft in spot.book.drafts.values() if draft.offer)} - {name}
        entries["list"].complain(f"no flow is offered on {name!r}", did_you_mean(name, offers))
    listed.sort(key=lambda draft: (draft.place, draft.title))
    back = spot.goto("goto", "else")
    return Options((*(_offered(spot, draft, back) for draft in listed), *more), listed=True)


def _languages(spot: Spot) -> Iterator[Option]:
    goal = Target(spot.draft.name, f"{spot.name}~{CHOSEN}")
    for code, name in spot.book.vocabulary.languages:
        yield Option(name, code, (normalise(name),), goal, code)


def _offered(spot: Spot, draft: Draft, back: Target | None) -> Option:
    label = spot.book.vocabulary.translate(draft.title) if draft.title else ""
    phrases = tuple(dict.fromkeys(filter(None, (normalise(label), *keywords(spot.book, draft)))))
    return Option(label, draft.name, phrases, Target(draft.name, draft.first, place(back)))
