"""Serials: numbers that rise with whatever the public sees,
so that what was made once need not be made again.

A write that touches a row of `TABLES` raises its scope's number in the same transaction: equal
numbers, equal pages. Nobody has to remember it: the session itself notes which tables it changed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from service.newsroom.store import tables
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import SerialRow, Table

TOUCHED = "touched"  # in a session: the scopes whose rows it changed


class Scope(StrEnum):
    """What a number counts the changes of."""

    PUBLIC = "public"  # all that listeners, apps and loudspeakers get
    STATIONS = (
        "stations"  # who broadcasts when: read by almost every page, seldom changed
    )
    TAKINGS = "takings"  # which files operators took: on their pages alone
    OPEN_COPIES = "open_copies"  # which sounds leave from elsewhere (LOA_MEDIA_URL)


TABLES: dict[Scope, tuple[type[Table], ...]] = {
    Scope.PUBLIC: (
        tables.StationRow,
        tables.SlotRow,
        tables.TopicRow,
        tables.ArticleStationRow,
        tables.RevisionRow,
        tables.PictureRow,
        tables.EpisodeRow,
        tables.RenderingRow,
        tables.MasterRow,
        tables.ShowRow,
        tables.AiringRow,
        tables.BulletinRow,
        tables.PlanItemRow,
        tables.UrgentRow,
        tables.CorrectionRow,
        tables.RecordingRow,
    ),
    Scope.STATIONS: (tables.StationRow, tables.SlotRow),
    Scope.TAKINGS: (tables.TakingRow,),
    Scope.OPEN_COPIES: (tables.OpenCopyRow,),
}
SCOPES: dict[str, set[Scope]] = {}
for _scope, _rows in TABLES.items():
    for _row in _rows:
        SCOPES.setdefault(_row.__tablename__, set()).add(_scope)


def watch(sessions: sessionmaker[Session]) -> None:
    """Has every session of this maker note what it changes: objects, and statements of its own."""
    event.listen(sessions, "after_flush", _note_objects)
    event.listen(sessions, "do_orm_execute", _note_statement)


def raise_touched(session: Session) -> None:
    """Raises the numbers of what this session changed.

    Last in a transaction: others wait for these rows.
    """
    session.flush()
    for scope in sorted(session.info.pop(TOUCHED, ())):
        row = insert(session, SerialRow).values(name=scope, value=1)
        raised = {"value": SerialRow.value + 1}
        session.execute(
            row.on_conflict_do_update(index_elements=[SerialRow.name], set_=raised)
        )


def numbers(session: Session) -> Mapping[str, int]:
    """Every scope's number; one that never rose is not there."""
    return dict(session.execute(_NUMBERS).all())


_NUMBERS = select(SerialRow.name, SerialRow.value)


def _note_objects(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        _note(session, row.__tablename__)


def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _note(state.session, state.statement.table.name)  # type: ignore[attr-defined]


def _note(session: Session, table: str) -> None:
    if scopes := SCOPES.get(table):
        session.info.setdefault(TOUCHED, set()).update(scopes)
