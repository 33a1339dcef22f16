"""two-way texts"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_BIG, _ID = sa.BigInteger(), sa.String(32)


def upgrade() -> None:

    op.create_table(
        "desk_texts",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("callback_id", _ID, sa.ForeignKey("callbacks.id"), nullable=False, index=True),
        sa.Column("counselor_id", _ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", _BIG),
        sa.Column("brought_by", sa.String(120)),
        sa.Column("created_at", _BIG, nullable=False),
    )
    op.add_column("callbacks", sa.Column("wrote_at", _BIG, nullable=True))


def downgrade() -> None:

    op.drop_column("callbacks", "wrote_at")
    op.drop_table("desk_texts")
