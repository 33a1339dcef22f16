"""the right to vanish"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "erased",
        sa.Column("found_by", sa.String(length=64), nullable=False),
        sa.Column("stopped", sa.String(length=32), nullable=False),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("found_by", name=op.f("pk_erased")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=True),
        sa.Column("row", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("sid", name=op.f("uq_erasures_sid")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_row"), ["row"], unique=False)
        batch_op.create_index(
            "ix_erasures_due",
            ["due_at"],
            unique=False,
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )
    op.create_table(
        "receipts",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("removed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_receipts")),
    )


def downgrade() -> None:
    op.drop_table("receipts")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_erasures_due",
            postgresql_where=sa.text("done_at IS NULL"),
            sqlite_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_erasures_row"))
    op.drop_table("erasures")
    op.drop_table("erased")
