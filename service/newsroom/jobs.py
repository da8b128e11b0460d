"""The jobs table: the truth about what is to be done, who does it now, and until when we believe them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.orm import Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import EpisodeRow, JobRow
from service.newsroom.values import Job, Lane, Priority, State, Step

# How long a silent worker is believed; heartbeats renew it.
LEASE = timedelta(seconds=60)
# A step that is tried again waits less.
SOON = timedelta(minutes=1)
# A step that took its worker down so often is not tried again.
MOST_ATTEMPTS = 5
URGENCY = {Priority.NORMAL: 0, Priority.PRIORITY: 1, Priority.URGENT: 2}

# What a worker is told of the job it took.
CLAIMED = (
    JobRow.id,
    JobRow.step,
    JobRow.episode_id,
    JobRow.version,
    JobRow.attempts,
    JobRow.audition_id,
    JobRow.recording_id,
)


class Jobs:
    """Claims, renews, releases and sweeps jobs."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], lease: timedelta = LEASE
    ) -> None:
        self._database = database
        self._now = now
        self.lease = lease

    @transact
    def claim(self, owner: str, lanes: tuple[Lane, ...], job_id: int | None = None) -> Job | None:
        """Takes the most urgent, oldest job that is free (or the one named), or None.

        A job is free when it is ready and due, or when the lease of whoever ran it has ended. One guarded
        statement: two workers never get the same job.
        """
        now = self._now()
        free = self._free(now)
        candidates = select(JobRow.id).where(free, JobRow.lane.in_(lanes))
        if job_id is not None:
            candidates = candidates.where(JobRow.id == job_id)
        first = candidates.order_by(JobRow.urgency.desc(), JobRow.id).limit(1)
        # PostgreSQL passes over what another worker just takes; SQLite has one writer anyway.
        first = first.with_for_update(skip_locked=True)
        take = (
            update(JobRow)
            .where(JobRow.id == first.scalar_subquery(), free)
            .values(
                state="running",
                owner=owner,
                lease_until=now + self.lease,
                attempts=JobRow.attempts + 1,
            )
            .returning(*CLAIMED)
            .execution_options(synchronize_session=False)
        )
        with self._database.write() as session:
            row = session.execute(take).first()
        return _job(row, owner) if row is not None else None

    def anything_free(self, lanes: tuple[Lane, ...]) -> bool:
        """Whether a claim could succeed now; a read, so that idle workers write nothing."""
        with self._database.read() as session:
            free = session.scalar(
                select(JobRow.id).where(self._free(self._now()), JobRow.lane.in_(lanes)).limit(1)
            )
        return free is not None

    @transact
    def renew(self, job: Job) -> bool:
        """Another lease for a job still being done; False when it was taken over."""
        with self._database.write() as session:
            result = session.execute(
                update(JobRow).where(held_by(job)).values(lease_until=self._now() + self.lease)
            )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    @transact
    def release(
        self, job: Job, after: timedelta = timedelta(0), error: str = "", *, counts: bool = True
    ) -> None:
        """Gives a job back, to be done after a while; `counts=False` when it was merely put down."""
        with self._database.write() as session:
            session.execute(
                update(JobRow)
                .where(held_by(job))
                .values(
                    state="ready",
                    owner="",
                    lease_until=None,
                    not_before=self._now() + after,
                    error=error,
                    attempts=JobRow.attempts if counts else JobRow.attempts - 1,
                )
            )

    @transact
    def release_all(self, owner_prefix: str) -> int:
        """Gives back what owners of a dead process held: for the embedded shape, which knows it is alone."""
        with self._database.write() as session:
            result = session.execute(
                update(JobRow)
                .where(JobRow.state == "running", JobRow.owner.startswith(owner_prefix))
                .values(state="ready", owner="", lease_until=None)
            )
        return int(result.rowcount)  # type: ignore[attr-defined]

    def waiting(self, longer_than: timedelta = timedelta(0)) -> list[tuple[int, Lane]]:
        """Jobs free for that long, oldest first: what a sweep nudges again."""
        with self._database.read() as session:
            rows = session.execute(
                select(JobRow.id, JobRow.lane)
                .where(self._free(self._now() - longer_than))
                .order_by(JobRow.urgency.desc(), JobRow.id)
            )
            return readable(rows, lambda row: (row[0], Lane(row[1])), "a job")

    def unfinished(self) -> int:
        """How many jobs are running, or ready and due soon; not bulletins that go out at their hour."""
        soon = and_(JobRow.state == "ready", JobRow.not_before <= self._now() + SOON)
        with self._database.read() as session:
            return (
                session.scalar(select(func.count()).where(or_(soon, JobRow.state == "running")))
                or 0
            )

    def counts(self) -> dict[str, int]:
        """How many jobs there are in each state, for /metrics."""
        with self._database.read() as session:
            rows = session.execute(
                select(JobRow.state, func.count().label("jobs")).group_by(JobRow.state)
            )
            return {row.state: row.jobs for row in rows}

    @staticmethod
    def _free(now: datetime) -> ColumnElement[bool]:
        return or_(
            and_(JobRow.state == "ready", JobRow.not_before <= now),
            and_(JobRow.state == "running", JobRow.lease_until < now),
        )


def held_by(job: Job) -> ColumnElement[bool]:
    """Only while this owner still has this job may anything be saved for it."""
    return and_(JobRow.id == job.id, JobRow.state == "running", JobRow.owner == job.owner)


def enqueue(
    session: Session,
    episode: EpisodeRow,
    step: Step,
    lane: Lane,
    now: datetime,
    due: datetime | None = None,
) -> None:
    """Adds the one job of this step and version, in the transaction that made it necessary; none before `due`.

    The workers are nudged after its commit (Database.write).
    """
    job = JobRow(
        step=step,
        episode_id=episode.id,
        version=episode.version,
        lane=lane,
        urgency=URGENCY[Priority(episode.priority)],
        not_before=max(now, due or now),
        created_at=now,
    )
    session.add(job)
    session.flush()


def finish(session: Session, job: Job, outcome: str, now: datetime, error: str = "") -> bool:
    """Ends a job as "done", "dropped" or "failed"; False when this owner no longer has it."""
    result = session.execute(
        update(JobRow)
        .where(held_by(job))
        .values(state=outcome, finished_at=now, lease_until=None, error=error)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def still_current(session: Session, job: Job, expected: State) -> EpisodeRow | None:
    """The episode, locked, if the job's version is the newest and it stands where the step began; else None."""
    return session.scalar(
        select(EpisodeRow)
        .where(
            EpisodeRow.id == job.episode_id,
            EpisodeRow.version == job.version,
            EpisodeRow.state == expected,
        )
        .with_for_update()
    )


def _job(row: Row[int, str, int | None, int, int, int | None, int | None], owner: str) -> Job:
    """A row of `CLAIMED` as its worker sees it: 0 stands for what a job is not about."""
    number, step, episode, version, attempts, audition, recording = row
    return Job(
        number,
        Step(step),
        episode or 0,
        version,
        attempts,
        owner,
        audition or 0,
        recording or 0,
    )
