"""Warnings as they leave the newsroom: rows with their stations,
their versions and who approved them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.errors import Held
from service.newsroom.store.joins import newest_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.values import State, Urgent

First = aliased(RenderingRow)  # the version that a warning came in


def slugs(session: Session, article_id: int | None) -> set[str]:
    """The stations of an article in force."""
    return set(stations_by_article(session, [article_id]).get(article_id, ()))


def stations_by_article(
    session: Session, articles: Collection[int | None]
) -> dict[int | None, list[str]]:
    """By article, the slugs of its stations, its home first."""
    rows = session.execute(
        select(ArticleStationRow.article_id, StationRow.slug)
        .join(StationRow, StationRow.id == ArticleStationRow.station_id)
        .where(ArticleStationRow.article_id.in_(articles))
        .order_by(ArticleStationRow.position)
    )
    by_article: dict[int | None, list[str]] = defaultdict(list)
    for article, slug in rows:
        by_article[article].append(slug)
    return by_article


def urgents(
    session: Session,
    query: Select[UrgentRow, EpisodeRow, RenderingRow, RenderingRow, str],
    now: datetime,
) -> list[Urgent]:
    """The warnings that a query of `standing` asks for, in its order.

    In two questions, however many.
    """
    rows = session.execute(query).all()
    if not rows:
        return []
    stations = stations_by_article(session, [row[1].article_id for row in rows])

    def value(row: Any) -> Urgent:
        slugs = tuple(stations[row.EpisodeRow.article_id])
        return _urgent(row, slugs, now)

    return readable(rows, value, "a warning", lambda row: row[0].episode_id)


def standing() -> Select[UrgentRow, EpisodeRow, RenderingRow, RenderingRow, str]:
    """Warnings with their newest version, the one that they came in, and who approved one last."""
    return (
        select(UrgentRow, EpisodeRow, RenderingRow, First, _last_approver())
        .join(EpisodeRow, EpisodeRow.id == UrgentRow.episode_id)
        .join(RenderingRow, newest_version())
        .join(First, (First.episode_id == EpisodeRow.id) & (First.version == 1))
        # Or SQLite, which knows not that warnings are few, walks through all first versions.
        .where(EpisodeRow.id.in_(select(UrgentRow.episode_id)))
    )


def _last_approver() -> ScalarSelect[str]:
    """Who approved the newest version of EpisodeRow's episode that was approved at all."""
    approved = aliased(RenderingRow)
    return (
        select(approved.approved_by)
        .where(approved.episode_id == EpisodeRow.id, approved.approved_at.is_not(None))
        .order_by(approved.version.desc())
        .limit(1)
        .correlate(EpisodeRow)
        .scalar_subquery()
    )


def _urgent(columns: Any, stations: tuple[str, ...], now: datetime) -> Urgent:
    """The approver is None while nobody has heard and approved it,
    though somebody may have beforehand.
    """
    row, episode, newest, first, approver = columns
    is_expired = row.expires_at <= now
    return Urgent(
        episode_id=episode.id,
        title=newest.title,
        stations=stations,
        state=State(episode.state),
        version=episode.version,
        times=row.times,
        expires_at=row.expires_at,
        expired=is_expired,
        received_at=first.opened_at,
        received_from=first.opened_by,
        severity=row.severity,
        cap_id=row.cap_id,
        in_force=approver is not None and not is_expired and not episode.withdrawn_why,
        approved_by=approver or row.approved_by,
        ended_why=episode.withdrawn_why,
        held=Held(episode.held) if episode.held else None,
        first_by=_first_of_two(row, episode, approver),
    )


def _first_of_two(row: UrgentRow, episode: EpisodeRow, approver: str | None) -> str:
    """Who approved what waits for a second one; "" when nobody is waited for."""
    is_waiting = approver is None and not row.approved_by
    return row.first_by if is_waiting and row.first_version == episode.version else ""
