"""Outages of the house: the people on duty hear of each once it is more than a blip,
and what waits for the store goes on as soon as that answers.
"""

import logging
import threading
from datetime import timedelta

from service.apart import each_by_itself, keep_looking
from service.newsroom import Newsroom
from service.newsroom.store.database import Nudge
from service.newsroom.store.files import FilesError
from service.newsroom.values import Trouble

log = logging.getLogger("loa.outages")

A_BLIP = timedelta(seconds=30)
LOOK_EVERY_S = 1.0
# Messages to the broker; who is not rung looks by himself a moment later.
MOST_NUDGES = 50


def tell_outages(newsroom: Newsroom) -> int:
    """Notes what has not worked for longer than a blip; how many outages that are."""
    now = newsroom.database.clock()
    outages = newsroom.house.follow_outages()
    lasting = [outage for outage in outages if now - outage.since >= A_BLIP]
    for outage in lasting:
        newsroom.notices.note_outage(outage)
    return len(lasting)


class StoreWatch:
    """Asks a store that jobs wait for whether it answers again, and then wakes them all at once.

    Without it each would wait for its own time, up to a minute. A store that answers and still
    fails its jobs wakes nobody: their own times hold.
    """

    def __init__(self, newsroom: Newsroom, nudge: Nudge) -> None:
        self._newsroom, self._nudge = newsroom, nudge
        self._was_away = False

    def look(self) -> None:
        """Asks, when somebody waits."""
        if not self._newsroom.jobs.any_waits_for(Trouble.STORE):
            self._was_away = False
            return
        try:
            self._newsroom.files.ping()
        except FilesError:
            self._was_away = True
            return
        if self._was_away:
            self._was_away = False
            self._wake()

    def _wake(self) -> None:
        woken = self._newsroom.jobs.wake(Trouble.STORE)
        log.info("the store answers again: %d jobs go on", len(woken))
        each_by_itself(
            woken[:MOST_NUDGES],
            lambda job: self._nudge(*job),
            log=log,
            doing="nudging for a job",
        )


def watch_store(newsroom: Newsroom, nudge: Nudge, stop: threading.Event) -> None:
    """Watches the store until told to stop."""
    look = StoreWatch(newsroom, nudge).look
    keep_looking(look, stop, LOOK_EVERY_S, log=log, doing="watching the store")
