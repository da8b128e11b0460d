"""Misreadings: what listeners say was read wrongly,
one row for each place, for editors to settle.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from service.newsroom.errors import Conflict, Invalid, NotFound
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    EpisodeRow,
    MisreadingRow,
    RenderingRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.values import EVERYWHERE, Event, Misreading, Reach

LONGEST_REMARK = 300  # characters
MOST_REMARKS = 10  # on one place
# Anybody may report: what nobody settles does not grow for ever.
MOST_PLACES = 100  # of one version
MOST_OPEN = 2_000  # of all
OPEN = MisreadingRow.settled_at.is_(None)


class Misreadings:
    """Reports by anybody, a list for the desk."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def report(
        self, episode_id: int, version: int, n: int, word: str = "", remark: str = ""
    ) -> None:
        """Notes that a sentence of a published version, or a word of it, was read wrongly.

        The same place is one row.

        NotFound when no such sentence was ever heard, Invalid (`word`, `remark`) for what does not
        stand in it or is too long, Conflict when there are so many reports that another would help
        nobody.
        """
        word, remark = " ".join(word.split()), " ".join(remark.split())
        if len(remark) > LONGEST_REMARK:
            raise Invalid(
                f"remark is longer than {LONGEST_REMARK}",
                f"Dài tối đa {LONGEST_REMARK} ký tự.",
                "remark",
            )
        now = self._now()
        with self._database.write() as session:
            _check_heard(session, episode_id, version, n, word)
            row = session.scalar(
                _of(episode_id, version).where(
                    MisreadingRow.n == n, MisreadingRow.word == word
                )
            )
            if row is None:
                row = _new_row(session, episode_id, version, n, word, now)
            row.times += 1
            row.last_at = now
            if remark and remark not in row.remarks and len(row.remarks) < MOST_REMARKS:
                row.remarks = [*row.remarks, remark]

    def page(
        self,
        *,
        settled: bool,
        among: Reach = EVERYWHERE,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Misreading], int]:
        """Those to be looked at, or those that were.

        The last reported first, and how many there are in all.
        """
        which = (MisreadingRow.settled_at.is_not(None) if settled else OPEN) & _within(
            among
        )
        newest = (MisreadingRow.last_at.desc(), MisreadingRow.id.desc())
        with self._database.read() as session:
            query = _with_sentences().where(which).order_by(*newest)
            rows = session.execute(query.limit(limit).offset(offset)).all()
            total = session.scalar(_count().where(which)) or 0
            return readable(rows, lambda row: _misreading(*row), "a misreading"), total

    @transact
    def settle(self, misreading_id: int, who: str) -> None:
        """Somebody has looked at it.

        Twice is as once; NotFound when there is none of that number.
        """
        with self._database.write() as session:
            row = session.get(MisreadingRow, misreading_id)
            if row is None:
                raise NotFound(
                    f"no misreading {misreading_id}",
                    "Không có lời báo này.",
                    "misreading",
                )
            if row.settled_at is None:
                row.settled_at, row.settled_by = self._now(), who
                episode = session.get_one(EpisodeRow, row.episode_id)
                place = f"câu {row.n} {row.word}".strip()
                log(session, self._now(), who, Event.MISREADING_SETTLED, place, episode)


def count_waiting(among: Reach) -> Select[int]:
    """How many places nobody has looked at yet, of what is heard at these stations."""
    return _count().where(OPEN & _within(among))


def _within(among: Reach) -> ColumnElement[bool]:
    """MisreadingRow is of an episode that is heard at one of these stations."""
    if among.everywhere:
        return true()
    return MisreadingRow.episode_id.in_(
        select(EpisodeRow.id).where(episodes_within(among))
    )


def _new_row(
    session: Session, episode_id: int, version: int, n: int, word: str, now: datetime
) -> MisreadingRow:
    """The row of a place nobody named before,
    unless somebody else names it in this very moment: then theirs.
    """
    of_version = session.scalar(
        _count().where(
            MisreadingRow.episode_id == episode_id, MisreadingRow.version == version
        )
    )
    of_all = session.scalar(_count().where(OPEN))
    if (of_version or 0) >= MOST_PLACES or (of_all or 0) >= MOST_OPEN:
        raise Conflict(
            "too many reports",
            "Đã có rất nhiều lời báo, ban biên tập đang xem. Xin cảm ơn bà con.",
        )
    row = insert(session, MisreadingRow).values(
        episode_id=episode_id,
        version=version,
        n=n,
        word=word,
        remarks=[],
        times=0,
        first_at=now,
        last_at=now,
        settled_by="",
    )
    keys = [
        MisreadingRow.episode_id,
        MisreadingRow.version,
        MisreadingRow.n,
        MisreadingRow.word,
    ]
    session.execute(row.on_conflict_do_nothing(index_elements=keys))
    return session.scalars(
        _of(episode_id, version).where(MisreadingRow.n == n, MisreadingRow.word == word)
    ).one()


def _of(episode_id: int, version: int) -> Select[MisreadingRow]:
    where = (MisreadingRow.episode_id == episode_id, MisreadingRow.version == version)
    return select(MisreadingRow).where(*where).with_for_update()


def _count() -> Select[int]:
    return select(func.count()).select_from(MisreadingRow)


def _with_sentences() -> Select[MisreadingRow, SentenceRow, str, int | None, str]:
    """Places with what was said there: the sentence and the title of that version,
    which may be an older one.
    """
    return (
        select(
            MisreadingRow,
            SentenceRow,
            RenderingRow.title,
            EpisodeRow.public_version,
            StationRow.slug,
        )
        .join(
            SentenceRow,
            (SentenceRow.episode_id == MisreadingRow.episode_id)
            & (SentenceRow.version == MisreadingRow.version)
            & (SentenceRow.n == MisreadingRow.n),
        )
        .join(
            RenderingRow,
            (RenderingRow.episode_id == MisreadingRow.episode_id)
            & (RenderingRow.version == MisreadingRow.version),
        )
        .join(EpisodeRow, EpisodeRow.id == MisreadingRow.episode_id)
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
    )


def _misreading(
    row: MisreadingRow,
    sentence: SentenceRow,
    title: str,
    public_version: int | None,
    station: str,
) -> Misreading:
    return Misreading(
        id=row.id,
        episode_id=row.episode_id,
        version=row.version,
        n=row.n,
        title=title,
        station=station,
        written=sentence.written,
        spoken=sentence.spoken,
        word=row.word,
        remarks=tuple(row.remarks),
        times=row.times,
        first_at=row.first_at,
        last_at=row.last_at,
        replaced=row.version != public_version,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )


def _check_heard(
    session: Session, episode_id: int, version: int, n: int, word: str
) -> None:
    """NotFound when no such sentence was ever on the air, Invalid for a word that is not in it."""
    rendering = session.get(RenderingRow, (episode_id, version))
    sentence = session.get(SentenceRow, (episode_id, version, n))
    if rendering is None or rendering.published_at is None or sentence is None:
        raise NotFound(
            f"no sentence {n} was heard",
            "Không có câu này trong bài đã phát.",
            "sentence",
        )
    if word not in sentence.written:
        raise Invalid(
            f"{word!r} is not in the sentence",
            "Từ này không có trong câu đã chọn.",
            "word",
        )
