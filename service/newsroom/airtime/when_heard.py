"""When stories were last heard at a station: by what its log says, and by what is planned."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from service.newsroom.airtime.aired import AiredHistory
from service.newsroom.airtime.airings import airing_value
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    BulletinRow,
    EpisodeRow,
    PlanItemRow,
    StationRow,
)
from service.newsroom.values import Airing, Rung, State

HOURS_AT_ONCE = 50


def last_days(
    session: Session,
    stories: Sequence[int],
    station: StationRow,
    air_at: datetime,
    now: datetime,
) -> dict[int, date]:
    """By story, the last day on which it was heard before `air_at`, or will be.

    Those that never were are not there.
    """
    days = _broadcast(session, stories, station, air_at)
    for story, day in _planned(session, stories, station, air_at, now).items():
        days[story] = max(day, days.get(story, day))
    return days


def _broadcast(
    session: Session, stories: Sequence[int], station: StationRow, air_at: datetime
) -> dict[int, date]:
    """By what the log says of hours; of those to come, by what is approved so far.

    Looks back from the newest, some at a time: most stories were heard lately, or never.
    """
    days: dict[int, date] = {}
    while unheard := set(stories).difference(days):
        naming = (
            select(BulletinRow.airing_id)
            .join(PlanItemRow, PlanItemRow.episode_id == BulletinRow.episode_id)
            .where(PlanItemRow.story_id.in_(unheard))
        )
        rows = session.scalars(
            select(AiringRow)
            .where(
                AiringRow.station_id == station.id,
                AiringRow.air_at < air_at,
                AiringRow.id.in_(naming),
            )
            .order_by(AiringRow.air_at.desc())
            .limit(HOURS_AT_ONCE)
        ).all()
        airings = [airing_value(row, station.slug) for row in rows]
        for story, day in _heard_in(session, station, airings):
            days[story] = max(day, days.get(story, day))
        if len(airings) < HOURS_AT_ONCE:
            break
        air_at = airings[-1].air_at
    return days


def _heard_in(
    session: Session, station: StationRow, airings: Sequence[Airing]
) -> list[tuple[int, date]]:
    """Each story that these hours broadcast, with the day."""
    history = AiredHistory(session, station.id, airings)
    plans = {history.plan_of(airing): airing.day for airing in airings}
    plans.pop(None, None)
    rows = session.execute(
        select(
            PlanItemRow.story_id, PlanItemRow.episode_id, PlanItemRow.revision
        ).where(tuple_(PlanItemRow.episode_id, PlanItemRow.revision).in_(plans))
    )
    return [(story, plans[episode, revision]) for story, episode, revision in rows]


def _planned(
    session: Session,
    stories: Sequence[int],
    station: StationRow,
    air_at: datetime,
    now: datetime,
) -> dict[int, date]:
    """By the newest plan for an hour that is still to come."""
    rows = session.execute(
        select(PlanItemRow.story_id, func.max(AiringRow.day))
        .join(BulletinRow, BulletinRow.episode_id == PlanItemRow.episode_id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .where(
            AiringRow.station_id == station.id,
            AiringRow.air_at < air_at,
            AiringRow.air_at > now,
            PlanItemRow.story_id.in_(stories),
            EpisodeRow.state != State.WITHDRAWN,
            ArticleRow.revision == PlanItemRow.revision,
            BulletinRow.rung == Rung.PLANNED,
        )
        .group_by(PlanItemRow.story_id)
    )
    return {row[0]: row[1] for row in rows}
