"""Placements: at which stations a version is heard, how it counts there,
and when that comes into force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import (
    ArticleRow,
    ArticleStationRow,
    EpisodeRow,
    RenderingRow,
    StationRow,
)
from service.newsroom.values import ApprovalRule, Placement, Priority


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement as rows know it: stations by their numbers, the home first."""

    stations: tuple[int, ...]
    priority: Priority
    evergreen: bool


def placed(rendering: RenderingRow) -> Placed:
    """The placement of a version."""
    return Placed(
        tuple(rendering.stations),
        Priority(rendering.priority),
        rendering.evergreen,
    )


def place(rendering: RenderingRow, placement: Placed) -> None:
    """Notes the placement of a version that is being opened."""
    rendering.stations = list(placement.stations)
    rendering.priority = placement.priority
    rendering.evergreen = placement.evergreen


def stations_at(
    session: Session, renderings: Sequence[RenderingRow]
) -> dict[int, StationRow]:
    """The stations of all these versions, by their numbers; in one question."""
    numbers = {number for rendering in renderings for number in rendering.stations}
    rows = session.scalars(select(StationRow).where(StationRow.id.in_(numbers)))
    return {row.id: row for row in rows}


def placement_at(
    stations: Mapping[int, StationRow], rendering: RenderingRow
) -> Placement:
    """The placement of a version, as others see it.

    `stations` are its own at least, by their numbers.
    """
    return Placement(
        stations=tuple(stations[number].slug for number in rendering.stations),
        priority=Priority(rendering.priority),
        evergreen=rendering.evergreen,
    )


def placement_of(session: Session, rendering: RenderingRow) -> Placement:
    """The placement of one version, as others see it."""
    return placement_at(stations_at(session, [rendering]), rendering)


def home_of(session: Session, rendering: RenderingRow) -> StationRow:
    """The station that reads a version: its voice, its dictionary, its name in the tags."""
    return session.get_one(StationRow, rendering.stations[0])


def come_into_force(
    session: Session, episode: EpisodeRow, rendering: RenderingRow
) -> None:
    """The public has the version, or nothing yet:
    its placement is the one that feeds and hours go by.
    """
    article = session.get_one(ArticleRow, episode.article_id)
    session.execute(
        delete(ArticleStationRow).where(ArticleStationRow.article_id == article.id)
    )
    for position, station in enumerate(rendering.stations):
        session.add(
            ArticleStationRow(
                article_id=article.id, station_id=station, position=position
            )
        )
    # Queries of feeds and hours look at the article and the episode, not at versions.
    article.evergreen = rendering.evergreen
    article.priority = rendering.priority
    episode.priority = rendering.priority
    episode.station_id = rendering.stations[0]
    session.flush()


def trusted(session: Session, rendering: RenderingRow) -> bool:
    """Whether every station of a version lets news on the air that nobody heard before."""
    doubting = select(func.count()).where(
        StationRow.id.in_(rendering.stations),
        StationRow.approval != ApprovalRule.TRUSTED,
    )
    return not session.scalar(doubting)
