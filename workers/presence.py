"""A process's sign of life: a row that says where it runs, which release it is and what it does."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from service.apart import failure, keep_looking
from service.newsroom import Newsroom
from service.newsroom.line.house import ALIVE_FOR
from service.newsroom.values import Process, ProcessKind

log = logging.getLogger("loa.presence")

BEAT_EVERY_S = 3.0


def process_of(newsroom: Newsroom, kind: ProcessKind, version: str) -> Process:
    """This process."""
    return Process(
        kind, socket.gethostname(), os.getpid(), version, newsroom.database.clock()
    )


def show(
    newsroom: Newsroom,
    process: Process,
    stop: threading.Event,
    doing: Callable[[], str] = str,
    every_s: float = BEAT_EVERY_S,
    report: Callable[[], object] = str,
) -> threading.Thread:
    """Beats beside the work until told to stop; a thread, begun. Its row goes with it.

    `report` is done with each beat.
    """

    def beat() -> None:
        skew_s = (newsroom.now() - newsroom.database.clock()).total_seconds()
        newsroom.house.beat(replace(process, doing=doing(), skew_s=round(skew_s, 1)))
        report()

    def run() -> None:
        keep_looking(beat, stop, every_s, log=log, doing="the sign of life")
        error = failure(lambda: newsroom.house.gone(process))
        if error is not None:
            log.info("the row of this process stays: %s", error)

    thread = threading.Thread(target=run, name="presence", daemon=True)
    thread.start()
    return thread


def alive(
    newsroom: Newsroom, kind: ProcessKind, within: timedelta = ALIVE_FOR
) -> list[str]:
    """What is wrong with the processes of a kind on this machine, a line each.

    Nothing when they are well.

    One that gave no sign for `within` and still runs is deaf; one whose process is gone counts for
    nothing.
    """
    # `loa serve` is worker and clock in one; its web is a process of its own.
    kinds = (kind,) if kind is ProcessKind.WEB else (kind, ProcessKind.SERVE)
    here = [
        process
        for process in newsroom.house.processes()
        if process.host == socket.gethostname()
        and process.kind in kinds
        and _runs(process.pid)
    ]
    if not here:
        return [f"no {kind} gives a sign of life on this machine"]
    return [
        f"{process.kind} {process.pid} gave no sign for {process.age.total_seconds():.0f} s"
        for process in here
        if process.age > within
    ]


def _runs(pid: int) -> bool:
    """Whether there is such a process here; where that cannot be told, its row is believed."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
