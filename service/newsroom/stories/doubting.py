"""What the newsroom itself doubts of an article, besides what intake does."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    RenderingRow,
    RevisionRow,
)
from service.newsroom.stories.renderings import doubts_of
from service.newsroom.values import Approval, Article, ArticleDoubt, NewArticle

# Found anew in each version, whatever stood in the one before.
OF_THE_READING = (ArticleDoubt.UNKNOWN_SYLLABLES, ArticleDoubt.CORRECTION_LOST)
SHRUNK = 0.5  # a text shorter than that share of the one before is doubted


def still_doubted(session: Session, row: ArticleRow, article: NewArticle) -> NewArticle:
    """What was doubted stays so when people here change the text,
    until one of them hears it and approves.
    """
    episode = session.scalars(
        select(EpisodeRow).where(EpisodeRow.article_id == row.id)
    ).one()
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    if rendering.approved_as == Approval.PERSON:
        return article
    standing = [
        doubt
        for doubt in doubts_of(session, episode, rendering)
        if doubt not in OF_THE_READING
    ]
    return replace(article, doubts=tuple(dict.fromkeys((*standing, *article.doubts))))


def doubted_if_shrunk(article: NewArticle, before: int) -> NewArticle:
    """A source that suddenly says little may have lost its text on the way.

    It said `before` characters.
    """
    if length(article) >= before * SHRUNK:
        return article
    return replace(article, doubts=(*article.doubts, ArticleDoubt.SHRUNK))


def length(article: NewArticle | Article | RevisionRow) -> int:
    """How many characters of it are heard, but for the title."""
    return sum(map(len, (article.lead, *article.paragraphs)))


def public_length(session: Session, episode_id: int) -> int:
    """How much the public has of it; 0 for nothing.

    What is sent after a text that shrank is compared with this too: nobody heard the short one.
    """
    revision = session.scalar(
        select(RevisionRow)
        .join(EpisodeRow, EpisodeRow.article_id == RevisionRow.article_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .where(
            EpisodeRow.id == episode_id,
            RenderingRow.version == EpisodeRow.public_version,
            RevisionRow.number == RenderingRow.revision,
        )
    )
    return length(revision) if revision else 0
