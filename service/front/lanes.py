"""Threads for requests: whoever fills one lane leaves the others free."""

import asyncio
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")
_Task = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
OF_HORNS = re.compile(r"/healthz|/stations/[^/]+/slots/[^/]+/latest\.[a-z0-9]+")


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


class Lanes:
    """A queue and its threads for each lane.

    Our own hundred lines' worth of `ThreadPoolExecutor`: that one makes two futures and a condition for each
    task, which is a tenth of the processor's time of a small answer, and it keeps a process from ending
    while a thread hangs.
    """

    def __init__(self, threads: dict[Lane, int] | None = None) -> None:
        self._queues: dict[Lane, SimpleQueue[_Task]] = {}
        for lane, count in (threads or THREADS).items():
            queue = self._queues[lane] = SimpleQueue()
            for number in range(count):
                name = f"web-{lane}-{number}"
                threading.Thread(target=_work, args=(queue,), name=name, daemon=True).start()

    def run(self, lane: Lane, task: Callable[[], Result]) -> "asyncio.Future[Result]":
        """What `task` gives or raises, from a thread of the lane."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._queues[lane].put((loop, future, task))
        return future


def _work(queue: "SimpleQueue[_Task]") -> None:
    while True:
        loop, future, task = queue.get()
        try:
            outcome = future.set_result, task()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            outcome = future.set_exception, error
        with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
            loop.call_soon_threadsafe(_settle, future, *outcome)
        del loop, future, task, outcome  # an idle thread keeps nothing alive


def _settle(future: "asyncio.Future[Any]", settle: Callable[[Any], None], outcome: Any) -> None:
    if not future.done():  # else it was cancelled
        settle(outcome)
