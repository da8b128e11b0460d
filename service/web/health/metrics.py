"""The house as Prometheus reads it (text exposition format 0.0.4)."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.actions.watching import View, look_at
from service.front.timing import Spread, Timings
from service.newsroom import Newsroom
from service.newsroom.values import Mark, Outcome, Step, Tried
from service.newsroom.values.house import SPANS_S
from service.web.site import Site

Labels = Mapping[str, object]
Sample = tuple[Labels, float]


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: its name, its kind, what it means, and its samples."""

    name: str
    kind: str
    meaning: str
    samples: Iterable[Sample]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples:
            yield f"{self.name}{_shown(labels)} {value:g}"


def exposition(newsroom: Newsroom, site: Site) -> list[str]:
    """All figures of the house, a line each."""
    view = look_at(newsroom, site.home)
    families = (
        *_work(view),
        *_machines(view),
        *_slots(view),
        *_ground(newsroom, site, view),
    )
    lines = [line for family in families for line in family.lines()]
    lines += _steps(newsroom.watch.tried())
    return lines + _latest(site.latest)


def _shown(labels: Labels) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + ",".join(pairs) + "}"


def _escaped(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _work(view: View) -> Iterator[Family]:
    """What waits, and for what."""
    yield Family(
        "loa_job_oldest_due_seconds",
        "gauge",
        "How long the job that waits longest is due.",
        [({"lane": each.lane}, each.oldest.total_seconds()) for each in view.backlogs],
    )
    yield Family(
        "loa_jobs_due",
        "gauge",
        "Jobs that are due and not begun.",
        [({"lane": each.lane}, each.due) for each in view.backlogs],
    )
    yield Family(
        "loa_jobs_waiting_for_house",
        "gauge",
        "Jobs that wait for a part of the house.",
        [({"trouble": each.trouble}, each.jobs) for each in view.outages],
    )
    yield Family(
        "loa_house_trouble_seconds",
        "gauge",
        "How long the longest outage of the house lasts; 0 without one.",
        [({}, view.troubled.total_seconds())],
    )


def _machines(view: View) -> Iterator[Family]:
    """Processes and their clocks."""
    named = [
        (
            {
                "kind": each.kind,
                "host": each.host,
                "pid": each.pid,
                "version": each.version,
            },
            each,
        )
        for each in view.processes
    ]
    yield Family(
        "loa_process_heartbeat_age_seconds",
        "gauge",
        "Since the last sign of life of a process.",
        [(labels, each.age.total_seconds()) for labels, each in named],
    )
    yield Family(
        "loa_process_clock_skew_seconds",
        "gauge",
        "How far a machine's clock is ahead of the database's.",
        [(labels, each.skew_s) for labels, each in named],
    )
    yield Family(
        "loa_clock_skew_seconds",
        "gauge",
        "How far the clock that is most wrong is off, of machines that live.",
        [({}, view.skew_s)],
    )
    yield Family(
        "loa_processes_gone",
        "gauge",
        "Kinds of processes of which a machine had one and has none that lives.",
        [({}, len(view.gone))],
    )
    for mark, name, meaning in (
        (
            Mark.CLOCK,
            "loa_clock_look_age_seconds",
            "Since a clock last looked at the schedule.",
        ),
        (Mark.BACKUP, "loa_backup_age_seconds", "Since the last backup."),
    ):
        ages: list[Sample] = (
            [({}, view.ages[mark].total_seconds())] if mark in view.ages else []
        )
        yield Family(name, "gauge", meaning, ages)


def _slots(view: View) -> Iterator[Family]:
    """What the loudspeakers will get."""
    for name, span, counts in (
        ("loa_slots_next_hour", "the next hour", view.hour),
        ("loa_slots_soon", "the next 30 minutes", view.soon),
    ):
        meaning = (
            f"Airings that begin within {span}, by what stands at their address now."
        )
        samples = [({"rung": rung}, count) for rung, count in counts.items()]
        yield Family(name, "gauge", meaning, samples)


def _ground(newsroom: Newsroom, site: Site, view: View) -> Iterator[Family]:
    """What everything stands on: disk, database, store."""
    if view.disk is not None:
        yield Family(
            "loa_disk_free_bytes",
            "gauge",
            "Free on the disk of LOA_HOME.",
            [({}, view.disk.free)],
        )
        yield Family(
            "loa_disk_used_ratio",
            "gauge",
            "Used of it, 0 to 1.",
            [({}, view.disk.used_share)],
        )
    yield Family(
        "loa_part_latency_seconds",
        "gauge",
        "What a part took to answer a small question just now; none when it did not.",
        [
            ({"part": part}, seconds)
            for part, check in site.checks.items()
            if (seconds := _seconds_of(check)) is not None
        ],
    )
    if newsroom.database.sqlite and newsroom.database.url.database:
        log = Path(f"{newsroom.database.url.database}-wal")
        size = log.stat().st_size if log.exists() else 0
        yield Family(
            "loa_wal_bytes", "gauge", "SQLite's write-ahead log.", [({}, size)]
        )


def _seconds_of(check: Callable[[], None]) -> float | None:
    began = time.perf_counter()
    try:
        check()
    except Exception:  # noqa: BLE001 - /readyz tells what is wrong with a part; here it has no latency
        return None
    return time.perf_counter() - began


def _steps(tries: Sequence[Tried]) -> list[str]:
    """Tries of the line's steps by their end, and how long they took."""
    ends: dict[tuple[Step, Outcome], int] = defaultdict(int)
    spans: dict[Step, list[int]] = defaultdict(lambda: [0] * (len(SPANS_S) + 1))
    seconds: dict[Step, float] = defaultdict(float)
    for tried in tries:
        ends[tried.step, tried.outcome] += tried.count
        if tried.outcome is not Outcome.LEASE_LOST:
            spans[tried.step][tried.span] += tried.count
            seconds[tried.step] += tried.seconds
    counts = Family(
        "loa_step_tries_total",
        "counter",
        "Tries of a step by what they ended with.",
        [
            ({"step": step, "outcome": outcome}, n)
            for (step, outcome), n in ends.items()
        ],
    )
    lines = [*counts.lines()]
    lines += _head("loa_step_seconds", "How long a try of a step took.")
    for step, buckets in spans.items():
        lines += _histogram(
            "loa_step_seconds", {"step": step}, Spread(SPANS_S, buckets, seconds[step])
        )
    return lines


def _latest(latest: Timings) -> list[str]:
    """How slots' addresses answered in this process."""
    answers = Family(
        "loa_latest_answers_total",
        "counter",
        "Answers at slots' addresses in this process.",
        [({"status": status}, n) for status, n in sorted(latest.statuses().items())],
    )
    return [
        *answers.lines(),
        *_head("loa_latest_seconds", "How long they took to their first byte."),
        *_histogram("loa_latest_seconds", {}, latest.spread()),
    ]


def _head(name: str, meaning: str) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} histogram"]


def _histogram(name: str, labels: Labels, spread: Spread) -> Iterator[str]:
    """Buckets are what lies between two bounds; Prometheus wants what lies below each."""
    below = 0
    bounds = (*(f"{most:g}" for most in spread.bounds_s), "+Inf")
    for bound, count in zip(bounds, spread.counts, strict=True):
        below += count
        yield f"{name}_bucket{_shown({**labels, 'le': bound})} {below}"
    yield f"{name}_sum{_shown(labels)} {spread.seconds:g}"
    yield f"{name}_count{_shown(labels)} {below}"
