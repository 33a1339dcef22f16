"""What a page is asked and what it answers: plain values, so that a view knows no Flask and runs in any thread."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ivr.db import Transaction
from ivr.runtime import Runtime
from ivr.team.counselors import Member

Fields = Mapping[str, str]


class Desk(NamedTuple):
    """A request of somebody who is signed in: the house, its transaction, who it is, and the moment (ms, UTC)."""

    house: Runtime
    tx: Transaction
    who: Member
    now: int


class Asked(NamedTuple):
    """What came along: parts of the path, the query, and the form."""

    path: Fields
    query: Fields
    form: Fields

    def said(self, name: str, longest: int = 200) -> str:
        """One field of the form, without blanks around it."""
        return self.form.get(name, "").strip()[:longest]


class Page(NamedTuple):
    """A page: its template, and what stands in it."""

    template: str
    values: Mapping[str, object]
    status: int = 200


class Go(NamedTuple):
    """Done; on to this page below /console. `said`, and about whom, is told there in one sentence."""

    to: str
    said: str = ""
    by: str = ""


class Missing(NamedTuple):
    """There is no such thing, or it is not theirs to see: nobody learns which."""


Answer = Page | Go | Missing
View = Callable[[Desk, Asked], Answer]


class Route(NamedTuple):
    """A page's address and method, its view, and the roles that may: nobody else does."""

    method: str
    path: str
    view: View
    roles: tuple[str, ...]
    is_click: bool = True  # False for what a page asks for by itself: nobody stays signed in by it
