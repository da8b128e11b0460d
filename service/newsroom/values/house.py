"""The house itself: its processes, and what it cannot do now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Trouble(StrEnum):
    """What of the house does not work: never an article's fault, so nothing is held for it."""

    STORE = "store"
    DATABASE = "database"
    DISK = "disk"
    ENCODER = "encoder"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Outage:
    """A part of the house that does not work: since when, how many jobs wait for it, what it said last."""

    trouble: Trouble
    since: datetime
    jobs: int
    detail: str


class ProcessKind(StrEnum):
    """What a process of ours is for; one that does all is a `SERVE`."""

    SERVE = "serve"
    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours: where it runs, which release, what it does; `age` is that of its last sign of life.

    `skew_s` is how far its machine's clock is ahead of the database's, in seconds.
    """

    kind: ProcessKind
    host: str
    pid: int
    version: str
    since: datetime
    doing: str = ""
    skew_s: float = 0.0
    age: timedelta = timedelta(0)
