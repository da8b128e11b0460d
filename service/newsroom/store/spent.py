"""Rows that told how work went, or saved some: nobody reads them once they are old.

What tells who did what, what was approved and what was heard is in none of these tables, and stays.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, inspect, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.newsroom.store.tables import (
    ArticleRow,
    JobRow,
    ReadLogRow,
    ShingleRow,
    Table,
)
from service.newsroom.values import JobState

# Jobs that ended: the log tells of what they did, and the counts of steps how long it took.
JOBS_KEPT = timedelta(days=30)
# Alike articles are looked for among those of seven days (stories/likeness.py).
SKETCHES_KEPT = timedelta(days=30)
# Whoever reads a CDN's log again a year later counts it again.
READ_LOGS_KEPT = timedelta(days=400)
# Rows that one look deletes of a table: nobody waits long for the database meanwhile.
MOST = 10_000
ENDED = (JobState.DONE, JobState.DROPPED, JobState.FAILED)


def drop_spent(session: Session, now: datetime) -> None:
    """Deletes what is spent, at most `MOST` rows of each table: what is left goes with later looks.

    Numbers rise with time, so the oldest rows tell where to stop.
    """
    before = now - JOBS_KEPT
    young = select(JobRow.id).where(JobRow.created_at >= before).order_by(JobRow.id)
    _delete(
        session,
        JobRow,
        _below(session, JobRow.id, young),
        JobRow.state.in_(ENDED),
        JobRow.finished_at < before,
    )
    article = ShingleRow.article_id
    sketches = select(article).join(ArticleRow, ArticleRow.id == article)
    recent = ArticleRow.created_at >= now - SKETCHES_KEPT
    young = sketches.where(recent).order_by(article)
    _delete(session, ShingleRow, _below(session, article, young))
    _delete(session, ReadLogRow, ReadLogRow.read_at < now - READ_LOGS_KEPT)


def _below(
    session: Session, number: InstrumentedAttribute[int], young: Select[int]
) -> ColumnElement[bool]:
    """Before the first that is young; all, where none is."""
    first = session.scalar(young.limit(1))
    return true() if first is None else number < first


def _delete(session: Session, table: type[Table], *where: ColumnElement[bool]) -> None:
    key = inspect(table).primary_key
    slice_ = select(*key).where(*where).order_by(*key).limit(MOST)
    deletion = delete(table).where(tuple_(*key).in_(slice_))
    session.execute(deletion, execution_options={"synchronize_session": False})
