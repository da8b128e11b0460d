"""Cleaning beside the clock: a small part of the store at a time, and what killed processes left on this machine."""

import logging
import shutil
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from service.newsroom import Newsroom
from service.newsroom.store.cleaning import SHARDS

log = logging.getLogger("loa.cleaning")

EVERY = timedelta(
    minutes=5
)  # 256 parts: the whole in 21 hours, so that no part always falls into the night
SCRATCH, SCRATCH_KEPT = "loa-*", timedelta(days=2)  # no work of ours takes so long
LOOK_EVERY_S = 10.0


def shard_at(newsroom: Newsroom) -> int:
    """Which part of the store is looked at now: told by the time alone, so nothing need be remembered."""
    return int(newsroom.now().timestamp() / EVERY.total_seconds()) % SHARDS


def sweep_scratch(folder: Path) -> int:
    """Deletes folders that our processes made there and, being killed, left behind; how many."""
    before = time.time() - SCRATCH_KEPT.total_seconds()
    old = [path for path in folder.glob(SCRATCH) if path.is_dir() and path.stat().st_mtime < before]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)  # another user's is left to its owner
    return len(old)


def run(newsroom: Newsroom, stop: threading.Event, every_s: float = LOOK_EVERY_S) -> None:
    """Cleans until told to stop."""
    done = -1
    while not stop.wait(every_s):
        if (shard := shard_at(newsroom)) == done:
            continue
        done = shard
        try:
            newsroom.downloads.forget()
            found = newsroom.cleaning.clean(shard)
            folders = sweep_scratch(Path(tempfile.gettempdir()))
        except (
            Exception
        ):  # a database or a bucket that is away for a moment must not end this for good
            log.exception("the cleaning stumbled")
            continue
        if found.files or found.auditions or folders:
            told = (found.files, found.bytes / 1e6, found.auditions, folders)
            log.info(
                "deleted %d files (%.1f MB), %d auditions and %d folders that nobody needs", *told
            )
