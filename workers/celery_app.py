"""Lanes as Celery workers on any number of machines: a message is a nudge that carries a job's number."""

import logging
import threading
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from service.newsroom.store.database import Nudge
from service.newsroom.values import Lane
from workers.line import work
from workers.studio import Studio

log = logging.getLogger("loa.celery")
TASK = "loa.do"


def open_broker(url: str) -> Celery:
    """The Celery application behind a broker's address; it keeps no results, for the jobs table has them."""
    app = Celery("loa", broker=url)
    app.conf.update(
        task_ignore_result=True,
        # A message is a number in JSON. Whoever reaches the broker cannot have a pickle opened.
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=Lane.SLOW.value,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "socket_timeout": 5,
            "socket_connect_timeout": 5,
            "visibility_timeout": 3600,
        },
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1},
    )
    return app


def nudge_through(app: Celery) -> Nudge:
    """Sends the number of a new job to the workers; a broker that is away costs a sweep's delay, nothing more."""

    def nudge(job_id: int, lane: Lane) -> None:
        try:
            app.send_task(TASK, (job_id,), queue=lane.value)
        except OperationalError as error:
            log.warning(
                "the broker does not answer (%s); job %d waits for the sweep", error, job_id
            )

    return nudge


def serve(app: Celery, at: Studio, owner: str, lanes: tuple[Lane, ...], threads: int) -> None:
    """Works until told to stop: claims the job a message names, if it is still free."""

    @app.task(name=TASK)  # type: ignore[untyped-decorator]
    def do(job_id: int) -> None:
        job = at.newsroom.jobs.claim(f"{owner}/{threading.get_ident()}", tuple(Lane), job_id)
        if job is not None:
            work(job, at)

    arguments: list[Any] = [
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        str(threads),
        "--loglevel",
        "WARNING",
    ]
    arguments += [
        "--without-gossip",
        "--without-mingle",
        "-Q",
        ",".join(lanes),
        "-n",
        f"loa-{owner}@%h",
    ]
    app.worker_main(arguments)
