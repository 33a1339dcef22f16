"""The numbers to ring now, by country: what the line says before all else when a life may be in danger."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

ELSEWHERE = "default"  # the entry for countries that have none


class BadHotlines(Exception):
    """The directory has a mistake; the text names file, entry and what to write."""


class Hotlines(NamedTuple):
    """For one country: the emergency number and the crisis line to say, as they are dialled there."""

    emergency: str
    line: str


class Directory(NamedTuple):
    """Hotlines by country, and which of them nobody has rung to verify."""

    countries: Mapping[str, Hotlines]
    unverified: tuple[str, ...]

    def of(self, country: str) -> Hotlines:
        """The numbers for callers from `country` (ISO 3166); those of `default` where it has none."""
        return self.countries.get(country) or self.countries[ELSEWHERE]


def load(file: Path) -> Directory:
    """Reads the directory. Raises BadHotlines."""
    try:
        data = YAML(typ="base", pure=True).load(file.read_text("utf-8")) or {}
    except (YAMLError, OSError) as error:
        raise BadHotlines(f"{file}: {error!s}; write countries, each with `emergency:` and `lines:`") from error
    if ELSEWHERE not in data:
        raise BadHotlines(f"{file}: there is no entry `{ELSEWHERE}:` for countries that have none of their own")
    countries = {code: _country(file, code, entry) for code, entry in data.items()}
    return Directory(countries, tuple(_unverified(data)))


def _country(file: Path, code: str, entry: Mapping[str, object]) -> Hotlines:
    try:
        emergency = str(entry["emergency"])
        lines = entry.get("lines") or ()
        numbers = [str(line["dial"]) for line in lines]  # type: ignore[attr-defined]
    except (KeyError, TypeError, AttributeError) as error:
        advice = "write `emergency:` and `lines:` each with `dial:`"
        raise BadHotlines(f"{file}: {code}: {error!s} is missing; {advice}") from error
    for number in (emergency, *numbers):
        if not any(digit.isdecimal() for digit in number):
            raise BadHotlines(f"{file}: {code}: {number!r} cannot be dialled; write digits")
    return Hotlines(emergency, numbers[0] if numbers else emergency)


def _unverified(data: Mapping[str, Mapping[str, object]]) -> list[str]:
    return [
        f"{code} {line['dial']}"
        for code, entry in data.items()
        for line in entry.get("lines") or ()  # type: ignore[attr-defined]
        if line.get("verified", "never") == "never"
    ]
