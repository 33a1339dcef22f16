"""Which number is said to whom: by their country, their language, the hour, and how long ago somebody rang it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from ivr.hotlines.opening import Opening

ELSEWHERE = "default"  # the entry for countries that have none
OVERDUE, EXPIRED = 60, 90  # days after somebody has rung a line


class Hotlines(NamedTuple):
    """The emergency number and the crisis line to say, as they are dialled there; line '' where none is open."""

    emergency: str
    line: str

    @property
    def values(self) -> Mapping[str, str]:
        """What texts call them."""
        return {"emergency_number": self.emergency, "hotline_number": self.line}


class Line(NamedTuple):
    """Somebody to talk with. `verified`: when it was rung, None: never; `by`: who did, two people."""

    name: str
    dial: str
    opening: Opening
    languages: tuple[str, ...]
    cost: str
    source: str
    verified: date | None
    by: tuple[str, ...]

    def state(self, today: date) -> str:
        """`unverified`, `verified`, `overdue` or `expired`. It only ever warns: an old number is better than none."""
        return _state(self.verified, today)


class Emergency(NamedTuple):
    """Police and ambulance. `verified`: when it was read in the state's own words, None: never; `by`: by which two."""

    dial: str
    source: str
    verified: date | None
    by: tuple[str, ...]

    def state(self, today: date) -> str:
        """As that of a line."""
        return _state(self.verified, today)


def _state(verified: date | None, today: date) -> str:
    if verified is None or verified > today:
        return "unverified"
    age = (today - verified).days
    return "expired" if age > EXPIRED else "overdue" if age > OVERDUE else "verified"


class Country(NamedTuple):
    """One country's numbers. `is_settled`: there are lines, or somebody wrote that there are none."""

    emergency: Emergency
    lines: tuple[Line, ...]
    is_settled: bool = True

    def now(self, language: str, moment: datetime | None) -> Hotlines:
        """What is said to somebody who speaks `language`; at no moment: what holds at every hour."""

        def rank(line: Line) -> tuple[bool, bool, bool]:
            old = moment is not None and line.state(moment.date()) == "expired"
            return language not in line.languages, old, not line.opening.is_known

        open_now = [line for line in self.lines if line.opening.holds(moment)]
        return Hotlines(self.emergency.dial, min(open_now, key=rank).dial if open_now else "")

    def ever(self) -> Iterator[Hotlines]:
        """All that can be said at any moment."""
        yield from (Hotlines(self.emergency.dial, dial) for dial in (*(line.dial for line in self.lines), ""))


class Directory(NamedTuple):
    """The file, read."""

    countries: Mapping[str, Country]

    def of(self, country: str, language: str = "", moment: datetime | None = None) -> Hotlines:
        """The numbers for callers from `country` (ISO 3166); those of `default` where it has none."""
        return (self.countries.get(country) or self.countries[ELSEWHERE]).now(language, moment)

    def ever(self) -> set[Hotlines]:
        """All pairs that can be said to anybody, at any moment."""
        return {pair for country in self.countries.values() for pair in country.ever()}

    def lines(self) -> Iterator[tuple[str, Line]]:
        """All lines, each with its country."""
        yield from ((code, line) for code, country in self.countries.items() for line in country.lines)

    def warnings(self, today: date) -> list[str]:
        """What nobody has verified lately, by what is the matter with it. By name: logs show no numbers."""
        found: dict[str, list[str]] = {}
        for code, line in self.lines():
            found.setdefault(line.state(today), []).append(f"{code} {line.name}")
        for code, country in self.countries.items():
            found.setdefault(country.emergency.state(today), []).append(f"{code} emergency number")
        return [f"{state}: {', '.join(lines)}" for state, lines in found.items() if state != "verified"]
