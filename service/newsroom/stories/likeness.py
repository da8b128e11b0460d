"""News that says the same as other news: district and commune publish one piece,
each on its own portal.

Of each text a few hashes of runs of its words are kept, the smallest ones ("bottom-k sketch":
Broder, On the resemblance and containment of documents, 1997). Two texts share about as many of
them as they share runs.
"""

import zlib
from datetime import datetime, timedelta

from sqlalchemy import Function, Select, delete, func, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import episodes_within, newest_version
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    RenderingRow,
    ShingleRow,
    StationRow,
)
from service.newsroom.text import fold
from service.newsroom.values import EVERYWHERE, Kind, Likeness, Reach

RUN_WORDS = 4
KEPT = 32  # hashes of each text
ENOUGH = 0.6  # of the hashes shared: the same piece, with another headline or a paragraph more
LOOKED_BACK = timedelta(days=7)
LONGEST_SEEN_CHARS = 60_000
MOST = 5


def sketch_of(text: str) -> list[int]:
    """The smallest hashes of runs of words of a text, at most `KEPT`.

    In time linear in its length.
    """
    words = fold(text[:LONGEST_SEEN_CHARS]).split()
    runs = (
        " ".join(words[at : at + RUN_WORDS])
        for at in range(max(1, len(words) - RUN_WORDS + 1))
    )
    # 31 bits: an integer column holds no more on PostgreSQL.
    return sorted({zlib.crc32(run.encode()) >> 1 for run in runs if run})[:KEPT]


def note_sketch(session: Session, article_id: int, text: str) -> None:
    """Keeps the sketch of an article's newest text, instead of the one before."""
    session.execute(delete(ShingleRow).where(ShingleRow.article_id == article_id))
    rows = [{"article_id": article_id, "hash": value} for value in sketch_of(text)]
    if rows:
        session.execute(insert(session, ShingleRow).values(rows))


def like(
    session: Session, article_id: int, now: datetime, among: Reach = EVERYWHERE
) -> list[Likeness]:
    """Articles of these days that say nearly the same, the likest first."""
    mine = aliased(ShingleRow)
    own = select(mine.hash).where(mine.article_id == article_id)
    size = (
        select(func.count(mine.hash))
        .where(mine.article_id == article_id)
        .scalar_subquery()
    )
    shared = func.count(ShingleRow.hash)
    candidates = (
        _stories(shared)
        .add_columns(size)
        .where(
            ShingleRow.hash.in_(own),
            ShingleRow.article_id != article_id,
            ArticleRow.created_at > now - LOOKED_BACK,
            episodes_within(among),
        )
        .having(shared >= ENOUGH * size)
    )
    newest_first = (shared.desc(), EpisodeRow.id.desc())
    rows = session.execute(candidates.order_by(*newest_first).limit(MOST))
    return [
        Likeness(episode, title, station, round(min(1.0, count / of), 2))
        for episode, title, station, count, of in rows
    ]


def _stories(shared: Function[int]) -> Select[int, str, str, int]:
    """Episodes of articles with hashes: number, title, station, and how many hashes they share."""
    return (
        select(EpisodeRow.id, RenderingRow.title, StationRow.name, shared)
        .join(ArticleRow, ArticleRow.id == ShingleRow.article_id)
        .join(EpisodeRow, EpisodeRow.article_id == ArticleRow.id)
        .join(RenderingRow, newest_version())
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .where(EpisodeRow.kind == Kind.STORY)
        .group_by(EpisodeRow.id, RenderingRow.title, StationRow.name)
    )
