"""Numbers that were given out between a backup and its restore are given to nothing else.

Portals, boxes and open pages keep addresses with them. PostgreSQL's sequences are lifted
(`copies.settle`); SQLite gives a new row the number after the highest that is there, so from where
on a table is numbered after a restore is a row here. It is never forgotten: a transaction that is
rolled back takes the highest number with it.

The same backup may be restored twice, and news told from the first: the seconds since 2020 are
further each time, for nobody writes a row a second for long. In 31 bits until 2088.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, event, func, insert, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from service.newsroom.store.tables import NumberedFromRow, Table

LIFTED_BY = 10_000  # at least, whatever the clock says
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def least_number(at: datetime) -> int:
    """From where on at least an installation that is restored at a time numbers its rows."""
    return int((at - BEGINNING).total_seconds())


def lift(connection: Connection, at: datetime) -> None:
    """After a restore of SQLite: each table goes on where no number of before can be met."""
    before = _first_numbers(connection)
    connection.execute(delete(NumberedFromRow))
    for table in Table.metadata.sorted_tables:
        if table.primary_key.columns.keys() == ["id"]:
            last = max(_highest(connection, table), before.get(table.name, 0))
            first = max(last + LIFTED_BY, least_number(at))
            row = insert(NumberedFromRow).values(name=table.name, first=first)
            connection.execute(row)


def watch(sessions: sessionmaker[Session]) -> None:
    """Has every session of this maker number new rows so; tables are lifted while nobody works."""
    firsts: dict[str, int] | None = None

    def firsts_of(session: Session) -> dict[str, int]:
        nonlocal firsts
        if firsts is None:
            firsts = _first_numbers(session)
        return firsts

    def number_objects(session: Session, *_: object) -> None:
        _number(session, firsts_of(session))

    def number_statement(state: ORMExecuteState) -> None:
        # Whoever gives a list of rows gives their numbers as well
        if state.is_insert and not isinstance(state.parameters, list):
            _number_statement(state, firsts_of(state.session))

    event.listen(sessions, "before_flush", number_objects)
    event.listen(sessions, "do_orm_execute", number_statement)


def _first_numbers(asked: Session | Connection) -> dict[str, int]:
    rows = asked.execute(select(NumberedFromRow.name, NumberedFromRow.first))
    return dict(rows.all())


def _highest(asked: Session | Connection, table: Any) -> int:
    return asked.scalar(select(func.max(table.c.id))) or 0


def _number(session: Session, firsts: dict[str, int]) -> None:
    """Numbers the new rows of the tables that were lifted."""
    following: dict[str, int] = {}
    for row in session.new:
        table: Any = type(row).__table__
        if table.name not in firsts or row.id is not None:
            continue
        if table.name not in following:
            highest = _highest(session, table)
            following[table.name] = max(highest + 1, firsts[table.name])
        row.id = following[table.name]
        following[table.name] += 1


def _number_statement(state: ORMExecuteState, firsts: dict[str, int]) -> None:
    """Numbers the row of an INSERT into such a table."""
    statement: Any = state.statement
    first = firsts.get(statement.table.name)
    if first is not None:
        number = max(_highest(state.session, statement.table) + 1, first)
        state.statement = statement.values(id=number)
