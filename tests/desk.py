"""The desk of the tests: counselors, and people who ask to be rung, many at once."""

from people import Line

from ivr.callbacks import requests
from ivr.callbacks.requests import ASKED, Asking, Cause, Request
from ivr.callbacks.wishes import Wish
from ivr.people import contacts
from ivr.people.contacts import Party
from ivr.phone import parse
from ivr.team import counselors
from ivr.team.counselors import Member, New


def a_counselor(line: Line, login: str = "first", **how: object) -> Member:
    """Somebody who takes requests, in all languages unless told otherwise."""
    new = New(login, **{"role": "counselor", "language": "en", "speaks": ("en", "es", "sw")} | how)  # type: ignore[arg-type]
    with line.runtime.database.transaction() as tx:
        id = counselors.add(tx, line.runtime.vault, new, "operator", line.clock.now())
        found = counselors.find(tx, id)
    assert found
    return found


def somebody_asks(line: Line, n: int = 1, cause: Cause = ASKED, language: str = "en", **wish: str) -> Request:
    """The n-th person asks to be rung; the request that is open then."""
    service, home = line.runtime.line.number, line.runtime.content.hours.zone
    with line.runtime.database.transaction() as tx:
        phone, vault, now = parse(f"+2547{n:08}", "KE"), line.runtime.vault, line.clock.now()
        party = contacts.recognise(tx, vault, phone, Party("sms", service, language), now)
        party.language = language
        assert party.number_id
        return requests.request(tx, vault, Asking(party, party.number_id, Wish(**wish), home), now, cause)
