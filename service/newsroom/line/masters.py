"""Masters that are there already: are their bytes still what their rows say,
and made again where they are not.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from service.newsroom.jobs import finish
from service.newsroom.jobs.turns import enqueue
from service.newsroom.line.composing import frame_of
from service.newsroom.line.script import script_of, stretches_of
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.tables import (
    EpisodeRow,
    JobRow,
    MasterRow,
    RenderingRow,
    RevisionRow,
    TopicRow,
)
from service.newsroom.stories.placements import home_of
from service.newsroom.stories.provenance import disclosure_of
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.stories.seals import seal_again
from service.newsroom.values import (
    Job,
    JobState,
    KeptMaster,
    Lane,
    MadeMaster,
    Step,
    ToMaster,
)

MOST_AT_ONCE = 500  # episodes of one question
IN_ORDER = (MasterRow.episode_id, MasterRow.version, MasterRow.kind)


class Masters:
    """Masters of versions that somebody may still ask for:
    the public one of an episode, and its newest.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def kept(self) -> Iterator[KeptMaster]:
        """All of them, by episode: their places in the store, and what must lie there."""
        after = 0
        while True:
            with self._database.read() as session:
                episodes = session.scalars(
                    select(EpisodeRow.id)
                    .where(EpisodeRow.id > after)
                    .order_by(EpisodeRow.id)
                    .limit(MOST_AT_ONCE)
                ).all()
                rows = session.scalars(
                    select(MasterRow).where(*_asked_for(episodes)).order_by(*IN_ORDER)
                ).all()
            if not episodes:
                return
            after = episodes[-1]
            yield from map(_kept, rows)

    @transact
    def make_again(self, episode_id: int, version: int) -> bool:
        """Has the files of a version made again from its clips, under the same names.

        False when that is under way.

        The version stays as it is, and where it is.
        """
        with self._database.write() as session:
            episode = session.get_one(EpisodeRow, episode_id, with_for_update=True)
            job = session.scalar(
                select(JobRow).where(
                    JobRow.episode_id == episode_id,
                    JobRow.version == version,
                    JobRow.step == Step.REMASTER,
                )
            )
            if job is None:
                enqueue(
                    session,
                    episode,
                    Step.REMASTER,
                    Lane.SLOW,
                    self._now(),
                    version=version,
                )
                return True
            if job.state in (JobState.READY, JobState.RUNNING):
                return False
            job.state, job.attempts, job.deaths, job.error = JobState.READY, 0, 0, ""
            return True

    def load(self, job: Job) -> ToMaster | None:
        """What the version is made of; None when its episode is gone."""
        with self._database.read() as session:
            episode = session.get(EpisodeRow, job.episode_id)
            return (
                to_master(session, episode, job.version)
                if episode is not None
                else None
            )

    @transact
    def save(self, job: Job, masters: Sequence[MadeMaster]) -> bool:
        """The files that were made again stand in for those that are gone.

        False when the job was taken over.
        """
        with self._database.write() as session:
            if not finish(session, job, JobState.DONE, self._now()):
                return False
            for master in masters:
                session.execute(
                    update(MasterRow)
                    .where(
                        MasterRow.episode_id == job.episode_id,
                        MasterRow.version == job.version,
                        MasterRow.kind == master.kind,
                    )
                    .values(
                        key=master.key,
                        bytes=master.bytes,
                        sha256=master.sha256,
                        seconds=master.seconds,
                        lufs=master.lufs,
                        true_peak=master.true_peak,
                    )
                )
            self._seal_again(session, job)
            return True

    def _seal_again(self, session: Session, job: Job) -> None:
        """The encoder of another release makes other bytes of the same approved clips."""
        rendering = session.get_one(RenderingRow, (job.episode_id, job.version))
        if rendering.approved_at is not None:
            episode = session.get_one(EpisodeRow, job.episode_id)
            seal_again(session, episode, rendering)


def to_master(session: Session, episode: EpisodeRow, version: int) -> ToMaster:
    """Clips, pauses and tags of a version."""
    rendering = session.get_one(RenderingRow, (episode.id, version))
    revision = session.get_one(RevisionRow, (episode.article_id, rendering.revision))
    station = home_of(session, rendering)
    topic = session.get(TopicRow, revision.topic_id) if revision.topic_id else None
    stretches = stretches_of(sentences_of(session, episode.id, version))
    return ToMaster(
        episode_id=episode.id,
        version=version,
        slug=episode.slug,
        title=rendering.title,
        station=station.slug,
        station_name=station.name,
        topic=topic.name if topic else "",
        date=revision.published_at or revision.received_at,
        sounds=script_of(stretches),
        disclosure=disclosure_of(station.disclosure, rendering),
        speaker_tempo=station.speaker_tempo,
        speaker_pauses=station.speaker_pauses,
        speaker_lead_in=station.speaker_lead_in,
        **frame_of(session, episode, rendering),
    )


def _asked_for(episodes: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    current = (
        select(EpisodeRow.id)
        .where(
            EpisodeRow.id == MasterRow.episode_id,
            or_(
                EpisodeRow.version == MasterRow.version,
                EpisodeRow.public_version == MasterRow.version,
            ),
        )
        .exists()
    )
    return MasterRow.episode_id.in_(episodes), current


def _kept(row: MasterRow) -> KeptMaster:
    return KeptMaster(
        row.episode_id, row.version, row.kind, row.key, row.bytes, row.sha256
    )
