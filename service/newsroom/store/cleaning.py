"""What nobody needs any more is deleted: old clips and passages,
auditions, files of attempts that were dropped, rows of work that is long done (spent.py).

Never deleted: what a current or public rendering consists of, what was ever published, what any
other row names. Only where a setting says so, clips of episodes published long ago go too: their
masters stay, and an edit speaks them again. Everything has a time of grace, for work under way lays
files down before rows name them; and what is deleted a moment before somebody wants it again (a
clip, a passage) is made again. What people sent cannot be made again: it is asked about once more
right before it goes. The store is gone through a `SHARDS`th at a time.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from sqlalchemy import Select, and_, delete, not_, or_, select
from sqlalchemy.orm import Session

from service.apart import each_by_itself
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.files import INTERRUPTED, Entry, Files
from service.newsroom.store.joins import version_of_master
from service.newsroom.store.spent import drop_spent
from service.newsroom.store.tables import (
    ArticleRow,
    AuditionRow,
    EpisodeRow,
    JobRow,
    MasterRow,
    PictureRow,
    RecordingRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    Table,
)
from service.newsroom.values import Standing, State

log = logging.getLogger("loa.cleaning")

SHARDS = 256
# Spent rows are looked for less often: beside the first of so many parts.
SHARDS_A_LOOK = 8
CLIPS, PASSAGES, MASTERS = "clips", "passages", "masters"
PICTURES, RECORDINGS, BEDS = "pictures", "recordings", "recordings/beds"
# Whose folders below are named by the first two figures of a digest
SHARDED = (CLIPS, PASSAGES, PICTURES, RECORDINGS)
# What people sent
SENT = (PICTURES, RECORDINGS)
# Since it was written
KEPT = {
    CLIPS: timedelta(days=30),
    PASSAGES: timedelta(days=30),
    MASTERS: timedelta(days=2),
    # Before an article names a picture that was sent
    PICTURES: timedelta(days=30),
    RECORDINGS: timedelta(days=30),
}
# Masters of a version that nobody approved, once there is a newer one
DRAFTS_KEPT = timedelta(days=30)
AUDITIONS_KEPT = timedelta(days=7)
INTERRUPTED_KEPT = timedelta(days=1)
# A machine that runs two hours a day goes through the whole store in less
OVERDUE = timedelta(days=14)
MOST = 2_000  # files or auditions of one look
AT_ONCE = 500  # keys in one question to the database


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What one look deleted."""

    files: int
    bytes: int
    auditions: int


@dataclass(frozen=True, slots=True)
class Stock:
    """What lies in one folder of the store.

    `spare` is what nobody needs, `overdue` what should be gone by now.
    """

    folder: str
    files: int
    bytes: int
    spare_bytes: int
    overdue: int


