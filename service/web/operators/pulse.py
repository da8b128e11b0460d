"""The pulse of the database: how far its public state has changed,
looked at beside the requests, never in one.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic

from service.apart import failure
from service.newsroom import Newsroom
from service.newsroom.store.serials import Scope

EVERY_S = 0.05  # what another process changed is seen so late at the latest
REST_S = 0.01  # between two looks, however often one is wished
AWAY_AFTER_S = 1.5  # without an answer: it is away, or hangs

log = logging.getLogger("loa.web")


class Pulse:
    """What shelves know of the database (`service.front.shelf.State`).

    One thread looks; everybody reads.
    """

    def __init__(self, newsroom: Newsroom) -> None:
        self.serials: Mapping[str, int] | None = None
        # How often each scope was touched here, and how often as of the last look
        self._writes: Counter[Scope] = Counter()
        self._writes_seen: Counter[Scope] = Counter()
        self._newsroom = newsroom
        self._answered_at = 0.0
        self._failed = False
        self._counting = threading.Lock()
        self._wish = threading.Event()
        self._stop = threading.Event()
        self._heard: list[Callable[[], None]] = []

    @property
    def away(self) -> bool:
        """Whether the database did not answer lately."""
        return self._failed or monotonic() - self._answered_at > AWAY_AFTER_S

    @property
    def behind(self) -> bool:
        """Whether something that shelves hold was written here that no look has seen yet:
        a look counts once it is over.
        """
        return self._writes != self._writes_seen

    def behind_on(self, scope: Scope) -> bool:
        """The same of one scope."""
        return self._writes[scope] != self._writes_seen[scope]

    @property
    def stopped(self) -> bool:
        """Whether nobody looks any more."""
        return self._stop.is_set()

    def now(self) -> datetime:
        """The newsroom's time."""
        return self._newsroom.now()

    def look_soon(self) -> None:
        """Something may have changed."""
        self._wish.set()

    def on_change(self, heard: Callable[[], None]) -> None:
        """Calls that, in the thread that looks, after each change: it must not wait."""
        self._heard.append(heard)

    def start(self) -> None:
        """Looks until `stop`."""
        self._newsroom.database.after_commit.append(self._written)
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """Looks no more; whoever listens is called once more, and sees `stopped`."""
        self._stop.set()
        self._wish.set()
        for heard in self._heard:
            heard()

    def look(self) -> None:
        """One look."""
        # Before: what is written meanwhile is newer than what we see
        writes = self._writes
        try:
            serials = self._newsroom.database.serials()
        except Exception as error:  # noqa: BLE001 - whatever keeps it from answering, it is away
            if not self._failed:
                log.warning("the database does not answer; shelves do: %s", error)
            self._failed = True
            return
        if self._failed:
            log.warning("the database answers again")
        self._failed, self._answered_at = False, monotonic()
        is_news = serials != self.serials
        self.serials = serials
        self._writes_seen = writes
        if is_news:
            for heard in self._heard:
                heard()

    def _written(self, touched: frozenset[Scope]) -> None:
        if not touched:
            return
        with self._counting:
            self._writes = self._writes + Counter(touched)
        self._wish.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wish.wait(EVERY_S)
            self._wish.clear()
            # Who listens may stumble: without looks everything here would stay as it is
            error = failure(self.look)
            if error is not None:
                log.error("a look at the database stumbled: %s", error)
            self._stop.wait(REST_S)
