"""A job is added, and gets its turn: when it is done among all the others."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from service.newsroom.jobs import OPEN, READY, RUNNING
from service.newsroom.store.tables import EpisodeRow, JobRow
from service.newsroom.values import Lane, Priority, Step

URGENCY = {Priority.NORMAL: 0, Priority.PRIORITY: 1, Priority.URGENT: 2}


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
