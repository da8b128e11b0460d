"""The clock: looks after what nobody is looking after. Two clocks running do no harm."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from service.apart import each_by_itself, keep_looking
from service.newsroom import Newsroom
from service.newsroom.store.database import Database, Nudge
from service.newsroom.values import Mark, Step
from workers.alerts import Alarms
from workers.outages import tell_outages
from workers.renewal import Renewal
from workers.schedule import Schedule

log = logging.getLogger("loa.clock")

SWEEP_EVERY_S = 2.0
CHECKPOINT_EVERY_S = 60.0
MARK_EVERY_S = 10.0
# Jobs wait up to a minute for a house that was away for long; the first of them looks for all.
PROBE_EVERY_S = 8.0
# The most urgent and oldest; a backlog must not fill the broker with reminders.
MOST_NUDGES = 50
LEFT_ALONE = timedelta(seconds=2)


class Checkpoint:
    """Once a minute SQLite's write-ahead log is emptied:
    while somebody always reads, nothing else does it.
    """

    def __init__(
        self, database: Database, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database, self._clock = database, clock
        self._at = clock()

    def look(self) -> None:
        """Empties it when a minute is over."""
        if self._clock() - self._at >= CHECKPOINT_EVERY_S:
            self._at = self._clock()
            self._database.checkpoint()


class Seldom:
    """Something that is not done at every look, but at the first and then every so many seconds."""

    def __init__(
        self,
        act: Callable[[], object],
        every_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._act, self._every_s, self._clock = act, every_s, clock
        self._at: float | None = None

    def look(self) -> None:
        """Does it when it is time to."""
        now = self._clock()
        if self._at is None or now - self._at >= self._every_s:
            self._at = now
            self._act()


def sweep(newsroom: Newsroom, nudge: Nudge) -> int:
    """Nudges again for jobs that have been free a while:
    their message was lost, or their worker died.
    """
    waiting = newsroom.jobs.waiting(LEFT_ALONE)[:MOST_NUDGES]
    each_by_itself(waiting, lambda job: nudge(*job), log=log, doing="nudging for a job")
    return len(waiting)


def probe(newsroom: Newsroom) -> None:
    """The first job of each step that waits for the house is tried now: it tells for all."""
    for step in Step:
        newsroom.jobs.go_on(step, most=1)


def run(
    newsroom: Newsroom,
    nudge: Nudge,
    stop: threading.Event,
    preferred: str = "",
    every_s: float = SWEEP_EVERY_S,
    home: Path | None = None,
) -> None:
    """Sweeps until told to stop; longer between sweeps while a backlog is being worked on.

    `preferred` is the installation's first voice, `home` the folder whose disk is watched.
    A task of the clock that fails keeps no other; what an hour waits for comes before the rest.
    """
    tasks: dict[str, Callable[[], int | None]] = {
        **_usual(newsroom),
        "the sweep": lambda: sweep(newsroom, nudge),
        "renewal": Renewal(newsroom, preferred).look,
        "alerts": Alarms(newsroom, home).look,
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


def _usual(newsroom: Newsroom) -> dict[str, Callable[[], int | None]]:
    """The tasks that no setting changes."""
    return {
        "the schedule": Schedule(newsroom).look,
        "outages": lambda: tell_outages(newsroom),
        "a probe of the house": Seldom(partial(probe, newsroom), PROBE_EVERY_S).look,
        "the checkpoint": Checkpoint(newsroom.database).look,
        "its mark": Seldom(lambda: newsroom.watch.mark(Mark.CLOCK), MARK_EVERY_S).look,
    }
