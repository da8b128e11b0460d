"""What the house looks like now: one look for the desk's page, /metrics and the alerts."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from service.newsroom import Newsroom
from service.newsroom.line.house import ALIVE_FOR
from service.newsroom.values import Backlog, Mark, Outage, Process, ProcessKind, Rung

SOON = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk that holds the home: bytes that are free, and all."""

    free: int
    size: int

    @property
    def used_share(self) -> float:
        """From 0 (empty) to 1."""
        return 1 - self.free / self.size if self.size else 0.0


@dataclass(frozen=True, slots=True)
class View:
    """All that is to be seen of the house.

    `soon` and `hour` count airings by what stands at their addresses.

    `troubled` is how long the longest outage lasts.
    """

    processes: tuple[Process, ...]
    backlogs: tuple[Backlog, ...]
    outages: tuple[Outage, ...]
    troubled: timedelta
    soon: Mapping[Rung, int]
    hour: Mapping[Rung, int]
    ages: Mapping[Mark, timedelta]
    disk: Disk | None

    @property
    def gone(self) -> list[tuple[ProcessKind, str]]:
        """Kinds of processes, each with its machine, of which none lives there any more.

        One that was killed and begun again is not among them; one that was ended as it should left
        no row.
        """
        alive = {(each.kind, each.host) for each in self.processes if is_alive(each)}
        return sorted({(each.kind, each.host) for each in self.processes} - alive)

    @property
    def oldest(self) -> timedelta:
        """How long the job that waits longest is due."""
        return max((backlog.oldest for backlog in self.backlogs), default=timedelta(0))

    @property
    def skew_s(self) -> float:
        """How far the clock that is most wrong is off the database's, of machines that live."""
        return max(
            (abs(each.skew_s) for each in self.processes if is_alive(each)), default=0.0
        )


def is_alive(process: Process) -> bool:
    """Whether it gave a sign of life lately."""
    return process.age <= ALIVE_FOR


def look_at(newsroom: Newsroom, home: Path | None) -> View:
    """The house now; `home` is the folder whose disk counts (None: none does)."""
    watch, outages = newsroom.watch, tuple(newsroom.house.troubles())
    now = newsroom.database.clock()
    return View(
        processes=tuple(newsroom.house.processes()),
        backlogs=tuple(watch.backlogs()),
        outages=outages,
        troubled=max((now - each.since for each in outages), default=timedelta(0)),
        soon=watch.rungs(SOON),
        hour=watch.rungs(),
        ages=watch.ages(),
        disk=disk_of(home),
    )


def disk_of(home: Path | None) -> Disk | None:
    """The disk below a folder; None where there is no such folder here."""
    if home is None or not home.exists():
        return None
    usage = shutil.disk_usage(home)
    return Disk(usage.free, usage.total)
