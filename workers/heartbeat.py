"""A job's lease, renewed while it is worked on."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.apart import failure
from service.newsroom.jobs import Jobs
from service.newsroom.values import Job

log = logging.getLogger("loa.line")

Stopped = Callable[[], bool]
BEATS_A_LEASE = 4


@contextmanager
def heartbeat(job: Job, jobs: Jobs) -> Iterator[Stopped]:
    """Renews the job's lease; what it yields tells when the job was taken over.

    A beat that fails, as while the database is away, ends no heart: whether the job was taken over
    meanwhile, the next one tells.
    """
    done, lost = threading.Event(), threading.Event()

    def renew() -> None:
        if not jobs.renew(job):
            lost.set()

    def beat() -> None:
        while not lost.is_set():
            if done.wait(jobs.lease.total_seconds() / BEATS_A_LEASE):
                return
            error = failure(renew)
            if error is not None:
                log.warning("job %d: its lease is renewed later: %s", job.id, error)

    heart = threading.Thread(target=beat, name=f"heart-{job.id}", daemon=True)
    heart.start()
    try:
        yield lost.is_set
    finally:
        done.set()
        heart.join()
