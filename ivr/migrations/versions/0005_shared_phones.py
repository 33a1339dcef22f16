"""shared phones"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:

    op.add_column("contacts", sa.Column("openness", sa.String(length=12), nullable=True))
    op.add_column("contacts", sa.Column("decoy_of", sa.String(length=32), nullable=True))
    op.create_table(
        "pin_tries",
        sa.Column("number_id", sa.String(length=32), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["number_id"], ["numbers.id"], name=op.f("fk_pin_tries_number_id")),
        sa.PrimaryKeyConstraint("number_id", name=op.f("pk_pin_tries")),
    )


def downgrade() -> None:

    op.drop_table("pin_tries")
    op.drop_column("contacts", "decoy_of")
    op.drop_column("contacts", "openness")
