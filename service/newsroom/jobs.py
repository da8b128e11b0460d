"""The jobs table: the truth about what is to be done, who does it now,
and until when we believe them.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Update, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import EpisodeRow, JobRow
from service.newsroom.values import Job, JobState, Lane, Priority, State, Step, Trouble

# How long a silent worker is believed; heartbeats renew it every quarter of that.
LEASE = timedelta(seconds=10)
# A step that is tried again waits less.
SOON = timedelta(minutes=1)
# A step that failed so often of something that is neither its text's nor the house's is not tried
# again.
MOST_ATTEMPTS = 5
# A step whose worker died so often goes alone, in a child process; after so many more, not at all.
DEATHS_UNTIL_ALONE, MOST_DEATHS = 2, 5
LONGEST_RETRY = timedelta(minutes=1)
URGENCY = {Priority.NORMAL: 0, Priority.PRIORITY: 1, Priority.URGENT: 2}
LAST_IN_LINE = -1
OPEN = (JobState.READY, JobState.RUNNING)
# Jobs that wait for something of the house.
TROUBLED = JobRow.state.in_(OPEN) & (JobRow.trouble != "")
READY = JobRow.state == JobState.READY
RUNNING = JobRow.state == JobState.RUNNING

# What a worker is told of the job it took.
CLAIMED = (
    JobRow.id,
    JobRow.step,
    JobRow.episode_id,
    JobRow.version,
    JobRow.attempts,
    JobRow.audition_id,
    JobRow.recording_id,
    JobRow.deaths,
    JobRow.waits,
    JobRow.source_id,
)
# The end of a worker that did not give its job back, whatever ended it.
A_DEATH = {
    "state": JobState.READY,
    "owner": "",
    "lease_until": None,
    "deaths": JobRow.deaths + 1,
    "urgency": case(
        (JobRow.deaths + 1 >= DEATHS_UNTIL_ALONE, LAST_IN_LINE), else_=JobRow.urgency
    ),
}


class Jobs:
    """Claims, renews, releases and sweeps jobs.

    Leases and due times are by the database's clock, which all machines share (`Database.moment`).
    """

    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database = database
        self.lease = lease

    @transact
    def claim(self, owner: str, lanes: tuple[Lane, ...]) -> Job | None:
        """Takes the job that is next in line (docs/operations.md), or None.

        The most urgent first, then by turns: each station's news in its order, no station's before
        the others' because it has more. Jobs of workers that died are free again when their lease
        has ended. One guarded statement: two workers never get the same job.
        """
        free = self._free()
        first = (
            select(JobRow.id)
            .where(free, JobRow.lane.in_(lanes))
            .order_by(JobRow.urgency.desc(), JobRow.turn, JobRow.id)
            .limit(1)
            # PostgreSQL passes over what another worker just takes; SQLite has one writer anyway.
            .with_for_update(skip_locked=True)
        )
        take = (
            update(JobRow)
            .where(JobRow.id == first.scalar_subquery(), free)
            .values(
                state=JobState.RUNNING,
                owner=owner,
                lease_until=self._database.moment(self.lease),
                attempts=JobRow.attempts + 1,
            )
            .returning(*CLAIMED)
            .execution_options(synchronize_session=False)
        )
        with self._database.write() as session:
            session.execute(_given_up(self._over()))
            row = session.execute(take).first()
        return _job(row, owner) if row is not None else None

    def anything_free(self, lanes: tuple[Lane, ...]) -> bool:
        """Whether a claim could succeed now; a read, so that idle workers write nothing."""
        takeable = or_(self._free(), self._over())
        with self._database.read() as session:
            job = session.scalar(
                select(JobRow.id).where(takeable, JobRow.lane.in_(lanes)).limit(1)
            )
        return job is not None

    @transact
    def renew(self, job: Job) -> bool:
        """Another lease for a job still being done; False when it was taken over."""
        with self._database.write() as session:
            result = session.execute(
                update(JobRow)
                .where(held_by(job))
                .values(lease_until=self._database.moment(self.lease))
            )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    @transact
    def release(
        self,
        job: Job,
        after: timedelta = timedelta(0),
        error: str = "",
        *,
        counts: bool = True,
    ) -> None:
        """Gives a job back, to be done after a while.

        `counts=False` when it was merely put down.
        """
        with self._database.write() as session:
            session.execute(
                update(JobRow)
                .where(held_by(job))
                .values(
                    state=JobState.READY,
                    owner="",
                    lease_until=None,
                    retry_at=self._database.moment(after) if after else None,
                    error=error,
                    attempts=JobRow.attempts if counts else JobRow.attempts - 1,
                )
            )

    @transact
    def wait_for_house(self, job: Job, trouble: Trouble, error: str) -> timedelta:
        """Gives a job back that the house could not do; it is tried again for as long as it takes.

        Gives the time until then: twice as long each time, at most a minute. Nothing is counted
        against the job.
        """
        after = min(timedelta(seconds=2 ** min(job.waits, 6)), LONGEST_RETRY)
        with self._database.write() as session:
            session.execute(
                update(JobRow)
                .where(held_by(job))
                .values(
                    state=JobState.READY,
                    owner="",
                    lease_until=None,
                    retry_at=self._database.moment(after),
                    error=error,
                    attempts=JobRow.attempts - 1,
                    waits=JobRow.waits + 1,
                    trouble=trouble,
                    trouble_since=func.coalesce(
                        JobRow.trouble_since, self._database.moment()
                    ),
                )
            )
        return after

    @transact
    def died(self, job: Job) -> None:
        """The child that did a job is dead: it counts, and the job goes last in line."""
        with self._database.write() as session:
            session.execute(_given_up(held_by(job)))

    @transact
    def release_all(self, owner_prefix: str) -> int:
        """Gives back what owners of a dead process held:
        for the embedded shape, which knows it is alone.
        """
        with self._database.write() as session:
            result = session.execute(
                _given_up(RUNNING, JobRow.owner.startswith(owner_prefix))
            )
        return int(result.rowcount)  # type: ignore[attr-defined]

    @transact
    def put_down(self, owner_prefix: str) -> int:
        """Gives back what these owners hold, for they end: nothing is counted."""
        with self._database.write() as session:
            result = session.execute(
                update(JobRow)
                .where(RUNNING, JobRow.owner.startswith(owner_prefix))
                .values(
                    state=JobState.READY,
                    owner="",
                    lease_until=None,
                    attempts=JobRow.attempts - 1,
                )
            )
        return int(result.rowcount)  # type: ignore[attr-defined]

    def waiting(self, longer_than: timedelta = timedelta(0)) -> list[tuple[int, Lane]]:
        """Jobs free for that long, next in line first: what a sweep nudges again."""
        then = self._database.moment(-longer_than)
        since = func.coalesce(JobRow.retry_at, JobRow.not_before, JobRow.created_at)
        stale = or_(
            and_(self._free(), since <= then),
            and_(RUNNING, JobRow.lease_until < then),
        )
        with self._database.read() as session:
            rows = session.execute(
                select(JobRow.id, JobRow.lane)
                .where(stale)
                .order_by(JobRow.urgency.desc(), JobRow.turn, JobRow.id)
            )
            return readable(rows, lambda row: (row[0], Lane(row[1])), "a job")

    def unfinished(self) -> int:
        """How many jobs are running, or ready and due soon.

        Not bulletins that go out at their hour.
        """
        due = func.coalesce(JobRow.retry_at, JobRow.not_before)
        soon = and_(READY, or_(due.is_(None), due <= self._database.moment(SOON)))
        with self._database.read() as session:
            return session.scalar(select(func.count()).where(or_(soon, RUNNING))) or 0

    def counts(self) -> dict[str, int]:
        """How many jobs there are in each state, for /metrics."""
        with self._database.read() as session:
            rows = session.execute(
                select(JobRow.state, func.count().label("jobs")).group_by(JobRow.state)
            )
            return {row.state: row.jobs for row in rows}

    def _free(self) -> ColumnElement[bool]:
        """Ready, and due.

        A retry that is later than any can be was set before the clock went back.
        """
        now = self._database.moment()
        never = JobRow.retry_at > self._database.moment(2 * LONGEST_RETRY)
        due = or_(JobRow.not_before.is_(None), JobRow.not_before <= now)
        return and_(
            READY, due, or_(JobRow.retry_at.is_(None), JobRow.retry_at <= now, never)
        )

    def _over(self) -> ColumnElement[bool]:
        """Running, but its lease has ended, or is longer than any can be: the clock went back."""
        ended = JobRow.lease_until < self._database.moment()
        never = JobRow.lease_until > self._database.moment(3 * self.lease)
        return and_(RUNNING, or_(ended, never))


def _given_up(*where: ColumnElement[bool]) -> Update:
    """The jobs there are free again, and count a death each."""
    return (
        update(JobRow)
        .where(*where)
        .values(**A_DEATH)
        .execution_options(synchronize_session=False)
    )


def held_by(job: Job) -> ColumnElement[bool]:
    """Only while this owner still has this job may anything be saved for it."""
    return and_(JobRow.id == job.id, RUNNING, JobRow.owner == job.owner)


def enqueue(
    session: Session,
    episode: EpisodeRow,
    step: Step,
    lane: Lane,
    now: datetime,
    due: datetime | None = None,
    *,
    version: int | None = None,
) -> None:
    """Adds the one job of this step and version, in the transaction that made it necessary.

    None before `due`.

    `version` is another than the newest. The workers are nudged after its commit (Database.write).
    """
    job = JobRow(
        step=step,
        episode_id=episode.id,
        station_id=episode.station_id,
        version=version or episode.version,
        lane=lane,
        urgency=URGENCY[Priority(episode.priority)],
        turn=_turn(session, episode),
        not_before=due,
        created_at=now,
    )
    session.add(job)
    session.flush()


def _turn(session: Session, episode: EpisodeRow) -> int:
    """When it is this episode's turn: start-time fair queueing,
    a station's jobs one turn after the other.

    A later step has the turn of the first, so that what was begun is finished. A station that has
    nothing waiting begins where the line stands now, and not behind another's five thousand.
    """
    begun = select(JobRow.turn).where(
        JobRow.episode_id == episode.id, JobRow.version == episode.version
    )
    turn = session.scalar(begun.limit(1))
    if turn is not None:
        return turn
    its_last = session.scalar(
        select(func.max(JobRow.turn)).where(
            JobRow.station_id == episode.station_id, JobRow.state.in_(OPEN)
        )
    )
    at_once = and_(READY, JobRow.not_before.is_(None), JobRow.retry_at.is_(None))
    line = session.scalar(
        select(JobRow.turn).where(at_once).order_by(JobRow.turn).limit(1)
    )
    if line is None:  # all that is left is being done
        line = session.scalar(select(func.max(JobRow.turn)).where(RUNNING)) or 0
    return line if its_last is None else max(line, its_last + 1)


def finish(
    session: Session, job: Job, outcome: JobState, now: datetime, error: str = ""
) -> bool:
    """Ends a job as done, dropped or failed; False when this owner no longer has it."""
    result = session.execute(
        update(JobRow)
        .where(held_by(job))
        .values(state=outcome, finished_at=now, lease_until=None, error=error)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def still_current(session: Session, job: Job, expected: State) -> EpisodeRow | None:
    """The episode, locked, if the job's version is the newest and it stands where the step began.

    Else None.
    """
    return session.scalar(
        select(EpisodeRow)
        .where(
            EpisodeRow.id == job.episode_id,
            EpisodeRow.version == job.version,
            EpisodeRow.state == expected,
        )
        .with_for_update()
    )


def _job(
    row: Row[
        int, str, int | None, int, int, int | None, int | None, int, int, int | None
    ],
    owner: str,
) -> Job:
    """A row of `CLAIMED` as its worker sees it: 0 stands for what a job is not about."""
    (
        number,
        step,
        episode,
        version,
        attempts,
        audition,
        recording,
        deaths,
        waits,
        source,
    ) = row
    return Job(
        number,
        Step(step),
        episode or 0,
        version,
        attempts,
        owner,
        audition or 0,
        recording or 0,
        deaths,
        waits,
        source or 0,
    )
