"""What alembic runs for every command; the connection is handed over by ``history.migration``."""

from alembic import context

from history.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
