"""`python -m tests.chaos`: the whole run. Its exit status is 1 when a promise was broken."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.houses import SHAPES
from tests.chaos.run import Run

SEED = int(os.environ.get("CHAOS_SEED", "16"))
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "150"))  # of each shape
# ... but none begins later than that
SECONDS = float(os.environ.get("CHAOS_SECONDS", "inf"))
SHAPE = os.environ.get("CHAOS_SHAPE", "")  # embedded or many; both when it is not set
# "kill -9,SIGTERM": these kinds of injections alone; all when it is not set
KINDS = tuple(filter(None, os.environ.get("CHAOS_KINDS", "").split(",")))
KEEP = os.environ.get("CHAOS_KEEP", "")  # a folder in which logs and rows stay


def run(shape: str) -> bool:
    """All rounds against one shape; whether every promise was kept."""
    with _folder() as folder:
        house = SHAPES[shape](folder)
        try:
            house.begin()
            at = Run(house, SEED, kinds=KINDS)
            at.furnish()
            begun = time.monotonic()
            for number in range(ROUNDS):
                if time.monotonic() - begun > SECONDS:
                    break
                print(at.round(number), flush=True)
            found, heard = at.end()
        finally:
            house.end()
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
        print(
            f"\n{shape}, seed {SEED}, {time.monotonic() - begun:.0f} s, load {load:.0f}"
        )
        return at.report.printed(len(at.portal.accepted), found, heard)


@contextmanager
def _folder() -> Iterator[Path]:
    if KEEP:
        yield Path(tempfile.mkdtemp(prefix="loa-chaos-", dir=KEEP))
        return
    with tempfile.TemporaryDirectory(prefix="loa-chaos-") as folder:
        yield Path(folder)


def main() -> int:
    """Each shape after the other."""
    shapes = [SHAPE] if SHAPE else list(SHAPES)
    kept = [run(shape) for shape in shapes]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
