"""How the addresses of slots answer: counted here, in this process, for /metrics."""

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
LATEST = ("/latest.mp3", "/latest.json", "/latest.m3u")
BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True, slots=True)
class Spread:
    """Lengths of time: how many lie up to each bound and above the one before, then beyond all.

    And their sum.
    """

    bounds_s: Sequence[float]
    counts: Sequence[int]
    seconds: float


class Timings:
    """Answers by status and by how long they took to their head."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._statuses: Counter[str] = Counter()
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self._seconds = 0.0

    def note(self, status: int, seconds: float) -> None:
        """An answer has begun."""
        with self._lock:
            self._statuses[f"{status // 100}xx"] += 1
            self._counts[bisect_left(BOUNDS_S, seconds)] += 1
            self._seconds += seconds

    def statuses(self) -> dict[str, int]:
        """Answers by the first figure of their status: "2xx", "5xx"."""
        with self._lock:
            return dict(self._statuses)

    def spread(self) -> Spread:
        """How long they took."""
        with self._lock:
            return Spread(BOUNDS_S, tuple(self._counts), self._seconds)


class Timed:
    """An ASGI application whose answers at slots' addresses are noted."""

    def __init__(
        self,
        app: Asgi,
        timings: Timings,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app, self._timings, self._clock = app, timings, clock

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serves one request."""
        # Who waits for something else to stand there is no slow answer of ours.
        waits = b"wait=" in scope.get("query_string", b"")
        if waits or not scope.get("path", "").endswith(LATEST):
            await self._app(scope, receive, send)
            return
        began = self._clock()

        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self._timings.note(message["status"], self._clock() - began)
            await send(message)

        await self._app(scope, receive, noted)
