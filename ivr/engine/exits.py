"""Where a node leads: places, cases, and the way that each answer takes."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from ivr.engine.drafts import Draft
from ivr.engine.model import Await, Cases, Place, Switch, Target
from ivr.engine.parts import Part, did_you_mean
from ivr.engine.speech import Book, action

_RANGE = re.compile(r"(\d+)\s*-\s*(\d+)")


class Numbers(Collection[str]):
    """Whole numbers within bounds, as they are written."""

    def __init__(self, lowest: int, highest: int) -> None:
        self._range = range(lowest, highest + 1)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and value.isdecimal() and int(value) in self._range

    def __iter__(self) -> Iterator[str]:
        return map(str, (self._range[0], f"{self._range[0]}-{self._range[-1]}"))

    def __len__(self) -> int:
        return len(self._range)


class Spot(NamedTuple):
    """A node while it is compiled."""

    book: Book
    draft: Draft
    name: str

    @property
    def part(self) -> Part:
        """The node as it is written."""
        return self.draft.parts[self.name]

    @property
    def entries(self) -> dict[str, Part]:
        """What stands in it, by keyword."""
        return dict(self.draft.nodes[self.name])

    def goto(self, *keys: str) -> Target | None:
        """Where the first of these keywords that is written leads."""
        return next((target(self.book, self.draft, self.entries[key]) for key in keys if key in self.entries), None)


def target(book: Book, draft: Draft, part: Part) -> Target:
    """The node of this flow, else the flow, of that name."""
    name = part.word("goto")
    if name in draft.nodes:
        return Target(draft.name, name)
    if name in book.drafts:
        return Target(name, book.drafts[name].first)
    if name:
        part.complain(f"there is no node and no flow {name!r}", did_you_mean(name, {*draft.nodes, *book.drafts}))
    return Target(draft.name, draft.first)


def place(goal: Target | None) -> Place | None:
    """A target as a place to come back to."""
    return (goal.flow, goal.node) if goal else None


def cases(spot: Spot, default: Target | None, values: Collection[str] | None = None) -> Cases:
    """The node's own ways; with `values`, any other is a mistake."""
    exact: dict[str, Target | None] = {}
    ranges: list[tuple[float, float, Target | None]] = []
    written = spot.entries["cases"].entries("cases") if "cases" in spot.entries else {}
    for key, part in written.items():
        goal = target(spot.book, spot.draft, part)
        if found := _RANGE.fullmatch(key):
            ranges.append((*_bounds(part, found), goal))
        else:
            exact[key] = goal
        if values is not None and not _fits(key, values):
            part.complain(f"no answer has the value {key!r}", did_you_mean(key, values))
    _check_overlaps(spot, ranges)
    return Cases(exact, tuple(ranges), default)


def answer_ways(spot: Spot, values: Collection[str] | None = None) -> Cases:
    """The cases of a question, with the way of all other answers."""
    return cases(spot, spot.goto("goto", "else"), values)


def switch(spot: Spot) -> Switch | Await:
    """An exit by a fact, by an answer, or by a sum of answers."""
    part = spot.entries["switch"]
    parts = part.items("switch") if part.is_list else [part]
    names = tuple(item.word("switch") for item in parts)
    if "else" not in spot.entries:
        part.complain("a switch needs a way for all that is not in its cases", "write 'else: …'")
    if "cases" not in spot.entries:
        part.complain("a switch needs cases", "write 'cases: {…: …}'")
    ways = cases(spot, spot.goto("else"), Numbers(0, 999_999) if part.is_list else None)
    if len(names) == 1 and names[0] in spot.book.facts:
        return Await(names[0], ways)
    for item, name in zip(parts, names, strict=True):
        if name and name not in spot.book.saved:
            known = {*spot.book.saved, *spot.book.facts}
            item.complain(f"no answer is ever saved as {name!r}, and it is no fact", did_you_mean(name, known))
    return Switch(names, ways)


def act(spot: Spot) -> Await:
    """An exit by what comes of an action."""
    part = spot.entries["do"]
    if not {"goto", "else"} & spot.entries.keys():
        part.complain("nothing says where it leads when it is done", "write 'else: …', or make it a step: '- do: …'")
    return Await(action(spot.book, part), cases(spot, spot.goto("goto", "else")))


def run(spot: Spot) -> Target | None:
    """Another flow, and back to where the node leads."""
    part = spot.entries["run"]
    name = part.word("run")
    if name not in spot.book.drafts:
        part.complain(f"there is no flow {name!r}", did_you_mean(name, spot.book.drafts))
        return None
    return Target(name, spot.book.drafts[name].first, place(spot.goto("goto", "else")))


def _fits(key: str, values: Collection[str]) -> bool:
    """Can an answer have this value, or one of this range?"""
    if not (found := _RANGE.fullmatch(key)):
        return key in values
    if isinstance(values, Numbers):
        return all(bound in values for bound in found.groups())
    return any(int(found[1]) <= int(value) <= int(found[2]) for value in values if value.isdecimal())


def _bounds(part: Part, found: re.Match[str]) -> tuple[float, float]:
    low, high = int(found[1]), int(found[2])
    if low > high:
        part.complain(f"{found[0]!r} runs backwards", f"write '{high}-{low}'")
    return low, high


def _check_overlaps(spot: Spot, ranges: list[tuple[float, float, Target | None]]) -> None:
    bounds = sorted(each[:2] for each in ranges)
    for (low, high), (next_low, next_high) in pairwise(bounds):
        if next_low <= high:
            wrong = f"the ranges {low}-{high} and {next_low}-{next_high} overlap"
            spot.entries["cases"].complain(wrong, "let each begin after the other's end")
