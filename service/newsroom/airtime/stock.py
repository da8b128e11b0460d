"""The stock: stories that could go into a bulletin, how long they are in it, and when they were last heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session

from service.newsroom.stations import station_row
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    BulletinRow,
    EpisodeRow,
    PlanItemRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
    TopicRow,
)
from service.newsroom.values import (
    Kind,
    Offer,
    Priority,
    Rung,
    State,
)

FILLED_MS = 24  # at most, by which each passage is filled up to whole frames of the file for horns
MOST_OFFERS = 300  # stories looked at for one bulletin, the newest


def offers_where(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    station: str,
    air_at: datetime,
    now: datetime,
) -> list[Offer]:
    """Published stories that meet these conditions, as offers to a station for an airing, the newest first."""
    rows = session.execute(
        select(EpisodeRow, RenderingRow, StationRow, TopicRow, ArticleRow)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == EpisodeRow.id)
            & (RenderingRow.version == EpisodeRow.public_version),
        )
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .join(
            RevisionRow,
            (RevisionRow.article_id == EpisodeRow.article_id)
            & (RevisionRow.number == RenderingRow.revision),
        )
        .outerjoin(TopicRow, TopicRow.id == RevisionRow.topic_id)
        .where(*where)
        .order_by(EpisodeRow.first_published_at.desc(), EpisodeRow.id.desc())
        .limit(MOST_OFFERS)
    ).all()
    ids = [row[0].id for row in rows]
    aired = _aired(session, ids, station, air_at, now)
    lengths = _lengths(session, ids, station_row(session, station))

    def offer(
        row: Row[EpisodeRow, RenderingRow, StationRow, TopicRow, ArticleRow],
    ) -> Offer:
        episode, rendering, place, topic, article = row
        length = lengths[episode.id]
        return Offer(
            episode_id=episode.id,
            version=rendering.version,
            title=rendering.title,
            slug=episode.slug,
            station=place.slug,
            station_name=place.name,
            topic=topic.name if topic else "",
            priority=Priority(episode.priority),
            published_at=episode.first_published_at or rendering.opened_at,
            seconds=length.seconds,
            title_seconds=length.title,
            pace=length.pace,
            last_aired=aired.get(episode.id),
            evergreen=article.evergreen,
        )

    spoken = [row for row in rows if row[0].id in lengths]
    return readable(spoken, offer, "a story for a bulletin", lambda row: row[0].id)


@dataclass(frozen=True, slots=True)
class _Length:
    """Of a story: in a station's bulletin, of its title as it was spoken, of a syllable; in seconds."""

    seconds: float
    title: float
    pace: float


def _lengths(session: Session, episodes: Sequence[int], station: StationRow) -> dict[int, _Length]:
    """How long stories take at a station: from the times of their sentences, so that its tempo and pauses count.

    What a story says last, of its voice, is said once in a bulletin: it does not count here.
    """
    said = SentenceRow.end_ms - SentenceRow.start_ms
    rows = session.execute(
        select(
            SentenceRow.episode_id,
            func.sum(said),
            func.sum(SentenceRow.pause_ms),
            func.count(SentenceRow.passage.distinct()),
            func.sum(
                func.length(SentenceRow.spoken)
                - func.length(func.replace(SentenceRow.spoken, " ", ""))
                + 1
            ),
            func.sum(case((SentenceRow.n == 1, said), else_=0)),
        )
        .join(
            EpisodeRow,
            (EpisodeRow.id == SentenceRow.episode_id)
            & (EpisodeRow.public_version == SentenceRow.version),
        )
        .where(
            SentenceRow.episode_id.in_(episodes),
            SentenceRow.role != "closing",
            SentenceRow.end_ms.is_not(None),
        )
        .group_by(SentenceRow.episode_id)
    )
    found: dict[int, _Length] = {}

    def measure(row: Row[int, int, int, int, int, int]) -> None:
        episode, spoken, pauses, passages, syllables, title = row
        ms = (
            spoken + pauses * station.speaker_pauses
        ) / station.speaker_tempo + passages * FILLED_MS
        found[episode] = _Length(float(ms) / 1000, title / 1000, spoken / 1000 / syllables)

    readable(rows, measure, "the length of a story", lambda row: row[0])
    return found


def as_published(
    session: Session, episodes: Sequence[int], station: str, air_at: datetime, now: datetime
) -> list[Offer]:
    """See Bulletins.offers."""
    where = [
        EpisodeRow.id.in_(episodes),
        EpisodeRow.withdrawn_why == "",
        EpisodeRow.kind != Kind.BULLETIN,
    ]
    found = {
        offer.episode_id: offer for offer in offers_where(session, where, station, air_at, now)
    }
    return [found[number] for number in episodes if number in found]


def _aired(
    session: Session, ids: Sequence[int], station: str, air_at: datetime, now: datetime
) -> dict[int, date]:
    """When stories were last heard at a station before `air_at`, or will be by what is planned; by episode."""
    stands = (
        EpisodeRow.state != State.WITHDRAWN
    )  # what was withdrawn after its hour had been heard all the same
    approved = (
        select(RenderingRow.version)
        .where(
            RenderingRow.episode_id == PlanItemRow.episode_id,
            RenderingRow.revision == PlanItemRow.revision,
            RenderingRow.approved_at.is_not(None),
            or_(stands, RenderingRow.published_at.is_not(None)),
        )
        .correlate(PlanItemRow, EpisodeRow)
        .exists()
    )
    planned = and_(
        stands,
        AiringRow.air_at > now,
        ArticleRow.revision == PlanItemRow.revision,
        BulletinRow.rung == Rung.PLANNED,
    )
    rows = session.execute(
        select(PlanItemRow.story_id, func.max(AiringRow.day))
        .join(BulletinRow, BulletinRow.episode_id == PlanItemRow.episode_id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .where(
            AiringRow.station_id == station_row(session, station).id,
            AiringRow.air_at < air_at,
            PlanItemRow.story_id.in_(ids),
            or_(approved, planned),
        )
        .group_by(PlanItemRow.story_id)
    )
    return {row[0]: row[1] for row in rows}
