"""silence is found by an index"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:

    op.add_column("outbox", sa.Column("raised_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE outbox SET raised_at = submitted_at WHERE kind = 'nudge' AND why = 'raised'")
    _index("ix_outbox_checkins", "kind = 'reminder' AND \"then\" = 'checkin'")
    _index("ix_outbox_nudges", "kind = 'nudge' AND raised_at IS NULL")
    op.create_index("ix_statuses_created_at", "statuses", ["created_at"])


def _index(name: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "outbox", ["submitted_at"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:

    op.drop_index("ix_statuses_created_at", "statuses")
    op.drop_index("ix_outbox_nudges", "outbox")
    op.drop_index("ix_outbox_checkins", "outbox")
    op.drop_column("outbox", "raised_at")
