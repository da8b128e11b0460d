"""Scratch: each process has a folder of its own, and who starts removes what killed ones left."""

import atexit
import logging
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from service.apart import each_by_itself

log = logging.getLogger("loa.scratch")

PREFIX = "loa-process-"
OWNER = (
    ".owner"  # locked while its process lives; the system unlocks it whatever ends that
)


def base() -> Path:
    """Where scratch of all processes lies: the system's temporary folder."""
    folder = Path(tempfile.gettempdir())
    return folder.parent if (folder / OWNER).exists() else folder


def open_scratch() -> Path:
    """This process's own folder, in which all its temporary files are from now on; gone with it.

    What processes left that were killed is removed first.
    """
    folder = base()
    swept = sweep_killed(folder)
    if swept:
        log.info("removed the scratch of %d processes that were killed", swept)
    own = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    lock = FileLock(own / OWNER)
    lock.acquire()
    tempfile.tempdir = str(own)
    # Held by what is called at the end: a lock that nobody holds is let go.
    atexit.register(_leave, own, lock)
    return own


def _leave(own: Path, lock: FileLock) -> None:
    shutil.rmtree(own, ignore_errors=True)
    lock.release()


def is_alive(path: Path) -> bool:
    """Whether it is the folder of a process that lives."""
    if not (path / OWNER).exists():
        return False
    lock = FileLock(path / OWNER, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False


def sweep_killed(folder: Path) -> int:
    """Removes the folders below whose processes are gone; how many."""

    def swept(path: Path) -> bool:
        # Without an owner's mark it is only just being made.
        if not (path / OWNER).exists() or is_alive(path):
            return False
        shutil.rmtree(path, ignore_errors=True)
        return True

    return sum(
        each_by_itself(
            folder.glob(f"{PREFIX}*"), swept, log=log, doing="removing scratch"
        )
    )
