"""Whatever is done to a file, the loader answers with flows or with mistakes, never with a crash."""

from pathlib import Path
from random import Random

import pytest

from ivr.engine.load import FlowErrors
from ivr.engine.model import Flows
from tests.writing import flows

SOURCES = sorted((Path(__file__).parent / "conversations").rglob("*.yaml"))
SCRAPS = [
    "#",
    ": ",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!x ",
    "\t",
    '"',
    "'",
    "- ",
    "\n",
    "  ",
    "|",
    "~",
    "0",
    "é",
    "\x00",
]
SCRAPS += [
    "goto:",
    "nodes:",
    "menu: {list: exercises}",
    "say",
    "{x}",
    "{opens_at}",
    "? ",
    "---\n",
    "<<: ",
    "cases: {1-: x}",
]


def broken(text: str, random: Random) -> str:
    """The text with some of it taken out, put in, doubled, or moved."""
    for _ in range(random.randint(1, 4)):
        at, to = sorted(random.randrange(len(text) + 1) for _ in range(2))
        kind = random.randrange(4)
        if kind == 0:
            text = text[:at] + text[min(to, at + 9) :]
        elif kind == 1:
            text = text[:at] + random.choice(SCRAPS) + text[at:]
        elif kind == 2:
            lines = text.splitlines(keepends=True)
            random.shuffle(lines[: random.randint(1, len(lines) or 1)])
            text = "".join(lines[: random.randint(1, len(lines))] if lines else lines)
        else:
            text = text[:to] + text[at : min(to, at + 30)] + text[to:]
    return text


def outcome(folder: Path, files: dict[str, str]) -> Flows | FlowErrors:
    try:
        return flows(folder, files)
    except FlowErrors as error:
        return error


@pytest.mark.parametrize("seed", range(100))
def test_a_broken_file_is_read_or_refused(tmp_path, seed):
    random = Random(seed)
    files = {str(path.relative_to(SOURCES[0].parent)): path.read_text() for path in SOURCES}
    name = random.choice(list(files))
    files[name] = broken(files[name], random)
    found = outcome(tmp_path, files)
    if isinstance(found, FlowErrors):
        lines = {name: text.count("\n") + 2 for name, text in files.items()}
        for each in found.mistakes:
            assert 1 <= each.line <= lines[each.file.removeprefix("flows/")]
            assert each.wrong
            assert each.instead
