"""Revisions: the states of an article's text, from its source, its editors, and sentences mended on the desk."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict
from service.newsroom.stations import topic_row
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    PlanItemRow,
    PlanRow,
    RevisionRow,
    SentenceRow,
)
from service.newsroom.stories.mending import Text, replaced, rewrite
from service.newsroom.text import fold
from service.newsroom.values import Kind, NewArticle

CLOSING = "closing"  # the role of what a station says after every article


def add_revision(
    session: Session, row: ArticleRow, article: NewArticle, now: datetime, who: str
) -> RevisionRow:
    """The article's next revision (its number is the row's), as it was handed in."""
    topic = topic_row(session, article.topic) if article.topic else None
    revision = RevisionRow(
        article_id=row.id,
        number=row.revision,
        digest=article.digest,
        title=article.title,
        lead=article.lead,
        paragraphs=list(article.paragraphs),
        byline=article.byline,
        topic_id=topic.id if topic else None,
        published_at=article.published_at,
        received_at=now,
        received_from=who,
        folded=fold(" ".join([article.title, article.lead, *article.paragraphs])),
        left_out=[asdict(line) for line in article.left_out],
        doubts=[doubt.value for doubt in article.doubts],
    )
    session.add(revision)
    session.flush()
    return revision


def mended(
    session: Session, episode: EpisodeRow, row: SentenceRow, written: str, now: datetime, who: str
) -> tuple[int, str]:
    """A sentence that somebody wrote otherwise becomes part of its article, or of its bulletin's own words.

    Gives the new revision's number and title. Conflict for what is a station's: it is changed there.
    """
    sentences = session.scalars(
        select(SentenceRow)
        .where(
            SentenceRow.episode_id == episode.id,
            SentenceRow.version == row.version,
            SentenceRow.passage == row.passage,
        )
        .order_by(SentenceRow.n)
    ).all()
    before = [sentence.written for sentence in sentences]
    place = [sentence.n for sentence in sentences].index(row.n)
    article = session.get_one(ArticleRow, episode.article_id)
    newest = session.get_one(RevisionRow, (article.id, article.revision))
    if episode.kind == Kind.BULLETIN:
        _mend_plan(session, episode, article, before[: place + 1], written)
        text: Text | None = text_of(newest)
    elif row.role == CLOSING:
        text = None
    else:
        passages = 1 + bool(newest.lead) + len(newest.paragraphs)  # a warning says them all again
        text = rewrite(text_of(newest), row.passage % passages, before, place, written)
    if text is None:
        raise _not_its_own()
    article.revision += 1
    session.add(_another(newest, article.revision, text, now, who))
    session.flush()
    return article.revision, text.title


def _mend_plan(
    session: Session,
    episode: EpisodeRow,
    article: ArticleRow,
    sentences: Sequence[str],
    written: str,
) -> None:
    """The bulletin's next plan: the same stories, its greeting or closing with the sentence as it is written now."""
    plan = session.get_one(PlanRow, (episode.id, article.revision))
    greeting = replaced(plan.greeting, sentences, written)
    closing = replaced(plan.closing, sentences, written) if greeting is None else None
    if greeting is None and closing is None:
        raise _not_its_own()
    session.add(
        PlanRow(
            episode_id=episode.id,
            revision=article.revision + 1,
            greeting=plan.greeting if greeting is None else greeting,
            closing=plan.closing if closing is None else closing,
            headlines=plan.headlines,
            chimes=plan.chimes,
            seconds=plan.seconds,
            left_out=plan.left_out,
        )
    )
    session.flush()
    items = session.scalars(
        select(PlanItemRow).where(
            PlanItemRow.episode_id == episode.id, PlanItemRow.revision == plan.revision
        )
    )
    for item in items.all():
        session.add(
            PlanItemRow(
                episode_id=episode.id,
                revision=article.revision + 1,
                position=item.position,
                story_id=item.story_id,
                story_version=item.story_version,
                seconds=item.seconds,
                repeat=item.repeat,
            )
        )


def _another(newest: RevisionRow, number: int, text: Text, now: datetime, who: str) -> RevisionRow:
    """The revision after `newest`: another text, all else as it was."""
    return RevisionRow(
        article_id=newest.article_id,
        number=number,
        digest=newest.digest,
        title=text.title,
        lead=text.lead,
        paragraphs=list(text.paragraphs),
        byline=newest.byline,
        topic_id=newest.topic_id,
        published_at=newest.published_at,
        received_at=now,
        received_from=who,
        folded=fold(" ".join([text.title, text.lead, *text.paragraphs])),
        left_out=newest.left_out,
        doubts=newest.doubts,
    )


def _not_its_own() -> Conflict:
    return Conflict(
        "this sentence is not of the text itself; change it where it comes from: the station's rules, "
        "or the article as a whole",
        "Câu này không nằm trong lời của bài. Hãy sửa ở nơi có nó: quy định của đài, hoặc “Sửa bài viết”.",
        "written",
    )


def text_of(revision: RevisionRow) -> Text:
    """What is heard of a revision."""
    return Text(revision.title, revision.lead, tuple(revision.paragraphs))
