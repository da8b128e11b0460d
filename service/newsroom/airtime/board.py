"""The board: every station's hours of some days, and how far the bulletin of each has come."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from service.newsroom.airtime.airings import version_to_air
from service.newsroom.store.database import Database
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    StationRow,
    TakingRow,
)
from service.newsroom.values import EVERYWHERE, BoardHour, Reach, Rung, State


class Board:
    """One question for all stations, however many hours they have."""

    def __init__(self, database: Database, _now: Callable[[], datetime]) -> None:
        self._database = database

    def hours(
        self, since: datetime, until: datetime, among: Reach = EVERYWHERE
    ) -> list[BoardHour]:
        """The hours in `[since, until)` that anybody asked for already,
        with what was planned for each.
        """
        query = _planned_hours().where(
            AiringRow.air_at >= since, AiringRow.air_at < until
        )
        if among.stations is not None:
            query = query.where(StationRow.slug.in_(among.stations))
        with self._database.read() as session:
            hours = {}
            for slug, at, day, played_at, number, state, *rest in session.execute(
                query
            ):
                standing = State(state) if state is not None else None
                hours[slug, day, at] = BoardHour(
                    slug, at, day, played_at, number, standing, *rest
                )
            return list(hours.values())


def _planned_hours() -> Select[*tuple[Any, ...]]:
    """Airings with the bulletin that people arrange, the version approved,
    and each one that was taken, in order.
    """
    return (
        select(
            StationRow.slug,
            AiringRow.at,
            AiringRow.day,
            AiringRow.played_at,
            EpisodeRow.id,
            EpisodeRow.state,
            EpisodeRow.version,
            version_to_air(),
            TakingRow.version,
            TakingRow.last_at,
        )
        .join(StationRow, StationRow.id == AiringRow.station_id)
        .outerjoin(
            BulletinRow,
            (BulletinRow.airing_id == AiringRow.id)
            & (BulletinRow.rung == Rung.PLANNED),
        )
        .outerjoin(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .outerjoin(
            TakingRow,
            (TakingRow.episode_id == EpisodeRow.id)
            & (TakingRow.station_id == AiringRow.station_id),
        )
        # A bulletin may be taken in several versions: the last one taken stays.
        .order_by(AiringRow.id, TakingRow.last_at)
    )
