"""The stock: stories that could go into a bulletin, how long they are in it,
and when they were last heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.airtime.when_heard import last_days
from service.newsroom.stations import station_row
from service.newsroom.store.joins import newest_version, public_version, text_of_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    PlanItemRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
    TopicRow,
    UrgentRow,
)
from service.newsroom.stories.announcements import is_announcement
from service.newsroom.values import (
    Kind,
    Offer,
    Priority,
    Rung,
    Slot,
    State,
)

# The stories of a bulletin, and its versions.
Heard, Version = aliased(EpisodeRow), aliased(RenderingRow)
# At most, by which each passage is filled up to whole frames of the file for horns.
FILLED_MS = 24
# Stories looked at for one bulletin, the newest.
MOST_OFFERS = 300
PublishedRow = Row[EpisodeRow, RenderingRow, StationRow, TopicRow, ArticleRow]


def in_stock(
    station: str, slot: Slot, air_at: datetime, *, evergreen: bool
) -> list[ColumnElement[bool]]:
    """What makes a story fit to go into a slot's bulletin: see Bulletins.stock."""
    heard_there = (
        select(ArticleStationRow.article_id)
        .join(StationRow, StationRow.id == ArticleStationRow.station_id)
        .where(StationRow.slug.in_([station, *slot.sources]))
    )
    where: list[ColumnElement[bool]] = [
        EpisodeRow.kind != Kind.BULLETIN,
        EpisodeRow.withdrawn_why == "",
        EpisodeRow.first_published_at.is_not(None),
        EpisodeRow.article_id.in_(heard_there),
        # A warning has its own place, ahead of every bulletin.
        EpisodeRow.id.not_in(select(UrgentRow.episode_id)),
        ArticleRow.evergreen.is_(evergreen),
    ]
    if not evergreen:
        oldest = air_at - timedelta(days=slot.max_age_days)
        where.append(EpisodeRow.first_published_at >= oldest)
    if slot.topics:
        # What was said wrongly is put right, whatever it was about.
        where.append(
            or_(TopicRow.slug.in_(slot.topics), EpisodeRow.kind == Kind.CORRECTION)
        )
    return where


def offers_where(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    station: str,
    air_at: datetime,
    now: datetime,
) -> list[Offer]:
    """Published stories that meet these conditions,
    as offers to a station for an airing, the newest first.
    """
    newest = (EpisodeRow.first_published_at.desc(), EpisodeRow.id.desc())
    rows = session.execute(
        _published().where(*where).order_by(*newest).limit(MOST_OFFERS)
    ).all()
    ids = [row[0].id for row in rows]
    broadcaster = station_row(session, station)
    aired = last_days(session, ids, broadcaster, air_at, now)
    lengths = _lengths(session, ids, broadcaster)

    def offer(row: PublishedRow) -> Offer:
        episode_id = row[0].id
        offer = _offer(row, lengths[episode_id], aired.get(episode_id))
        is_twice = broadcaster.announcements_twice and is_announcement(
            offer.title, offer.topic, offer.evergreen
        )
        return replace(offer, twice=is_twice)

    # What was never spoken sentence by sentence (a person's recording of old) has no length here.
    spoken = [row for row in rows if row[0].id in lengths]
    return readable(spoken, offer, "a story for a bulletin", lambda row: row[0].id)


def _offer(row: PublishedRow, length: "_Length", last_aired: date | None) -> Offer:
    episode, rendering, home, topic, article = row
    return Offer(
        episode_id=episode.id,
        version=rendering.version,
        title=rendering.title,
        slug=episode.slug,
        station=home.slug,
        station_name=home.name,
        topic=topic.name if topic else "",
        priority=Priority(episode.priority),
        published_at=episode.first_published_at or rendering.opened_at,
        seconds=length.seconds,
        title_seconds=length.title,
        pace=length.pace,
        last_aired=last_aired,
        evergreen=article.evergreen,
        voice=rendering.spoken_by,
    )


