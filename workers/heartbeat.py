"""A job's lease, renewed while it is worked on."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.newsroom.errors import Unavailable
from service.newsroom.jobs import Jobs
from service.newsroom.values import Job

log = logging.getLogger("loa.line")

Stopped = Callable[[], bool]
BEATS_A_LEASE = 4


@contextmanager
def heartbeat(job: Job, jobs: Jobs) -> Iterator[Stopped]:
    """Renews the job's lease; what it yields tells when the job was taken over.

    A database that is away for a moment ends no heart: whether the job was taken over meanwhile,
    the next beat that it answers tells.
    """
    done, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not done.wait(jobs.lease.total_seconds() / BEATS_A_LEASE):
            try:
                renewed = jobs.renew(job)
            except Unavailable:
                log.warning(
                    "job %d: its lease could not be renewed; tried again", job.id
                )
                continue
            if not renewed:
                lost.set()
                return

    heart = threading.Thread(target=beat, name=f"heart-{job.id}", daemon=True)
    heart.start()
    try:
        yield lost.is_set
    finally:
        done.set()
        heart.join()
