"""Earlier versions at the desk: looked at, and brought back."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, NotFound
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.tables import (
    ArticleRow,
    EpisodeRow,
    RenderingRow,
    UrgentRow,
)
from service.newsroom.stories.hearings import refuse_older
from service.newsroom.stories.moves import episode_row, reopen_sentences
from service.newsroom.stories.renderings import newest_rendering, sentences_of
from service.newsroom.stories.revisions import words_again
from service.newsroom.stories.version_rows import Opening
from service.newsroom.values import Cause, Event, Kind, Sentence, State


class Versions:
    """What an episode was, version by version."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def sentences(self, episode_id: int, version: int) -> tuple[Sentence, ...]:
        """The sentences of a version, none where it was never written.

        NotFound when there is none of that number.
        """
        with self._database.read() as session:
            _rendering(session, episode_row(session, episode_id), version)
            return sentences_of(session, episode_id, version)

    @transact
    def restore(self, episode_id: int, version: int, who: str) -> None:
        """Opens a version with the words, the readings and the voice of an earlier one,
        where it is heard now.

        It waits for approval like any other. Conflict for a bulletin, a warning, what a person
        reads whole, and the newest version itself.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            earlier = _rendering(session, episode, version)
            _refuse(session, episode, earlier)
            now = self._now()
            article = session.get_one(ArticleRow, episode.article_id)
            words = words_again(session, article, earlier.revision, now, who)
            opening = Opening(
                who,
                Cause.RESTORED,
                now,
                about=str(version),
                title=words[1] if words else earlier.title,
                revision=words[0] if words else None,
                voice=earlier.voice,
                words_of=version,
            )
            reopen_sentences(session, episode, opening)

    @transact
    def take_up_again(self, episode_id: int, version: int, who: str) -> None:
        """What was sent back waits for approval again, as if it had not been.

        Conflict unless it still stands as it was sent back.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            refuse_older(episode, version)
            if episode.state != State.RETURNED:
                raise Conflict(
                    f"it was not sent back, it is {episode.state}",
                    "Bài không còn ở tình trạng trả lại.",
                    "state",
                )
            rendering = newest_rendering(session, episode)
            rendering.returned_why, rendering.returned_by = "", ""
            rendering.returned_at = None
            episode.state, episode.updated_at = State.MASTERED, self._now()
            log(session, self._now(), who, Event.RETURN_UNDONE, "", episode)


def _rendering(session: Session, episode: EpisodeRow, version: int) -> RenderingRow:
    row = session.get(RenderingRow, (episode.id, version))
    if row is None:
        raise NotFound(
            f"episode {episode.id} has no version {version}",
            "Bài này không có phiên bản đó.",
            "version",
        )
    return row


def _refuse(session: Session, episode: EpisodeRow, earlier: RenderingRow) -> None:
    """Conflict for what is not made of its article's words alone, or is as it was already."""
    is_spoken_whole = (
        earlier.recording_id or newest_rendering(session, episode).recording_id
    )
    is_other = (
        episode.kind == Kind.BULLETIN or session.get(UrgentRow, episode.id) is not None
    )
    if is_other or is_spoken_whole:
        raise Conflict(
            "bulletins, warnings and what a person reads whole are not brought back like this",
            "Bản tin, cảnh báo và bài do người đọc cả bài không trả lại bản cũ bằng cách này.",
            "version",
        )
    if earlier.version == episode.version:
        raise Conflict("it is the newest", "Đây đang là bản mới nhất.", "version")
    if not sentences_of(session, episode.id, earlier.version):
        raise Conflict(
            f"version {earlier.version} was never written",
            "Bản này chưa từng được tách câu nên không có gì để trả lại.",
            "version",
        )
