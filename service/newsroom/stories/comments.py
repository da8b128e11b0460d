"""What people at the desk say about a sentence, to each other: who, when, and whether it is done."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import CommentRow, EpisodeRow, SentenceRow
from service.newsroom.stories.moves import episode_row
from service.newsroom.values import Comment, Event

LONGEST_COMMENT = 500  # characters
MOST_OPEN = 200  # of an episode
SHOWN = 500  # of an episode, the newest


class Comments:
    """Comments on sentences. They change nothing of what is heard."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def of(self, episode_id: int) -> list[Comment]:
        """The comments on an episode, the oldest first, each at the sentence where it stands now.

        None for an episode that there is not.
        """
        with self._database.read() as session:
            newest = (
                select(CommentRow)
                .where(CommentRow.episode_id == episode_id)
                .order_by(CommentRow.id.desc())
                .limit(SHOWN)
            )
            rows = list(reversed(session.scalars(newest).all()))
            if not rows:
                return []
            written = _written(session, episode_row(session, episode_id))
            return readable(rows, lambda row: _comment(row, written), "a comment")

    @transact
    def add(
        self, episode_id: int, n: int, text: str, who: str, was: str | None = None
    ) -> Comment:
        """A comment on a sentence of the newest version.

        `was` is the sentence as it was looked at. NotFound for no such sentence; Conflict when it is
        another one by now, or too many are open; Invalid (`text`) for none, or one that is too long.
        """
        text = " ".join(text.split())
        if not 1 <= len(text) <= LONGEST_COMMENT:
            raise Invalid(
                f"a comment has 1 to {LONGEST_COMMENT} characters",
                f"Góp ý dài từ 1 đến {LONGEST_COMMENT} ký tự.",
                "text",
            )
        now = self._now()
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            written = _written(session, episode)
            _refuse(session, episode, n, written, was)
            row = CommentRow(
                episode_id=episode_id,
                version=episode.version,
                n=n,
                written=written[n],
                text=text,
                by=who,
                at=now,
                solved_by="",
                solved_at=None,
            )
            session.add(row)
            session.flush()
            log(session, now, who, Event.COMMENTED, f"câu {n}: {text}", episode)
            return _comment(row, written)

    @transact
    def solve(self, episode_id: int, comment_id: int, who: str) -> Comment:
        """A comment is done with; once more changes nothing.

        NotFound when the episode has no such comment.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            row = session.get(CommentRow, comment_id)
            # An address names an episode that its sender may change: no other one's comment.
            if row is None or row.episode_id != episode.id:
                raise NotFound(
                    f"episode {episode_id} has no comment {comment_id}",
                    "Bài này không có góp ý đó.",
                    "comment",
                )
            if row.solved_at is None:
                row.solved_by, row.solved_at = who, self._now()
                detail = f"câu {row.n}: {row.text}"
                log(session, self._now(), who, Event.COMMENT_SOLVED, detail, episode)
            return _comment(row, _written(session, episode))


def _refuse(
    session: Session,
    episode: EpisodeRow,
    n: int,
    written: dict[int, str],
    was: str | None,
) -> None:
    """NotFound for a sentence that there is not; Conflict for another one, and for too many."""
    if n not in written:
        raise NotFound(
            f"no sentence {n}", f"Bài này hiện không có câu {n}.", "sentences"
        )
    if was is not None and was != written[n]:
        raise Conflict(
            f"sentence {n} is another one by now",
            "Bài đã được sửa, câu này nay là câu khác. Hãy xem lại rồi góp ý.",
            "was",
        )
    is_open = (CommentRow.episode_id == episode.id) & CommentRow.solved_at.is_(None)
    count = session.scalar(select(func.count()).select_from(CommentRow).where(is_open))
    if count is not None and count >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} comments are open already; settle some first",
            f"Bài đã có {MOST_OPEN} góp ý chưa xong; hãy xử lý bớt.",
            "text",
        )


def _written(session: Session, episode: EpisodeRow) -> dict[int, str]:
    """The sentences of the newest version, by number."""
    rows = session.execute(
        select(SentenceRow.n, SentenceRow.written).where(
            SentenceRow.episode_id == episode.id,
            SentenceRow.version == episode.version,
        )
    )
    return dict(rows.all())


def _comment(row: CommentRow, written: dict[int, str]) -> Comment:
    return Comment(
        id=row.id,
        version=row.version,
        n=_stands_at(row, written),
        written=row.written,
        text=row.text,
        by=row.by,
        at=row.at,
        solved_by=row.solved_by,
        solved_at=row.solved_at,
    )


def _stands_at(row: CommentRow, written: dict[int, str]) -> int | None:
    """The sentence of the same words, the nearest one; else the one of its number; else none."""
    alike: Sequence[int] = [n for n, text in written.items() if text == row.written]
    if alike:
        return min(alike, key=lambda n: abs(n - row.n))
    return row.n if row.n in written else None
