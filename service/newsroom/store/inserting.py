"""An INSERT that can say what to do when the row is there already.

Both databases know it, each in its dialect; only that of the database at hand is loaded.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def insert(session: Session, table: Any) -> "sqlite.Insert | postgresql.Insert":
    """For a table of the database that a session is of."""
    if session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
