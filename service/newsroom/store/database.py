"""The database: short reads, short writes one at a time, and its migrations."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

BUSY_MS = 15_000  # how long SQLite waits for another process's write


class Database:
    """SQLite or PostgreSQL behind one address. Sessions are for this room alone."""

    def __init__(self, url: str, migrations: Path) -> None:
        self.url = make_url(url)
        self._migrations = migrations
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self._engine = create_engine(self.url, pool_pre_ping=not self.sqlite, pool_size=20)
        # SQLite has one writer: in this process we queue for it, which is fairer than its busy loop.
        self._turn: threading.Lock | nullcontext[None] = (
            threading.Lock() if self.sqlite else nullcontext()
        )
        if self.sqlite:
            _prepare_sqlite(self._engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only looks."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are all kept, or none. Do nothing slow inside."""
        engine = self._engine.execution_options(writes=True)
        with self._turn, Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Brings the tables up to date; harmless when they are, safe when two processes try at once."""
        with self._engine.execution_options(migrates=True).connect() as connection:
            if not self.sqlite:  # held until this transaction ends; SQLite's own began IMMEDIATE
                connection.execute(text("SELECT pg_advisory_xact_lock(7053)"))
            command.upgrade(self._alembic(connection), "head")
            connection.commit()

    def check(self) -> None:
        """Raises when the tables in the code and the migrations differ (`alembic check`)."""
        with self._engine.connect() as connection:
            command.check(self._alembic(connection))

    def revise(self, message: str) -> None:
        """Writes the next migration from the difference between code and database, for a developer to read."""
        with self._engine.connect() as connection:
            command.revision(self._alembic(connection), message, autogenerate=True)

    def ping(self) -> None:
        """Raises when the database does not answer or its tables are missing."""
        with self.read() as session:
            session.execute(text("SELECT 1 FROM station LIMIT 1"))

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def _alembic(self, connection: Connection) -> Config:
        config = Config()
        config.set_main_option("script_location", str(self._migrations))
        config.attributes["connection"] = connection
        return config


def insert(session: Session, table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what to do when the row is there already; both databases know it, each in its dialect."""
    return (
        sqlite.insert(table)
        if session.get_bind().dialect.name == "sqlite"
        else postgresql.insert(table)
    )


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, and transactions that say at once whether they will write.

    Deferred transactions that turn into writers fail with "database is locked" whatever the timeout
    (docs/decisions.md), so a writer begins IMMEDIATE.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get("writes") or options.get("migrates")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
