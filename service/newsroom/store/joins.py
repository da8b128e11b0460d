"""What belongs together among the tables: the conditions by which desks join them.

An episode has many versions; which of them a question is about is the thing that is easily forgotten.
"""

from sqlalchemy import ColumnElement

from service.newsroom.store.tables import (
    EpisodeRow,
    MasterRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
)
from service.newsroom.values import MasterKind


def newest_version() -> ColumnElement[bool]:
    """RenderingRow is the version at the desk of EpisodeRow's episode."""
    return (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == EpisodeRow.version)


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
    return (SentenceRow.episode_id == EpisodeRow.id) & (SentenceRow.version == EpisodeRow.version)


def newest_master(kind: MasterKind) -> ColumnElement[bool]:
    """MasterRow is of that kind and of the version at the desk of EpisodeRow's episode."""
    return (
        (MasterRow.episode_id == EpisodeRow.id)
        & (MasterRow.version == EpisodeRow.version)
        & (MasterRow.kind == kind)
    )
