"""What the line needs to know of bulletins only: their stories,
their last chime, the longest they may be.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.stations import reading_of
from service.newsroom.store.joins import text_of_version
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    BulletinRow,
    EpisodeRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    StationRow,
    TopicRow,
)
from service.newsroom.stories.announcements import is_announcement
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.values import Rung, StoryScript, Term, ToCompose


def to_compose(
    session: Session,
    plan: PlanRow,
    station: StationRow,
    edits: dict[str, str],
    terms: tuple[Term, ...],
) -> ToCompose:
    """A bulletin's plan as the line reads it; `edits` are spoken forms by written sentences."""
    return ToCompose(
        greeting=plan.greeting,
        closing=plan.closing,
        headlines=plan.headlines,
        chimes=plan.chimes,
        stories=_stories(session, plan, station),
        reading=reading_of(station),
        edits=edits,
        terms=terms,
        disclosure_spoken=station.disclosure_spoken,
    )


def _stories(
    session: Session, plan: PlanRow, station: StationRow
) -> tuple[StoryScript, ...]:
    """What a bulletin is put together from: each story as it was approved, clips and all."""
    rows = session.execute(
        select(PlanItemRow, RenderingRow.title, ArticleRow.evergreen, TopicRow.name)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id)
            & (RenderingRow.version == PlanItemRow.story_version),
        )
        .join(EpisodeRow, EpisodeRow.id == PlanItemRow.story_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .join(RevisionRow, text_of_version())
        .outerjoin(TopicRow, TopicRow.id == RevisionRow.topic_id)
        .where(
            PlanItemRow.episode_id == plan.episode_id,
            PlanItemRow.revision == plan.revision,
        )
        .order_by(PlanItemRow.position)
    )
    return tuple(
        StoryScript(
            item.story_id,
            title,
            sentences_of(session, item.story_id, item.story_version),
            station.announcements_twice
            and is_announcement(title, topic or "", evergreen),
        )
        for item, title, evergreen, topic in rows
    )


def frame_of(
    session: Session, episode: EpisodeRow, rendering: RenderingRow
) -> dict[str, Any]:
    """What only a bulletin has: the chime that is heard last, and the longest it may be."""
    bulletin = session.get(BulletinRow, episode.id)
    if bulletin is None:
        return {}
    plan = session.get_one(PlanRow, (episode.id, rendering.revision))
    airing = session.get_one(AiringRow, bulletin.airing_id)
    longest = airing.max_seconds
    if bulletin.rung == Rung.BED:
        return {"coda": "bed", "max_seconds": longest}
    return {"coda": "closing" if plan.chimes else "", "max_seconds": longest}


def carries_provisional(
    session: Session, episode: EpisodeRow, rendering: RenderingRow
) -> bool:
    """Whether a story in a bulletin was read by a provisional voice."""
    provisional_stories = session.scalar(
        select(func.count())
        .select_from(PlanItemRow)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id)
            & (RenderingRow.version == PlanItemRow.story_version),
        )
        .where(
            PlanItemRow.episode_id == episode.id,
            PlanItemRow.revision == rendering.revision,
            RenderingRow.provisional,
        )
    )
    return bool(provisional_stories)
