"""How the databases find what is due: by an index each time, however many rows there are."""

import json
from contextlib import closing
from typing import Any

import pytest

from ivr.care import silences
from ivr.db import Database, Statement
from ivr.outbox import claims, counts, doubts
from ivr.outreach import reminders

STATEMENTS = {
    "what falls due": (reminders._DUE, "ix_schedules_due"),
    "a claim": (claims._CLAIM, "ix_outbox_due"),
    "the most urgent lane": (counts._FIRST, "ix_outbox_due"),
    "what a batch holds": (claims._HELD, "ix_outbox_claim"),
    "what is given back": (claims._GIVE_BACK, "ix_outbox_claim"),
    "claims that are overdue": (claims._OVERDUE, "ix_outbox_leased"),
    "check-ins without an answer": (silences._UNANSWERED, "ix_outbox_checkins"),
    "second words without an answer": (silences._NOT_RAISED, "ix_outbox_nudges"),
    "rows in doubt": (doubts._DOUBTS, "ix_outbox_leased"),
}
VALUES: dict[str, Any] = {
    **dict.fromkeys(("sender_", "channel_", "batch"), "x"),
    **dict.fromkeys(("now", "since", "until", "a_day_ago", "most", "many"), 1),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_is_due_is_found_by_its_index(database_url: str, name: str) -> None:
    statement, index = STATEMENTS[name]
    with closing(Database(database_url)) as database:
        plan = plan_of(database, statement)
    assert index in plan
    assert "SCAN outbox" not in plan and "SCAN schedules" not in plan, plan


def plan_of(database: Database, statement: Statement) -> str:
    values = VALUES | statement.constants[database.dialect]
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN (FORMAT JSON) "
    with database.transaction() as tx:
        if database.dialect != "sqlite":  # it would read an empty table at once
            tx._cursor.execute("SET LOCAL enable_seqscan = off")
        tx._cursor.execute(explain + statement.sql[database.dialect], values)
        return json.dumps(tx._cursor.fetchall(), default=str)
