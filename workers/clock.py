"""The clock: looks after what nobody is looking after. Two clocks running do no harm."""

import logging
import threading
from datetime import timedelta

from service.newsroom import Newsroom
from service.newsroom.jobs import Nudge
from workers.renewal import Renewal
from workers.schedule import Schedule

log = logging.getLogger("loa.clock")

SWEEP_EVERY_S = 2.0
MOST_NUDGES = 50  # the most urgent and oldest; a backlog must not fill the broker with reminders
LEFT_ALONE = timedelta(seconds=2)


def sweep(newsroom: Newsroom, nudge: Nudge) -> int:
    """Nudges again for jobs that have been free a while: their message was lost, or their worker died."""
    waiting = newsroom.jobs.waiting(LEFT_ALONE)[:MOST_NUDGES]
    for job_id, lane in waiting:
        nudge(job_id, lane)
    return len(waiting)


def run(
    newsroom: Newsroom,
    nudge: Nudge,
    stop: threading.Event,
    preferred: str = "",
    every_s: float = SWEEP_EVERY_S,
) -> None:
    """Sweeps until told to stop; longer between sweeps while a backlog is being worked on.

    `preferred` is the installation's first voice.
    """
    renewal, schedule = Renewal(newsroom, preferred), Schedule(newsroom)
    while not stop.is_set():
        try:
            found = sweep(newsroom, nudge)
            schedule.look()
            renewal.look()
        except Exception:  # a database that is away for a moment must not stop the clock
            log.exception("the sweep stumbled")
            found = 0
        stop.wait(every_s if found < MOST_NUDGES else 10 * every_s)
