"""the desk"""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BIG, _ID = sa.BigInteger(), sa.String(32)
_OPEN = sa.text("closed_at IS NULL")
_COUNSELORS = (
    sa.Column("id", _ID, primary_key=True),
    sa.Column("login", sa.String(32), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("speaks", sa.String(64), nullable=False),
    sa.Column("gender", sa.String(8)),
    sa.Column("found_by", sa.String(64)),
    sa.Column("phone", sa.LargeBinary()),
    sa.Column("pin", sa.String(200)),
    sa.Column("password", sa.String(200)),
    sa.Column("totp", sa.LargeBinary()),
    sa.Column("totp_used", _BIG, nullable=False),
    sa.Column("epoch", sa.Integer(), nullable=False),
    sa.Column("created_at", _BIG, nullable=False),
    sa.Column("ended_at", _BIG),
    sa.UniqueConstraint("login", name="uq_counselors_login"),
)
_NEW = (  # of a request: its name, its type, and what an older one has
    ("service_number", sa.String(20), ""),
    ("ref", sa.Integer(), None),
    ("card", sa.LargeBinary(), None),
    ("wish", sa.String(8), None),
    ("lane", sa.Integer(), 1),
    ("place_at", _BIG, 0),
    ("place_why", sa.String(8), "usual"),
    ("from_at", _BIG, 0),
    ("until_at", _BIG, None),
    ("counselor_id", _ID, None),
    ("leased_until", _BIG, None),
    ("attempts", sa.Integer(), 0),
    ("attempted_at", _BIG, None),
)
_NEEDED = ("service_number", "ref", "lane", "place_at", "place_why", "from_at", "attempts")
# The book is written once. Both databases say no to whoever would change it, whatever program asks.
_GUARD = {
    "sqlite": [
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table}: what is written stays'); END"
        for table in ("audit", "audit_seals")
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION what_is_written_stays() RETURNS trigger AS"
        " $$ BEGIN RAISE EXCEPTION '%: what is written stays', TG_TABLE_NAME; END $$ LANGUAGE plpgsql",
        *(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION what_is_written_stays()"
            for table in ("audit", "audit_seals")
        ),
    ],
}
_UNGUARD = {
    "sqlite": [f"DROP TRIGGER {table}_{verb}" for table in ("audit", "audit_seals") for verb in ("update", "delete")],
    "postgresql": ["DROP FUNCTION what_is_written_stays() CASCADE"],
}


def upgrade() -> None:

    _make_tables()
    _copy_events()
    op.drop_table("callback_events")  # SQLite makes the table anew to which it refers, and lets nothing refer meanwhile
    for name, kind, default in _NEW:
        op.add_column("callbacks", sa.Column(name, kind, server_default=None if default is None else str(default)))
    op.execute("UPDATE callbacks SET place_at = created_at")
    op.execute("UPDATE callbacks SET lane = 0, place_at = urgent_at, place_why = 'urgent' WHERE urgent_at IS NOT NULL")
    _number()
    with op.batch_alter_table("callbacks") as table:
        for name, kind, _ in _NEW:
            table.alter_column(name, existing_type=kind, nullable=name not in _NEEDED, server_default=None)
        table.create_foreign_key("fk_callbacks_counselor_id", "counselors", ["counselor_id"], ["id"])
        table.drop_column("wanted")
    _index_callbacks()
    _make_notes()
    for statement in _GUARD[op.get_bind().dialect.name]:
        op.execute(statement)


def _make_tables() -> None:
    op.create_table("counselors", *_COUNSELORS)
    with_phone = sa.text("found_by IS NOT NULL")
    op.create_index(
        "ix_counselors_phone",
        "counselors",
        ["found_by"],
        unique=True,
        postgresql_where=with_phone,
        sqlite_where=with_phone,
    )
    op.create_table(
        "shifts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("counselor_id", _ID, sa.ForeignKey("counselors.id"), nullable=False, index=True),
        sa.Column("starts_at", _BIG, nullable=False),
        sa.Column("ends_at", _BIG, nullable=False, index=True),
        sa.Column("created_at", _BIG, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("about", _ID, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("who", _ID, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("why", sa.String(120), nullable=False),
        sa.Column("at", _BIG, nullable=False, index=True),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("about", "n", name="uq_audit_about"),
    )
    op.create_table(
        "audit_seals",
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _make_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("callback_id", _ID, sa.ForeignKey("callbacks.id"), nullable=False, index=True),
        sa.Column("counselor_id", _ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _BIG, nullable=False),
    )


def _number() -> None:
    """Short numbers for the requests that are open, and none for those that are not."""
    bind = op.get_bind()
    ids = [row[0] for row in bind.execute(sa.text("SELECT id FROM callbacks ORDER BY closed_at IS NOT NULL, id"))]
    for ref, id in enumerate(ids, 10):
        bind.execute(sa.text("UPDATE callbacks SET ref = :ref WHERE id = :id"), {"ref": ref, "id": id})


def _index_callbacks() -> None:
    for name, columns, is_unique in (
        ("ix_callbacks_ref", ["ref"], True),
        ("ix_callbacks_queue", ["lane", "place_at", "id"], False),
    ):
        op.create_index(name, "callbacks", columns, unique=is_unique, postgresql_where=_OPEN, sqlite_where=_OPEN)
    op.create_index("ix_callbacks_of", "callbacks", ["contact_id", "closed_at"])
    op.create_index("ix_callbacks_counselor_id", "callbacks", ["counselor_id"])


def _copy_events() -> None:
    """What was written about requests so far begins their stories."""
    rows = op.get_bind().execute(
        sa.text("SELECT id, callback_id, who, what, why, created_at FROM callback_events ORDER BY 2, 6, 1")
    )
    lines = [line for about, of in groupby(rows, lambda row: row[1]) for line in _story(about, of)]
    if lines:
        op.bulk_insert(sa.table("audit", *(sa.column(name) for name in lines[0])), lines)


def _story(about: str, rows: Any) -> Iterator[dict[str, Any]]:
    previous = ""
    for n, (id, _, who, what, why, at) in enumerate(rows):
        line = {"about": about, "n": n, "who": who, "what": what, "why": why, "at": at, "previous": previous}
        text = json.dumps(list(line.values()), ensure_ascii=False)
        previous = hashlib.sha256(text.encode()).hexdigest()
        yield {"id": id, **line, "hash": previous}


def downgrade() -> None:

    bind = op.get_bind()
    for statement in _UNGUARD[bind.dialect.name]:
        op.execute(statement)
    op.drop_table("notes")
    op.add_column("callbacks", sa.Column("wanted", sa.LargeBinary()))
    for name in ("ix_callbacks_ref", "ix_callbacks_queue", "ix_callbacks_of", "ix_callbacks_counselor_id"):
        op.drop_index(name, "callbacks")
    with op.batch_alter_table("callbacks") as table:
        table.drop_constraint("fk_callbacks_counselor_id", "foreignkey")
        for name, _, _ in _NEW:
            table.drop_column(name)
    op.create_table(
        "callback_events",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("callback_id", _ID, sa.ForeignKey("callbacks.id"), nullable=False, index=True),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("why", sa.String(64), nullable=False),
        sa.Column("created_at", _BIG, nullable=False),
    )
    op.execute(
        "INSERT INTO callback_events SELECT audit.id, about, who, what, substr(why, 1, 64), at"
        " FROM audit JOIN callbacks ON callbacks.id = about"
    )
    for name in ("audit_seals", "audit", "shifts", "counselors"):
        op.drop_table(name)
