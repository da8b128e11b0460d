"""The public's questions as statements: built once,
and so that a database need not look at all there is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select

from service.newsroom.spellings import SearchWord, wanted
from service.newsroom.store.joins import public_version, text_of_version
from service.newsroom.store.tables import (
    ArticleStationRow,
    EpisodeRow,
    MasterRow,
    PictureRow,
    RenderingRow,
    RevisionRow,
    StationRow,
    TopicRow,
    UrgentRow,
)

# The last columns: until when a warning holds, None for what is none; the picture that is named, if
# any.
Found = Row[
    EpisodeRow, RenderingRow, RevisionRow, StationRow, TopicRow, datetime, PictureRow
]


def where_of(station: str, topic: str, words: str) -> list[ColumnElement[bool]]:
    """What narrows the public's episodes to a station, a topic, and words in any spelling."""
    where: list[ColumnElement[bool]] = []
    if station:
        # EXISTS, not IN: newest first is then read off the index of publication, a few rows of it.
        # With IN, SQLite walks through all news of the station and sorts them: 21 ms of 10,000
        # episodes against 0.03.
        placed = (
            select(ArticleStationRow.article_id)
            .join(StationRow, StationRow.id == ArticleStationRow.station_id)
            .where(
                ArticleStationRow.article_id == EpisodeRow.article_id,
                StationRow.slug == station,
            )
            .correlate(EpisodeRow)
        )
        where.append(placed.exists())
    if topic:
        where.append(TopicRow.slug == topic)
    where.extend(_holds(word) for word in wanted(words))
    return where


def _holds(word: SearchWord) -> ColumnElement[bool]:
    """The text has the word, within another one too, or as whole words in another spelling."""
    as_typed = RevisionRow.folded.contains(word.typed, autoescape=True)
    if not word.others:
        return as_typed
    apart = literal(" ") + RevisionRow.folded + literal(" ")
    others = (apart.contains(f" {other} ", autoescape=True) for other in word.others)
    return or_(as_typed, *others)


def figure_of(
    column: Any, where: Sequence[ColumnElement[bool]], needs_text: bool = False
) -> Select[Any]:
    """A figure about public episodes.

    What no row of theirs has to be looked up for is not joined.
    """
    if needs_text:
        return rows_of(where).with_only_columns(column)
    public = (EpisodeRow.public_version.is_not(None), EpisodeRow.withdrawn_why == "")
    return select(column).select_from(EpisodeRow).where(*public, *where)


# Built once: putting it together takes as long as the question itself.
_ALL = (
    select(
        EpisodeRow,
        RenderingRow,
        RevisionRow,
        StationRow,
        TopicRow,
        UrgentRow.expires_at,
        PictureRow,
    )
    .join(RenderingRow, public_version())
    .join(RevisionRow, text_of_version())
    .join(StationRow, StationRow.id == EpisodeRow.station_id)
    .outerjoin(TopicRow, TopicRow.id == RevisionRow.topic_id)
    .outerjoin(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
    .outerjoin(PictureRow, PictureRow.address == RevisionRow.picture)
)


# The length is that of the file for horns; of what has none, of the app's.
_LENGTH = (
    select(MasterRow.seconds)
    .where(
        MasterRow.episode_id == EpisodeRow.id,
        MasterRow.version == EpisodeRow.public_version,
        MasterRow.kind.in_(("speaker", "app")),
    )
    .order_by(MasterRow.kind.desc())
    .limit(1)
    .correlate(EpisodeRow)
    .scalar_subquery()
)
_BRIEFS = (
    select(
        EpisodeRow.id,
        EpisodeRow.slug,
        RenderingRow.title,
        func.coalesce(_LENGTH, 0.0).label("seconds"),
    )
    .join(RenderingRow, public_version())
    .where(EpisodeRow.withdrawn_why == "")
)


def briefs_of(where: Sequence[ColumnElement[bool]]) -> Select[int, str, str, float]:
    """Public versions, with what a line of a list shows."""
    return _BRIEFS.where(*where)


def rows_of(
    where: Sequence[ColumnElement[bool]], *, gone: bool = False
) -> Select[
    EpisodeRow, RenderingRow, RevisionRow, StationRow, TopicRow, datetime, PictureRow
]:
    """Public versions."""
    query = _ALL.where(*where)
    return query if gone else query.where(EpisodeRow.withdrawn_why == "")
