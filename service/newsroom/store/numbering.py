"""Numbers that were given out between a backup and its restore are given to nothing else.

Portals, boxes and open pages keep addresses with them. PostgreSQL's sequences are lifted
(`copies.settle`); SQLite gives a new row the number after the highest that is there, so from where
on a table is numbered after a restore is a row here.
"""

from typing import Any

from sqlalchemy import Connection, delete, event, func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from service.newsroom.store.tables import NumberedFromRow, Table

LIFTED_BY = 10_000


def lift(connection: Connection) -> None:
    """After a restore of SQLite: each table goes on where no number of before can be met."""
    before = _first_numbers(connection)
    connection.execute(delete(NumberedFromRow))
    for table in Table.metadata.sorted_tables:
        if table.primary_key.columns.keys() == ["id"]:
            highest = connection.scalar(select(func.max(table.c.id))) or 0
            first = max(highest, before.get(table.name, 0)) + LIFTED_BY
            row = insert(NumberedFromRow).values(name=table.name, first=first)
            connection.execute(row)


def watch(sessions: sessionmaker[Session]) -> None:
    """Has every session of this maker number new rows so; tables are lifted while nobody works."""
    firsts: dict[str, int] | None = None

    def number(session: Session, *_: object) -> None:
        nonlocal firsts
        if firsts is None:
            firsts = _first_numbers(session)
        if firsts:
            _number(session, firsts)

    event.listen(sessions, "before_flush", number)


def _first_numbers(asked: Session | Connection) -> dict[str, int]:
    rows = asked.execute(select(NumberedFromRow.name, NumberedFromRow.first))
    return dict(rows.all())


def _number(session: Session, firsts: dict[str, int]) -> None:
    """Numbers the new rows of tables that are not there yet; forgets the others."""
    following: dict[str, int] = {}
    for row in session.new:
        table: Any = type(row).__table__
        if table.name not in firsts or row.id is not None:
            continue
        if table.name not in following:
            highest = session.scalar(select(func.max(table.c.id))) or 0
            if highest >= firsts[table.name]:
                del firsts[table.name]
                continue
            following[table.name] = firsts[table.name]
        row.id = following[table.name]
        following[table.name] += 1
