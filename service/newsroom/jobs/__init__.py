"""The jobs table: the truth about what is to be done, who does it now,
and until when we believe them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from service.newsroom.jobs.claimed import CLAIMED, job_of
from service.newsroom.jobs.steadiness import EndedLease, Steadiness
from service.newsroom.store.again import transact
from service.newsroom.store.columns import Utc
from service.newsroom.store.database import Database
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import EpisodeRow, JobRow
from service.newsroom.values import Job, JobState, Lane, State, Step, Trouble

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
FREED_AT_ONCE = 2
LAST_IN_LINE = -1
OPEN = (JobState.READY, JobState.RUNNING)
# The columns of a job that nobody has.
FREE = {"state": JobState.READY, "owner": "", "lease_until": None}
# Jobs that wait for something of the house.
TROUBLED = JobRow.state.in_(OPEN) & (JobRow.trouble != "")
READY = JobRow.state == JobState.READY
RUNNING = JobRow.state == JobState.RUNNING

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
    `stopwatch` tells when that clock jumped (steadiness.py).
    """

    def __init__(
        self,
        database: Database,
        lease: timedelta = LEASE,
        stopwatch: Callable[[], float] | None = None,
    ) -> None:
        self._database = database
        self.lease = lease
        self._steadiness = Steadiness(lease, stopwatch)

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
            self._end_leases(session)
            row = session.execute(take).first()
        return job_of(row, owner) if row is not None else None

    def _end_leases(self, session: Session) -> None:
        """Frees the jobs whose lease has ended; counts their deaths, if that is what it tells."""
        moment = type_coerce(self._database.moment(), Utc())
        now, any_over = session.execute(
            select(moment, exists().where(self._over()))
        ).one()
        ended = self._steadiness.see(now)
        if not any_over:
            return
        match ended:
            case EndedLease.DEATH:
                session.execute(_given_up(self._over(now)))
            case EndedLease.OVER:
                session.execute(_put_down(self._over(now)))

    def anything_free(self, lanes: tuple[Lane, ...]) -> bool:
        """Whether a claim could succeed now; a read, so that idle workers write nothing."""
        ours = JobRow.lane.in_(lanes)
        with self._database.read() as session:
            now, is_free, is_over = session.execute(
                select(
                    type_coerce(self._database.moment(), Utc()),
                    exists().where(self._free(), ours),
                    exists().where(self._over(), ours),
                )
            ).one()
        ended = self._steadiness.see(now)
        return is_free or (is_over and ended is not EndedLease.NOTHING)

    @transact
    def renew(self, job: Job) -> bool:
        """Another lease for a job still being done; False when it was taken over."""
        with self._database.write() as session:
            until = session.execute(
                update(JobRow)
                .where(held_by(job))
                .values(lease_until=self._database.moment(self.lease))
                .returning(JobRow.lease_until)
            ).scalar_one_or_none()
        if until is None:
            return False
        # A worker whose lanes are all busy sees the clock here.
        self._steadiness.see(until - self.lease)
        return True

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
                    **FREE,
                    retry_at=self._database.moment(after) if after else None,
                    error=error,
                    attempts=JobRow.attempts if counts else JobRow.attempts - 1,
                )
            )

    @transact
    def wait_for_house(self, job: Job, trouble: Trouble, error: str) -> timedelta:
        """Gives a job back that the house could not do; it is tried again for as long as it takes.

        Gives the time until then: twice as long each time, at most a minute. Nothing is counted
        against the job. Another trouble begins now, however long it waited for the one before.
        """
        after = min(timedelta(seconds=2 ** min(job.waits, 6)), LONGEST_RETRY)
        now = self._database.moment()
        begun = func.coalesce(JobRow.trouble_since, now)
        with self._database.write() as session:
            session.execute(
                update(JobRow)
                .where(held_by(job))
                .values(
                    **FREE,
                    retry_at=self._database.moment(after),
                    error=error,
                    attempts=JobRow.attempts - 1,
                    waits=JobRow.waits + 1,
                    trouble=trouble,
                    trouble_since=case((JobRow.trouble == trouble, begun), else_=now),
                )
            )
        return after

    @transact
    def go_on(self, step: Step, most: int = FREED_AT_ONCE) -> None:
        """The house can do this step again: the first that wait for that are due at once.

        Two for each that was done, and so on: where it was another's luck, little is tried in vain.
        Without that knowledge, one at most is tried for all.
        """
        waits = and_(READY, JobRow.step == step, JobRow.trouble != "")
        first = (
            select(JobRow.id)
            .where(waits, JobRow.retry_at.is_not(None))
            .order_by(JobRow.urgency.desc(), JobRow.turn, JobRow.id)
            .limit(most)
        )
        with self._database.read() as session:
            numbers = session.scalars(first).all()
        if not numbers:
            return
        with self._database.write() as session:
            session.execute(
                update(JobRow)
                .where(JobRow.id.in_(numbers), waits)
                .values(retry_at=None)
            )

    def any_waits_for(self, trouble: Trouble) -> bool:
        """Whether a job waits until the house has this again."""
        with self._database.read() as session:
            return bool(session.scalar(select(exists().where(_waits_for(trouble)))))

    @transact
    def wake(self, trouble: Trouble) -> list[tuple[int, Lane]]:
        """All that wait for this are due at once: the house has it again, its outage is over.

        Gives their numbers and lanes.
        """
        with self._database.write() as session:
            rows = session.execute(
                update(JobRow)
                .where(_waits_for(trouble))
                .values(retry_at=None)
                .returning(JobRow.id, JobRow.lane)
                .execution_options(synchronize_session=False)
            ).all()
            # Also of those that are just tried: who meets it once more tells so anew.
            session.execute(
                update(JobRow)
                .where(TROUBLED, JobRow.trouble == trouble)
                .values(trouble="", trouble_since=None)
                .execution_options(synchronize_session=False)
            )
        return [(number, Lane(lane)) for number, lane in rows]

    @transact
    def died(self, job: Job) -> None:
        """The child that did a job is dead: it counts, and the job goes last in line."""
        with self._database.write() as session:
            session.execute(_given_up(held_by(job)))

    @transact
    def release_all(self, owner_prefix: str) -> int:
        """Gives back what owners of a dead process held; a death is counted for each job."""
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
                _put_down(RUNNING, JobRow.owner.startswith(owner_prefix))
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

    def _over(self, now: datetime | None = None) -> ColumnElement[bool]:
        """Running, but its lease has ended, or is longer than any can be: the clock went back."""
        at = self._database.moment if now is None else now.__add__
        ended = JobRow.lease_until < at(timedelta(0))
        never = JobRow.lease_until > at(3 * self.lease)
        return and_(RUNNING, or_(ended, never))


def _waits_for(trouble: Trouble) -> ColumnElement[bool]:
    """Jobs that this trouble put off until later."""
    return and_(READY, JobRow.trouble == trouble, JobRow.retry_at.is_not(None))


def _given_up(*where: ColumnElement[bool]) -> Update:
    """The jobs there are free again, and count a death each."""
    return (
        update(JobRow)
        .where(*where)
        .values(**A_DEATH)
        .execution_options(synchronize_session=False)
    )


def _put_down(*where: ColumnElement[bool]) -> Update:
    """The jobs there are free again, and nothing is counted."""
    return (
        update(JobRow)
        .where(*where)
        .values(
            **FREE,
            attempts=JobRow.attempts - 1,
        )
        .execution_options(synchronize_session=False)
    )


def held_by(job: Job) -> ColumnElement[bool]:
    """Only while this owner still has this job may anything be saved for it."""
    return and_(JobRow.id == job.id, RUNNING, JobRow.owner == job.owner)


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
