"""whoever may be in danger stands at the desk, under the number that those on duty are told"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_LINK = (
    "UPDATE alerts SET callback_id = (SELECT id FROM callbacks WHERE callbacks.contact_id = alerts.contact_id"
    " AND callbacks.closed_at IS NULL) WHERE next_at IS NOT NULL"
)


def upgrade() -> None:

    with op.batch_alter_table("alerts") as alerts:
        alerts.add_column(sa.Column("callback_id", sa.String(32), nullable=True))
        alerts.create_foreign_key(op.f("fk_alerts_callback_id"), "callbacks", ["callback_id"], ["id"])
        alerts.create_index(op.f("ix_alerts_callback_id"), ["callback_id"])
    op.execute(_LINK)


def downgrade() -> None:

    with op.batch_alter_table("alerts") as alerts:
        alerts.drop_index(op.f("ix_alerts_callback_id"))
        alerts.drop_constraint(op.f("fk_alerts_callback_id"), type_="foreignkey")
        alerts.drop_column("callback_id")
