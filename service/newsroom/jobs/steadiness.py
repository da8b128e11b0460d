"""Whether the database's clock goes as time does: only then does a lease that ended tell of a death.

A clock that jumps ahead ends every lease at once, and so does a database that was away for longer
than leases last; nobody died of either. So a process that looks for ended leases compares the
database's clock with its own stopwatch, as leader elections do
(pkg.go.dev/k8s.io/client-go/tools/leaderelection). After a jump or a gap it waits for a lease's
time, in which every living worker renews its own.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

# Between two looks, and of the clock against the stopwatch: no lease of a living worker ends in it.
TOLERANCE_S = 5.0
# Leases: a machine so busy that nothing is ever steady must not stop for ever.
PATIENCE_LEASES = 3


class EndedLease(Enum):
    """What an ended lease tells."""

    DEATH = "its worker died"
    NOTHING = "nothing yet: living workers have not renewed theirs"
    OVER = "it is over, nobody knows why"


class Steadiness:
    """What was seen of the database's clock, in one process.

    `stopwatch` gives seconds that no clock turns; without it every ended lease tells of a death.
    """

    def __init__(self, lease: timedelta, stopwatch: Callable[[], float] | None) -> None:
        self._lease_s = lease.total_seconds()
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._seen: tuple[datetime, float] | None = None
        self._steady_since = 0.0
        # Since when nothing was steady for a lease's time
        self._unsteady_since = 0.0

    def see(self, now: datetime) -> EndedLease:
        """Notes what the database's clock shows now, and says what an ended lease tells."""
        if self._stopwatch is None:
            return EndedLease.DEATH
        with self._lock:
            at = self._stopwatch()
            if self._seen is None:
                self._unsteady_since = at
            if self._seen is None or _jumped(self._seen, (now, at)):
                self._steady_since = at
            self._seen = now, at
            if at - self._steady_since >= self._lease_s:
                self._unsteady_since = at
                return EndedLease.DEATH
            too_long = at - self._unsteady_since >= PATIENCE_LEASES * self._lease_s
            return EndedLease.OVER if too_long else EndedLease.NOTHING


def _jumped(one: tuple[datetime, float], other: tuple[datetime, float]) -> bool:
    """Whether the clock went otherwise than the stopwatch, or nobody looked for long."""
    by_clock = (other[0] - one[0]).total_seconds()
    by_stopwatch = other[1] - one[1]
    return max(abs(by_clock - by_stopwatch), by_stopwatch) > TOLERANCE_S
