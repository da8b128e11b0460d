"""Alembic's way in: the connection is handed over by service.newsroom.store.database."""

from alembic import context

from service.newsroom.store import doors  # noqa: F401 - its tables are known once it is read
from service.newsroom.store.tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
    user_module_prefix="tables.",
)
with context.begin_transaction():
    context.run_migrations()
