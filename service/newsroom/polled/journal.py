"""Journals of sources, and sources as others see them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import SourceEventRow, SourceRow
from service.newsroom.values import (
    JournalLine,
    NewSource,
    PolledSource,
    SourceEvent,
    SourceState,
)

JOURNAL_KEPT = 500  # lines of each source


def source_value(row: SourceRow) -> PolledSource:
    """A row as others see it."""
    return PolledSource(
        id=row.id,
        key=row.key,
        settings=NewSource(
            name=row.name,
            kind=row.kind,
            url=row.url,
            stations=tuple(row.stations),
            selector=row.selector,
            topics=dict(row.topics),
            topic=row.topic,
            trusted=row.trusted,
            minutes=row.minutes,
            since=row.since,
            secret=row.secret,
        ),
        since=row.since,
        state=SourceState(row.state),
        etag=row.etag,
        last_modified=row.last_modified,
        hop=row.hop,
        hops=row.hops,
        list_at=row.list_at,
        failures=row.failures,
        trouble=row.trouble,
        looked_at=row.looked_at,
        created_by=row.created_by,
        created_at=row.created_at,
    )


def tell(
    session: Session,
    source_id: int,
    now: datetime,
    event: SourceEvent,
    *,
    title: str = "",
    url: str = "",
    detail: str = "",
    episode_id: int | None = None,
) -> None:
    """A line in a source's journal, which keeps the newest `JOURNAL_KEPT`."""
    session.add(
        SourceEventRow(
            source_id=source_id,
            at=now,
            event=event,
            title=title[:300],
            url=url,
            detail=detail[:500],
            episode_id=episode_id,
        )
    )
    oldest_kept = session.scalar(
        select(SourceEventRow.id)
        .where(SourceEventRow.source_id == source_id)
        .order_by(SourceEventRow.id.desc())
        .offset(JOURNAL_KEPT)
        .limit(1)
    )
    if oldest_kept is not None:
        session.execute(
            delete(SourceEventRow).where(
                SourceEventRow.source_id == source_id, SourceEventRow.id <= oldest_kept
            )
        )


def line_value(row: SourceEventRow) -> JournalLine:
    """A line as others see it."""
    return JournalLine(
        row.at, SourceEvent(row.event), row.title, row.url, row.detail, row.episode_id
    )
