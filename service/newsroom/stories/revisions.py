"""Revisions: the states of an article's text, from its source,
its editors, and sentences mended on the desk.

The one place where an article becomes a row and a row an article. A field is added in its values
and its table (README, "Where does my change go"): what a column holds as it is goes both ways by
its name.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import inspect, select
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
    Table,
    TopicRow,
)
from service.newsroom.stories.likeness import note_sketch
from service.newsroom.stories.mending import Text, replaced, rewrite
from service.newsroom.stories.pictures import note_picture
from service.newsroom.stories.placements import placement_of
from service.newsroom.stories.renderings import newest_rendering
from service.newsroom.text import fold
from service.newsroom.values import (
    Article,
    ArticleDoubt,
    ArticleText,
    Kind,
    NewArticle,
    OmittedLine,
)

# Fields that a revision keeps in a column of their name, as they are; the others are told one by
# one below.
OTHERWISE = ("paragraphs", "left_out", "doubts")
AS_THEY_ARE = tuple(
    field.name
    for field in fields(ArticleText)
    if field.name in RevisionRow.__table__.columns and field.name not in OTHERWISE
)
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
        paragraphs=list(article.paragraphs),
        topic_id=topic.id if topic else None,
        received_at=now,
        received_from=who,
        folded=fold(" ".join([article.title, article.lead, *article.paragraphs])),
        left_out=[asdict(line) for line in article.left_out],
        doubts=[doubt.value for doubt in article.doubts],
        **{name: getattr(article, name) for name in AS_THEY_ARE},
    )
    session.add(revision)
    session.flush()
    note_picture(session, article.picture, now)
    note_sketch(session, row.id, " ".join([article.lead, *article.paragraphs]))
    return revision


def article_value(session: Session, row: ArticleRow) -> Article:
    """An article as it stands: its newest revision, placed as its newest version is."""
    revision = session.get_one(RevisionRow, (row.id, row.revision))
    topic = session.get(TopicRow, revision.topic_id) if revision.topic_id else None
    episode = session.scalars(
        select(EpisodeRow).where(EpisodeRow.article_id == row.id)
    ).one()
    rendering = newest_rendering(session, episode)
    placement = placement_of(session, rendering)
    return Article(
        id=row.id,
        revision=row.revision,
        paragraphs=tuple(revision.paragraphs),
        topic=topic.name if topic else "",
        url=row.url,
        external_id=row.external_id,
        priority=placement.priority,
        received_at=revision.received_at,
        stations=placement.stations,
        episode_id=episode.id,
        views=row.views,
        evergreen=placement.evergreen,
        left_out=tuple(OmittedLine(**line) for line in revision.left_out),
        doubts=tuple(map(ArticleDoubt, revision.doubts)),
        **{name: getattr(revision, name) for name in AS_THEY_ARE},
    )


def mended(
    session: Session,
    episode: EpisodeRow,
    row: SentenceRow,
    written: str,
    now: datetime,
    who: str,
) -> tuple[int, str]:
    """A sentence that somebody wrote otherwise becomes part of its article,
    or of its bulletin's own words.

    Gives the new revision's number and title. Conflict for what is a station's: it is changed
    there.
    """
    passage = _passage(session, row)
    before = [sentence.written for sentence in passage]
    place = [sentence.n for sentence in passage].index(row.n)
    article = session.get_one(ArticleRow, episode.article_id)
    newest = session.get_one(RevisionRow, (article.id, article.revision))
    if episode.kind == Kind.BULLETIN:
        _mend_plan(session, episode, article, before[: place + 1], written)
        text: Text | None = text_of(newest)
    elif row.role == CLOSING:
        raise _not_its_own()
    else:
        text = rewrite(
            text_of(newest), row.passage % _passages(newest), before, place, written
        )
    if text is None:
        raise _not_its_own()
    article.revision += 1
    origin = {"number": article.revision, "received_at": now, "received_from": who}
    session.add(_copy(newest, **_columns(text), **origin))
    session.flush()
    return article.revision, text.title


def words_again(
    session: Session, article: ArticleRow, number: int, now: datetime, who: str
) -> tuple[int, str] | None:
    """The words of an earlier revision become the newest.

    Gives its number and title, None where they are that.
    """
    newest = session.get_one(RevisionRow, (article.id, article.revision))
    text = text_of(session.get_one(RevisionRow, (article.id, number)))
    if text == text_of(newest):
        return None
    article.revision += 1
    origin = {"number": article.revision, "received_at": now, "received_from": who}
    session.add(_copy(newest, **_columns(text), **origin))
    session.flush()
    return article.revision, text.title


def _passages(revision: RevisionRow) -> int:
    """How many passages are read of it; a warning says them all again."""
    return 1 + bool(revision.lead) + len(revision.paragraphs)


def _columns(text: Text) -> dict[str, object]:
    return {
        "title": text.title,
        "lead": text.lead,
        "paragraphs": list(text.paragraphs),
        "folded": fold(" ".join([text.title, text.lead, *text.paragraphs])),
    }


def _passage(session: Session, row: SentenceRow) -> Sequence[SentenceRow]:
    """All sentences of the passage that a sentence stands in, in order."""
    return session.scalars(
        select(SentenceRow)
        .where(
            SentenceRow.episode_id == row.episode_id,
            SentenceRow.version == row.version,
            SentenceRow.passage == row.passage,
        )
        .order_by(SentenceRow.n)
    ).all()


def _mend_plan(
    session: Session,
    episode: EpisodeRow,
    article: ArticleRow,
    sentences: Sequence[str],
    written: str,
) -> None:
    """The bulletin's next plan: the same stories,
    its greeting or closing with the sentence as it is written now.
    """
    plan = session.get_one(PlanRow, (episode.id, article.revision))
    own_words = {
        name: words
        for name in ("greeting", "closing")
        if (words := replaced(getattr(plan, name), sentences, written)) is not None
    }
    if not own_words:
        raise _not_its_own()
    following = {"revision": article.revision + 1}
    session.add(_copy(plan, **following, **own_words))
    session.flush()
    items = session.scalars(
        select(PlanItemRow).where(
            PlanItemRow.episode_id == episode.id, PlanItemRow.revision == plan.revision
        )
    )
    session.add_all([_copy(item, **following) for item in items.all()])


def _copy(row: Table, **changes: object) -> Table:
    """A row like another, but for what is changed."""
    columns = inspect(type(row)).column_attrs.keys()
    return type(row)(**{name: getattr(row, name) for name in columns} | changes)


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
