"""A copy of a store beside a dump of its database,
and what a database must forget that comes from a dump.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import inspect, text

from service.newsroom.errors import Conflict
from service.newsroom.store.backup import FORGOTTEN, KEPT, SIGNING
from service.newsroom.store.database import Database, utc_now
from service.newsroom.store.files import Entry, Files, FilesError
from service.newsroom.store.numbering import LIFTED_BY, least_number, lift

# Their rows are in no dump: who is logged in, and the keys that sign sessions and approvals, which
# are made anew.
LEFT_OUT = (*FORGOTTEN, "secret")
PREFIXES = tuple(f"{folder.removeprefix('files/')}/" for folder in KEPT)


def copy_files(source: Files, target: Files) -> Iterator[Entry]:
    """Copies what cannot be made again and is not there yet; gives each file that it copied.

    A key's bytes never change, so a second copy into the same place takes only what is new. What is
    deleted meanwhile nobody needed.
    """
    for prefix in PREFIXES:
        there = {entry.key: entry.bytes for entry in target.entries(prefix)}
        for entry in source.entries(prefix):
            if there.get(entry.key) == entry.bytes:
                continue
            data = source.get(entry.key)
            if data is None:
                continue
            if len(data) != entry.bytes:
                raise FilesError(f"{entry.key}: only a part of it came")
            target.put(entry.key, data)
            yield entry


def refuse_full(database: Database) -> None:
    """Conflict unless the database is empty: nothing is ever restored over a newsroom."""
    with database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    if tables:
        raise Conflict(
            "the database of LOA_DATABASE_URL holds tables already; create an empty one",
            "Cơ sở dữ liệu này đã có dữ liệu.",
            "database",
        )


def settle(database: Database, now: Callable[[], datetime] = utc_now) -> None:
    """Makes a database that came from a copy fit to go on.

    Hooks sign nothing until somebody renews their secrets (of SQLite the copy holds none), and
    numbers go on where no address of before can be met.
    """
    with database.engine.begin() as connection:
        if database.sqlite:
            lift(connection, now())
            return
        for table in set(inspect(connection).get_table_names()).intersection(SIGNING):
            connection.execute(text(f"UPDATE \"{table}\" SET secret = ''"))  # noqa: S608 - one of our own names
        least = least_number(now())
        for sequence in inspect(connection).get_sequence_names():
            further = text(
                "SELECT setval(:name, greatest(nextval(:name) + :by, :least))"
            )
            place = {"name": f'"{sequence}"', "by": LIFTED_BY, "least": least}
            connection.execute(further, place)
