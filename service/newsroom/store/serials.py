"""Serials: numbers that rise with whatever the public sees,
so that what was made once need not be made again.

A write that touches a row of `TABLES` raises its scope's number in the same transaction: equal
numbers, equal pages. Nobody has to remember it: the session itself notes which tables it changed.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker
from sqlalchemy.orm.util import identity_key

from service.newsroom.store import tables
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import EpisodeRow, SerialRow, Table
from service.newsroom.values import Kind, Priority

TOUCHED = "touched"  # in a session: the scopes whose rows it changed
UNHEARD = "unheard"  # in a session: episodes that no slot knew when it began
# As an execution option: what this statement changes is shown at the desk alone
DESK_ALONE = "desk_alone"


class Scope(StrEnum):
    """What a number counts the changes of."""

    PUBLIC = "public"  # all that listeners, apps and loudspeakers get
    SLOTS = "slots"  # what may stand at the slots' addresses, seldom changed
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
    # Of episodes, renderings and masters only those that a slot may know (`_may_stand`). Where a
    # warning is heard changes with its episode.
    Scope.SLOTS: (
        tables.StationRow,
        tables.SlotRow,
        tables.EpisodeRow,
        tables.RenderingRow,
        tables.MasterRow,
        tables.AiringRow,
        tables.BulletinRow,
        tables.PlanItemRow,
        tables.UrgentRow,
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


# Rows of one episode each
OF_EPISODES = (tables.RenderingRow, tables.MasterRow)
# Statements change only such of these as stand nowhere: files of versions that nobody approved,
# what a voice has come to, and sounds that are gone and were made again.
SPARED = frozenset(row.__tablename__ for row in OF_EPISODES)


def watch(sessions: sessionmaker[Session]) -> None:
    """Has every session of this maker note what it changes: objects, and statements of its own."""
    event.listen(sessions, "after_flush", _note_objects)
    event.listen(sessions, "do_orm_execute", _note_statement)


def raise_touched(session: Session) -> frozenset[Scope]:
    """Raises the numbers of what this session changed, and tells of what that was.

    Last in a transaction: others wait for these rows.
    """
    session.flush()
    touched = frozenset(session.info.pop(TOUCHED, ()))
    for scope in sorted(touched):
        row = insert(session, SerialRow).values(name=scope, value=1)
        raised = {"value": SerialRow.value + 1}
        session.execute(
            row.on_conflict_do_update(index_elements=[SerialRow.name], set_=raised)
        )
    return touched


def numbers(session: Session) -> Mapping[str, int]:
    """Every scope's number; one that never rose is not there."""
    return dict(session.execute(_NUMBERS).all())


_NUMBERS = select(SerialRow.name, SerialRow.value)


def _note_objects(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        scopes = SCOPES.get(row.__tablename__, set())
        if Scope.SLOTS in scopes and not _may_stand(session, row):
            scopes = scopes - {Scope.SLOTS}
        _note(session, scopes)


def _note_statement(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    if state.execution_options.get(DESK_ALONE):
        return
    table = state.statement.table.name  # type: ignore[attr-defined]
    scopes = SCOPES.get(table, set())
    _note(state.session, scopes - {Scope.SLOTS} if table in SPARED else scopes)


def _note(session: Session, scopes: set[Scope]) -> None:
    session.info.setdefault(TOUCHED, set()).update(scopes)


def _may_stand(session: Session, row: Any) -> bool:
    """Whether a slot may broadcast or name what is changed here.

    Everything but news on its way that was never public: no bulletin has it yet. What cannot be
    told apart counts.
    """
    if isinstance(row, OF_EPISODES):
        row = session.identity_map.get(identity_key(EpisodeRow, row.episode_id))
        if row is None:
            return True
    return not (isinstance(row, EpisodeRow) and _is_unheard(session, row))


def _is_unheard(session: Session, episode: EpisodeRow) -> bool:
    """Whether it is news that the public never had before this transaction."""
    if episode.kind == Kind.BULLETIN or episode.priority == Priority.URGENT:
        return False
    unheard: set[int] = session.info.setdefault(UNHEARD, set())
    if episode.id in unheard:
        return True
    published = inspect(episode).attrs.first_published_at.history
    before = [*published.unchanged, *published.deleted]
    is_unheard = episode in session.new or before == [None]
    if is_unheard:
        unheard.add(episode.id)
    return is_unheard
