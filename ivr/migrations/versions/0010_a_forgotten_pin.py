"""a forgotten PIN"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:

    op.add_column("contacts", sa.Column("leaves_at", sa.BigInteger(), nullable=True))
    where = sa.text("leaves_at IS NOT NULL")
    op.create_index("ix_contacts_leaves", "contacts", ["leaves_at"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:

    op.drop_index("ix_contacts_leaves", "contacts")
    op.drop_column("contacts", "leaves_at")
