"""The index of a language's recordings: `audio/index.csv`, a line for each, which names the text it was made of."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ivr.channels.speech import Recording
from ivr.engine.parts import Mistake

INDEX = Path("audio", "index.csv")
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Row(NamedTuple):
    """One recording. A sound that is no text has the text `sound:` and its name."""

    hash: str
    file: str
    seconds: str
    speaker: str
    placeholder: str  # yes: made by a machine until a person records it
    text: str


def text_hash(text: str) -> str:
    """What tells a text from what it was before somebody changed it."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def rows(folder: Path) -> list[Row]:
    """The index of the language at `folder`, as it is written; none where there is none."""
    path = folder / INDEX
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [Row(*(entry.get(name) or "" for name in Row._fields)) for entry in csv.DictReader(lines)]


def write(folder: Path, found: Iterable[Row]) -> None:
    """Puts the index down, sorted by text so that a change is easy to read."""
    path = folder / INDEX
    ordered = sorted(found, key=lambda row: row.text)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(ordered)


def read(folder: Path, file: str, mistakes: list[Mistake]) -> Mapping[str, Recording]:
    """The recordings by their text. Notes every line that cannot be right."""
    found: dict[str, Recording] = {}
    line = 1
    for row in rows(folder):
        line += 1 + row.text.count("\n")
        mistakes += (Mistake(file, line, *wrong) for wrong in _wrongs(row, folder, found))
        found[row.text] = Recording(row.file, _seconds(row) or 0.0)
    return found


def _wrongs(row: Row, folder: Path, found: Mapping[str, Recording]) -> Iterator[tuple[str, str]]:
    if row.hash != text_hash(row.text):
        yield f"the hash {row.hash!r} does not belong to its text", "record it again, or take the line out"
    if row.text in found:
        yield f"the text {row.text!r} stands here twice", "keep one of the two"
    if _seconds(row) is None:
        yield f"{row.seconds!r} is not a length in seconds", "write how long the recording is, as 2.4"
    if not _SAFE.fullmatch(row.file):
        yield f"{row.file!r} cannot be a file's name", "use letters, digits, - and _"
    elif not (folder / INDEX.parent / row.file).is_file():
        yield f"there is no file {row.file!r}", "put it into the folder, or take the line out"


def _seconds(row: Row) -> float | None:
    try:
        length = float(row.seconds)
    except ValueError:
        return None
    return length if 0 < length < 600 else None
