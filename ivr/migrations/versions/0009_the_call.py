"""the call"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_BIG, _ID = sa.BigInteger(), sa.String(32)


def upgrade() -> None:

    op.create_table(
        "calls",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("ring_id", _ID, nullable=False, index=True),
        sa.Column("callback_id", _ID, sa.ForeignKey("callbacks.id"), nullable=False, index=True),
        sa.Column("counselor_id", _ID, sa.ForeignKey("counselors.id"), nullable=False),
        sa.Column("phone_id", _ID, nullable=False, index=True),
        sa.Column("rung_at", _BIG, nullable=False),
        sa.Column("answered_at", _BIG),
        sa.Column("dialled_at", _BIG),
        sa.Column("heard_at", _BIG),
        sa.Column("taken_at", _BIG),
        sa.Column("pins", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("seconds", sa.Integer()),
        sa.Column("ended_at", _BIG),
    )


def downgrade() -> None:

    op.drop_table("calls")
