"""The roll: which workers live on this machine, so that a death is noticed at once.

Each has a file of its own, locked while it lives; whatever ends it, the system lets the lock go. On
other machines a death shows when the lease ends.
"""

import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from service.apart import keep_looking

log = logging.getLogger("loa.roll")

FOLDER = "roll"  # below LOA_HOME
LOOK_EVERY_S = 0.5


class Roll:
    """The workers of one home on this machine; `owner` is the name of this process."""

    def __init__(self, home: Path, owner: str) -> None:
        self._folder = home / FOLDER / socket.gethostname()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._ours = self._folder / owner
        self._lock = FileLock(self._ours)
        self._lock.acquire()

    def look(self, give_back: Callable[[str], object]) -> int:
        """Calls `give_back` with each name whose process is dead, and strikes it off; how many.

        One that cannot be given back now is met again at the next look.
        """
        names = [path for path in self._folder.iterdir() if path != self._ours]
        return sum(self._is_struck_off(path, give_back) for path in names)

    def leave(self) -> None:
        """Strikes this process off: it ends, and holds nothing."""
        self._ours.unlink(missing_ok=True)
        self._lock.release()

    def _is_struck_off(self, path: Path, give_back: Callable[[str], object]) -> bool:
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            return False
        try:
            log.warning("worker %s is dead; its jobs are given back", path.name)
            give_back(path.name)
            path.unlink(missing_ok=True)
        finally:
            lock.release()
        return True


def watch(
    roll: Roll,
    give_back: Callable[[str], object],
    then: Callable[[], object],
    stop: threading.Event,
) -> threading.Thread:
    """Looks beside the work until told to stop; `then` is called when somebody died."""

    def look() -> None:
        if roll.look(give_back):
            then()

    def run() -> None:
        keep_looking(look, stop, LOOK_EVERY_S, log=log, doing="the roll")

    thread = threading.Thread(target=run, name="roll", daemon=True)
    thread.start()
    return thread
