"""What a worker is told of the job it took."""

from sqlalchemy import Row

from service.newsroom.store.tables import JobRow
from service.newsroom.values import Job, Step

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


def job_of(
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
