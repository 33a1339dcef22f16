"""People with reminders, written straight into a line's database: real ones, or a million that nobody reaches."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import bindparam, insert, select

from bench.webhooks import NUMBER
from ivr.db import Database, Statement
from ivr.models import Consent, Contact, Number, Schedule, new_id
from ivr.outbox import rows
from ivr.outbox.rows import Sending
from ivr.outreach.recurrence import Rule, frozen
from ivr.outreach.reminders import KNOCK, USEFUL
from ivr.runtime import Runtime

FLOW = "checkin"
LANGUAGES, HOURS = ("en", "sw", "es"), (None, None, None, "08:00-21:00")
ANY_HOUR = ("00:00-00:00",)
ZONE = "Africa/Nairobi"
LATELY = 86_400_000  # ms since they came to us
_FAR = 4_102_444_800_000  # ms: nothing of theirs is due in this century
NEWEST = Statement(select(Contact.id, Contact.number_id).order_by(Contact.created_at.desc()).limit(bindparam("many")))
_TABLES = {model.__tablename__: Statement(insert(model)) for model in (Number, Contact, Consent, Schedule)}


def gather(runtime: Runtime, people: range, due: Callable[[int], int], hours: tuple[str | None, ...] = HOURS) -> None:
    """People who want a text a day; `due` says when (ms) the reminder of each one comes next."""
    written: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    for person in people:
        for table, row in _rows(runtime, person, due(person), hours[person % len(hours)]):
            written[table].append(row)
    with runtime.database.transaction() as tx:
        for table, items in written.items():
            tx.many(_TABLES[table], items)


def put(runtime: Runtime, kind: str, people: range) -> None:
    """New people, for each of whom a row of this kind waits in the outbox."""
    now = runtime.now()
    gather(runtime, people, lambda _: _FAR, ANY_HOUR)
    with runtime.database.transaction() as tx:
        found = tx.all(NEWEST, many=len(people))
        rows.add_all(tx, [sending(kind, number, contact, now) for contact, number in found], now)


def sending(kind: str, number: str, contact: str, now: int) -> Sending:
    """A text for this person, due now."""
    who = (NUMBER, number, contact)
    return Sending(f"{kind}|{new_id()}", kind, "sms", *who, KNOCK, now, now + USEFUL, FLOW)


def _rows(runtime: Runtime, who: int, due: int, hours: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    line, person, language = new_id(), new_id(), LANGUAGES[who % len(LANGUAGES)]
    written = {"created_at": runtime.now() - LATELY + who}  # at a number that is silent for long a question comes first
    phone = f"+254711{who:06}"
    sealed, index = runtime.vault.seal("numbers.sealed", line, phone.encode()), runtime.vault.index(phone)
    yield "numbers", {"id": line, "found_by": index, "sealed": sealed, "country": "KE", "heard_at": None} | written
    spoken = {"language": language, "zone": ZONE, "hours": hours} | dict.fromkeys(
        ("pin", "openness", "decoy_of", "leaves_at")
    )
    yield "contacts", {"id": person, "number_id": line} | spoken | written
    yield "consents", {"id": new_id(), "contact_id": person, "language": language} | _CONSENT | written
    yield "schedules", {"id": new_id(), "contact_id": person, "number_id": line} | _wish(who, due) | written


_CONSENT = {"purpose": "reminders", "given": True, "channel": "sms", "words": "0" * 64}
_RULES = [json.dumps(frozen(Rule("daily", time(12), date(2026, 1, day)))) for day in range(1, 31)]


def _wish(who: int, due: int) -> dict[str, Any]:
    day = datetime.fromtimestamp(due / 1000, UTC).date().isoformat()
    what = {"sender": NUMBER, "channel": "sms", "flow": FLOW, "rule": _RULES[who % len(_RULES)]}
    return what | {"next_at": due, "next_on": day} | dict.fromkeys(("left", "last", "paused_until", "ended_at"))


# Both databases take these. Their numbers are nobody's.
_SERIES = "WITH RECURSIVE series(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM series WHERE i < {last}) "
_MANY = (
    "INSERT INTO numbers (id, found_by, sealed, country, created_at) {series}"
    "SELECT 'n' || i, 'f' || i, {nothing}, 'KE', 0 FROM series",
    "INSERT INTO contacts (id, number_id, language, zone, created_at) {series}"
    "SELECT 'c' || i, 'n' || i, 'en', '{zone}', 0 FROM series",
    "INSERT INTO schedules (id, contact_id, number_id, sender, channel, flow, rule, next_at, next_on, created_at) "
    "{series}SELECT 's' || i, 'c' || i, 'n' || i, '{number}', 'sms', '{flow}', '{{}}', {far} + i, '2100-01-01', 0 "
    "FROM series",
)


def crowd(database: Database, first: int, last: int) -> None:
    """People `first` to `last`, each with a schedule of which nothing is due."""
    values = {
        "series": _SERIES.format(first=first, last=last),
        "nothing": "x''" if database.dialect == "sqlite" else "''::bytea",
        "zone": ZONE,
        "number": NUMBER,
        "flow": FLOW,
        "far": _FAR,
    }
    with database.engine.begin() as connection:
        for sql in _MANY:
            connection.exec_driver_sql(sql.format(**values))
        connection.exec_driver_sql("ANALYZE")
