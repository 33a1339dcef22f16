"""One request as whoever has it sees it: the safe-contact card, and all that counts before somebody is rung."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from ivr.callbacks.requests import DAY
from ivr.callbacks.wishes import Span, Wish
from ivr.db import Statement, Transaction
from ivr.models import Callback, Counselor
from ivr.team.counselors import Member
from ivr.vault import Vault


class Card(NamedTuple):
    """A request, open or closed."""

    id: str
    ref: int
    state: str
    contact_id: str | None
    number_id: str
    service_number: str
    wish: Wish
    language: str
    channel: str
    asked: int
    urgent_at: int | None
    place_why: str
    from_at: int
    until_at: int | None
    counselor_id: str | None
    login: str | None
    leased_until: int | None
    attempts: int
    attempted_at: int | None
    wrote_at: int | None
    created_at: int
    closed_at: int | None

    def is_safe(self, now: int) -> bool:
        """Whether they may be rung at this hour. Danger does not wait for hours that nobody named."""
        if self.urgent_at and not self.wish.names_hours:
            return True
        return Span(self.from_at, self.until_at).holds(now)

    def is_of(self, who: Member, now: int) -> bool:
        """Whether they may see what it holds: it is theirs, or was until a day ago; or they run the desk."""
        lately = self.closed_at is None or self.closed_at > now - DAY
        return who.leads or (self.counselor_id == who.id and lately)


DIGITS = 10  # more would not fit the column
_ELSEWHERE = {"wish": Callback.card, "login": Counselor.login}
_WISH = Card._fields.index("wish")
_card = select(
    *(_ELSEWHERE[name] if name in _ELSEWHERE else getattr(Callback, name) for name in Card._fields)
).outerjoin(Counselor, Counselor.id == Callback.counselor_id)
_BY_REF = Statement(_card.where(Callback.ref == bindparam("ref_"), Callback.closed_at.is_(None)))
_BY_ID = Statement(_card.where(Callback.id == bindparam("row")))
_MINE = Statement(
    select(Callback.ref)
    .where(Callback.counselor_id == bindparam("who"), Callback.closed_at.is_(None))
    .order_by(Callback.lane, Callback.leased_until)
)


def short_number(name: str) -> int | None:
    """What is written as the short number of a request; None when it is none."""
    return int(name) if name.isascii() and name.isdecimal() and len(name) < DIGITS else None


def find(tx: Transaction, vault: Vault, name: str) -> Card | None:
    """The open request with this short number, or the one with this id; None when there is none."""
    ref = short_number(name)
    row = tx.one(_BY_ID, row=name) if ref is None else tx.one(_BY_REF, ref_=ref)
    return Card._make((*row[:_WISH], Wish.opened(vault, row[0], row[_WISH]), *row[_WISH + 1 :])) if row else None


def held_by(tx: Transaction, who: Member) -> list[int]:
    """The short numbers of what they have, the urgent ones first."""
    return [row[0] for row in tx.all(_MINE, who=who.id)]
