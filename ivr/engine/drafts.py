"""The flows of a folder as they are written, gathered before any is compiled: names, nodes, offers, what is saved."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ivr.engine.notation import read
from ivr.engine.parts import Mistake, Part

NOT_FLOWS = frozenset({"phrases.yaml", "hours.yaml", "hotlines.yaml", "quiet_hours.yaml"})
EXERCISES = "exercises"  # the folder whose files are offered by themselves, and the menu that lists them
STEP_EXITS = ("menu", "ask", "switch", "do", "run")
_QUESTION = ("save", "goto", "cases", "tries", "again", "silence", "unclear", "else", "wait")
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "menu": (*_QUESTION, "unspoken"),
    "ask": (*_QUESTION, "from", "to", "length", "words"),
    "switch": ("cases", "else"),
    "do": ("cases", "goto", "else"),
    "run": ("goto", "else"),
    "goto": ("goto",),
}
FLOW_KEYS = ("title", "keywords", "keep", "offer", "place", "menus", "words", "nodes")
NODE_KEYS = ("steps", *STEP_EXITS, *dict.fromkeys(key for keys in COMPANIONS.values() for key in keys))
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")


class Draft(NamedTuple):
    """A flow as it is written."""

    name: str
    part: Part
    entries: Mapping[str, Part]
    nodes: Mapping[str, Mapping[str, Part]]
    parts: Mapping[str, Part]  # the nodes whole, for their lines
    title: str  # as written, in no language yet
    offer: str
    place: int

    @property
    def first(self) -> str:
        """The node it begins with."""
        return next(iter(self.nodes), "")


def files(folder: Path) -> Iterator[Path]:
    """The files that hold flows, in a fixed order."""
    found = [*sorted(folder.glob("*.yaml")), *sorted((folder / EXERCISES).glob("*.yaml"))]
    yield from (path for path in found if path.name not in NOT_FLOWS or path.parent != folder)


def gather(folder: Path, mistakes: list[Mistake]) -> dict[str, Draft]:
    """All flows of the folder by name."""
    drafts: dict[str, Draft] = {}
    for path in files(folder):
        part = read(path, folder, mistakes)
        if part and path.stem in drafts:
            part.complain(f"there are two files named {path.name}", "give one of them another name")
        elif part:
            drafts[path.stem] = _draft(path, part)
    for path in [*folder.glob("*.yml"), *folder.glob(f"{EXERCISES}/*.yml")]:
        file = str(Path(folder.name) / path.relative_to(folder))
        mistakes.append(Mistake(file, 1, "a file ending in .yml is not read", f"name it {path.stem}.yaml"))
    return drafts


def saved(drafts: Mapping[str, Draft]) -> frozenset[str]:
    """The names under which answers are kept somewhere."""
    return frozenset(
        str(node["save"].node.value)
        for draft in drafts.values()
        for node in draft.nodes.values()
        if "save" in node and not node["save"].is_mapping
    )


def _draft(path: Path, part: Part) -> Draft:
    if not _NAME.fullmatch(path.stem):
        part.complain(f"{path.stem!r} cannot be the name of a flow", "use letters, digits and _ in the file's name")
    entries = part.entries("the flow", FLOW_KEYS)
    title = entries["title"].word("title") if "title" in entries else ""
    if "title" not in entries:
        part.complain("the flow has no title", "write 'title: …' as its first line")
    parts = _nodes(part, entries)
    nodes = {name: _node(name, node) for name, node in parts.items()}
    offer = entries["offer"].word("offer") if "offer" in entries else EXERCISES * (path.parent.name == EXERCISES)
    place = whole(entries["place"], "place", 1, 99) if "place" in entries else 100
    return Draft(path.stem, part, entries, nodes, parts, title, offer, place)


def _nodes(part: Part, entries: Mapping[str, Part]) -> Mapping[str, Part]:
    if "nodes" not in entries:
        part.complain("the flow has no nodes", "write 'nodes:' and below it the first node")
        return {}
    found = entries["nodes"].entries("nodes")
    if not found and entries["nodes"].is_mapping:
        entries["nodes"].complain("there is no node", "write one below 'nodes:'")
    for name, node in found.items():
        if not _NAME.fullmatch(name):
            node.complain(f"{name!r} cannot be the name of a node", "use letters, digits and _, a letter first")
    return found


def _node(name: str, node: Part) -> Mapping[str, Part]:
    if node.is_empty:
        node.complain(f"the node {name} says nothing and leads nowhere", "write its steps, or take it out")
        return {}
    return node.entries(f"the node {name}", NODE_KEYS)


def whole(part: Part, what: str, lowest: int, highest: int) -> int:
    """A whole number; `lowest` after a complaint."""
    word = part.word(what)
    if re.fullmatch(r"\d{1,9}", word) and lowest <= int(word) <= highest:
        return int(word)
    if word:
        part.complain(f"{what} cannot be {word!r}", f"write a whole number from {lowest} to {highest}")
    return lowest
