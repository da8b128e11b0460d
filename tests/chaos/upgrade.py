"""A rolling upgrade, tried: `python -m tests.chaos.upgrade COMMIT`, from that commit's code to
ours.

The order of docs/operations.md: tables, webs, workers, clock, one process after the other, on real
PostgreSQL, Redis and a bucket. After each step news is handed in at every web that stands, and all
of it has to be read and published before the next; a loudspeaker asks all the while. Its exit
status is 1 when a promise was broken.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.chaos.houses import Many
from tests.chaos.run import Run
from tests.system.servers import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
SEED, EACH = 16, 4


class Before(Many):
    """Its tables and its key are made by the release before, whose code `environment` names."""

    def add_key(self) -> None:
        """By its own command."""
        self.installation.environment = self.environment
        self.installation.add_key()


class Upgrade:
    """A house of the release before, which becomes ours step by step."""

    def __init__(self, folder: Path, before: Path) -> None:
        self.house = Before(folder)
        self._new = dict(self.house.environment)
        self.house.environment = self._new | {"PYTHONPATH": str(before)}
        self._ports = [self.house.port]
        self._random = Random(SEED)

    def run(self) -> bool:
        """All steps; whether every promise was kept."""
        self.house.begin()
        at = Run(self.house, SEED)
        at.furnish()
        self.house.installation.environment = self._new
        for name, step in (
            ("all of the release before", lambda: None),
            ("the tables are migrated", self._migrate),
            ("a new web beside the old one", self._add_web),
            ("the old web becomes new", lambda: self._renew("web")),
            ("the first worker becomes new", lambda: self._renew("worker-1")),
            ("the second worker becomes new", lambda: self._renew("worker-2")),
            ("the clock becomes new", lambda: self._renew("clock")),
        ):
            begun = time.time()
            step()
            if "old web becomes" in name:
                at.report.quiet.append((begun - 1, time.time()))
            seconds = self._read(at)
            at.report.add(name, EACH * len(self._ports), seconds)
            print(f"{name}: news is out after {seconds:.1f} s", flush=True)
        found, heard = at.end()
        return at.report.printed(len(at.portal.accepted), found, heard)

    def _migrate(self) -> None:
        done = self.house.installation.run("migrate")
        assert done.returncode == 0, done.stderr

    def _add_web(self) -> None:
        port = free_port()
        self.house.keeper.start("web-2", "web", self._new | {"LOA_PORT": str(port)})
        self._ports.append(port)
        self._wait_for_webs()

    def _renew(self, name: str) -> None:
        kept = self.house.keeper.kept[name]
        starts, kept.environment = kept.starts, self._new
        self.house.keeper.signal(name, signal.SIGTERM)
        wait_for(lambda: kept.starts > starts)
        self._wait_for_webs()

    def _wait_for_webs(self) -> None:
        for port in self._ports:
            self.house.port = port
            self.house.wait_ready()

    def _read(self, at: Run) -> float:
        """News at every web; the seconds until all of it is published."""
        begun = time.monotonic()
        for port in self._ports:
            self.house.port = port
            for _ in range(EACH):
                assert at.portal.hand_in(self._random, patient=30.0), at.portal.refused
        assert at.is_read(), "news is not read"
        return time.monotonic() - begun


@contextmanager
def release(commit: str) -> Iterator[Path]:
    """The code of a commit, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="loa-before-") as folder:
        archive = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, capture_output=True, check=True
        )
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        Path(folder).chmod(0o755)
        yield Path(folder)


def main(commit: str) -> int:
    """See above."""
    with (
        release(commit) as before,
        tempfile.TemporaryDirectory(prefix="loa-upgrade-") as folder,
    ):
        upgrade = Upgrade(Path(folder), before)
        try:
            return 0 if upgrade.run() else 1
        finally:
            upgrade.house.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
