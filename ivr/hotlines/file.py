"""Reading the directory: every mistake names file and line, and what to write."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.engine.notation import read
from ivr.engine.parts import Mistake, Part
from ivr.hotlines import opening
from ivr.hotlines.directory import ELSEWHERE, Country, Directory, Line
from ivr.hotlines.opening import Opening

T = TypeVar("T")
REQUIRED = ("name", "dial", "hours", "languages", "cost", "source", "verified")
KNOWN = (*REQUIRED, "zone", "verified_by")
NEVER, NONE = "never", "none"
TWO = 2  # people ring a number before it counts as verified
_DIAL = re.compile(r"\+?[0-9*#][0-9*# ()-]*")
_CODE = re.compile(r"[A-Z]{2}")
HOURS = "write 'day and night', or 'monday-friday 09:00-17:00' with a 'zone: Africa/Nairobi' beside it, or 'unknown'"
LINES = "write one below 'lines:' with at least name and dial, or 'lines: none' where there truly is none"


class BadHotlines(Exception):
    """The directory has mistakes; the text names each, with file, line and what to write."""


def load(file: Path, country: str = ELSEWHERE) -> Directory:
    """Reads the directory, for a line whose callers are in `country`. Raises BadHotlines."""
    mistakes: list[Mistake] = []
    directory = Directory(_countries(file, mistakes))
    if not mistakes:
        mistakes += _missing(file, directory, country)
    if mistakes:
        raise BadHotlines("\n".join(map(str, sorted(set(mistakes)))))
    return directory


def _missing(file: Path, directory: Directory, country: str) -> list[Mistake]:
    """Whoever rings must be told a number that can be dialled there."""
    name = f"{file.parent.name}/{file.name}"
    if ELSEWHERE not in directory.countries:
        wrong = f"there is no entry `{ELSEWHERE}:` for countries that have none of their own"
        return [Mistake(name, 1, wrong, "write it with 'emergency: 112' and 'lines: none'")]
    if country not in directory.countries:
        wrong = f"there is no entry `{country}:`, and COUNTRY says that callers are there"
        return [Mistake(name, 1, wrong, f"write '{country}:' and below it 'emergency:' and 'lines:'")]
    if not directory.countries[country].is_settled:
        return [Mistake(name, 1, f"{country} has no line, and COUNTRY says that callers are there", LINES)]
    return []


def _countries(file: Path, mistakes: list[Mistake]) -> dict[str, Country]:
    if not file.is_file():
        mistakes.append(Mistake(f"{file.parent.name}/{file.name}", 1, "there is no such file", "put it there"))
        return {}
    part = read(file, file.parent, mistakes)
    entries = part.entries("the directory") if part else {}
    for code, entry in entries.items():
        if code != ELSEWHERE and not _CODE.fullmatch(code):
            entry.complain(f"{code!r} is no country", "write the two capital letters of ISO 3166, as KE")
    return {code: _country(code, entry) for code, entry in entries.items()}


def _country(code: str, part: Part) -> Country:
    entries = part.entries(code, ("emergency", "lines"))
    if part.is_mapping and "emergency" not in entries:
        part.complain(f"{code} has no emergency number", "write 'emergency: 112', or what it is there")
    emergency = _dial(entries["emergency"], "emergency") if "emergency" in entries else ""
    return Country(emergency, *_lines(entries.get("lines")))


def _lines(part: Part | None) -> tuple[tuple[Line, ...], bool]:
    """Them, and whether somebody has thought of it."""
    if part is None or part.is_empty or (part.is_list and not part.node.value):
        return (), False
    if not part.is_list and not part.is_mapping and part.word("lines") == NONE:
        return (), True
    return tuple(map(_line, part.items("lines"))), True


def _line(part: Part) -> Line:
    entries = part.entries("a line", KNOWN)
    for name in REQUIRED if part.is_mapping else ():
        if name not in entries:
            part.complain(f"the line has no {name}", f"write '{name}: …'")

    def word(name: str) -> str:
        return entries[name].word(name) if name in entries else ""

    return Line(
        word("name"),
        _dial(entries["dial"], "dial") if "dial" in entries else "",
        _opening(entries),
        _list(word("languages")),
        word("cost"),
        word("source"),
        *_verified(entries),
    )


def _dial(part: Part, what: str) -> str:
    number = part.word(what)
    if number and not (_DIAL.fullmatch(number) and any(map(str.isdigit, number))):
        part.complain(f"{number!r} cannot be dialled", "write the digits that people press, as 0800 123 456")
    return number


def _opening(entries: dict[str, Part]) -> Opening:
    zone = _tried(entries.get("zone"), "zone", _zone, "write it as Africa/Nairobi")
    hours = _tried(entries.get("hours"), "hours", lambda text: opening.parse(text, zone), HOURS)
    return hours or Opening(opening.UNKNOWN)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"{name!r} is no zone") from error


def _verified(entries: dict[str, Part]) -> tuple[date | None, tuple[str, ...]]:
    """When it was rung, and by whom."""
    when = entries.get("verified")
    if when is None or when.is_mapping or when.is_list or when.node.value.strip() == NEVER:
        return None, ()
    found = _tried(when, "verified", date.fromisoformat, "write the day as 2026-11-02, or 'never'")
    people = _list(entries["verified_by"].word("verified_by")) if "verified_by" in entries else ()
    if len(set(people)) < TWO:
        when.complain("it says when, but not which two people rang it", "write 'verified_by: Amina, Ben'")
    return found, people


def _tried(part: Part | None, what: str, read_it: Callable[[str], T], advice: str) -> T | None:
    word = part.word(what) if part else ""
    try:
        return read_it(word) if word else None
    except ValueError as error:
        assert part
        part.complain(str(error), advice)
        return None


def _list(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())
