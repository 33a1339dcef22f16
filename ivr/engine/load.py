"""From a folder of YAML to the flows of one language, or to all mistakes with file, line and what to write instead."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ivr.engine.drafts import COMPANIONS, STEP_EXITS, Draft, gather, saved
from ivr.engine.exits import Spot, act, run, switch
from ivr.engine.model import Flow, Flows, Node, Place
from ivr.engine.notation import read
from ivr.engine.parts import FlowErrors, Mistake
from ivr.engine.questions import ask, menu
from ivr.engine.speech import Book, Elsewhere, Vocabulary, keywords, phrases, steps, translated

__all__ = ["Elsewhere", "FlowErrors", "Mistake", "Vocabulary", "load", "sources"]

PHRASES = "phrases.yaml"


def load(
    folder: Path,
    vocabulary: Vocabulary,
    actions: Collection[str],
    facts: Collection[str],
    placeholders: Mapping[str, str],
) -> Flows:
    """The flows below `folder` in one language. Raises FlowErrors with every mistake that was found."""
    mistakes: list[Mistake] = []
    drafts = gather(folder, mistakes)
    book = Book(vocabulary, actions, facts, placeholders, drafts, saved(drafts), {})
    book = book._replace(phrases=_phrases(folder, book, mistakes))
    flows = {name: _flow(book, draft) for name, draft in drafts.items()}
    nodes = [node for draft in drafts.values() for name in draft.nodes for node in _nodes(Spot(book, draft, name))]
    _check_keywords(drafts, flows)
    if not drafts and not mistakes:
        mistakes.append(Mistake(folder.name, 1, "there is no flow here", "write one, in a file ending in .yaml"))
    if mistakes:
        raise FlowErrors(mistakes)
    return Flows(vocabulary.language, flows, {(node.flow, node.name): node for node in nodes}, book.phrases)


def sources(folder: Path) -> Mapping[Place, tuple[str, int]]:
    """Where each node is written: file and line. A flow's own line stands under the empty node name."""
    found: dict[Place, tuple[str, int]] = {}
    for draft in gather(folder, []).values():
        found[draft.name, ""] = (draft.part.sheet.file, draft.part.line)
        found |= {(draft.name, name): (part.sheet.file, part.line) for name, part in draft.parts.items()}
    return found


def _phrases(folder: Path, book: Book, mistakes: list[Mistake]) -> Mapping[str, str]:
    path = folder / PHRASES
    part = read(path, folder, mistakes) if path.exists() else None
    return phrases(book, part) if part else {}


def _flow(book: Book, draft: Draft) -> Flow:
    entries = draft.entries
    if "keep" in entries and not saved({draft.name: draft}):
        entries["keep"].complain("no answer is saved in this flow, so none is kept", "write 'save: …' with a question")
    return Flow(
        draft.name,
        draft.first,
        translated(book, entries["title"], "title") if "title" in entries else "",
        keywords(book, draft),
        entries["keep"].word("keep") if "keep" in entries else "",
    )


def _nodes(spot: Spot) -> Iterator[Node]:
    """The nodes that one written node becomes: itself, a menu's pages, the switch of a language."""
    done = steps(spot.book, spot.draft, spot.entries["steps"]) if "steps" in spot.entries else ()
    kind = _kind(spot)
    if kind in ("menu", "ask"):
        yield from (menu if kind == "menu" else ask)(spot, done)
    elif kind == "goto":
        yield Node(spot.draft.name, spot.name, done, spot.goto("goto"))
    else:
        yield Node(spot.draft.name, spot.name, done, {"switch": switch, "do": act, "run": run}[kind](spot))


def _kind(spot: Spot) -> str:
    """The keyword of the node's exit; `goto` also where the flow just ends."""
    entries = spot.entries
    kinds = [key for key in STEP_EXITS if key in entries]
    if len(kinds) > 1:
        entries[kinds[1]].complain(f"a node cannot have both {kinds[0]!r} and {kinds[1]!r}", "make two nodes of it")
    kind = kinds[0] if kinds else "goto"
    for key in entries.keys() - {"steps", *STEP_EXITS, *COMPANIONS[kind]}:
        entries[key].complain(f"{key!r} does not belong to a node with {kind!r}", _ADVICE.get(key, "take it out"))
    if spot.draft.nodes[spot.name] and not kinds and not {"steps", "goto"} & entries.keys():
        spot.part.complain("the node says nothing and leads nowhere", "write its steps, or take it out")
    return kind


_ADVICE = {"else": "write 'goto: …'", "save": "only a question has an answer to save: menu or ask"}


def _check_keywords(drafts: Mapping[str, Draft], flows: Mapping[str, Flow]) -> None:
    owners: dict[str, str] = {}
    for flow in flows.values():
        for word in flow.keywords:
            if owners.setdefault(word, flow.name) != flow.name:
                part = drafts[flow.name].entries["keywords"]
                part.complain(f"the keyword {word!r} opens {owners[word]} too", "give one of the two another word")
