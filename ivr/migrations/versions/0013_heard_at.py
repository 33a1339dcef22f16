"""when somebody at a number was last heard, beyond what is kept of it"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:

    op.add_column("numbers", sa.Column("heard_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:

    op.drop_column("numbers", "heard_at")
