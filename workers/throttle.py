"""Turns at the engines: limits, seats and outages that all workers share through the newsroom."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from audio.throttle import Abandoned, Pause
from audio.voice import Engine, EngineTrouble, Limits, Reason
from service.newsroom.line.engines import Engines

# A time-out is dear: two of them in a row are an outage already.
STRIKES = {Reason.SLOW: 2}
# What surrounds a call may take so much longer than the call.
GRACE_S = 5.0
SEAT_S = 0.2


class SharedThrottle:
    """See audio.throttle: one for a process, over the rows that all processes share."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._seats: dict[str, threading.Semaphore] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, engine: Engine, pause: Pause) -> Iterator[None]:
        """See Throttle."""
        if engine.limits is None:
            yield
            return
        with self._queue(engine, pause):
            self._wait(engine, engine.limits, pause)
            try:
                with self._seat(engine, pause):
                    yield
            except EngineTrouble as trouble:
                self._learn(engine, trouble)
                raise
            self._engines.answered(engine.name)

    @contextmanager
    def _queue(self, engine: Engine, pause: Pause) -> Iterator[None]:
        """Of this process no more are let through than the engine takes at once:
        they need not ask for seats.
        """
        with self._lock:
            seats = self._seats.setdefault(
                engine.name, threading.Semaphore(max(1, engine.lanes))
            )
        while not seats.acquire(timeout=SEAT_S):
            if pause(0.0):
                raise Abandoned
        try:
            yield
        finally:
            seats.release()

    @contextmanager
    def _seat(self, engine: Engine, pause: Pause) -> Iterator[None]:
        """One of the calls that the engine takes at once, whoever makes them."""
        while (
            seat := self._engines.seat(
                engine.name, max(1, engine.lanes), engine.deadline + GRACE_S
            )
        ) is None:
            if pause(SEAT_S):
                raise Abandoned
        try:
            yield
        finally:
            self._engines.stand_up(seat)

    def _wait(self, engine: Engine, limits: Limits, pause: Pause) -> None:
        """Until all callers together have leave for one more.

        EngineTrouble while the far end is away.
        """
        while True:
            leave = self._engines.leave(
                engine.name, limits.per_minute, limits.burst, engine.deadline + GRACE_S
            )
            if leave == 0.0:
                return
            if not isinstance(leave, float):
                told = f"{engine.name} is known to be away and was not called: {leave.detail}"
                raise EngineTrouble(Reason(leave.reason), told, asked=False)
            if pause(leave):
                raise Abandoned

    def _learn(self, engine: Engine, trouble: EngineTrouble) -> None:
        if trouble.passing:
            strikes = STRIKES.get(trouble.reason, 1)
            self._engines.failed(
                engine.name, trouble.reason, str(trouble), strikes, trouble.retry_after
            )
        else:
            # With something else than a voice, but it is there
            self._engines.answered(engine.name)
