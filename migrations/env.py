"""Alembic's way in: the connection is handed over by service.newsroom.store.database."""

from typing import Any, Literal

from alembic import context

from service.newsroom.store import doors  # noqa: F401 - its tables are known once it is read
from service.newsroom.store.columns import Day, Json, Utc
from service.newsroom.store.tables import Table

PLAIN = ((Utc, "sa.DateTime(timezone=True)"), (Day, "sa.Date()"), (Json, "sa.JSON()"))
connection = context.config.attributes["connection"]


def as_plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name no type of ours: what they do must not change when the code does."""
    if kind == "type":
        return next((name for ours, name in PLAIN if isinstance(item, ours)), False)
    return False  # as Alembic renders it


context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=as_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
