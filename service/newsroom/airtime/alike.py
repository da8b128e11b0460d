"""Bulletins that wait for approval, those together that say the same: heard once, approved once."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.airings import all_items_of
from service.newsroom.store.database import Database
from service.newsroom.store.joins import newest_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    RenderingRow,
    StationRow,
)
from service.newsroom.values import EVERYWHERE, PlanItem, Reach, Rung, State
from service.newsroom.values.bulletins import AlikeBulletins, WaitingBulletin

MOST_AT_ONCE = 500  # bulletins, those that air first

WaitingRow = Row[EpisodeRow, RenderingRow, AiringRow, StationRow]


class Content(NamedTuple):
    """What makes bulletins alike: the hour, and the stories in their versions, in order.

    `alone` is the bulletin's own number where something is doubtful: that one is heard by itself.
    """

    air_at: datetime
    stories: tuple[tuple[int, int], ...]
    alone: int


class Waiting(NamedTuple):
    """A bulletin that waits, what it says, and the titles of its stories."""

    content: Content
    bulletin: WaitingBulletin
    titles: tuple[str, ...]


class Alike:
    """Bulletins that wait, by what they say."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def waiting(self, among: Reach = EVERYWHERE) -> list[AlikeBulletins]:
        """Those of hours to come at these stations, in groups.

        What airs first comes first, then the largest. A fixed number of questions, however many
        there are.
        """
        query = _waiting_after(self._now())
        if among.stations is not None:
            query = query.where(StationRow.slug.in_(among.stations))
        with self._database.read() as session:
            groups = _grouped(_read(session, session.execute(query).all()))
        return sorted(groups, key=lambda each: (each.air_at, -len(each.bulletins)))


def _waiting_after(
    now: datetime,
) -> Select[EpisodeRow, RenderingRow, AiringRow, StationRow]:
    """Bulletins that people arranged and nobody approved, of hours after that time."""
    return (
        select(EpisodeRow, RenderingRow, AiringRow, StationRow)
        .join(RenderingRow, newest_version())
        .join(BulletinRow, BulletinRow.episode_id == EpisodeRow.id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(StationRow, StationRow.id == AiringRow.station_id)
        .where(
            EpisodeRow.state == State.MASTERED,
            BulletinRow.rung == Rung.PLANNED,
            AiringRow.air_at > now,
        )
        .order_by(AiringRow.air_at, StationRow.name, EpisodeRow.id)
        .limit(MOST_AT_ONCE)
    )


def _read(session: Session, rows: Iterable[WaitingRow]) -> list[Waiting]:
    rows = list(rows)
    plans = {row[0].id: (row[0].id, row[1].revision) for row in rows}
    items = all_items_of(session, list(plans.values()))
    return readable(
        rows,
        lambda row: _value(row, items.get(plans[row[0].id], ())),
        "a bulletin",
        lambda row: row[0].id,
    )


def _value(row: WaitingRow, stories: tuple[PlanItem, ...]) -> Waiting:
    episode, rendering, airing, station = row
    is_doubtful = bool(rendering.doubts or rendering.unplaced)
    content = Content(
        airing.air_at,
        tuple((story.episode_id, story.version) for story in stories),
        episode.id if is_doubtful else 0,
    )
    bulletin = WaitingBulletin(episode.id, episode.version, station.name)
    return Waiting(content, bulletin, tuple(story.title for story in stories))


def _grouped(waiting: Iterable[Waiting]) -> list[AlikeBulletins]:
    groups: dict[Content, list[Waiting]] = defaultdict(list)
    for each in waiting:
        groups[each.content].append(each)
    return [
        AlikeBulletins(
            content.air_at,
            same[0].titles,
            tuple(each.bulletin for each in same),
            bool(content.alone),
        )
        for content, same in groups.items()
    ]
