"""The clock: looks after what nobody is looking after. Two clocks running do no harm."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from service.apart import each_by_itself, keep_looking
from service.newsroom import Newsroom
from service.newsroom.store.database import Database, Nudge
from workers.outages import tell_outages
from workers.renewal import Renewal
from workers.schedule import Schedule

log = logging.getLogger("loa.clock")

SWEEP_EVERY_S = 2.0
CHECKPOINT_EVERY_S = 60.0
# The most urgent and oldest; a backlog must not fill the broker with reminders.
MOST_NUDGES = 50
LEFT_ALONE = timedelta(seconds=2)


class Checkpoint:
    """Once a minute SQLite's write-ahead log is emptied: while somebody always reads, nothing else does it."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._at = clock()

    def look(self) -> None:
        """Empties it when a minute is over."""
        if self._clock() - self._at >= CHECKPOINT_EVERY_S:
            self._at = self._clock()
            self._database.checkpoint()


def sweep(newsroom: Newsroom, nudge: Nudge) -> int:
    """Nudges again for jobs that have been free a while: their message was lost, or their worker died."""
    waiting = newsroom.jobs.waiting(LEFT_ALONE)[:MOST_NUDGES]
    each_by_itself(waiting, lambda job: nudge(*job), log=log, doing="nudging for a job")
    return len(waiting)


def run(
    newsroom: Newsroom,
    nudge: Nudge,
    stop: threading.Event,
    preferred: str = "",
    every_s: float = SWEEP_EVERY_S,
) -> None:
    """Sweeps until told to stop; longer between sweeps while a backlog is being worked on.

    `preferred` is the installation's first voice. A task of the clock that fails keeps no other.
    """
    renewal, schedule = Renewal(newsroom, preferred), Schedule(newsroom)
    checkpoint = Checkpoint(newsroom.database).look
    tasks: dict[str, Callable[[], int | None]] = {
        "the sweep": lambda: sweep(newsroom, nudge),
        "outages": lambda: tell_outages(newsroom),
        "the checkpoint": checkpoint,
        "the schedule": schedule.look,
        "renewal": renewal.look,
    }

    def look() -> float:
        counts = dict(
            each_by_itself(
                tasks,
                lambda task: (task, tasks[task]()),
                log=log,
                doing="the clock",
                house=newsroom.database.ping,
            )
        )
        return every_s if (counts.get("the sweep") or 0) < MOST_NUDGES else 10 * every_s

    keep_looking(look, stop, every_s, log=log, doing="the clock")
