"""What belongs together among the tables: the conditions by which desks join them.

An episode has many versions; which of them a question is about is the thing that is easily
forgotten.
"""

from sqlalchemy import ColumnElement, select, true

from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    MasterRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.values import MasterKind, Reach


def episodes_within(reach: Reach) -> ColumnElement[bool]:
    """EpisodeRow's episode is heard at one of the stations of a reach."""
    if reach.stations is None:
        return true()
    stations = select(StationRow.id).where(StationRow.slug.in_(reach.stations))
    placed = select(ArticleStationRow.article_id).where(
        ArticleStationRow.station_id.in_(stations)
    )
    return EpisodeRow.station_id.in_(stations) | EpisodeRow.article_id.in_(placed)


def newest_version() -> ColumnElement[bool]:
    """RenderingRow is the version at the desk of EpisodeRow's episode."""
    return (RenderingRow.episode_id == EpisodeRow.id) & (
        RenderingRow.version == EpisodeRow.version
    )


def public_version() -> ColumnElement[bool]:
    """RenderingRow is the version that the public has of EpisodeRow's episode."""
    return (RenderingRow.episode_id == EpisodeRow.id) & (
        RenderingRow.version == EpisodeRow.public_version
    )


def version_of_master() -> ColumnElement[bool]:
    """RenderingRow is the version of which MasterRow is a file."""
    return (RenderingRow.episode_id == MasterRow.episode_id) & (
        RenderingRow.version == MasterRow.version
    )


def text_of_version() -> ColumnElement[bool]:
    """RevisionRow is the text from which RenderingRow's version of EpisodeRow's episode is read."""
    return (RevisionRow.article_id == EpisodeRow.article_id) & (
        RevisionRow.number == RenderingRow.revision
    )


def newest_sentences() -> ColumnElement[bool]:
    """SentenceRow is of the version at the desk of EpisodeRow's episode."""
    return (SentenceRow.episode_id == EpisodeRow.id) & (
        SentenceRow.version == EpisodeRow.version
    )


def newest_master(kind: MasterKind) -> ColumnElement[bool]:
    """MasterRow is of that kind and of the version at the desk of EpisodeRow's episode."""
    return (
        (MasterRow.episode_id == EpisodeRow.id)
        & (MasterRow.version == EpisodeRow.version)
        & (MasterRow.kind == kind)
    )
