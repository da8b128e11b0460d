"""The house itself: its processes, and what it cannot do now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.newsroom.values.kinds import Lane, Step


class Trouble(StrEnum):
    """What of the house does not work: never an article's fault, so nothing is held for it."""

    STORE = "store"
    DATABASE = "database"
    DISK = "disk"
    ENCODER = "encoder"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Outage:
    """A part of the house that does not work: since when,
    how many jobs wait for it, what it said last.
    """

    trouble: Trouble
    since: datetime
    jobs: int
    detail: str


@dataclass(frozen=True, slots=True)
class Stirring:
    """What somebody at the desk should look at: which kinds there are, and how many misreadings."""

    warnings: bool
    notices: bool
    outages: bool
    misreadings: int


class ProcessKind(StrEnum):
    """What a process of ours is for; one that does all is a `SERVE`."""

    SERVE = "serve"
    WEB = "web"
    WORKER = "worker"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours: where it runs, which release, what it does.

    `age` is that of its last sign of life.

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


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a lane: jobs that are due, the age of the oldest of them,
    and those being done.
    """

    lane: Lane
    due: int
    oldest: timedelta
    running: int


class Outcome(StrEnum):
    """What a try of a step ended with."""

    DONE = "done"
    FAILED = "failed"
    RETRIED = "retried"
    WAITED = "waited"
    LEASE_LOST = "lease_lost"


# Upper bounds of how long a try took, in seconds; the last has none.
SPANS_S = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)


def span_of(seconds: float) -> int:
    """The place in `SPANS_S` of a length of time; its length for what is longer than all."""
    return next((n for n, most in enumerate(SPANS_S) if seconds <= most), len(SPANS_S))


@dataclass(frozen=True, slots=True)
class Tried:
    """Tries of a step that ended alike and took about as long:
    how many, and their seconds together.
    """

    step: Step
    outcome: Outcome
    span: int
    count: int
    seconds: float


class Mark(StrEnum):
    """Something of which the house remembers when it was last done."""

    CLOCK = "clock"
    BACKUP = "backup"
