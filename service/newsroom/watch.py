"""The house seen from outside: what waits, what was done,
what stands at the slots of the next hour.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.onair import rungs_of
from service.newsroom.jobs import READY, RUNNING
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import AiringRow, JobRow, MarkRow, TriedRow
from service.newsroom.values import Backlog, Lane, Mark, Outcome, Rung, Step, Tried

NEXT_HOUR = timedelta(hours=1)
NO_TIME = timedelta(0)


class Watch:
    """Figures for the desk, /metrics and alerts.

    Each costs one or two questions whatever there is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def backlogs(self) -> list[Backlog]:
        """What waits in each lane, by the database's clock.

        Lanes without any job have a row too.
        """
        now = self._database.clock()
        since = func.coalesce(JobRow.retry_at, JobRow.not_before, JobRow.created_at)
        due = (
            select(JobRow.lane, func.count(), func.min(since))
            .where(READY, since <= self._database.moment())
            .group_by(JobRow.lane)
        )
        running = select(JobRow.lane, func.count()).where(RUNNING).group_by(JobRow.lane)
        with self._database.read() as session:
            waiting = {
                lane: (count, oldest) for lane, count, oldest in session.execute(due)
            }
            busy = dict(session.execute(running).all())
        return [
            Backlog(
                lane,
                waiting.get(lane, (0, now))[0],
                max(now - waiting.get(lane, (0, now))[1], NO_TIME),
                busy.get(lane, 0),
            )
            for lane in Lane
        ]

    def rungs(self, within: timedelta = NEXT_HOUR) -> dict[Rung, int]:
        """How many airings begin within that time, by what stands at their addresses now."""
        now = self._database.clock()
        coming = select(AiringRow.id, AiringRow.station_id).where(
            AiringRow.air_at > now, AiringRow.air_at <= now + within
        )
        with self._database.read() as session:
            stations = dict(session.execute(coming).all())
            counts = Counter(rungs_of(session, stations, now).values())
        return {rung: counts[rung] for rung in Rung}

    def tried(self) -> list[Tried]:
        """All tries of all steps."""
        with self._database.read() as session:
            rows = session.scalars(
                select(TriedRow).order_by(
                    TriedRow.step, TriedRow.outcome, TriedRow.span
                )
            )
            return readable(
                rows,
                lambda row: Tried(
                    Step(row.step),
                    Outcome(row.outcome),
                    row.span,
                    row.count,
                    row.seconds,
                ),
                "a count of tries",
                lambda row: row.step,
            )

    @transact
    def count(self, tries: Iterable[Tried]) -> None:
        """Adds tries to those that were counted before."""
        with self._database.write() as session:
            for each in tries:
                _add(session, each)

    @transact
    def mark(self, mark: Mark) -> None:
        """Something was done just now."""
        now = self._database.moment()
        with self._database.write() as session:
            row = insert(session, MarkRow).values(name=mark, at=now)
            session.execute(
                row.on_conflict_do_update(index_elements=["name"], set_={"at": now})
            )

    def ages(self) -> dict[Mark, timedelta]:
        """How long ago each was done; what was never done is not there."""
        now = self._database.clock()

        def age(row: MarkRow) -> tuple[Mark, timedelta]:
            return Mark(row.name), max(now - row.at, NO_TIME)

        with self._database.read() as session:
            rows = session.scalars(select(MarkRow))
            return dict(readable(rows, age, "a mark", lambda row: row.name))

    def now(self) -> datetime:
        """The time that all these figures are by."""
        return self._database.clock()


def _add(session: Session, tried: Tried) -> None:
    place = {"step": tried.step, "outcome": tried.outcome, "span": tried.span}
    row = insert(session, TriedRow).values(
        **place, count=tried.count, seconds=tried.seconds
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=list(place),
            set_={
                "count": TriedRow.count + tried.count,
                "seconds": TriedRow.seconds + tried.seconds,
            },
        )
    )
