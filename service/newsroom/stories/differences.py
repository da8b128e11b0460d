"""What differs between an article that came and what is here:
in what is heard, where, or only in what is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.newsroom.shows import change, paths_of
from service.newsroom.stations import topic_row
from service.newsroom.store.joins import text_of_version
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    RenderingRow,
    RevisionRow,
    StationRow,
    TopicRow,
)
from service.newsroom.stories.hearings import HEARD
from service.newsroom.stories.mending import Text
from service.newsroom.stories.pictures import note_picture
from service.newsroom.stories.placements import Placed, placed, placement_of
from service.newsroom.stories.renderings import newest_rendering
from service.newsroom.stories.revisions import text_of
from service.newsroom.stories.version_rows import is_written
from service.newsroom.values import SHOWN_BESIDE, Event, NewArticle, State

PICTURED = ("picture", "picture_caption")


@dataclass(frozen=True, slots=True)
class Difference:
    """How an article that came differs from its newest version:
    in what is heard, and in its placement.

    `picture`: another one than was heard with it, or another caption. `moved` tells the placement
    before and after, "" when it is the same.
    """

    words: bool
    picture: bool
    moved: str
    placement: Placed
    begins_at: State

    @property
    def revises(self) -> bool:
        """Whether the article gets another revision of its text."""
        return self.words or self.picture

    @property
    def opens(self) -> bool:
        """Whether it is a version of its own."""
        return self.revises or bool(self.moved)


def difference_to(
    session: Session,
    row: ArticleRow,
    episode: EpisodeRow,
    article: NewArticle,
    stations: Sequence[StationRow],
    *,
    pictured: bool,
) -> Difference:
    """How an article that came for these stations differs from the newest version here.

    `pictured`: another picture of what somebody heard is a difference, which needs an approval of
    its own.
    """
    rendering = newest_rendering(session, episode)
    revision = session.get_one(RevisionRow, (row.id, row.revision))
    words = text_of(revision) != Text(article.title, article.lead, article.paragraphs)
    shown = (getattr(revision, name) != getattr(article, name) for name in PICTURED)
    repictured = pictured and _is_heard(episode) and any(shown)
    numbers = tuple(station.id for station in stations)
    placement = Placed(numbers, article.priority, article.evergreen)
    before = placed(rendering)
    moved = ""
    if before != placement:
        old = _in_words(placement_of(session, rendering).stations, before)
        new = _in_words([station.slug for station in stations], placement)
        moved = f"{old} → {new}"
    # Only at another home, which has a voice and a dictionary of its own, is the same text read
    # anew.
    same_reading = numbers[0] == before.stations[0] and is_written(session, episode)
    begins_at = State.WRITTEN if same_reading and not words else State.RECEIVED
    return Difference(words, repictured, moved, placement, begins_at)


def _is_heard(episode: EpisodeRow) -> bool:
    """Whether the public has it, or an approver may have looked at it."""
    is_ready = episode.state in (*HEARD, State.APPROVED)
    return is_ready or episode.public_version is not None


def _in_words(slugs: Sequence[str], placement: Placed) -> str:
    """A placement as the log tells it."""
    kept = " evergreen" if placement.evergreen else ""
    return f"{', '.join(slugs)} {placement.priority}{kept}"


def note_metadata(
    session: Session,
    row: ArticleRow,
    episode: EpisodeRow,
    article: NewArticle,
    who: str,
    now: datetime,
) -> None:
    """Who wrote it, when and about what is shown, not heard: noted at once, and logged."""
    revision = session.get_one(RevisionRow, (row.id, row.revision))
    shows = paths_of(session, episode)
    changed = []
    # What an approver looks at, or looked at: another picture waits for the next version.
    kept = PICTURED if _is_heard(episode) else ()
    for name in SHOWN_BESIDE:
        if name in kept:
            continue
        old, new = getattr(revision, name), getattr(article, name)
        if old != new:
            setattr(revision, name, new)
            changed.append(f"{name}: {old or '–'} → {new or '–'}")
    note_picture(session, revision.picture, now)
    changed += _note_topic(session, revision, article.topic)
    if changed:
        log(session, now, who, Event.METADATA, "; ".join(changed), episode)
        if episode.public_version is not None:
            session.flush()
            # Of another topic it leaves one feed, and enters one.
            change(session, shows | paths_of(session, episode), now)


def _note_topic(session: Session, revision: RevisionRow, name: str) -> list[str]:
    """Another topic, or none, for a revision; what is told of it, [] when it is the same."""
    old = session.get(TopicRow, revision.topic_id) if revision.topic_id else None
    new = topic_row(session, name) if name else None
    if old is new:
        return []
    revision.topic_id = new.id if new else None
    return [f"topic: {old.name if old else '–'} → {new.name if new else '–'}"]


def approved_before(
    session: Session, row: ArticleRow, article: NewArticle
) -> int | None:
    """The newest version that was approved with this very text."""
    rows = session.execute(
        select(RenderingRow.version, RevisionRow)
        .join(EpisodeRow, EpisodeRow.id == RenderingRow.episode_id)
        .join(RevisionRow, text_of_version())
        .where(
            EpisodeRow.article_id == row.id,
            RevisionRow.title == article.title,
            RenderingRow.approved_at.is_not(None),
        )
        .order_by(RenderingRow.version.desc())
    )
    text = Text(article.title, article.lead, article.paragraphs)
    return next(
        (version for version, revision in rows if text_of(revision) == text), None
    )
