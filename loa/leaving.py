"""How a process that serves ends: within a time that is kept, whatever hangs in it."""

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

# Of SIGTERM: service managers kill after ten seconds, some after five.
LEAVE_WITHIN_S = 4.5


def leave_within(seconds: float = LEAVE_WITHIN_S) -> None:
    """Ends this process then, if it has not ended before.

    A store, a database or a far voice that hangs is not waited for. What is left in scratch goes
    with the next start.
    """
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def leave() -> NoReturn:
    """Ends this process, in which all is put down by now.

    Python's own end waits for every thread of every pool, and then looks through all of memory:
    seconds on a busy machine.
    """
    atexit._run_exitfuncs()  # what was registered is done all the same
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it any more
            stream.flush()
    os._exit(0)
