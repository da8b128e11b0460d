"""Lanes as threads of one process: they ask the jobs table themselves, and need no broker."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace

from service.apart import keep_looking
from service.newsroom.values import Lane
from workers.line import work
from workers.studio import Studio

log = logging.getLogger("loa.lanes")

ASK_EVERY_S = 0.25
AFTER_FAILURE_S = 2.0  # a database that is away is not asked four times a second
SLOW_LANES: tuple[Lane, ...] = (Lane.SLOW, Lane.FAST)
FAST_LANES: tuple[Lane, ...] = (Lane.FAST,)


class Lanes:
    """One thread for fast jobs alone, and `slow` threads for all."""

    def __init__(self, at: Studio, owner: str, slow: int) -> None:
        self._at = at
        self._stop = threading.Event()
        plan: list[tuple[str, Sequence[Lane]]] = [("fast", FAST_LANES)]
        plan += [(f"slow-{number}", SLOW_LANES) for number in range(1, slow + 1)]
        self._threads = [
            threading.Thread(
                target=self._run,
                args=(f"{owner}/{name}", tuple(lanes)),
                name=f"lane-{name}",
                daemon=True,
            )
            for name, lanes in plan
        ]

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def stop(self, patience_s: float = 30.0) -> None:
        """Asks the lanes to put their work down, and waits; what is cut off is done again at the next start."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(patience_s)

    def _run(self, owner: str, lanes: tuple[Lane, ...]) -> None:
        at = replace(self._at, stopped=lambda: self._stop.is_set() or self._at.stopped())
        jobs = at.newsroom.jobs

        def look() -> float:
            """Does a job; then there may be another at once."""
            job = jobs.claim(owner, lanes) if jobs.anything_free(lanes) else None
            if job is None:
                return ASK_EVERY_S
            work(job, at)
            return 0.0

        keep_looking(
            look,
            self._stop,
            ASK_EVERY_S,
            log=log,
            doing=f"lane {owner}",
            after_failure_s=AFTER_FAILURE_S,
        )
