"""A job in a child process of its own: what kills the child kills nobody else."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from service.newsroom.values import Job

SPAWN = multiprocessing.get_context("spawn")  # our threads must not be copied half-way
LOOK_EVERY_S = 0.3
PATIENCE_S = 3.0

Do = Callable[[Job], None]


def in_child(do: Do, job: Job, stopped: Callable[[], bool]) -> int | None:
    """Does a job in a child process, to its end; its exit code, below 0 for a signal.

    None: we were told to stop.

    `do` is a function of a module, which opens what it needs by itself.
    """
    ours, theirs = SPAWN.Pipe()
    child = SPAWN.Process(
        target=_child, args=(do, job, theirs), name="job", daemon=True
    )
    child.start()
    theirs.close()
    try:
        while child.is_alive():
            child.join(LOOK_EVERY_S)
            if stopped():
                return None
        return child.exitcode
    finally:
        ours.close()
        child.terminate()
        child.join(PATIENCE_S)
        child.kill()
        child.join()


def _child(do: Do, job: Job, parent: Connection) -> None:
    if hasattr(os, "setsid"):
        os.setsid()  # what it sends to its own group reaches nobody else
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    do(job)


def _end_with(parent: Connection) -> None:
    """A child whose parent is gone ends: its job is another's by then."""
    try:
        parent.poll(None)
    finally:
        os._exit(0)
