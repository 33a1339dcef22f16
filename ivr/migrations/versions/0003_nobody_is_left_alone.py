"""nobody in danger is left alone"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:

    op.add_column("callbacks", sa.Column("urgent_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=True),
        sa.Column("service_number", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["number_id"], ["numbers.id"], name=op.f("fk_alerts_number_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_alerts_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_number_id", "alerts", ["number_id"])
    open_only = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_alerts_code", "alerts", ["code"], unique=True, postgresql_where=open_only, sqlite_where=open_only
    )
    op.create_table(
        "bridges",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=True),
        sa.Column("contact_id", sa.String(length=32), nullable=True),
        sa.Column("counselor_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("rung_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["number_id"], ["numbers.id"], name=op.f("fk_bridges_number_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_bridges_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridges")),
    )
    op.create_index("ix_bridges_conversation_id", "bridges", ["conversation_id"])
    op.create_index("ix_bridges_counselor_id", "bridges", ["counselor_id"])


def downgrade() -> None:

    op.drop_table("bridges")
    op.drop_table("alerts")
    op.drop_column("callbacks", "urgent_at")