def _published() -> Select[EpisodeRow, RenderingRow, StationRow, TopicRow, ArticleRow]:
    """Episodes with the version that the public has, where it is at home, and what it is about."""
    return (
        select(EpisodeRow, RenderingRow, StationRow, TopicRow, ArticleRow)
        .join(RenderingRow, public_version())
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .join(RevisionRow, text_of_version())
        .outerjoin(TopicRow, TopicRow.id == RevisionRow.topic_id)
    )


@dataclass(frozen=True, slots=True)
class _Length:
    """Of a story: in a station's bulletin, of its title as it was spoken, of a syllable.

    In seconds.
    """

    seconds: float
    title: float
    pace: float


def _lengths(
    session: Session, episodes: Sequence[int], station: StationRow
) -> dict[int, _Length]:
    """How long stories take at a station: from the times of their sentences,
    so that its tempo and pauses count.

    What a story says last, of its voice, is said once in a bulletin: it does not count here.
    """
    rows = session.execute(_measured(episodes))
    lengths: dict[int, _Length] = {}

    def measure(row: Row[int, Any, int, int, Any, Any]) -> None:
        episode, spoken_ms, pauses_ms, passages, syllables, title_ms = row
        at_its_tempo = spoken_ms + pauses_ms * station.speaker_pauses
        ms = at_its_tempo / station.speaker_tempo + passages * FILLED_MS
        lengths[episode] = _Length(
            seconds=float(ms) / 1000,
            title=title_ms / 1000,
            pace=spoken_ms / 1000 / syllables,
        )

    readable(rows, measure, "the length of a story", lambda row: row[0])
    return lengths


def _measured(episodes: Sequence[int]) -> Select[int, Any, int, int, Any, Any]:
    """By story: what is spoken, the pauses, passages, syllables, and its title.

    Times in milliseconds.
    """
    spoken_ms = SentenceRow.end_ms - SentenceRow.start_ms
    # Vietnamese syllables stand apart: one more than there are spaces.
    without_spaces = func.length(func.replace(SentenceRow.spoken, " ", ""))
    syllables = func.length(SentenceRow.spoken) - without_spaces + 1
    return (
        select(
            SentenceRow.episode_id,
            func.sum(spoken_ms),
            func.sum(SentenceRow.pause_ms),
            func.count(SentenceRow.passage.distinct()),
            func.sum(syllables),
            func.sum(case((SentenceRow.n == 1, spoken_ms), else_=0)),
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


def as_published(
    session: Session,
    episodes: Sequence[int],
    station: str,
    air_at: datetime,
    now: datetime,
) -> list[Offer]:
    """See Bulletins.offers."""
    where = [
        EpisodeRow.id.in_(episodes),
        EpisodeRow.withdrawn_why == "",
        EpisodeRow.kind != Kind.BULLETIN,
    ]
    offers = offers_where(session, where, station, air_at, now)
    by_episode = {offer.episode_id: offer for offer in offers}
    return [by_episode[number] for number in episodes if number in by_episode]


def last_heard(station: int, before: datetime) -> Select[BulletinRow]:
    """The bulletins that were approved for a station's airings in the week before a time,
    and of which stories can still be heard, the last first.

    None that somebody withdrew; what the house took off was right but for a story.
    """
    stories = (
        select(PlanItemRow.story_id)
        .join(Heard, Heard.id == PlanItemRow.story_id)
        .where(
            PlanItemRow.episode_id == EpisodeRow.id,
            PlanItemRow.revision == RenderingRow.revision,
            Heard.withdrawn_why == "",
        )
        .correlate(EpisodeRow, RenderingRow)
    )
    approved = (
        select(Version.version)
        .where(Version.episode_id == EpisodeRow.id, Version.approved_at.is_not(None))
        .correlate(EpisodeRow)
    )
    return (
        select(BulletinRow)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, newest_version())
        .where(
            AiringRow.station_id == station,
            AiringRow.air_at < before,
            AiringRow.air_at >= before - timedelta(days=7),
            BulletinRow.rung.in_((Rung.PLANNED, Rung.AUTOMATIC)),
            or_(EpisodeRow.state != State.WITHDRAWN, RenderingRow.by_house),
            approved.exists(),
            stories.exists(),
        )
        .order_by(AiringRow.air_at.desc(), BulletinRow.rung.desc())
    )
