"""An article is opened: its row, its first text, and the episode that reads it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.jobs.turns import enqueue
from service.newsroom.stations import station_row
from service.newsroom.store.log import log
from service.newsroom.store.tables import ArticleRow, EpisodeRow, StationRow
from service.newsroom.stories.differences import approved_before
from service.newsroom.stories.moves import first_version
from service.newsroom.stories.placements import Placed, come_into_force
from service.newsroom.stories.revisions import add_revision
from service.newsroom.stories.sources import address_of
from service.newsroom.text import slugify
from service.newsroom.values import (
    Cause,
    Event,
    Kind,
    Lane,
    NewArticle,
    News,
    Priority,
    Receipt,
    State,
    Step,
)


def add_text(
    session: Session, row: ArticleRow, article: NewArticle, who: str, now: datetime
) -> int | None:
    """The article's next revision.

    Gives the version that was approved with the very same text, or None.
    """
    same_as = approved_before(session, row, article)
    row.revision += 1
    add_revision(session, row, article, now, who)
    return same_as


def article_row(session: Session, article_id: int, *, lock: bool = False) -> ArticleRow:
    """The article's row, locked for a change where that is asked; NotFound."""
    row = session.get(ArticleRow, article_id, with_for_update=lock or None)
    if row is None:
        raise NotFound(f"no article {article_id}", "Không có bài này.", "article")
    return row


def open_article(
    session: Session,
    article: NewArticle,
    stations: list[StationRow],
    who: str,
    now: datetime,
    identity: str,
    kind: Kind = Kind.STORY,
    *,
    recording: int | None = None,
    voice: str = "",
) -> Receipt:
    """A new article with its episode, and the job that begins it.

    `recording` when a person reads the whole.

    `voice` is the one asked for, "" for the station's.
    """
    row = ArticleRow(
        identity=identity,
        external_id=article.external_id,
        url=article.url,
        address=address_of(article.url),
        priority=article.priority,
        revision=1,
        evergreen=article.evergreen,
        created_at=now,
    )
    session.add(row)
    session.flush()
    add_revision(session, row, article, now, who)
    episode = _open_episode(session, row, article, stations, kind, now)
    placement = _placement(article, stations)
    rendering = first_version(
        session, episode, article.title, Cause.RECEIVED, who, placement, now
    )
    rendering.recording_id, rendering.voice = recording, voice
    come_into_force(session, episode, rendering)
    log(session, now, who, Event.RECEIVED, article.title, episode)
    enqueue(session, episode, Step.WRITE, lane_of(article.priority), now)
    return Receipt(row.id, episode.id, News.CREATED)


def _open_episode(
    session: Session,
    row: ArticleRow,
    article: NewArticle,
    stations: Sequence[StationRow],
    kind: Kind,
    now: datetime,
) -> EpisodeRow:
    episode = EpisodeRow(
        kind=kind,
        guid=str(uuid4()),
        slug=f"{slugify(article.title) or 'bai'}-{row.id}",
        article_id=row.id,
        station_id=stations[0].id,
        state=State.RECEIVED,
        version=1,
        priority=article.priority,
        created_at=now,
        updated_at=now,
    )
    session.add(episode)
    session.flush()
    return episode


def receipt_of(session: Session, identity: str) -> Receipt | None:
    """The receipt of an article that is here already, for who sends it once more.

    None for a new one.
    """
    numbers = session.execute(
        select(ArticleRow.id, EpisodeRow.id)
        .join(EpisodeRow, EpisodeRow.article_id == ArticleRow.id)
        .where(ArticleRow.identity == identity)
    ).first()
    return Receipt(*numbers, News.UNCHANGED) if numbers is not None else None


def checked_part(text: str, field: str) -> str:
    """What was wrong, or is right, tidied.

    Invalid, naming the `field`, when it is empty or too long.
    """
    text = " ".join(text.split())
    if not text:
        raise Invalid(
            f"say what is {field}", "Cần ghi rõ chỗ sai và nội dung đúng.", field
        )
    if len(text) > LONGEST_PART:
        raise Invalid(
            f"at most {LONGEST_PART} characters",
            f"Mỗi ô dài tối đa {LONGEST_PART} ký tự.",
            field,
        )
    return text


def lane_of(priority: Priority) -> Lane:
    """Urgent news overtakes."""
    return Lane.FAST if priority is Priority.URGENT else Lane.SLOW


def stations_of(session: Session, slugs: tuple[str, ...]) -> list[StationRow]:
    """The stations an article is for; Invalid when there are none, or one is unknown."""
    if not slugs:
        raise Invalid("name at least one station", "Chọn ít nhất một đài.", "stations")
    try:
        return [station_row(session, slug) for slug in dict.fromkeys(slugs)]
    except NotFound as error:
        raise Invalid(str(error), error.message_vi, "stations") from error


def _placement(article: NewArticle, stations: Sequence[StationRow]) -> Placed:
    """Where an article asks to be heard, and how urgent it says it is."""
    numbers = tuple(station.id for station in stations)
    return Placed(numbers, article.priority, article.evergreen)


# Characters of what was wrong, and of what is right.
LONGEST_PART = 500
