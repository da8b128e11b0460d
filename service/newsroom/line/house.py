"""The house: which processes of ours live, what does not work now and what waits for it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, type_coerce
from sqlalchemy.orm import Session

from service.newsroom.jobs import LONGEST_RETRY, OPEN, READY, TROUBLED
from service.newsroom.store.again import transact
from service.newsroom.store.columns import Utc
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    EpisodeRow,
    JobRow,
    NoticeRow,
    OutageRow,
    ProcessRow,
)
from service.newsroom.values import Outage, Process, ProcessKind, Trouble

# A process that gave no sign for so long is gone, or deaf: supervisors begin it again (`loa
# alive`).
ALIVE_FOR = timedelta(seconds=15)
# What an ended process leaves is shown that long, and then forgotten.
FORGOTTEN_AFTER = timedelta(days=1)
# Clocks of two machines may differ by so much before anybody is bothered.
MOST_SKEW_S = 5.0
FUTURE = timedelta(minutes=1)


class Machinery:
    """Processes, outages and clocks, for the desk, /readyz, `loa doctor` and supervisors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def troubles(self) -> list[Outage]:
        """What of the house does not work now, the longest first.

        All goes on by itself when it is over.
        """
        # The job that met it first may be done while others still wait.
        since = func.min(func.coalesce(OutageRow.since, JobRow.trouble_since))
        waiting = (
            select(JobRow.trouble, since, func.count(), func.max(JobRow.error))
            .outerjoin(OutageRow, OutageRow.trouble == JobRow.trouble)
            .where(TROUBLED)
            .group_by(JobRow.trouble)
            .order_by(since)
        )
        with self._database.read() as session:
            return readable(
                session.execute(waiting),
                lambda row: Outage(
                    Trouble(row[0]), row[1] or self._database.clock(), row[2], row[3]
                ),
                "an outage",
                lambda row: row[0],
            )

    @transact
    def follow_outages(self) -> list[Outage]:
        """The same. Each begins once, with the first job that waits for it, and is over when no job
        waits any more.
        """
        with self._database.read() as session:
            noted = set(session.scalars(select(OutageRow.trouble)))
        outages = self.troubles()
        if noted == {outage.trouble for outage in outages}:
            return outages
        with self._database.write() as session:
            lasting = [outage.trouble for outage in outages]
            session.execute(delete(OutageRow).where(OutageRow.trouble.not_in(lasting)))
            for outage in outages:
                begun = {"trouble": outage.trouble, "since": outage.since}
                row = insert(session, OutageRow).values(begun)
                session.execute(row.on_conflict_do_nothing())
        return self.troubles()

    @transact
    def beat(self, process: Process) -> None:
        """A sign of life. `skew_s` is noted as it is given; the time is the database's."""
        now = self._database.moment()
        values = {
            "version": process.version,
            "seen_at": now,
            "doing": process.doing,
            "skew_s": process.skew_s,
        }
        place = {"kind": process.kind, "host": process.host, "pid": process.pid}
        with self._database.write() as session:
            row = insert(session, ProcessRow).values(
                **place, **values, since=process.since
            )
            session.execute(
                row.on_conflict_do_update(
                    index_elements=list(place), set_=values | {"since": process.since}
                )
            )
            session.execute(
                delete(ProcessRow).where(
                    ProcessRow.seen_at < self._database.moment(-FORGOTTEN_AFTER)
                )
            )

    @transact
    def gone(self, process: Process) -> None:
        """A process that ends as it should leaves no row."""
        with self._database.write() as session:
            session.execute(
                delete(ProcessRow).where(
                    ProcessRow.kind == process.kind,
                    ProcessRow.host == process.host,
                    ProcessRow.pid == process.pid,
                )
            )

    def processes(self) -> list[Process]:
        """All processes that gave a sign of life within a day, by kind and host."""
        query = select(
            ProcessRow, type_coerce(self._database.moment(), Utc())
        ).order_by(ProcessRow.kind, ProcessRow.host, ProcessRow.pid)
        with self._database.read() as session:
            return readable(
                session.execute(query),
                lambda row: _process(row[0], row[1]),
                "a process",
                lambda row: row[0].id,
            )

    def wrong_clocks(self) -> list[str]:
        """What tells that a clock is or was wrong, each in a line of English.

        Nothing when all is well.
        """
        skewed = [
            f"{process.host} ({process.kind} {process.pid}) is {process.skew_s:+.0f} s off the database's clock"
            for process in self.processes()
            if process.age < ALIVE_FOR and abs(process.skew_s) > MOST_SKEW_S
        ]
        with self._database.read() as session:
            return skewed + self._from_the_future(session)

    def _from_the_future(self, session: Session) -> list[str]:
        """Rows whose times have not come yet though they tell of what was."""
        soon = self._database.moment(FUTURE)
        late = self._database.moment(2 * LONGEST_RETRY)
        kinds = {
            "episodes that were published": select(func.count()).where(
                EpisodeRow.first_published_at > soon
            ),
            "jobs that were added": select(func.count()).where(
                JobRow.state.in_(OPEN), JobRow.created_at > soon
            ),
            "jobs to be tried again": select(func.count()).where(
                READY, JobRow.retry_at > late
            ),
            "broadcasts that were taken": select(func.count()).where(
                AiringRow.played_at > soon
            ),
            "notices that were sent": select(func.count()).where(
                NoticeRow.made_at > soon
            ),
        }
        counts = {name: session.scalar(query) or 0 for name, query in kinds.items()}
        return [
            f"{count} {name} stand in the future: the clock was ahead, or was set back"
            for name, count in counts.items()
            if count
        ]


def _process(row: ProcessRow, now: datetime) -> Process:
    return Process(
        kind=ProcessKind(row.kind),
        host=row.host,
        pid=row.pid,
        version=row.version,
        since=row.since,
        doing=row.doing,
        skew_s=row.skew_s,
        age=max(now - row.seen_at, timedelta(0)),
    )
