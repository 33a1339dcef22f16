"""the page"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_BIG = sa.BigInteger()


def upgrade() -> None:
    op.add_column("counselors", sa.Column("invite", sa.String(64)))
    op.add_column("counselors", sa.Column("invited_at", _BIG))
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("counselor_id", sa.String(32), sa.ForeignKey("counselors.id"), nullable=False, index=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("began_at", _BIG, nullable=False, index=True),
        sa.Column("seen_at", _BIG, nullable=False),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("since", _BIG, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("sign_in_tries")
    op.drop_table("sign_ins")
    op.drop_column("counselors", "invited_at")
    op.drop_column("counselors", "invite")
