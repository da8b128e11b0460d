"""Warnings in force: what goes before everything else at the addresses of a station's slots."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, select
from sqlalchemy.orm import Load, Session

from service.newsroom.airtime.airings import approved_rendering
from service.newsroom.store.joins import version_of_master
from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    StationRow,
    UrgentRow,
)
from service.newsroom.store.tables.stories import SEAL
from service.newsroom.stories.renderings import master_value
from service.newsroom.values import (
    Airing,
    MasterKind,
    PlanItem,
    Priority,
    Rung,
    Serving,
)
from service.newsroom.values.seals import Seal

# In the place of an airing, until it is known which one.
NO_AIRING = Airing(0, "", "", date.min, datetime.min.replace(tzinfo=UTC), 0)


def warnings_after(session: Session, now: datetime) -> list[int]:
    """The warnings that end after this time.

    Asked first, by itself: there are few. From a station's side a database walks through all its
    news.
    """
    return list(
        session.scalars(select(UrgentRow.episode_id).where(UrgentRow.expires_at > now))
    )


def warnings_end(
    session: Session, stations: Collection[int], now: datetime
) -> dict[int, datetime]:
    """By station, when the first of the warnings in force there ends.

    Those without any are not there.
    """
    ends: dict[int, datetime] = {}
    for station, _, expires_at in ever_warned(session, stations):
        if expires_at > now:
            ends[station] = min(expires_at, ends.get(station, expires_at))
    return ends


def ever_warned(
    session: Session, stations: Collection[int]
) -> list[tuple[int, int, datetime]]:
    """Stations, the warnings that were ever made for them, and when those end."""
    ends = dict(
        session.execute(select(UrgentRow.episode_id, UrgentRow.expires_at)).all()
    )
    if not ends:
        return []
    placed = session.execute(
        select(ArticleStationRow.station_id, EpisodeRow.id)
        .join(EpisodeRow, EpisodeRow.article_id == ArticleStationRow.article_id)
        .where(EpisodeRow.id.in_(ends))
    )
    return [
        (station, episode, ends[episode])
        for station, episode in placed
        if station in stations
    ]


def warnings_now(
    session: Session, stations: Collection[int], now: datetime
) -> dict[int, Serving]:
    """By station, the gravest warning in force there, with all of them as its items."""
    warnings = warnings_after(session, now)
    if not warnings:
        return {}
    in_force: dict[int, list[Row[EpisodeRow, RenderingRow, MasterRow, str, int]]] = {}
    query = at_stations(stations, warnings).add_columns(ArticleStationRow.station_id)
    query = query.options(Load(RenderingRow).undefer_group(SEAL))
    for row in session.execute(query).all():
        in_force.setdefault(row[4], []).append(row)
    return {station: _warning_of(rows) for station, rows in in_force.items()}


def _warning_of(
    warnings: Sequence[Row[EpisodeRow, RenderingRow, MasterRow, str, int]],
) -> Serving:
    """The first of a station's warnings, with all of them as its items."""
    items = tuple(
        PlanItem(
            position=position,
            episode_id=episode.id,
            version=rendering.version,
            title=rendering.title,
            slug=episode.slug,
            station_name=station_name,
            priority=Priority.URGENT,
            seconds=master.seconds,
            repeat=False,
            newest=rendering.version,
        )
        for position, (episode, rendering, master, station_name, _) in enumerate(
            warnings, start=1
        )
    )
    episode, rendering, master, *_ = warnings[0]
    return serving_of(
        NO_AIRING, Rung.URGENT, (episode, rendering, master), items, Rung.URGENT.why_vi
    )


def at_stations(
    stations: Collection[int], warnings: Collection[int]
) -> Select[EpisodeRow, RenderingRow, MasterRow, str]:
    """Those of these warnings that are on the air at these stations:
    the gravest first, then the newest.
    """
    return (
        select(EpisodeRow, RenderingRow, MasterRow, StationRow.name)
        .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .join(RenderingRow, approved_rendering())
        .join(MasterRow, for_horns())
        .where(
            ArticleStationRow.station_id.in_(stations),
            EpisodeRow.id.in_(warnings),
            EpisodeRow.withdrawn_why == "",
        )
        .order_by(_gravity(), RenderingRow.approved_at.desc())
    )


def _gravity() -> ColumnElement[int]:
    """Grave warnings first; what was typed, or does not say how grave it is, counts as severe."""
    ranks = {"Extreme": 0, "Severe": 1, "Moderate": 2, "Minor": 3}
    return case(ranks, value=UrgentRow.severity, else_=1)


def for_horns() -> ColumnElement[bool]:
    """The master for horns of RenderingRow's version."""
    return version_of_master() & (MasterRow.kind == MasterKind.SPEAKER)


def serving_of(
    airing: Airing,
    rung: Rung,
    rows: Sequence[Any],
    items: tuple[PlanItem, ...],
    why: str,
) -> Serving:
    """`rows` are the episode, its rendering and the master for horns."""
    episode, rendering, master = rows
    return Serving(
        airing=airing,
        rung=rung,
        why=why,
        episode_id=episode.id,
        version=rendering.version,
        title=rendering.title,
        slug=episode.slug,
        approved_by=rendering.approved_by,
        approved_at=rendering.approved_at,
        provisional=rendering.provisional,
        master=master_value(master),
        made_at=master.created_at,
        items=items,
        seal=Seal(rendering.signed, rendering.signature)
        if rendering.signature
        else None,
    )
