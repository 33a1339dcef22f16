"""Reading the directory: every mistake names file and line, and what to write."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

from ivr.engine.notation import read
from ivr.engine.parts import Mistake, Part
from ivr.engine.words import normalise
from ivr.hotlines import opening
from ivr.hotlines.directory import ELSEWHERE, Country, Directory, Emergency, Line
from ivr.hotlines.opening import Opening

T = TypeVar("T")
REQUIRED = ("name", "dial", "hours", "languages", "cost", "source", "verified")
KNOWN = (*REQUIRED, "zone", "verified_by")
EMERGENCY = ("dial", "source", "verified")
NEVER, NONE = "never", "none"
TWO = 2  # people ring a number before it counts as verified
FEWEST, MOST = 2, 15  # digits of a number: the shortest of the state, the longest of E.164
_DIAL = re.compile(r"[0-9(][0-9 ()-]*")
_UNSPOKEN = "+*#"
_CODE = re.compile(r"[A-Z]{2}")
HOURS = "write 'day and night', or 'monday-friday 09:00-17:00' with a 'zone: Africa/Nairobi' beside it, or 'unknown'"
BELOW = "write below 'emergency:' the lines 'dial: 112', 'source: …' and 'verified: never'"
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
        return [Mistake(name, 1, wrong, f"{BELOW}, and 'lines: none'")]
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
        part.complain(f"{code} has no emergency number", BELOW)
    return Country(_emergency(entries.get("emergency")), *_lines(entries.get("lines")))


def _emergency(part: Part | None) -> Emergency:
    if part and not part.is_mapping:
        part.complain("nothing says where the emergency number stands, and who read it there when", BELOW)
    if part is None or not part.is_mapping:
        return Emergency("", "", None, ())
    entries = part.entries("emergency", (*EMERGENCY, "verified_by"))
    _require(part, entries, EMERGENCY, "the emergency number")
    return Emergency(_dialled(entries), _word(entries, "source"), *_verified(entries))


def _lines(part: Part | None) -> tuple[tuple[Line, ...], bool]:
    """Them, and whether somebody has thought of it."""
    if part is None or part.is_empty or (part.is_list and not part.node.value):
        return (), False
    if not part.is_list and not part.is_mapping and part.word("lines") == NONE:
        return (), True
    return tuple(map(_line, part.items("lines"))), True


def _line(part: Part) -> Line:
    entries = part.entries("a line", KNOWN)
    _require(part, entries, REQUIRED, "the line")
    return Line(
        _word(entries, "name"),
        _dialled(entries),
        _opening(entries),
        _languages(entries),
        _word(entries, "cost"),
        _word(entries, "source"),
        *_verified(entries),
    )


def _require(part: Part, entries: dict[str, Part], names: tuple[str, ...], what: str) -> None:
    for name in names if part.is_mapping else ():
        if name not in entries:
            part.complain(f"{what} has no {name}", f"write '{name}: …'")


def _word(entries: dict[str, Part], name: str) -> str:
    return entries[name].word(name) if name in entries else ""


def _dialled(entries: dict[str, Part]) -> str:
    """As it is said: what is no digit is heard by nobody, so a number with such a sign would be another one."""
    number = _word(entries, "dial")
    if wrong := number and _undiallable(number):
        entries["dial"].complain(f"{number!r} {wrong}", "write the digits that people press there, as 0800 123 456")
    return number


def _undiallable(number: str) -> str:
    """What is wrong with it; '' where nothing is."""
    if signs := [sign for sign in _UNSPOKEN if sign in number]:
        return f"has a {' and a '.join(signs)}, which nobody would hear"
    digits = sum(map(str.isdigit, number))
    if not _DIAL.fullmatch(number) or not digits:
        return "cannot be dialled"
    return "" if FEWEST <= digits <= MOST else f"has {digits} digits, and numbers have {FEWEST} to {MOST}"


def _languages(entries: dict[str, Part]) -> tuple[str, ...]:
    codes = _list(_word(entries, "languages"))
    for code in codes:
        if code not in Locale("en").languages:
            entries["languages"].complain(f"{code!r} is no language", "write codes of ISO 639, as en, sw")
    return codes


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
    """When it was rung or read, and by whom."""
    when = entries.get("verified")
    if when is None or when.is_mapping or when.is_list or when.node.value.strip() == NEVER:
        return None, ()
    found = _tried(when, "verified", date.fromisoformat, "write the day as 2026-11-02, or 'never'")
    people = _list(_word(entries, "verified_by"))
    if len(set(map(normalise, people))) < max(TWO, len(people)):
        when.complain("it says when, but not which two people did it", "write 'verified_by: Amina, Ben'")
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
