"""The database: short reads, short writes one at a time, and its migrations."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    inspect,
    literal,
    make_url,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from service.newsroom.store import numbering, serials
from service.newsroom.store.again import Failing, InDoubt, failing_of, plainly
from service.newsroom.store.columns import Utc
from service.newsroom.store.log import seal
from service.newsroom.store.tables import JobRow
from service.newsroom.values import Lane

NEW_JOBS = "new_jobs"  # in a session: number and lane of each job that it added
# Told of a new job; may fail or be lost without harm
Nudge = Callable[[int, Lane], None]
# Told of the scopes that a write touched (serials.py)
Hearer = Callable[[frozenset[serials.Scope]], None]
# How long SQLite waits for another process's write, and PostgreSQL for a lock. Whoever asked is
# told then.
BUSY_MS = 4_000
LARGEST_WAL = 16_000_000  # bytes that a checkpoint leaves of the write-ahead log
# A server that vanished without a word is noticed after about so long.
CONNECT_S, SILENT_MS = 5, 20_000


def utc_now() -> datetime:
    """The time of this machine, aware."""
    return datetime.now(UTC)


def nobody(_job: int, _lane: Lane) -> None:
    """Nudges nobody: workers of the same machine ask the jobs table themselves."""


class Database:
    """SQLite or PostgreSQL behind one address. Sessions are for this room alone.

    `engine` is SQLAlchemy's, for tests that count questions. `nudge` is told of each job that a
    write added, after its commit and only then: whoever adds a job cannot forget it. `now` is a
    clock of the caller's own instead of the database's.
    """

    def __init__(
        self,
        url: str,
        migrations: Path,
        nudge: Nudge = nobody,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.url = make_url(url)
        self._now = now
        self._migrations = migrations
        self._nudge = nudge
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        if self.url.drivername == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine = _open(self.url, sqlite=self.sqlite)
        self._writing = _writing_sessions(self.engine)
        # Told of each write; must not fail or wait
        self.after_commit: list[Hearer] = []
        self._snapshot: ContextVar[Session | None] = ContextVar(
            "snapshot", default=None
        )
        # SQLite has one writer: in this process we queue for it, which is fairer than its busy
        # loop.
        self._turn: threading.Lock | nullcontext[None] = (
            threading.Lock() if self.sqlite else nullcontext()
        )

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads of this context see one state of the database, until it writes.

        For a page, which asks several desks: what they say must fit together, and each row is
        loaded once.
        """
        with plainly(), Session(self.engine, expire_on_commit=False) as session:
            token = self._snapshot.set(session)
            try:
                yield
            finally:
                self._snapshot.reset(token)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only looks; Unavailable when the database does not answer."""
        shared = self._snapshot.get()
        with plainly():
            if shared is not None:
                yield shared
                return
            with Session(self.engine, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are all kept, or none. Do nothing slow inside.

        Stands in a method that is a unit of work (`again.transact`), once: it may be run again.
        Lines of the log are written last: until then nobody waits for the chain's head.
        """
        self._end_snapshot()
        with self._turn, self._writing() as session:
            yield session
            seal(session)
            touched = serials.raise_touched(session)
            session.flush()
            _commit(session)
        for heard in self.after_commit:
            heard(touched)
        for job, lane in session.info.get(NEW_JOBS, ()):
            self._nudge(job, lane)

    def _end_snapshot(self) -> None:
        """What is read after a write sees it; and whoever writes holds one connection, not two."""
        shared = self._snapshot.get()
        if shared is not None:
            shared.expunge_all()  # first: what a caller still holds keeps what was loaded
            shared.rollback()
            shared.info.clear()

    def moment(self, later: timedelta = timedelta(0)) -> ColumnElement[datetime]:
        """Now, or so much later, by the one clock that all processes share:
        for leases and due times.

        PostgreSQL's own; of SQLite that of its machine; where a clock was handed in, that one.
        """
        if self._now is utc_now and not self.sqlite:
            return func.now() + later
        return literal(self._now() + later, Utc())

    def clock(self) -> datetime:
        """What `moment` shows, as a value."""
        with self.read() as session:
            return session.scalars(select(type_coerce(self.moment(), Utc()))).one()

    def serials(self) -> Mapping[str, int]:
        """How often each scope of what the public sees has changed.

        Asked on a connection of its own.
        """
        with Session(self.engine) as session:
            return serials.numbers(session)

    def migrate(self, revision: str = "head") -> None:
        """Brings the tables up to a revision.

        Harmless when they are, safe when two processes try at once.

        Unavailable when the database does not answer.
        """
        with plainly():
            self._migrate(revision)

    def _migrate(self, revision: str) -> None:
        if revision == "head" and self._is_up_to_date():
            return
        from service.newsroom.store import migrations

        with self.engine.execution_options(migrates=True).connect() as connection:
            # Held until this transaction ends; SQLite's own began IMMEDIATE
            if not self.sqlite:
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(7053)"))
            migrations.upgrade(connection, self._migrations, revision)
            connection.commit()

    def _is_up_to_date(self) -> bool:
        """Whether the tables are of this release.

        Files of migrations are named by their revisions.
        """
        newest = max(
            path.name.split("_")[0] for path in self._migrations.glob("versions/*.py")
        )
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            revisions = connection.scalars(
                text("SELECT version_num FROM alembic_version")
            )
            return revisions.all() == [newest]

    def check(self) -> None:
        """Raises when the tables in the code and the migrations differ (`alembic check`)."""
        from service.newsroom.store import migrations

        with self.engine.connect() as connection:
            migrations.check(connection, self._migrations)

    def revise(self, message: str) -> None:
        """Writes the next migration from the difference between code and database,
        for a developer to read.
        """
        from service.newsroom.store import migrations

        with self.engine.connect() as connection:
            migrations.revise(connection, self._migrations, message)

    def ping(self) -> None:
        """Raises when the database does not answer or its tables are missing."""
        with self.read() as session:
            session.execute(text("SELECT 1 FROM station LIMIT 1"))

    def ping_write(self) -> None:
        """Raises when nothing can be kept now: the disk is full, or the server reads only."""
        with self.write() as session:
            session.execute(text("UPDATE log_head SET lines = lines"))

    def checkpoint(self) -> None:
        """Empties SQLite's write-ahead log as far as readers let it.

        Nothing for another database.
        """
        if not self.sqlite:
            return
        with self.engine.connect() as connection:
            # Outside any transaction, in which SQLite refuses it.
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def _writing_sessions(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions that note the jobs and what the public sees of what they write."""
    writing = engine.execution_options(writes=True)
    sessions = sessionmaker(writing, expire_on_commit=False)
    event.listen(sessions, "after_flush", _note_new_jobs)
    serials.watch(sessions)
    numbering.watch(sessions)
    return sessions


def _open(url: URL, *, sqlite: bool) -> Engine:
    """The connections to a database, with the patience that a request has."""
    engine = create_engine(
        url,
        pool_pre_ping=not sqlite,
        pool_size=20,
        pool_timeout=BUSY_MS / 1000,
        connect_args={} if sqlite else _patience_of_postgres(),
    )
    prepare = _prepare_sqlite if sqlite else _prepare_postgres
    prepare(engine)
    return engine


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if failing_of(error) is Failing.AWAY and error.connection_invalidated:
            raise InDoubt from error
        raise


def _patience_of_postgres() -> dict[str, Any]:
    """How long a connection is waited for, and how soon a dead one is noticed (libpq's names)."""
    return {
        "connect_timeout": CONNECT_S,
        "tcp_user_timeout": SILENT_MS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }


def _note_new_jobs(session: Session, _context: Any) -> None:
    added = [(row.id, Lane(row.lane)) for row in session.new if isinstance(row, JobRow)]
    session.info.setdefault(NEW_JOBS, []).extend(added)


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
            # What was answered with 202 survives a power cut
            # (sqlite.org/pragma.html#pragma_synchronous).
            "synchronous=FULL",
            f"journal_size_limit={LARGEST_WAL}",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get("writes") or options.get("migrates")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(engine: Engine) -> None:
    """No statement waits for a lock longer than a person does."""

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {BUSY_MS}")
        connection.commit()
