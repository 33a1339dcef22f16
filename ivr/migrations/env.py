"""Where Alembic meets the models. `migrating` hands it the connection."""

from alembic import context

from ivr.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