class Cleaning:
    """The newsroom's broom. Two at once do no harm."""

    def __init__(
        self,
        database: Database,
        files: Files,
        now: Callable[[], datetime],
        published_kept: timedelta | None = None,
    ) -> None:
        """`published_kept`: how long after it was published an episode keeps its clips.

        None for ever.
        """
        self._database = database
        self._files = files
        self._now = now
        self._published_kept = published_kept

    def clean(self, shard: int) -> Cleaned:
        """Deletes what nobody needs in one part of the store (0 to SHARDS − 1).

        At most `MOST` files.
        """
        auditions = self._drop_auditions()
        self._drop_drafts(shard)
        self._drop_pictures(shard)
        if shard % SHARDS_A_LOOK == 0:
            self._drop_spent()

        def delete_file(entry: Entry) -> int:
            self._files.delete(entry.key)
            return entry.bytes

        sizes = each_by_itself(
            filter(self._is_still_spare, islice(self._spare(shard), MOST)),
            delete_file,
            log=log,
            doing="deleting a file that nobody needs",
            name=lambda entry: entry.key,
        )
        return Cleaned(len(sizes), sum(sizes), auditions)

    def survey(self) -> list[Stock]:
        """What lies in the store, folder by folder; reads its whole list of files."""
        found: list[Stock] = []
        for folder in KEPT:
            files = total = spare = overdue = 0
            # Keys come in order: those of one folder below are judged together.
            for _, group in groupby(
                self._files.entries(f"{folder}/"),
                key=lambda entry: entry.key.split("/")[1],
            ):
                entries = list(group)
                unneeded = list(self._unneeded(folder, entries))
                files = files + len(entries)
                total = total + sum(entry.bytes for entry in entries)
                spare += sum(entry.bytes for entry in unneeded)
                overdue += sum(
                    entry.modified < self._now() - KEPT[folder] - OVERDUE
                    for entry in unneeded
                )
            found.append(Stock(folder, files, total, spare, overdue))
        return found

    def _spare(self, shard: int) -> Iterator[Entry]:
        for folder in SHARDED:
            yield from self._unneeded(
                folder, self._files.entries(f"{folder}/{shard:02x}/")
            )
        if shard == 0:
            yield from self._unneeded(RECORDINGS, self._files.entries(f"{BEDS}/"))
        with self._database.read() as session:
            episodes = list(
                session.scalars(
                    select(EpisodeRow.id).where(EpisodeRow.id % SHARDS == shard)
                )
            )
        for episode in episodes:
            yield from self._unneeded(
                MASTERS, self._files.entries(f"{MASTERS}/{episode}/")
            )

    def _is_still_spare(self, entry: Entry) -> bool:
        """False for what somebody sent again since its folder was looked through."""
        folder = entry.key.partition("/")[0]
        if folder not in SENT:
            return True
        beside = self._files.entries(f"{entry.key.rpartition('/')[0]}/")
        by_now = [each for each in beside if each.key == entry.key]
        return any(self._unneeded(folder, by_now))

    def _unneeded(
        self, folder: str, entries: Iterator[Entry] | list[Entry]
    ) -> Iterator[Entry]:
        """Those that are old enough and that nothing names."""
        now = self._now()
        old = (
            entry for entry in entries if entry.modified < now - _grace(folder, entry)
        )
        while some := list(islice(old, AT_ONCE)):
            with self._database.read() as session:
                names = [_name(folder, entry) for entry in some]
                needed = self._needed(session, folder, names)
            yield from (entry for entry in some if _name(folder, entry) not in needed)

    def _needed(self, session: Session, folder: str, names: list[str]) -> set[str]:
        """Those of the names that a row tells of."""
        if folder == CLIPS:
            kept = self._published_kept
            return _clips_named(session, names, self._now() - kept if kept else None)
        return NAMED[folder](session, names)

    @transact
    def _drop_auditions(self) -> int:
        with self._database.write() as session:
            old = list(
                session.scalars(
                    select(AuditionRow.id)
                    .where(AuditionRow.asked_at < self._now() - AUDITIONS_KEPT)
                    .limit(MOST)
                )
            )
            session.execute(delete(JobRow).where(JobRow.audition_id.in_(old)))
            session.execute(delete(AuditionRow).where(AuditionRow.id.in_(old)))
        return len(old)

    @transact
    def _drop_spent(self) -> None:
        with self._database.write() as session:
            drop_spent(session, self._now())

    @transact
    def _drop_drafts(self, shard: int) -> None:
        """Masters of versions that were never approved nor published and are not the newest:
        their files are spare then.

        What was approved may have been broadcast, which the log tells for ever.
        """
        with self._database.write() as session:
            found = session.execute(
                select(MasterRow.episode_id, MasterRow.version)
                .join(EpisodeRow, EpisodeRow.id == MasterRow.episode_id)
                .join(RenderingRow, version_of_master())
                .where(
                    EpisodeRow.id % SHARDS == shard,
                    MasterRow.version < EpisodeRow.version,
                    RenderingRow.approved_at.is_(None),
                    RenderingRow.published_at.is_(None),
                    MasterRow.created_at < self._now() - DRAFTS_KEPT,
                )
                .distinct()
                .limit(MOST)
            ).all()
            for episode, version in found:
                session.execute(
                    delete(MasterRow).where(
                        MasterRow.episode_id == episode, MasterRow.version == version
                    )
                )

    @transact
    def _drop_pictures(self, shard: int) -> None:
        """Forgets pictures that somebody sent and no text names: their files are spare then."""
        named = select(RevisionRow.number).where(
            RevisionRow.picture == PictureRow.address
        )
        is_spare = and_(
            PictureRow.digest.startswith(f"{shard:02x}"),
            PictureRow.named_at < self._now() - KEPT[PICTURES],
            ~named.exists(),
        )
        with self._database.read() as session:
            spare = session.scalars(
                select(PictureRow.address).where(is_spare).limit(MOST)
            ).all()
        if not spare:
            return
        with self._database.write() as session:
            for begin in range(0, len(spare), AT_ONCE):
                some = PictureRow.address.in_(spare[begin : begin + AT_ONCE])
                # Asked again: somebody may have sent it once more since, or named it.
                deletion = delete(PictureRow).where(some, is_spare)
                session.execute(
                    deletion, execution_options={"synchronize_session": False}
                )


