"""Celery between machines: a message carries a job's number,
and wakes the lanes of whoever hears it.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from time import monotonic

from celery import Celery
from celery.worker import state as worker_state
from kombu.exceptions import OperationalError

from service.apart import failure
from service.newsroom.store.database import Nudge
from service.newsroom.values import Lane
from workers.lanes import Bell

log = logging.getLogger("loa.celery")
celery_log = logging.getLogger("celery.worker.worker")
TASK = "loa.do"
AGAIN_AFTER_S = 1.5  # a Celery that ended is begun again
REST_S = 10.0  # nobody waits for a broker so long after it kept somebody waiting
COMPLAIN_EVERY = 20  # of the same trouble, in the log


def open_broker(url: str) -> Celery:
    """The Celery application behind a broker's address.

    It keeps no results, for the jobs table has them.
    """
    app = Celery("loa", broker=url)
    app.conf.update(
        task_ignore_result=True,
        # A message is a number in JSON. Whoever reaches the broker cannot have a pickle opened.
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=Lane.SLOW.value,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        # Else what we log goes round through Celery's own logger, which drops it.
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        # Reconnecting is ours (`Ears`): Celery's own back-off grows to half a minute.
        broker_connection_max_retries=1,
        broker_transport_options={
            "socket_timeout": 5,
            "socket_connect_timeout": 5,
            "visibility_timeout": 3600,
        },
        task_publish_retry_policy={
            "max_retries": 1,
            "interval_start": 0.1,
            "interval_max": 0.1,
        },
    )
    return app


def nudge_through(app: Celery, clock: Callable[[], float] = monotonic) -> Nudge:
    """Sends the number of a new job to the workers.

    A broker that is away costs a look's delay, nothing more: where its packets are lost each call
    takes seconds, which who adds fifty jobs would wait for fifty times.
    """
    rests_until = float("-inf")

    def nudge(job_id: int, lane: Lane) -> None:
        nonlocal rests_until
        if clock() < rests_until:
            return
        try:
            app.send_task(TASK, (job_id,), queue=lane.value)
        except OperationalError as error:
            rests_until = clock() + REST_S
            log.warning(
                "the broker does not answer (%s); workers find job %d, and what comes in the"
                " next %.0f s, themselves",
                error,
                job_id,
                REST_S,
            )

    return nudge


class Ears:
    """A Celery worker in a thread whose task rings the bell. Whatever ends it, it is begun again.

    The work itself is the lanes': no message that cannot be read, and no broker, stops or delays
    it. A message at which Celery stumbles is out of its queue by then, and told in the log.
    """

    def __init__(
        self, app: Celery, bell: Bell, owner: str, lanes: Sequence[Lane]
    ) -> None:
        self._app, self._bell = app, bell
        self._stop = threading.Event()
        self._worker: object = None
        self._options = {
            "hostname": f"loa-{owner}@%h",
            "queues": [lane.value for lane in lanes],
            # Ringing a bell takes no time, so the thread that reads does it itself.
            "pool": "solo",
            "concurrency": 1,
            # Without Celery's event loop, which can lose its last reader and sleep for ever
            # (celery issues 8030, 8990, 9054).
            "use_eventloop": False,
            "without_gossip": True,
            "without_mingle": True,
            "without_heartbeat": True,
        }
        app.task(name=TASK, ignore_result=True)(self._hear)
        self._thread = threading.Thread(target=self._run, name="ears", daemon=True)

    def start(self) -> None:
        """Begins to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stops listening, at the next message or within seconds."""
        self._stop.set()
        worker_state.should_stop = 0

    def _hear(self, job_id: object = None, *_more: object, **_named: object) -> None:
        """Whatever the message says: the lanes look at the table, which is the truth."""
        if not isinstance(job_id, int):
            log.warning("a message that names no job: %.80r", job_id)
        self._bell.ring()

    def _run(self) -> None:
        ends = 0
        while not self._stop.is_set():
            seldom = ends % COMPLAIN_EVERY == 0
            # Celery itself tells what ended it, with a traceback.
            celery_log.disabled = not seldom
            error = failure(self._listen)
            if self._stop.is_set():
                return
            if seldom:
                why = f" ({error})" if error else ""
                log.error(
                    "listening to the broker ended%s; the lanes look for themselves",
                    why,
                )
            ends += 1
            # What came while nobody listened.
            self._bell.ring()
            self._stop.wait(AGAIN_AFTER_S)

    def _listen(self) -> None:
        worker = self._app.WorkController(**self._options)
        try:
            worker.start()
        except SystemExit as end:
            log.debug("Celery ended with %s", end)
