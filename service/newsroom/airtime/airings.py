"""Airings and bulletins as they leave the room: their rows as values."""

from datetime import date

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.errors import Held, NotFound
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    StationRow,
)
from service.newsroom.stories.moves import WITHDRAWN
from service.newsroom.values import (
    Airing,
    Bulletin,
    LeftOut,
    MasterKind,
    PlanItem,
    Priority,
    Rung,
    State,
)

LADDER = tuple(Rung)  # best first
Withdrawn = aliased(RenderingRow)


def airing_value(row: AiringRow, station: str) -> Airing:
    """A row of `airing` as others see it."""
    return Airing(
        id=row.id,
        station=station,
        at=row.at,
        day=row.day,
        air_at=row.air_at,
        max_seconds=row.max_seconds,
        missed=row.missed,
        played_at=row.played_at,
        played_by=row.played_by,
        played_episode_id=row.played_episode_id,
        played_version=row.played_version,
    )


def airing_of(station_id: int, day: date, at: str) -> Select[AiringRow]:
    """The query for the row of a station's hour on a day."""
    return select(AiringRow).where(
        AiringRow.station_id == station_id, AiringRow.day == day, AiringRow.at == at
    )


def approved_version() -> ScalarSelect[int]:
    """The newest version of EpisodeRow's episode that was approved, and not before it was last withdrawn."""
    withdrawn = (
        select(func.coalesce(func.max(Withdrawn.version), 0))
        .where(Withdrawn.episode_id == EpisodeRow.id, Withdrawn.cause == WITHDRAWN)
        .correlate(EpisodeRow)
        .scalar_subquery()
    )
    return (
        select(func.max(RenderingRow.version))
        .where(
            RenderingRow.episode_id == EpisodeRow.id,
            RenderingRow.approved_at.is_not(None),
            RenderingRow.version > withdrawn,
        )
        .correlate(EpisodeRow)
        .scalar_subquery()
    )


def bulletin_row(session: Session, episode_id: int) -> BulletinRow:
    """The row, or NotFound when the episode is no bulletin."""
    row = session.get(BulletinRow, episode_id)
    if row is None:
        raise NotFound(f"no bulletin {episode_id}", "Không có bản tin này.", "bulletin")
    return row


def items_of(session: Session, episode_id: int, revision: int) -> tuple[PlanItem, ...]:
    """The stories of a bulletin's revision, in order, and how they stand by now."""
    rows = session.execute(
        select(PlanItemRow, EpisodeRow, RenderingRow.title, StationRow.name)
        .join(EpisodeRow, EpisodeRow.id == PlanItemRow.story_id)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id)
            & (RenderingRow.version == PlanItemRow.story_version),
        )
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .where(PlanItemRow.episode_id == episode_id, PlanItemRow.revision == revision)
        .order_by(PlanItemRow.position)
    )
    return tuple(
        PlanItem(
            position=item.position,
            episode_id=item.story_id,
            version=item.story_version,
            title=title,
            slug=story.slug,
            station_name=name,
            priority=Priority(story.priority),
            seconds=item.seconds,
            repeat=item.repeat,
            newest=None if story.withdrawn_why else story.public_version,
        )
        for item, story, title, name in rows
    )


def bulletin_value(session: Session, row: BulletinRow) -> Bulletin:
    """A bulletin as the desk sees it."""
    episode = session.get_one(EpisodeRow, row.episode_id)
    airing = session.get_one(AiringRow, row.airing_id)
    station = session.get_one(StationRow, airing.station_id)
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    plan = session.get_one(PlanRow, (episode.id, rendering.revision))
    approved = session.scalars(
        select(RenderingRow)
        .where(RenderingRow.episode_id == episode.id, RenderingRow.approved_at.is_not(None))
        .order_by(RenderingRow.version.desc())
        .limit(1)
    ).first()
    measured = session.scalar(
        select(MasterRow.seconds).where(
            MasterRow.episode_id == episode.id,
            MasterRow.version == episode.version,
            MasterRow.kind == MasterKind.SPEAKER,
        )
    )
    return Bulletin(
        episode_id=episode.id,
        airing=airing_value(airing, station.slug),
        rung=Rung(row.rung),
        title=rendering.title,
        slug=episode.slug,
        state=State(episode.state),
        version=episode.version,
        revision=rendering.revision,
        greeting=plan.greeting,
        closing=plan.closing,
        headlines=plan.headlines,
        chimes=plan.chimes,
        seconds=measured or plan.seconds,
        measured=measured is not None,
        items=items_of(session, episode.id, rendering.revision),
        left_out=tuple(LeftOut(**left) for left in plan.left_out),
        planned_by=session.get_one(
            RevisionRow, (episode.article_id, rendering.revision)
        ).received_from,
        approved_version=approved.version if approved else None,
        approved_by=approved.approved_by if approved else "",
        approved_at=approved.approved_at if approved else None,
        held=Held(episode.held) if episode.held else None,
    )
