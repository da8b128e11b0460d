"""Threads for requests: whoever fills one lane leaves the others free."""

import asyncio
import re
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from queue import SimpleQueue
from typing import Any, TypeVar

from service.slugs import SLUG

Result = TypeVar("Result")
_Task = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
OF_HORNS = re.compile(r"/healthz|/stations/[^/]+/slots/[^/]+/latest\.[a-z0-9]+")
# Only what a station and an hour can be called: all else is the application's to refuse
OF_SLOTS = re.compile(
    rb"/stations/(%b)/slots/((?:[01]\d|2[0-3])[0-5]\d)/latest\.(mp3|json|m3u)"
    % SLUG.encode()
)


class Lane(StrEnum):
    """Who waits for whom."""

    HORNS = "horns"  # the addresses that loudspeakers fetch, and the sign of life
    READERS = "readers"
    WRITERS = "writers"  # forms, uploads, programs that send
    DISK = "disk"  # large bodies on their way to a file


# Together fewer than the 30 connections that a database gives one process (pool and overflow).
THREADS = {Lane.HORNS: 4, Lane.READERS: 16, Lane.WRITERS: 8, Lane.DISK: 2}


def lane_of(method: str, path: str) -> Lane:
    """The lane of a request that is all here."""
    if method not in SAFE:
        return Lane.WRITERS
    return Lane.HORNS if OF_HORNS.fullmatch(path) else Lane.READERS


class Turns:
    """Tasks of a lane: those of one address in their order, and addresses by turns.

    A thousand requests from one place are no reason for a loudspeaker elsewhere to wait.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[_Task]] = OrderedDict()
        self._lock = threading.Lock()
        # One for each task: threads wait here
        self._there: SimpleQueue[None] = SimpleQueue()

    def put(self, whose: str, task: _Task) -> None:
        """Adds a task of that address."""
        with self._lock:
            own = self._waiting.get(whose)
            if own is None:
                self._waiting[whose] = deque((task,))
            else:
                own.append(task)
        self._there.put(None)

    def get(self) -> _Task:
        """The next task, waited for."""
        self._there.get()
        with self._lock:
            whose, own = self._waiting.popitem(last=False)
            task = own.popleft()
            if own:
                self._waiting[whose] = own  # behind all others
        return task


class Lanes:
    """Turns and their threads for each lane.

    Our own hundred lines' worth of `ThreadPoolExecutor`: that one makes two futures and a condition
    for each task, which is a tenth of the processor's time of a small answer, and it keeps a
    process from ending while a thread hangs.
    """

    def __init__(self, threads: dict[Lane, int] | None = None) -> None:
        self._turns: dict[Lane, Turns] = {}
        for lane, count in (threads or THREADS).items():
            turns = self._turns[lane] = Turns()
            for number in range(count):
                name = f"web-{lane}-{number}"
                threading.Thread(
                    target=_work, args=(turns,), name=name, daemon=True
                ).start()

    def run(
        self, lane: Lane, task: Callable[[], Result], whose: str = ""
    ) -> "asyncio.Future[Result]":
        """What `task` gives or raises, from a thread of the lane.

        `whose` address waits for its turn.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._turns[lane].put(whose, (loop, future, task))
        return future


def _work(turns: Turns) -> None:
    while True:
        loop, future, task = turns.get()
        try:
            outcome = future.set_result, task()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            outcome = future.set_exception, error
        # The loop has ended meanwhile: nobody waits any more
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, future, *outcome)
        del loop, future, task, outcome  # an idle thread keeps nothing alive


def _settle(
    future: "asyncio.Future[Any]", settle: Callable[[Any], None], outcome: Any
) -> None:
    if not future.done():  # else it was cancelled
        settle(outcome)
