"""Cleaning beside the clock: a small part of the store at a time,
and what killed processes left on this machine.
"""

import logging
import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path

from service.apart import each_by_itself, keep_looking
from service.newsroom import Newsroom
from service.newsroom.store.cleaning import SHARDS
from workers.scratch import base, is_alive

log = logging.getLogger("loa.cleaning")

# 256 parts: the whole in 21 hours, so that no part always falls into the night
EVERY = timedelta(minutes=5)
# No work of ours takes so long.
SCRATCH, SCRATCH_KEPT = "loa-*", timedelta(days=2)
LOOK_EVERY_S = 10.0


def shard_at(newsroom: Newsroom) -> int:
    """Which part of the store is looked at now: told by the time alone,
    so nothing need be remembered.
    """
    return int(newsroom.now().timestamp() / EVERY.total_seconds()) % SHARDS


def sweep_scratch(folder: Path) -> int:
    """Deletes folders that our processes made there and, being killed, left behind; how many."""
    before = time.time() - SCRATCH_KEPT.total_seconds()

    def swept(path: Path) -> bool:
        if not path.is_dir() or path.stat().st_mtime >= before or is_alive(path):
            return False
        shutil.rmtree(path, ignore_errors=True)  # another user's is left to its owner
        return True

    return sum(
        each_by_itself(folder.glob(SCRATCH), swept, log=log, doing="cleaning a folder")
    )


def run(
    newsroom: Newsroom, stop: threading.Event, every_s: float = LOOK_EVERY_S
) -> None:
    """Cleans until told to stop."""
    done = -1

    def look() -> None:
        nonlocal done
        if (shard := shard_at(newsroom)) != done:
            done = shard
            _clean(newsroom, shard)

    keep_looking(look, stop, every_s, log=log, doing="the cleaning")


def _clean(newsroom: Newsroom, shard: int) -> None:
    """One part of the store, what tells yesterday's listeners apart, and scratch folders."""
    counts: dict[str, int] = {}

    def store() -> None:
        cleaned = newsroom.cleaning.clean(shard)
        counts.update(
            files=cleaned.files, bytes=cleaned.bytes, auditions=cleaned.auditions
        )

    def scratch() -> None:
        counts["folders"] = sweep_scratch(base())

    tasks = {
        "listeners": newsroom.downloads.forget,
        "the store": store,
        "scratch": scratch,
    }
    each_by_itself(tasks, lambda task: tasks[task](), log=log, doing="the cleaning")
    if any(counts.get(what) for what in ("files", "auditions", "folders")):
        log.info(
            "deleted %d files (%.1f MB), %d auditions and %d folders that nobody needs",
            counts.get("files", 0),
            counts.get("bytes", 0) / 1e6,
            counts.get("auditions", 0),
            counts.get("folders", 0),
        )
