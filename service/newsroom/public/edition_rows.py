"""Editions as they leave the room: the rows of published versions, with their masters and files."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from service.newsroom.public.questions import Found
from service.newsroom.store.joins import version_of_master
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    EpisodeRow,
    MasterRow,
    OpenCopyRow,
    PictureRow,
    RenderingRow,
    RevisionRow,
    StationRow,
    TopicRow,
)
from service.newsroom.stories.corrections import marks_on
from service.newsroom.stories.pictures import illustration_of
from service.newsroom.stories.provenance import disclosure_of
from service.newsroom.stories.renderings import master_value
from service.newsroom.values import Correction, Edition, HumanVoice, Kind, Master, Topic


def _masters(
    session: Session, editions: list[tuple[int, int]]
) -> dict[int, tuple[Master, ...]]:
    if not editions:
        return {}
    wanted = dict(editions)
    rows = session.scalars(
        select(MasterRow)
        .join(
            EpisodeRow,
            (EpisodeRow.id == MasterRow.episode_id)
            & (EpisodeRow.public_version == MasterRow.version),
        )
        .where(MasterRow.episode_id.in_(wanted))
        .order_by(MasterRow.kind)
    )
    found: dict[int, tuple[Master, ...]] = {}
    for row in rows:
        found[row.episode_id] = (*found.get(row.episode_id, ()), master_value(row))
    return found


def editions_of(
    session: Session,
    rows: Sequence[Found],
) -> tuple[Edition, ...]:
    """What the public gets of these rows, in their order, with their masters and corrections."""
    if not rows:
        return ()
    ids = [row[0].id for row in rows]
    masters = _masters(
        session, [(row[0].id, row[0].public_version or 0) for row in rows]
    )
    bulletins = [row[0].id for row in rows if row[0].kind == Kind.BULLETIN]
    marks = marks_on(session, ids, bulletins)

    def edition(row: Found) -> Edition:
        return _edition(
            *row,
            masters=masters.get(row[0].id, ()),
            corrections=marks.of.get(row[0].id, ()),
            corrects=marks.by.get(row[0].id),
        )

    return tuple(readable(rows, edition, "an edition", lambda row: row[0].id))


def file_at(
    episode_id: int, version: int, name: str
) -> Select[MasterRow, EpisodeRow, RenderingRow, bool]:
    """The master at an address, with its episode and version, and whether its copy lies open."""
    open_copy = exists().where(
        OpenCopyRow.episode_id == episode_id,
        OpenCopyRow.version == version,
        OpenCopyRow.name == name,
        OpenCopyRow.is_there,
    )
    return (
        select(MasterRow, EpisodeRow, RenderingRow, open_copy)
        .join(EpisodeRow, EpisodeRow.id == MasterRow.episode_id)
        .join(RenderingRow, version_of_master())
        .where(
            MasterRow.episode_id == episode_id,
            MasterRow.version == version,
            MasterRow.name == name,
        )
    )


def _edition(
    episode: EpisodeRow,
    rendering: RenderingRow,
    revision: RevisionRow,
    station: StationRow,
    topic: TopicRow | None,
    warns_until: datetime | None,
    picture: PictureRow | None,
    *,
    masters: tuple[Master, ...],
    corrections: tuple[Correction, ...],
    corrects: Correction | None,
) -> Edition:
    first, published = _dates(episode, rendering, masters)
    return Edition(
        episode_id=episode.id,
        version=rendering.version,
        guid=episode.guid,
        slug=episode.slug,
        kind=Kind(episode.kind),
        title=rendering.title,
        lead=revision.lead,
        byline=revision.byline,
        topic=Topic(topic.slug, topic.name) if topic else None,
        station=station.slug,
        station_name=station.name,
        disclosure=disclosure_of(station.disclosure, rendering),
        human=HumanVoice(rendering.human),
        announcers=tuple(rendering.announcers),
        voice=rendering.spoken_by,
        provisional=rendering.provisional,
        approved_by=rendering.approved_by,
        approved_at=rendering.approved_at,
        written_at=revision.published_at or revision.received_at,
        first_published_at=first,
        published_at=published,
        masters=masters,
        place=station.place,
        ordinal=episode.ordinal,
        corrections=corrections,
        corrects=corrects,
        warns_until=warns_until,
        picture=illustration_of(picture, revision.picture_caption),
    )


def _dates(
    episode: EpisodeRow, rendering: RenderingRow, masters: Sequence[Master]
) -> tuple[datetime, datetime]:
    """When it was published first, and when this version was.

    AssertionError for what cannot be public.
    """
    first, published = episode.first_published_at, rendering.published_at
    if first is None or published is None:
        raise AssertionError(f"episode {episode.id} is public without a date")
    if not any(master.kind == "app" for master in masters):
        raise AssertionError(f"episode {episode.id} is public without a sound")
    return first, published
