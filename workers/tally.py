"""What a process's steps ended with since it last told the house:
counted here, written with its sign of life.
"""

import threading
from collections import Counter
from collections.abc import Iterable

from service.newsroom.values import Outcome, Step, Tried
from service.newsroom.values.house import span_of

Key = tuple[Step, Outcome, int]


class Tally:
    """Counts that many threads add to and one takes.

    A process that is killed loses those of a few seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Key] = Counter()
        self._seconds: dict[Key, float] = {}

    def note(self, step: Step, outcome: Outcome, seconds: float) -> None:
        """A try of a step has ended after so many seconds."""
        self._add(Tried(step, outcome, span_of(seconds), 1, seconds))

    def take(self) -> list[Tried]:
        """All that was counted; it is the taker's."""
        with self._lock:
            counts, seconds = self._counts, self._seconds
            self._counts, self._seconds = Counter(), {}
        return [Tried(*key, count, seconds[key]) for key, count in counts.items()]

    def put_back(self, tries: Iterable[Tried]) -> None:
        """What could not be written is taken again later."""
        for tried in tries:
            self._add(tried)

    def _add(self, tried: Tried) -> None:
        key = (tried.step, tried.outcome, tried.span)
        with self._lock:
            self._counts[key] += tried.count
            self._seconds[key] = self._seconds.get(key, 0.0) + tried.seconds