def _grace(folder: str, entry: Entry) -> timedelta:
    return INTERRUPTED_KEPT if INTERRUPTED in entry.key else KEPT[folder]


def _name(folder: str, entry: Entry) -> str:
    """What rows call it: masters, beds and what was interrupted by the whole key, a picture by its
    folder, all else by its last part without the ending.
    """
    if folder == MASTERS or entry.key.startswith(BEDS) or INTERRUPTED in entry.key:
        return entry.key
    if folder == PICTURES:
        return entry.key.rpartition("/")[0].rpartition("/")[2]
    return entry.key.rpartition("/")[2].partition(".")[0]


def _clips_named(
    session: Session, names: list[str], spent_before: datetime | None
) -> set[str]:
    """Clips of current and public renderings, and those that a row of any other table names.

    What the machine spoke for an episode that was published before `spent_before`, and has not been
    touched since, is not among them, unless it is kept for hours that have nothing else.
    """
    found: set[str] = set()
    for table in Table.metadata.sorted_tables:
        if "clip" not in table.columns:
            continue
        query = select(table.c.clip).where(table.c.clip.in_(names))
        if table.name == SentenceRow.__tablename__:
            query = query.join(EpisodeRow, EpisodeRow.id == table.c.episode_id).where(
                or_(
                    table.c.version == EpisodeRow.version,
                    table.c.version == EpisodeRow.public_version,
                )
            )
            if spent_before is not None:
                query = _but_spent(query, spent_before)
        found.update(session.scalars(query))
    return found


def _but_spent(query: Select[tuple[str]], before: datetime) -> Select[tuple[str]]:
    own = (RenderingRow.episode_id == SentenceRow.episode_id) & (
        RenderingRow.version == SentenceRow.version
    )
    spent = and_(
        EpisodeRow.state == State.PUBLISHED,
        EpisodeRow.version == EpisodeRow.public_version,
        RenderingRow.published_at.is_not(None),
        RenderingRow.published_at < before,
        RenderingRow.recording_id.is_(None),
        SentenceRow.recording_id.is_(None),
        ArticleRow.evergreen.is_(False),
    )
    return (
        query.join(RenderingRow, own)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .where(not_(spent))
    )


def _masters_named(session: Session, names: list[str]) -> set[str]:
    return set(session.scalars(select(MasterRow.key).where(MasterRow.key.in_(names))))


def _pictures_named(session: Session, names: list[str]) -> set[str]:
    kept = select(PictureRow.digest).where(PictureRow.digest.in_(names))
    return set(session.scalars(kept))


def _recordings_named(session: Session, names: list[str]) -> set[str]:
    """Originals, and the beds that stations ever played."""
    originals = select(RecordingRow.digest).where(
        RecordingRow.digest.in_(names), RecordingRow.state != Standing.REFUSED
    )
    beds = select(RecordingRow.about).where(RecordingRow.chime == "bed")
    keys = {str(about.get("key")) for about in session.scalars(beds)}
    return keys.union(session.scalars(originals))


def _nothing_named(_session: Session, _names: list[str]) -> set[str]:
    """Passages are only kept to save time."""
    return set()


NAMED: dict[str, Callable[[Session, list[str]], set[str]]] = {
    PASSAGES: _nothing_named,
    MASTERS: _masters_named,
    PICTURES: _pictures_named,
    RECORDINGS: _recordings_named,
}
